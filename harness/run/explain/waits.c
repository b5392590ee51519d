/*
 * waits.c - the wait-for graph of actors that are stuck.
 *
 * An edge leads from a blocked actor to one that has to move before it can continue. A hard edge
 * follows from what is known of the object: it leads to a holder of the lock that is waited for
 * (for an actor that asks to share it, to one that holds it alone, or, if others share it, to the
 * writers that wait before it), or in a join to the thread. A soft edge leads to another stuck
 * actor that could signal, post, arrive or use the other end of the channel: nothing says that it
 * would. "Held by" is printed for holders alone; soft edges say at most that
 * only these actors are left to end the wait, and only if no actor is free to do anything. A cycle
 * of hard edges is a deadlock whatever else is known. Soft edges are searched for a cycle only if
 * there is none of hard edges, and such a cycle proves no kind: missed signals and the states of
 * the actors decide that, and the kind is a deadlock only if an actor is blocked and none of them
 * suggests another kind. A wait that something other than actors could end (outside.h) has no soft
 * edges, and is no deadlock unless it is in a cycle of hard ones.
 */
#define _GNU_SOURCE
#include "waits.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "field.h"
#include "snarl.h"
#include "steps.h"
#include "text.h"
#include "wait_kind.h"

enum { NODES_MAX = WAITS_ACTORS_MAX, LEFT_TOLD_MAX = 3 };

/* The wait-for graph: by actor, the actors at its hard and at its soft edges. */
struct graph {
	size_t count;
	struct node {
		const json_t *event; /* the actor in the event */
		json_t *shown;
		uint32_t hard, soft;
		bool behind; /* its hard edges lead to writers that wait, not to holders */
	} nodes[NODES_MAX];
	size_t cycle[NODES_MAX], cycle_count;
};

static bool is_stuck(const struct node *node)
{
	return !field_is(node->event, "state", "ended") &&
	       !field_is(node->event, "state", "progressing");
}

/* Whether something other than actors could end its wait. */
static bool is_open(const struct node *node)
{
	return json_object_get(node->event, "outside");
}

/* How an actor holds an object: the entry of `holds`, NULL if it does not. */
static const json_t *held_by(const struct node *node, json_int_t object)
{
	const json_t *held;
	size_t i;

	json_array_foreach(json_object_get(node->event, "holds"), i, held) {
		if (json_integer_value(json_object_get(held, "object")) == object)
			return held;
	}
	return NULL;
}

static uint32_t holders(const struct graph *graph, json_int_t object, const char *mode)
{
	uint32_t who = 0;

	for (size_t i = 0; i < graph->count; i++) {
		const json_t *held = held_by(&graph->nodes[i], object);

		if (held && (!mode || field_is(held, "mode", mode)))
			who |= 1u << i;
	}
	return who;
}

/* Writers that wait for a lock: if others share it, a further reader waits behind these. */
static uint32_t writers(const struct graph *graph, json_int_t object)
{
	uint32_t who = 0;

	for (size_t i = 0; i < graph->count; i++)
		if (field_is(graph->nodes[i].event, "wait", "acquire") &&
			json_integer_value(json_object_get(graph->nodes[i].event, "object")) ==
				object)
			who |= 1u << i;
	return who;
}

static uint32_t named(const struct graph *graph, const char *name)
{
	for (size_t i = 0; i < graph->count; i++)
		if (*name && field_is(graph->nodes[i].event, "actor", name))
			return 1u << i;
	return 0;
}

static uint32_t stuck_others(const struct graph *graph, size_t self)
{
	uint32_t who = 0;

	for (size_t i = 0; i < graph->count; i++)
		if (i != self && is_stuck(&graph->nodes[i]))
			who |= 1u << i;
	return who;
}

/*
 * If exactly one stuck actor holds a unit of the semaphore, it is probably used as a mutex; name
 * that actor, but do not call it the holder, since anyone may post.
 */
static const struct node *taker(const struct graph *graph, json_int_t object)
{
	const struct node *one = NULL;

	for (size_t i = 0; i < graph->count; i++) {
		const struct node *node = &graph->nodes[i];
		const json_t *held = held_by(node, object);

		if (!held || !field_is(held, "mode", "unit") || !is_stuck(node) ||
			json_integer_value(json_object_get(node->event, "object")) == object)
			continue;
		if (one)
			return NULL;
		one = node;
	}
	return one;
}

