/*
 * sarif.c - failures as SARIF 2.1.0 (OASIS, 2020; errata 01 of 2023).
 *
 * Today's viewers show only the first thread flow of a result's first code flow. So the first code
 * flow has the whole interleaving in one thread flow, with the actor in each step's text, and only
 * the second has one thread flow per actor. Both number the steps in executionOrder.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "exports.h"
#include "field.h"
#include "graph.h"
#include "result.h"
#include "rows.h"
#include "text.h"

enum { RACES_MAX = 16, FRAMES_MAX = 32, LINE_UNKNOWN = 1 };

/* The rules, and the weaknesses that they name; both are collected while results are written. */
struct sarif {
	struct store *store;
	json_t *rules, *taxa;
};

/* The case whose results are being written. */
struct finding {
	struct sarif *sarif;
	const json_t *json;
	char *path;   /* of the variant */
	int64_t line; /* in it, if nothing better is known: its first point's, or 1 */
};

static json_t *text_json(const char *text)
{
	return json_pack("{s:s}", "text", text);
}

/* Takes ownership of `text`. */
static json_t *text_json_free(char *text)
{
	json_t *json = text_json(text);

	free(text);
	return json;
}

/* Add to a list without duplicates; takes ownership of `one`. */
static void once_append(json_t *list, json_t *one)
{
	const json_t *other;
	size_t i;

	json_array_foreach(list, i, other) {
		if (json_equal(other, one)) {
			json_decref(one);
			return;
		}
	}
	json_array_append_new(list, one);
}

/* --- rules --------------------------------------------------------------------------------- */

static const struct rule {
	const char *kind, *name, *what, *help;
} rules[] = {
	{"data-race", "DataRace", "Two accesses race",
		"Two actors access the same memory, one of them writes, and nothing orders them. "
		"Guard both by one lock, or make both atomic."},
	{"lost-update", "LostUpdate", "An update is lost",
		"A value is read, changed and written back while another actor does the same. Do "
		"all of it under one lock, or in one atomic operation."},
	{"overwrite", "Overwrite", "An item is overwritten before it was read",
		"A slot is filled while its item waits to be taken. Wait while the buffer is full, "
		"and give each slot to one writer at a time."},
	{"lost-item", "LostItem", "An item never arrives",
		"An item that was put in is never taken out. Publish an item only after it was "
		"written, and count it once."},
	{"duplicate-item", "DuplicateItem", "An item is taken twice",
		"Two takers get the same item, or one gets it again. Take and remove it in one "
		"atomic step."},
	{"stale-read", "StaleRead", "A slot is read before its item is there",
		"A reader sees the previous contents. Publish with a release store after writing, "
		"and read only after an acquire load has seen it."},
	{"torn-message", "TornMessage", "A message arrives torn or mixed with others",
		"A message is read or written in more than one piece, and others come between the "
		"pieces. Keep its pieces together, and continue after a short read or write."},
	{"out-of-order", "OutOfOrder", "Items arrive out of order",
		"Items of one sender overtake each other. Number and hand them over in one step."},
	{"lost-wakeup", "LostWakeup", "A wakeup is lost",
		"A condition is signalled before anybody waits, or another waiter is woken "
		"instead. Change the awaited state under the mutex of the wait, and test it there "
		"in a loop."},
	{"deadlock", "Deadlock", "Actors wait for each other forever",
		"Each of them holds what another waits for. Take locks in one order everywhere, or "
		"hold none while waiting."},
	{"lock-order", "LockOrder", "Locks are taken in opposite orders",
		"It did not deadlock this time, but it can. Take these locks in one order "
		"everywhere."},
	{"livelock", "Livelock", "Actors run without progress",
		"They wait in loops for each other, or undo each other's work. Block instead, or "
		"break the symmetry."},
	{"hang", "Hang", "An execution does not end",
		"There was no progress within the time limit. See where its actors are."},
	{"starvation", "Starvation", "An actor never gets its turn",
		"Others continue while it waits. Serve waiters in order of arrival."},
	{"leak", "Leak", "Memory is not freed",
		"On some path, or in some order, allocated memory is lost. Free it on every "
		"path."},
	{"crash", "Crash", "The program crashes",
		"It is killed by a signal in some order of its steps. See the stack and the steps "
		"before."},
	{"assertion", "Assertion", "An invariant does not hold",
		"An assertion of the program or its check fails in some order of its steps."},
};

