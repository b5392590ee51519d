/* graph.c - the wait-for graph, as nodes and edges. */
#define _GNU_SOURCE
#include "graph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "field.h"
#include "text.h"

enum { NONE = GRAPH_NODES_MAX };

bool graph_stuck(const json_t *actor)
{
	const char *state = field_text(actor, "state");

	return !is(state, "ended") && !is(state, "progressing");
}

/* Whether an actor of `waits` waits for an object, with or without a name. */
static bool waits_for_object(const json_t *actor)
{
	const char *state = field_text(actor, "state");

	if (is(field_text(actor, "wait"), "join"))
		return false;
	return is(state, "blocked") ||
	       (graph_stuck(actor) && (*field_text(actor, "for") ||
					      json_array_size(field_array(actor, "held_by"))));
}

/* --- nodes --------------------------------------------------------------------------------- */

static size_t node_find(const struct graph *graph, bool actor, const char *name)
{
	for (size_t i = 0; i < graph->node_count; i++)
		if (graph->nodes[i].actor == actor && is(graph->nodes[i].name, name))
			return i;
	return NONE;
}

static size_t node_add(struct graph *graph, struct graph_node node)
{
	if (graph->node_count == GRAPH_NODES_MAX)
		return NONE;
	graph->nodes[graph->node_count] = node;
	return graph->node_count++;
}

/* Two objects without a name count as different: nothing shows that they are the same. */
static size_t object_node(struct graph *graph, const char *name)
{
	size_t found = *name ? node_find(graph, false, name) : NONE;

	return found == NONE ? node_add(graph, (struct graph_node){.name = name}) : found;
}

/* Take each actor once: a damaged store may name one twice. */
static void actors_take(struct graph *graph, const json_t *waits)
{
	const json_t *actors = field_array(waits, "actors"), *actor;
	size_t i;

	json_array_foreach(actors, i, actor) {
		const char *name = field_text(actor, "actor");

		if (node_find(graph, true, name) != NONE)
			continue;
		if (graph->node_count == GRAPH_ACTORS_MAX)
			graph->actors_left_out++;
		else
			node_add(graph,
				(struct graph_node){.actor = true, .name = name, .json = actor});
	}
}

static size_t held_name(const struct graph *graph, const json_t *names, size_t i)
{
	const char *name = json_string_value(json_array_get(names, i));

	return name ? node_find(graph, true, name) : NONE;
}

/* --- edges --------------------------------------------------------------------------------- */

static size_t edge_find(const struct graph *graph, size_t from, size_t to)
{
	for (size_t i = 0; i < graph->edge_count; i++)
		if (graph->edges[i].from == from && graph->edges[i].to == to)
			return i;
	return GRAPH_EDGES_MAX;
}

static void edge_add(struct graph *graph, size_t from, size_t to, enum graph_relation relation)
{
	if (from == NONE || to == NONE || graph->edge_count == GRAPH_EDGES_MAX ||
		edge_find(graph, from, to) < GRAPH_EDGES_MAX)
		return;
	graph->edges[graph->edge_count++] =
		(struct graph_edge){.from = from, .to = to, .relation = relation};
}

/* How an actor holds an object; exclusively, if its own entry does not mention the object. */
static enum graph_relation hold_relation(const json_t *actor, const char *object)
{
	const json_t *held;
	size_t i;

	json_array_foreach(field_array(actor, "holds"), i, held) {
		if (is(field_text(held, "name"), object))
			return is(field_text(held, "mode"), "shared") ? GRAPH_SHARED_BY
								      : GRAPH_HELD_BY;
	}
	return GRAPH_HELD_BY;
}

/* The edges of what an actor waits for; the object's node, or NONE. */
static size_t wait_take(struct graph *graph, size_t at)
{
	const json_t *json = graph->nodes[at].json, *names = field_array(json, "held_by");
	size_t object;

	if (is(field_text(json, "wait"), "join") && graph_stuck(json)) {
		edge_add(graph, at, held_name(graph, names, 0), GRAPH_WAITS_FOR_END);
		return NONE;
	}
	if (!waits_for_object(json))
		return NONE;
	object = object_node(graph, field_text(json, "for"));
	if (object == NONE)
		return NONE;
	if (!graph->nodes[object].json) /* describes it if it has no name */
		graph->nodes[object].json = json;
	edge_add(graph, at, object, GRAPH_WAITS_FOR);
	for (size_t i = 0; i < json_array_size(names); i++) {
		size_t holder = held_name(graph, names, i);

		if (holder != NONE)
			edge_add(graph, object, holder,
				hold_relation(
					graph->nodes[holder].json, graph->nodes[object].name));
	}
	return object;
}

static bool holds_unnamed(const struct graph *graph, size_t actor)
{
	for (size_t i = 0; i < graph->edge_count; i++)
		if (graph->edges[i].to == actor && !*graph->nodes[graph->edges[i].from].name)
			return true;
	return false;
}

static void holds_take(struct graph *graph, size_t at)
{
	const json_t *json = graph->nodes[at].json, *held;
	size_t i;

	json_array_foreach(field_array(json, "holds"), i, held) {
		const char *name = field_text(held, "name");

		/* An object without a name may be the one that another actor waits for. */
		if (*name || !holds_unnamed(graph, at))
			edge_add(graph, object_node(graph, name), at,
				is(field_text(held, "mode"), "shared") ? GRAPH_SHARED_BY
								       : GRAPH_HELD_BY);
	}
}