/* Drop those already waiting at the same object: they cannot complete it. */
static uint32_t elsewhere(const struct graph *graph, uint32_t who, json_int_t object)
{
	for (size_t i = 0; i < graph->count; i++)
		if (json_integer_value(json_object_get(graph->nodes[i].event, "object")) == object)
			who &= ~(1u << i);
	return who;
}

/*
 * The actors that have the other end of the channel that an actor waits at; all if that is not
 * known.
 */
static uint32_t with_ends(const struct graph *graph, const struct node *node)
{
	const json_t *ends = json_object_get(node->event, "ends"), *name;
	uint32_t who = ends ? 0 : ~0u;
	size_t i;

	json_array_foreach(ends, i, name) {
		who |= named(graph, json_string_value(name));
	}
	return who;
}

/* Find the edges of a blocked actor. */
static void edges_find(struct graph *graph, size_t at)
{
	struct node *node = &graph->nodes[at];
	json_int_t object = json_integer_value(json_object_get(node->event, "object"));

	if (!field_is(node->event, "state", "blocked"))
		return;
	if (field_is(node->event, "wait", "acquire")) {
		node->hard = holders(graph, object, NULL);
	} else if (field_is(node->event, "wait", "acquire_shared")) {
		node->hard = holders(graph, object, "alone");
		node->behind = !node->hard && holders(graph, object, "shared");
		node->hard |= node->behind ? writers(graph, object) : 0;
	} else if (field_is(node->event, "wait", "join")) {
		node->hard = named(graph, field_text(node->event, "thread"));
	} else if (!is_open(node)) {
		node->soft = stuck_others(graph, at) & with_ends(graph, node);
		if (field_is(node->event, "wait", "barrier_wait"))
			node->soft = elsewhere(graph, node->soft, object);
	}
}

/*
 * The shortest cycle through `from` by breadth-first search, of several actors if there is one.
 * Returns its length; 0: there is none.
 */
static size_t cycle_through(
	const struct graph *graph, size_t from, bool soft, size_t cycle[NODES_MAX])
{
	size_t queue[NODES_MAX], parent[NODES_MAX], head = 0, tail = 0, length = 0;
	uint32_t seen = 0;

	queue[tail++] = from;
	while (head < tail) {
		size_t at = queue[head++];
		uint32_t next = graph->nodes[at].hard | (soft ? graph->nodes[at].soft : 0);

		if (at != from && next & 1u << from) {
			for (size_t back = at; back != from; back = parent[back])
				cycle[++length] = back;
			cycle[0] = from;
			/* Reverse the order: each waits for the next. */
			for (size_t i = 1, k = length; i < k; i++, k--) {
				size_t swap = cycle[i];

				cycle[i] = cycle[k];
				cycle[k] = swap;
			}
			return length + 1;
		}
		for (size_t i = 0; i < graph->count; i++) {
			if (!(next & 1u << i) || i == from || seen & 1u << i)
				continue;
			seen |= 1u << i;
			parent[i] = at;
			queue[tail++] = i;
		}
	}
	cycle[0] = from;
	return graph->nodes[from].hard & 1u << from ? 1 : 0;
}

static void cycle_find(struct graph *graph, bool soft)
{
	size_t cycle[NODES_MAX];

	for (size_t i = 0; i < graph->count; i++) {
		size_t length = cycle_through(graph, i, soft, cycle);

		/* A cycle of several actors says more than one that waits for itself. */
		if (!length || (graph->cycle_count &&
				       (length == 1 || (graph->cycle_count > 1 &&
							       length >= graph->cycle_count))))
			continue;
		memcpy(graph->cycle, cycle, length * sizeof *cycle);
		graph->cycle_count = length;
	}
}

/* Put a location into `shown`: the innermost frame of the scenario, and the whole stack. */
static void frames_show(const json_t *frames, json_t *shown)
{
	const json_t *frame;
	size_t i;

	json_object_set_new(shown, "function", json_null());
	json_object_set_new(shown, "file", json_string(""));
	json_object_set_new(shown, "line", json_integer(0));
	json_array_foreach(frames, i, frame) {
		if (!*field_text(frame, "file"))
			continue;
		json_object_set(shown, "function", json_object_get(frame, "function"));
		json_object_set(shown, "file", json_object_get(frame, "file"));
		json_object_set(shown, "line", json_object_get(frame, "line"));
		break;
	}
	json_object_set(shown, "stack", (json_t *)frames);
}