static const struct rule *rule_known(const char *kind)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (is(rules[i].kind, kind))
			return &rules[i];
	return NULL;
}

/* The index of a kind's rule, which is added when it is first needed. */
static size_t rule_index(struct sarif *sarif, const char *kind)
{
	const struct rule *known = rule_known(kind);
	json_t *rule;
	size_t i;

	json_array_foreach(sarif->rules, i, rule) {
		if (is(field_text(rule, "id"), kind))
			return i;
	}
	rule = json_pack("{s:s, s:o, s:o, s:{s:s}, s:[]}", "id", kind, "shortDescription",
		text_json(known ? known->what : kind), "help",
		text_json(known ? known->help : "A kind that this version does not know."),
		"defaultConfiguration", "level", is(kind, "lock-order") ? "warning" : "error",
		"relationships");
	if (known)
		json_object_set_new(rule, "name", json_string(known->name));
	json_array_append_new(sarif->rules, rule);
	return json_array_size(sarif->rules) - 1;
}

/* --- weaknesses ---------------------------------------------------------------------------- */

/* A reference into the taxonomy of weaknesses, to which the weakness is added if need be. */
static json_t *taxon_refer(struct sarif *sarif, const char *id)
{
	json_t *taxon;
	size_t i;

	json_array_foreach(sarif->taxa, i, taxon) {
		if (is(field_text(taxon, "id"), id))
			break;
	}
	if (i == json_array_size(sarif->taxa)) {
		char *uri = format("https://cwe.mitre.org/data/definitions/%s.html", id);

		json_array_append_new(
			sarif->taxa, json_pack("{s:s, s:s}", "id", id, "helpUri", uri));
		free(uri);
	}
	return json_pack("{s:s, s:I, s:{s:s, s:i}}", "id", id, "index", (json_int_t)i,
		"toolComponent", "name", "CWE", "index", 0);
}

static void relation_add(json_t *rule, json_t *target)
{
	json_t *relations = json_object_get(rule, "relationships"), *relation;
	size_t i;

	json_array_foreach(relations, i, relation) {
		if (json_equal(json_object_get(relation, "target"), target))
			return;
	}
	json_array_append_new(
		relations, json_pack("{s:O, s:[s]}", "target", target, "kinds", "relevant"));
}

/* Write the parts of "CWE-833, OSTEP 32" as references, and the weaknesses among them as taxa. */
static void refs_emit(struct finding *finding, json_t *result, json_t *rule)
{
	json_t *refs = json_array(), *taxa = json_array();
	char *text = format("%s", field_text(finding->json, "refs")), *rest = text, *ref;

	while ((ref = strsep(&rest, ","))) {
		size_t digits;

		ref += strspn(ref, " ");
		if (*ref)
			json_array_append_new(refs, json_string(ref));
		digits = strncmp(ref, "CWE-", 4) == 0 ? strspn(ref + 4, "0123456789") : 0;
		if (digits && !ref[4 + digits]) {
			json_t *target = taxon_refer(finding->sarif, ref + 4);

			relation_add(rule, target);
			once_append(taxa, target);
		}
	}
	json_object_set_new(json_object_get(result, "properties"), "refs", refs);
	if (json_array_size(taxa))
		json_object_set(result, "taxa", taxa);
	json_decref(taxa);
	free(text);
}

/* --- places -------------------------------------------------------------------------------- */