/* --- the cycle ----------------------------------------------------------------------------- */

static void ring_add(struct graph *graph, size_t node)
{
	for (size_t i = 0; i < graph->ring_count; i++)
		if (graph->ring[i] == node)
			return;
	graph->ring[graph->ring_count++] = node;
}

static void edge_mark(struct graph *graph, size_t from, size_t to)
{
	size_t at = edge_find(graph, from, to);

	if (at < GRAPH_EDGES_MAX)
		graph->edges[at].cycle = true;
}

/* Mark each of the cycle's actors, what it waits for, and the next actor. */
static void cycle_take(struct graph *graph, const json_t *cycle, const size_t *objects)
{
	size_t count = json_array_size(cycle), actors[GRAPH_ACTORS_MAX];

	if (count > GRAPH_ACTORS_MAX)
		return;
	for (size_t i = 0; i < count; i++) {
		actors[i] = held_name(graph, cycle, i);
		if (actors[i] == NONE)
			return;
	}
	for (size_t i = 0; i < count; i++) {
		size_t next = actors[(i + 1) % count], object = objects[actors[i]];

		ring_add(graph, actors[i]);
		if (object == NONE) {
			edge_mark(graph, actors[i], next);
			continue;
		}
		ring_add(graph, object);
		edge_add(graph, object, next, GRAPH_UP_TO);
		edge_mark(graph, actors[i], object);
		edge_mark(graph, object, next);
	}
	graph->cycle_count = count;
}

static int edge_compare(const void *left, const void *right)
{
	const struct graph_edge *a = left, *b = right;

	if (a->cycle != b->cycle)
		return b->cycle - a->cycle;
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->to < b->to ? -1 : a->to > b->to;
}

struct graph graph_make(const json_t *waits)
{
	struct graph graph = {.reached = field_true(waits, "reached")};
	size_t objects[GRAPH_NODES_MAX], actors;

	actors_take(&graph, waits);
	actors = graph.node_count;
	for (size_t i = 0; i < actors; i++)
		objects[i] = wait_take(&graph, i);
	for (size_t i = 0; i < actors; i++)
		holds_take(&graph, i);
	cycle_take(&graph, field_array(waits, "cycle"), objects);
	qsort(graph.edges, graph.edge_count, sizeof *graph.edges, edge_compare);
	return graph;
}

/* --- words --------------------------------------------------------------------------------- */

const char *graph_name(const struct graph *graph, size_t node)
{
	const struct graph_node *at = &graph->nodes[node];
	const char *wait = field_text(at->json, "wait"), *call = field_text(at->json, "call");

	if (*at->name)
		return at->name;
	if (at->actor)
		return "an actor";
	return !*wait || is(wait, "acquire") || is(wait, "acquire_shared") || !*call ? "a lock"
										     : call;
}

const char *graph_words(enum graph_relation relation)
{
	static const char *const words[] = {
		[GRAPH_WAITS_FOR] = "waits for",
		[GRAPH_HELD_BY] = "held by",
		[GRAPH_SHARED_BY] = "shared by",
		[GRAPH_UP_TO] = "due from",
		[GRAPH_WAITS_FOR_END] = "waits for the end of",
	};

	return words[relation];
}

/* ", held by bob, held by carol" */
static void holders_print(FILE *out, const struct graph *graph, size_t object)
{
	for (size_t i = 0; i < graph->edge_count; i++)
		if (graph->edges[i].from == object)
			fprintf(out, ", %s %s", graph_words(graph->edges[i].relation),
				graph_name(graph, graph->edges[i].to));
}

static bool waited_for(const struct graph *graph, size_t object)
{
	for (size_t i = 0; i < graph->edge_count; i++)
		if (graph->edges[i].to == object)
			return true;
	return false;
}

char *graph_sentence(const struct graph *graph)
{
	const char *between = "";
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	for (size_t i = 0; i < graph->edge_count; i++) {
		const struct graph_edge *edge = &graph->edges[i];

		if (!graph->nodes[edge->from].actor)
			continue;
		fprintf(out, "%s%s %s %s", between, graph_name(graph, edge->from),
			graph_words(edge->relation), graph_name(graph, edge->to));
		if (!graph->nodes[edge->to].actor)
			holders_print(out, graph, edge->to);
		between = "; ";
	}
	for (size_t i = 0; i < graph->node_count; i++)
		if (!graph->nodes[i].actor && !waited_for(graph, i)) {
			fprintf(out, "%s%s", between, graph_name(graph, i));
			holders_print(out, graph, i);
			between = "; ";
		}
	if (graph->cycle_count)
		fprintf(out, "%scycle", between);
	for (size_t i = 0; i <= graph->ring_count && graph->cycle_count; i++) {
		size_t node = graph->ring[i % graph->ring_count];

		if (graph->nodes[node].actor)
			fprintf(out, "%s %s", i ? "," : ":", graph_name(graph, node));
	}
	fclose(out);
	return text;
}