static void stack_show(struct symbols *symbols, const json_t *stack, json_t *shown)
{
	json_t *frames = steps_stack(symbols, stack);

	frames_show(frames, shown);
	json_decref(frames);
}

/* "transfer.c:12", to be freed; "?" if that is not known. */
static char *where(const json_t *shown)
{
	const char *file = field_text(shown, "file");

	if (!*file)
		return format("?");
	return format(
		"%s:%d", basename(file), (int)json_integer_value(json_object_get(shown, "line")));
}

static json_t *name_json(struct symbols *symbols, const json_t *place)
{
	char *name = steps_place(symbols, place);
	json_t *text = name ? json_string(name) : json_null();

	free(name);
	return text;
}

/* Whether an actor waits for this one to release the object. */
static bool is_awaited(const struct graph *graph, const struct node *node, const json_t *held)
{
	for (size_t i = 0; i < graph->count; i++)
		if (graph->nodes[i].hard & 1u << (node - graph->nodes) &&
			json_equal(json_object_get(graph->nodes[i].event, "object"),
				json_object_get(held, "object")))
			return true;
	return false;
}

/* Whether one of the actors might still do anything. */
static bool any_free(const struct graph *graph)
{
	for (size_t i = 0; i < graph->count; i++) {
		const json_t *event = graph->nodes[i].event;

		if (is_open(&graph->nodes[i]))
			return true;
		if (!field_is(event, "state", "blocked") && !field_is(event, "state", "ended") &&
			!field_is(event, "wait", "loop"))
			return true;
	}
	return false;
}

/*
 * What an actor holds: its locks. Units of a semaphore, and anything that a progressing actor
 * holds, are shown only if others wait for them.
 */
static json_t *holds_show(
	struct symbols *symbols, const struct graph *graph, const struct node *node)
{
	json_t *shown = json_array(), *held;
	size_t i;

	json_array_foreach(json_object_get(node->event, "holds"), i, held) {
		json_t *one;

		if ((field_is(held, "mode", "unit") ||
			    field_is(node->event, "state", "progressing")) &&
			!is_awaited(graph, node, held))
			continue;
		one = json_pack("{s:o, s:s}", "name",
			name_json(symbols, json_object_get(held, "place")), "mode",
			field_text(held, "mode"));

		stack_show(symbols, json_object_get(held, "stack"), one);
		json_array_append_new(shown, one);
	}
	return shown;
}

/* "which bob signalled (a.c:9) before it waited"; if others did so too, "signalled last" */
static char *signal_text(struct symbols *symbols, const struct node *node)
{
	const json_t *signals = json_object_get(node->event, "signals");
	const json_t *last = json_array_get(signals, json_array_size(signals) - 1);
	json_t *shown;
	char *at, *text;

	if (!last)
		return NULL;
	shown = json_object();
	stack_show(symbols, json_object_get(last, "stack"), shown);
	at = where(shown);
	text = format("which %s signalled%s (%s) %s", field_text(last, "actor"),
		json_array_size(signals) > 1 ? " last" : "", at,
		json_is_true(json_object_get(last, "before")) ? "before it waited"
							      : "without waking it");
	free(at);
	json_decref(shown);
	return text;
}

/* ", and only alice and bob are left to post it" */
static void left_print(FILE *out, const struct graph *graph, const struct node *node)
{
	const char *verb = wait_kind(field_text(node->event, "wait"))->ends_it;
	unsigned others = (unsigned)__builtin_popcount(node->soft), event = 0;

	if (!verb || !field_is(node->event, "state", "blocked") || any_free(graph))
		return;
	if (!others && json_object_get(node->event, "ends") &&
		with_ends(graph, node) & 1u << (node - graph->nodes)) {
		fprintf(out, ", and only the waiting actor itself could %s", verb);
		return;
	}
	if (!others || others > LEFT_TOLD_MAX) {
		fprintf(out, ", and %s left to %s", others ? "only stuck actors are" : "nobody is",
			verb);
		return;
	}
	fputs(", and only ", out);
	for (size_t i = 0; i < graph->count; i++)
		if (node->soft & 1u << i) {
			fprintf(out, "%s%s",
				!event		      ? ""
				: event + 1 == others ? " and "
						      : ", ",
				field_text(graph->nodes[i].event, "actor"));
			event++;
		}
	fprintf(out, " %s left to %s", others == 1 ? "is" : "are", verb);
}