/* The path of a file as a URI: relative to the tree's root, as the build names it. */
static char *uri_text(const char *path)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	fputs(*path == '/' ? "file://" : "", out);
	for (; *path; path++)
		fprintf(out,
			isalnum((unsigned char)*path) || strchr("/-._~", *path) ? "%c" : "%%%02X",
			(unsigned char)*path);
	fclose(out);
	return text;
}

/* Takes ownership of `message`, which may be NULL. */
static json_t *location_make(const char *path, int64_t line, json_t *message)
{
	char *uri = uri_text(path);
	json_t *artifact = json_pack("{s:s}", "uri", uri), *location;

	free(uri);
	if (*path != '/')
		json_object_set_new(artifact, "uriBaseId", json_string("SRCROOT"));
	location = json_pack("{s:{s:o, s:{s:I}}}", "physicalLocation", "artifactLocation", artifact,
		"region", "startLine", (json_int_t)(line > 0 ? line : LINE_UNKNOWN));
	if (message)
		json_object_set_new(location, "message", message);
	return location;
}

/* A frame whose source is in the tree: not in a library, and not without a source. */
static bool in_tree(const json_t *frame)
{
	const char *file = field_text(frame, "file");

	return *file && *file != '/' && field_integer(frame, "line", 0) > 0;
}

/* Where something was done: its own place or that of an outer frame, else the variant. */
static json_t *place_make(const struct finding *finding, const json_t *place, json_t *message)
{
	const json_t *frame;
	size_t i;

	if (in_tree(place))
		return location_make(
			field_text(place, "file"), field_integer(place, "line", 0), message);
	json_array_foreach(field_array(place, "stack"), i, frame) {
		if (in_tree(frame))
			return location_make(field_text(frame, "file"),
				field_integer(frame, "line", 0), message);
	}
	return location_make(finding->path, finding->line, message);
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && strcmp(text + length - tail, end) == 0;
}

/*
 * The variant's path: beside the correct variants, else that of a point in it, else under
 * scenarios.
 */
static char *variant_path(struct store *store, const json_t *json)
{
	const char *scenario = field_text(json, "scenario"), *variant = field_text(json, "variant");
	json_t *correct = store_correct_sources(store, field_integer(json, "run", 0), scenario);
	const char *beside = field_text(json_array_get(correct, 0), "path");
	const char *slash = strrchr(beside, '/');
	char *tail = format("/%s/%s.c", scenario, variant), *path = NULL;
	const json_t *point;
	size_t i;

	if (slash)
		path = format("%.*s/%s.c", (int)(slash - beside), beside, variant);
	json_array_foreach(field_array(json_object_get(json, "catalog"), "points"), i, point) {
		if (!path && ends_with(field_text(point, "file"), tail))
			path = format("%s", field_text(point, "file"));
	}
	if (!path)
		path = format("scenarios%s", tail);
	free(tail);
	json_decref(correct);
	return path;
}

static int64_t variant_line(const json_t *json, const char *path)
{
	const json_t *points = field_array(json_object_get(json, "catalog"), "points"), *point;
	size_t i;

	json_array_foreach(points, i, point) {
		if (is(field_text(point, "file"), path))
			return field_integer(point, "line", LINE_UNKNOWN);
	}
	return LINE_UNKNOWN;
}

/* --- stacks -------------------------------------------------------------------------------- */

/* Add a stack with a message, if it has frames; takes ownership of `message`. */
static void stack_add(json_t *stacks, const json_t *frames, json_t *message)
{
	json_t *case_view = json_array();
	const json_t *frame;
	size_t i;

	json_array_foreach(frames, i, frame) {
		const char *function = field_text(frame, "function");
		json_t *location;

		if (i == FRAMES_MAX || !*field_text(frame, "file"))
			continue;
		location = location_make(
			field_text(frame, "file"), field_integer(frame, "line", 0), NULL);
		json_object_set_new(location, "logicalLocations",
			json_pack("[{s:s, s:s}]", "name", *function ? function : "?", "kind",
				"function"));
		json_array_append_new(case_view, json_pack("{s:o}", "location", location));
	}
	if (json_array_size(case_view))
		once_append(
			stacks, json_pack("{s:O, s:O}", "message", message, "frames", case_view));
	json_decref(case_view);
	json_decref(message);
}

