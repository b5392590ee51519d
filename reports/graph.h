/*
 * graph.h - the wait-for graph, as nodes and edges: an actor waits for an object, an object is held
 * by an actor. The drawing, the sentence and the export are all made from it.
 */
#ifndef SNARL_REPORTS_GRAPH_H
#define SNARL_REPORTS_GRAPH_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { GRAPH_ACTORS_MAX = 16, GRAPH_NODES_MAX = 64, GRAPH_EDGES_MAX = 128 };

struct graph_node {
	bool actor;
	const char *name;   /* "" if an object has none */
	const json_t *json; /* an actor's entry in `waits` (see run/result.h); else NULL */
};

enum graph_relation {
	GRAPH_WAITS_FOR, /* an actor, for an object */
	GRAPH_HELD_BY,	 /* an object, by an actor, exclusively */
	GRAPH_SHARED_BY,
	GRAPH_UP_TO,	     /* nobody holds the object: this actor could have ended the wait */
	GRAPH_WAITS_FOR_END, /* an actor, for another to end */
};

struct graph_edge {
	size_t from, to; /* nodes */
	enum graph_relation relation;
	bool cycle;
};

struct graph {
	bool reached; /* false: a potential deadlock */
	size_t node_count, edge_count, actors_left_out;
	struct graph_node
		nodes[GRAPH_NODES_MAX]; /* actors first, those of the cycle before others */
	struct graph_edge edges[GRAPH_EDGES_MAX]; /* those of the cycle first */
	size_t ring[GRAPH_NODES_MAX];		  /* the cycle's nodes in its order; may be none */
	size_t ring_count, cycle_count;		  /* of all nodes, and of the actors among them */
};

/* The graph of a case's `waits`, whose JSON owns its names; it has no nodes if nothing is stuck. */
struct graph graph_make(const json_t *waits);

/* "right", "a lock", "pthread_join" for a node without a name. */
const char *graph_name(const struct graph *graph, size_t node);

/* "waits for", "held by", ... */
const char *graph_words(enum graph_relation relation);

/* "alice waits for right, held by bob; bob ...; cycle: alice, bob, alice"; to be freed. */
char *graph_sentence(const struct graph *graph);

/* Whether an actor of `waits` is stuck: it has not ended, and it makes no progress. */
bool graph_stuck(const json_t *actor);

#endif