/* ", taken by alice (a.c:7)" */
static void taken_print(
	FILE *out, struct symbols *symbols, const struct graph *graph, const struct node *node)
{
	json_int_t object = json_integer_value(json_object_get(node->event, "object"));
	const struct node *by =
		field_is(node->event, "wait", "sem_wait") ? taker(graph, object) : NULL;
	json_t *shown;
	char *at;

	if (!by || by == node)
		return;
	shown = json_object();
	stack_show(symbols, json_object_get(held_by(by, object), "stack"), shown);
	at = where(shown);
	fprintf(out, ", taken by %s (%s)", field_text(by->event, "actor"), at);
	free(at);
	json_decref(shown);
}

/* A further explanation of a wait, besides its holders; NULL: there is none. */
static char *why_text(struct symbols *symbols, const struct graph *graph, const struct node *node)
{
	char *signal = signal_text(symbols, node), *text;
	size_t size;
	FILE *out;

	if (signal || node->hard)
		return signal;
	out = open_memstream(&text, &size);
	if (!out)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	if (*field_text(node->event, "value"))
		fprintf(out, ", %s", field_text(node->event, "value"));
	taken_print(out, symbols, graph, node);
	left_print(out, graph, node);
	if (is_open(node))
		fprintf(out, ", and %s could end the wait", field_text(node->event, "outside"));
	fclose(out);
	if (!size) {
		free(text);
		return NULL;
	}
	memmove(text, text + 2, size - 1); /* the sentence has a comma of its own */
	return text;
}

/*
 * The actors that are named as holders. A lock that is only tried keeps no actor waiting: that is
 * no edge.
 */
static uint32_t named_holders(const struct graph *graph, const struct node *node)
{
	json_int_t object = json_integer_value(json_object_get(node->event, "object"));

	return field_is(node->event, "wait", "try")
		       ? holders(graph, object, "alone") | holders(graph, object, "shared")
		       : node->hard;
}

static json_t *node_show(
	struct symbols *symbols, const struct graph *graph, const struct node *node)
{
	json_t *names = json_array(), *shown;
	char *why = why_text(symbols, graph, node);
	uint32_t by = named_holders(graph, node);

	for (size_t i = 0; i < graph->count; i++)
		if (by & 1u << i)
			json_array_append_new(
				names, json_string(field_text(graph->nodes[i].event, "actor")));
	shown = json_pack("{s:s, s:s, s:O?, s:o, s:s, s:o, s:s?}", "actor",
		field_text(node->event, "actor"), "state", field_text(node->event, "state"), "call",
		json_object_get(node->event, "call"), "for",
		name_json(symbols, json_object_get(node->event, "place")), "wait",
		field_text(node->event, "wait"), "held_by", node->behind ? json_array() : names,
		"why", why);
	if (node->behind)
		json_object_set_new(shown, "behind", names);
	stack_show(symbols, json_object_get(node->event, "stack"), shown);
	json_object_set_new(shown, "holds", holds_show(symbols, graph, node));
	if (json_object_get(node->event, "steady"))
		json_object_set(shown, "steady", json_object_get(node->event, "steady"));
	if (json_array_size(json_object_get(node->event, "signals")))
		json_object_set_new(shown, "missed_signal", json_true());
	if (is_open(node))
		json_object_set(shown, "outside", json_object_get(node->event, "outside"));
	free(why);
	return shown;
}

static void actor_append(const struct graph *graph, json_t *actors, size_t at, uint32_t *done)
{
	if (*done & 1u << at)
		return;
	*done |= 1u << at;
	json_array_append(actors, graph->nodes[at].shown);
}