/* --- locations ----------------------------------------------------------------------------- */

/* A place as SARIF: its location, and the stack that led there. Takes ownership of `words`. */
static void place_emit(const struct finding *finding, const json_t *place, char *words,
	json_t *locations, json_t *stacks)
{
	json_array_append_new(locations, place_make(finding, place, text_json(words)));
	stack_add(stacks, field_array(place, "stack"), text_json(words));
	free(words);
}

static void races_emit(const struct finding *finding, json_t *locations, json_t *stacks)
{
	const json_t *races = field_array(finding->json, "races"), *race, *access;
	json_t *stack;
	size_t i, k;

	json_array_foreach(races, i, race) {
		if (i == RACES_MAX)
			break;
		json_array_foreach(field_array(race, "accesses"), k, access) {
			const char *actor = field_text(access, "actor"),
				   *variable = field_text(access, "variable");

			place_emit(finding, access,
				format("%s %s %s", *actor ? actor : "an actor",
					field_true(access, "write") ? "writes" : "reads",
					*variable ? variable : "unnamed memory"),
				locations, stacks);
		}
		/*
		 * Reports that are not two accesses: an unlock by an actor that does not hold the
		 * lock, a lock order inversion.
		 */
		json_array_foreach(field_array(race, "stacks"), k, stack) {
			json_t *place = json_pack("{s:O}", "stack", stack);

			place_emit(finding, place, format("%s", field_text(race, "description")),
				locations, stacks);
			json_decref(place);
		}
	}
}

/* Write where each actor waits, then where each acquired what it holds. */
static void waits_emit(const struct finding *finding, json_t *locations, json_t *stacks)
{
	const json_t *actors = field_array(json_object_get(finding->json, "waits"), "actors");
	const json_t *actor, *held;
	size_t i, k;

	json_array_foreach(actors, i, actor) {
		const char *object = field_text(actor, "for"), *call = field_text(actor, "call");

		if (graph_stuck(actor))
			place_emit(finding, actor,
				format("%s waits%s%s", field_text(actor, "actor"),
					*object ? " for "
					: *call ? " in "
						: "",
					*object ? object : call),
				locations, stacks);
	}
	json_array_foreach(actors, i, actor) {
		json_array_foreach(field_array(actor, "holds"), k, held) {
			const char *name = field_text(held, "name");

			place_emit(finding, held,
				format("%s took %s", field_text(actor, "actor"),
					*name ? name : "a lock"),
				locations, stacks);
		}
	}
}

static void locations_emit(const struct finding *finding, json_t *result)
{
	const json_t *trace = field_array(finding->json, "trace");
	const json_t *misuse = json_object_get(finding->json, "misuse");
	const json_t *last = json_array_get(trace, json_array_size(trace) - 1);
	json_t *locations = json_array(), *stacks = json_array(), *related = json_array(), *one;
	size_t i;

	if (misuse)
		json_array_append_new(locations, place_make(finding, misuse, NULL));
	waits_emit(finding, locations, stacks);
	races_emit(finding, locations, stacks);
	if (!json_array_size(locations) && last)
		place_emit(finding, last,
			format("%s %s", field_text(last, "actor"), field_text(last, "sentence")),
			locations, stacks);
	if (!json_array_size(locations))
		json_array_append_new(locations, place_make(finding, NULL, NULL));
	/* A result has one location; the others become its related locations. */
	json_array_foreach(locations, i, one) {
		if (i) {
			json_object_set_new(one, "id", json_integer((json_int_t)i));
			json_array_append(related, one);
		}
	}
	json_object_set_new(result, "locations", json_pack("[O]", json_array_get(locations, 0)));
	json_object_set_new(result, "relatedLocations", related);
	json_object_set_new(result, "stacks", stacks);
	json_decref(locations);
}