/* If no actor is blocked, actors still making calls are livelocked. */
static void circles_show(struct graph *graph)
{
	for (size_t i = 0; i < graph->count; i++)
		if (field_is(graph->nodes[i].event, "state", "blocked"))
			return;
	for (size_t i = 0; i < graph->count; i++)
		if (field_is(graph->nodes[i].event, "state", "progressing"))
			json_object_set_new(
				graph->nodes[i].shown, "state", json_string("livelocked"));
}

json_t *waits_from_stuck(struct symbols *symbols, const json_t *stuck)
{
	json_t *cycle = json_array(), *actors = json_array(), *event;
	struct graph graph = {0};
	uint32_t done = 0;
	size_t i;

	json_array_foreach(json_object_get(stuck, "actors"), i, event) {
		if (graph.count < NODES_MAX)
			graph.nodes[graph.count++].event = event;
	}
	for (i = 0; i < graph.count; i++)
		edges_find(&graph, i);
	cycle_find(&graph, false);
	if (!graph.cycle_count)
		cycle_find(&graph, true);
	for (i = 0; i < graph.count; i++)
		graph.nodes[i].shown = node_show(symbols, &graph, &graph.nodes[i]);
	circles_show(&graph);
	for (i = 0; i < graph.cycle_count; i++) {
		json_array_append_new(
			cycle, json_string(field_text(graph.nodes[graph.cycle[i]].event, "actor")));
		actor_append(&graph, actors, graph.cycle[i], &done);
	}
	for (i = 0; i < graph.count; i++)
		if (is_stuck(&graph.nodes[i]))
			actor_append(&graph, actors, i, &done);
	for (i = 0; i < graph.count; i++) {
		/* An actor that has ended, and holds nothing that is waited for, is left out. */
		if (is_stuck(&graph.nodes[i]) ||
			field_is(graph.nodes[i].event, "state", "progressing") ||
			json_array_size(json_object_get(graph.nodes[i].shown, "holds")))
			actor_append(&graph, actors, i, &done);
		json_decref(graph.nodes[i].shown);
	}
	return json_pack("{s:b, s:o, s:o}", "reached", 1, "cycle", cycle, "actors", actors);
}

/* The actors at the hard edges of an actor: holders, or writers that wait before it. */
static const json_t *awaited(const json_t *actor)
{
	const json_t *behind = json_object_get(actor, "behind");

	return behind ? behind : json_object_get(actor, "held_by");
}

static bool was_taken(const json_t *cycle, const char *name)
{
	const json_t *taken;
	size_t i;

	json_array_foreach(cycle, i, taken) {
		if (strcmp(json_string_value(taken), name) == 0)
			return true;
	}
	return false;
}

json_t *waits_from_race(const json_t *race)
{
	const json_t *locks = json_object_get(race, "locks"),
		     *stacks = json_object_get(race, "stacks");
	const json_t *takers = json_object_get(race, "takers");
	size_t count = json_array_size(takers);
	json_t *cycle, *actors;

	if (!strstr(field_text(race, "description"), "lock-order") || !count ||
		json_array_size(locks) != count || json_array_size(stacks) != 2 * count)
		return NULL;
	cycle = json_array();
	actors = json_array();
	for (size_t i = 0; i < count; i++) {
		const json_t *held = json_array_get(locks, i);
		const json_t *wanted = json_array_get(locks, (i + 1) % count);
		const char *next = json_string_value(json_array_get(takers, (i + 1) % count));
		json_t *holds = json_pack(
			"{s:O?, s:s}", "name", json_object_get(held, "variable"), "mode", "alone");
		json_t *actor;

		frames_show(json_array_get(stacks, 2 * i + 1), holds);
		actor = json_pack("{s:O, s:s, s:s, s:O?, s:s, s:[s], s:n, s:[o]}", "actor",
			json_array_get(takers, i), "state", "blocked", "call", "pthread_mutex_lock",
			"for", json_object_get(wanted, "variable"), "wait", "acquire", "held_by",
			next, "why", "holds", holds);
		frames_show(json_array_get(stacks, 2 * i), actor);
		/* An actor that takes the locks in both orders is in the cycle only once. */
		if (!was_taken(cycle, field_text(actor, "actor")))
			json_array_append(cycle, json_object_get(actor, "actor"));
		json_array_append_new(actors, actor);
	}
	return json_pack("{s:b, s:o, s:o}", "reached", 0, "cycle", cycle, "actors", actors);
}

/* Whether all edges of the cycle are hard; an actor with a hard edge has no soft ones. */
static bool cycle_is_hard(const json_t *waits)
{
	size_t count = json_array_size(json_object_get(waits, "cycle"));

	for (size_t i = 0; i < count; i++) {
		const json_t *actor = json_array_get(json_object_get(waits, "actors"), i);

		if (!json_array_size(awaited(actor)))
			return false;
	}
	return count > 0;
}

/* The cycle in words, from its member number `first` back to that one; to be freed. */
static char *cycle_text(const json_t *waits, size_t first)
{
	size_t count = json_array_size(json_object_get(waits, "cycle")), size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	for (size_t i = 0; i < count; i++) {
		const json_t *actor =
			json_array_get(json_object_get(waits, "actors"), (first + i) % count);

		fprintf(out, "%s -> ", field_text(actor, "actor"));
		if (*field_text(actor, "for"))
			fprintf(out, "%s -> ", field_text(actor, "for"));
	}
	fputs(json_string_value(json_array_get(json_object_get(waits, "cycle"), first)), out);
	fclose(out);
	return text;
}

bool waits_cycle_is(const json_t *waits, const char *cycle)
{
	size_t count = json_array_size(json_object_get(waits, "cycle"));
	bool same = false;

	for (size_t i = 0; i < count && !same; i++) {
		char *text = cycle_text(waits, i);

		same = strcmp(text, cycle) == 0;
		free(text);
	}
	return same;
}

static bool any_state(const json_t *waits, const char *state)
{
	const json_t *actor;
	size_t i;

	json_array_foreach(json_object_get(waits, "actors"), i, actor) {
		if (field_is(actor, "state", state))
			return true;
	}
	return false;
}

static bool any_open(const json_t *waits)
{
	const json_t *actor;
	size_t i;

	json_array_foreach(json_object_get(waits, "actors"), i, actor) {
		if (json_object_get(actor, "outside"))
			return true;
	}
	return false;
}

/* Whether an actor waits for this one by a hard edge: that wait keeps it from being signalled. */
static bool is_waited_for(const json_t *waits, const char *name)
{
	const json_t *actor, *holder;
	size_t i, k;

	json_array_foreach(json_object_get(waits, "actors"), i, actor) {
		json_array_foreach(awaited(actor), k, holder) {
			if (strcmp(json_string_value(holder), name) == 0)
				return true;
		}
	}
	return false;
}

static bool any_signal(const json_t *waits)
{
	const json_t *actor;
	size_t i;

	json_array_foreach(json_object_get(waits, "actors"), i, actor) {
		if (field_is(actor, "state", "blocked") && field_is(actor, "wait", "cond_wait") &&
			field_true(actor, "missed_signal") &&
			!is_waited_for(waits, field_text(actor, "actor")))
			return true;
	}
	return false;
}

/* Whether an actor that was found in a call has left it since: nothing is proven then. */
static bool any_moved(const json_t *waits)
{
	const json_t *actor;
	size_t i;

	json_array_foreach(json_object_get(waits, "actors"), i, actor) {
		if (field_is(actor, "state", "blocked") && !*field_text(actor, "call") &&
			field_is(actor, "wait", "-"))
			return true;
	}
	return false;
}

unsigned waits_kind(const json_t *waits)
{
	if (!json_is_true(json_object_get(waits, "reached")))
		return SNARL_LOCK_ORDER;
	if (cycle_is_hard(waits))
		return SNARL_DEADLOCK;
	if (any_signal(waits))
		return SNARL_LOST_WAKEUP;
	if (any_state(waits, "running") || any_state(waits, "livelocked"))
		return SNARL_LIVELOCK;
	if (any_state(waits, "progressing"))
		return SNARL_STARVATION;
	if (any_state(waits, "waiting") || any_open(waits) || any_moved(waits))
		return SNARL_HANG;
	return any_state(waits, "blocked") ? SNARL_DEADLOCK : SNARL_HANG;
}

static void held_print(FILE *out, const json_t *actor)
{
	const json_t *held;
	const char *between = " holds ";
	size_t i;

	json_array_foreach(json_object_get(actor, "holds"), i, held) {
		const char *name = field_text(held, "name");
		char *at = where(held);

		fprintf(out, "%s%s (%s)", between, *name ? name : "a lock", at);
		between = ", ";
		free(at);
	}
}