/* --- code flows ---------------------------------------------------------------------------- */

/* The kinds of a step, in the standard's terms. */
static json_t *step_kinds(const json_t *step)
{
	static const struct {
		const char *op, *kind, *of;
	} all[] = {
		{"lock", "acquire", "lock"},
		{"read-lock", "acquire", "lock"},
		{"unlock", "release", "lock"},
		{"take", "acquire", "resource"},
		{"post", "release", "resource"},
		{"malloc", "acquire", "memory"},
		{"free", "release", "memory"},
	};
	const char *op = field_text(step, "op");
	json_t *kinds = json_array();

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (is(op, all[i].op)) {
			json_array_append_new(kinds, json_string(all[i].kind));
			json_array_append_new(kinds, json_string(all[i].of));
		}
	if (step_races(step))
		json_array_append_new(kinds, json_string("danger"));
	return kinds;
}

/* The observed variables after the step. */
static json_t *step_state(const json_t *step)
{
	const json_t *observed = field_array(step, "observed"), *one;
	json_t *state = json_object();
	size_t i;

	json_array_foreach(observed, i, one) {
		if (*field_text(one, "name"))
			json_object_set_new(state, field_text(one, "name"),
				text_json(field_text(one, "value")));
	}
	return state;
}

/* A step; its text has the actor's name if `named`. */
static json_t *step_emit(
	const struct finding *finding, const json_t *step, size_t number, bool named)
{
	const char *actor = field_text(step, "actor"), *sentence = field_text(step, "sentence");
	char *words = named ? format("[%s] %s", actor, sentence) : format("%s", sentence);
	bool matters = step_races(step) || *field_text(step, "injected") ||
		       is(field_text(step, "op"), "wait");
	json_t *flow = json_pack("{s:o, s:I, s:s, s:o}", "location",
		place_make(finding, step, text_json_free(words)), "executionOrder",
		(json_int_t)number, "importance", matters ? "essential" : "important", "kinds",
		step_kinds(step));
	json_t *state = step_state(step);

	if (json_object_size(state))
		json_object_set(flow, "state", state);
	json_decref(state);
	return flow;
}

static bool actor_told(const json_t *flows, const char *actor)
{
	const json_t *flow;
	size_t i;

	json_array_foreach(flows, i, flow) {
		if (is(field_text(flow, "id"), actor))
			return true;
	}
	return false;
}

/* The steps of one actor, or of all for NULL. */
static json_t *thread_flow(const struct finding *finding, const char *actor)
{
	const json_t *trace = field_array(finding->json, "trace");
	struct span drawn = trace_drawn(trace);
	json_t *locations = json_array();

	for (size_t i = drawn.from; i < drawn.to; i++) {
		const json_t *step = json_array_get(trace, i);

		if (!actor || is(field_text(step, "actor"), actor))
			json_array_append_new(locations, step_emit(finding, step, i + 1, !actor));
	}
	return json_pack("{s:s, s:o}", "id", actor ? actor : "all actors", "locations", locations);
}

static void flows_emit(const struct finding *finding, json_t *result)
{
	const json_t *trace = field_array(finding->json, "trace");
	struct span drawn = trace_drawn(trace);
	json_t *flows = json_array();

	for (size_t i = drawn.from; i < drawn.to; i++) {
		const char *actor = field_text(json_array_get(trace, i), "actor");

		if (!actor_told(flows, actor))
			json_array_append_new(flows, thread_flow(finding, actor));
	}
	if (json_array_size(flows))
		json_object_set_new(result, "codeFlows",
			json_pack("[{s:o, s:[o]}, {s:o, s:O}]", "message",
				text_json("The interleaving, all actors together"), "threadFlows",
				thread_flow(finding, NULL), "message",
				text_json("The same, each actor by itself"), "threadFlows", flows));
	json_decref(flows);
}

/* --- the wait-for graph -------------------------------------------------------------------- */

static json_t *node_emit(const struct finding *finding, const struct graph *graph, size_t at)
{
	const struct graph_node *node = &graph->nodes[at];
	char *id = format("n%zu", at);
	json_t *json = json_pack("{s:s, s:o, s:{s:s}}", "id", id, "label",
		text_json(graph_name(graph, at)), "properties", "is",
		node->actor ? "actor" : "object");

	free(id);
	if (node->actor && *field_text(node->json, "file"))
		json_object_set_new(json, "location", place_make(finding, node->json, NULL));
	return json;
}

static json_t *edge_emit(const struct graph *graph, size_t at)
{
	const struct graph_edge *edge = &graph->edges[at];
	char *id = format("e%zu", at), *from = format("n%zu", edge->from),
	     *to = format("n%zu", edge->to);
	json_t *json = json_pack("{s:s, s:s, s:s, s:o, s:{s:b}}", "id", id, "sourceNodeId", from,
		"targetNodeId", to, "label", text_json(graph_words(edge->relation)), "properties",
		"cycle", edge->cycle);

	free(id);
	free(from);
	free(to);
	return json;
}

static void graph_emit(const struct finding *finding, json_t *result)
{
	struct graph graph = graph_make(json_object_get(finding->json, "waits"));
	json_t *nodes, *edges;

	if (!graph.node_count)
		return;
	nodes = json_array();
	edges = json_array();
	for (size_t i = 0; i < graph.node_count; i++)
		json_array_append_new(nodes, node_emit(finding, &graph, i));
	for (size_t i = 0; i < graph.edge_count; i++)
		json_array_append_new(edges, edge_emit(&graph, i));
	json_object_set_new(result, "graphs",
		json_pack("[{s:o, s:o, s:o, s:{s:b}}]", "description",
			text_json_free(graph_sentence(&graph)), "nodes", nodes, "edges", edges,
			"properties", "reached", graph.reached));
}

/* --- results ------------------------------------------------------------------------------- */

static char *message_text(const json_t *json)
{
	const char *message = field_text(json, "message"), *refs = field_text(json, "refs");

	return format("%s/%s under %s: %s. %s%s%s%s", field_text(json, "scenario"),
		field_text(json, "variant"), field_text(json, "engine"),
		field_text(json, "verdict"), message,
		*message && !strchr(".!?", message[strlen(message) - 1]) ? "." : "",
		*refs ? " See " : "", refs);
}

static json_t *properties_make(const json_t *json)
{
	static const char *const kept[] = {"scenario", "variant", "engine", "outcome", "expected",
		"executions", "failures", "first_failure_execution", "token", "arm"};
	json_t *properties = json_object();

	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		json_t *value = json_object_get(json, kept[i]);

		if (value && !json_is_null(value))
			json_object_set(properties, kept[i], value);
	}
	return properties;
}

static json_t *result_emit(struct sarif *sarif, const json_t *json)
{
	struct finding finding = {sarif, json, variant_path(sarif->store, json), LINE_UNKNOWN};
	const char *kind = field_text(json, "verdict");
	size_t index = rule_index(sarif, kind);
	char *name = format("%s/%s/%s/%s", field_text(json, "scenario"),
		field_text(json, "variant"), field_text(json, "engine"), kind);
	json_t *result = json_pack("{s:s, s:I, s:s, s:s, s:o, s:{s:s}, s:o}", "ruleId", kind,
		"ruleIndex", (json_int_t)index, "kind", "fail", "level",
		is(kind, "lock-order") ? "warning" : "error", "message",
		text_json_free(message_text(json)), "partialFingerprints", "snarlCase/v1", name,
		"properties", properties_make(json));

	free(name);
	finding.line = variant_line(json, finding.path);
	refs_emit(&finding, result, json_array_get(sarif->rules, index));
	locations_emit(&finding, result);
	flows_emit(&finding, result);
	graph_emit(&finding, result);
	free(finding.path);
	return result;
}