/* ", held by bob and carol"; ", blocked by bob's pending write lock" */
static void holders_print(FILE *out, const json_t *actor)
{
	const json_t *names = awaited(actor), *name;
	bool behind = json_object_get(actor, "behind");
	const char *self = field_text(actor, "actor");
	size_t i;

	if (field_is(actor, "wait", "join"))
		return;
	json_array_foreach(names, i, name) {
		const char *text = json_string_value(name);

		fprintf(out, "%s%s%s",
			i	 ? " and "
			: behind ? ", blocked by "
				 : ", held by ",
			strcmp(text, self) == 0 ? "itself" : text,
			behind ? "'s pending write lock" : "");
	}
}

static void wait_print(FILE *out, const json_t *actor)
{
	const char *name = field_text(actor, "for"), *why = field_text(actor, "why");
	const json_t *joined = json_array_get(json_object_get(actor, "held_by"), 0);
	char *at = where(actor);

	if (field_is(actor, "state", "running") && !*field_text(actor, "function"))
		fputs(" runs without progress", out);
	else if (field_is(actor, "state", "running"))
		fprintf(out, " runs in %s (%s) without progress", field_text(actor, "function"),
			at);
	else if (field_is(actor, "state", "progressing"))
		fprintf(out, " continues (%s)", at); /* while the others are stuck */
	else if (field_is(actor, "state", "livelocked"))
		fprintf(out, " loops (%s) without progress", at);
	else if (field_is(actor, "wait", "join"))
		fprintf(out, " waits for %s to end (%s)",
			joined ? json_string_value(joined) : "a thread", at);
	else if (field_is(actor, "wait", "loop"))
		fprintf(out, " waits in a loop (%s) for %s to change", at,
			*name ? name : "something");
	else if (field_is(actor, "wait", "try"))
		fprintf(out, " keeps trying %s (%s)", *name ? name : "a lock", at);
	else if (field_is(actor, "wait", "barrier_wait"))
		fprintf(out, " waits at %s (%s)", *name ? name : "a barrier", at);
	else if (*name && field_is(actor, "wait", "block"))
		fprintf(out, " waits in %s for %s (%s)", field_text(actor, "call"), name, at);
	else if (*name)
		fprintf(out, " waits for %s (%s)", name, at);
	else if (!*field_text(actor, "call") && !*field_text(actor, "function"))
		fputs(" does not run", out);
	else
		fprintf(out, " waits in %s (%s)",
			*field_text(actor, "call") ? field_text(actor, "call")
						   : field_text(actor, "function"),
			at);
	holders_print(out, actor);
	if (*why)
		fprintf(out, ", %s", why);
	free(at);
}

/* "alice takes right (a.c:5) while it holds left (a.c:4)": for a deadlock that was not reached. */
static void order_print(FILE *out, const json_t *actor, size_t i)
{
	const json_t *held = json_array_get(json_object_get(actor, "holds"), 0);
	const char *name = field_text(actor, "for"), *other = field_text(held, "name");
	char *at = where(actor), *held_at = where(held);

	fprintf(out, "%s%s takes %s (%s) while it holds %s (%s)", i ? "; " : "",
		field_text(actor, "actor"), *name ? name : "a lock", at, *other ? other : "another",
		held_at);
	free(at);
	free(held_at);
}

char *waits_sentence(const json_t *waits)
{
	const json_t *actor;
	char *text;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	json_array_foreach(json_object_get(waits, "actors"), i, actor) {
		bool ended = field_is(actor, "state", "ended");

		if (!json_is_true(json_object_get(waits, "reached"))) {
			order_print(out, actor, i);
			continue;
		}

		fprintf(out, "%s%s%s", i ? "; " : "", field_text(actor, "actor"),
			ended ? " ended and" : "");
		held_print(out, actor);
		if (ended)
			continue;
		if (json_array_size(json_object_get(actor, "holds")))
			fputc(',', out);
		wait_print(out, actor);
	}
	if (!json_is_true(json_object_get(waits, "reached")))
		fputs(": a potential deadlock", out);
	fclose(out);
	return text;
}