json_t *sarif_place(struct store *store, const json_t *one)
{
	struct sarif sarif = {store, json_array(), json_array()};
	json_t *result = result_emit(&sarif, one), *place;

	place = json_incref(json_object_get(
		json_array_get(json_object_get(result, "locations"), 0), "physicalLocation"));
	json_decref(result);
	json_decref(sarif.rules);
	json_decref(sarif.taxa);
	return place;
}

/* A case that misuses snarl.h has shown nothing: it is no result, but an error of the run. */
static json_t *error_emit(struct store *store, const json_t *json)
{
	return json_pack("{s:s, s:{s:s}, s:o, s:[{s:o}]}", "level", "error", "descriptor", "id",
		"misuse", "message",
		text_json_free(format("%s/%s under %s: %s", field_text(json, "scenario"),
			field_text(json, "variant"), field_text(json, "engine"),
			field_text(json, "message"))),
		"locations", "physicalLocation", sarif_place(store, json));
}

static json_t *invocation_make(json_t *errors)
{
	return json_pack("{s:b, s:o}", "executionSuccessful", json_array_size(errors) == 0,
		"toolExecutionNotifications", errors);
}

static json_t *run_make(const struct sarif *sarif, json_t *results, json_t *errors)
{
	json_t *runs = store_runs(sarif->store);
	const char *commit =
		field_text(json_object_get(json_array_get(runs, 0), "environment"), "commit");
	json_t *driver = json_pack("{s:s, s:o, s:O}", "name", "snarl", "fullDescription",
		text_json("Provoke, detect and explain race conditions and deadlocks in C."),
		"rules", sarif->rules);
	json_t *run = json_pack("{s:{s:o}, s:[o], s:s, s:{s:{s:o}}, s:o}", "tool", "driver", driver,
		"invocations", invocation_make(errors), "columnKind", "utf16CodeUnits",
		"originalUriBaseIds", "SRCROOT", "description",
		text_json("The root of the tree that the cases were built from."), "results",
		results);

	if (*commit)
		json_object_set_new(driver, "version", json_string(commit));
	if (json_array_size(sarif->taxa))
		json_object_set_new(run, "taxonomies",
			json_pack("[{s:s, s:s, s:o, s:O}]", "name", "CWE", "organization", "MITRE",
				"shortDescription",
				text_json("The MITRE Common Weakness Enumeration"), "taxa",
				sarif->taxa));
	json_decref(runs);
	return run;
}

void sarif_write(struct store *store, const json_t *cases, FILE *file)
{
	struct sarif sarif = {store, json_array(), json_array()};
	json_t *results = json_array(), *errors = json_array(), *log;
	const json_t *one;
	size_t i;

	json_array_foreach(cases, i, one) {
		if (is(field_text(one, "outcome"), outcome_name(OUTCOME_ERROR)))
			json_array_append_new(errors, error_emit(store, one));
		else if (*field_text(one, "verdict") && !is(field_text(one, "verdict"), "clean"))
			json_array_append_new(results, result_emit(&sarif, one));
	}
	log = json_pack("{s:s, s:s, s:[o]}", "$schema",
		"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
		"sarif-schema-2.1.0.json",
		"version", "2.1.0", "runs", run_make(&sarif, results, errors));
	json_decref(sarif.rules);
	json_decref(sarif.taxa);
	json_dumpf(log, file, JSON_INDENT(2));
	fputc('\n', file);
	json_decref(log);
}
