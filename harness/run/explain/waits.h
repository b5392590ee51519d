/*
 * waits.h - the wait-for graph of actors that are stuck: its cycle, its kind, and a sentence.
 *
 * It is made from an event "stuck". explore sends it by itself; if another case hangs, the parent
 * makes it from the activity table and the stacks (see postmortem.h):
 *
 *  {"actors":[{"actor","state","wait" as in result.h's `waits`; "call" or null
 *     "object":ID,"place":{...}     what it waits for; the same ID is the same object
 *     "thread":NAME                 or, in a join, the thread
 *     "value":TEXT                  what is known of the object: "which is 0"
 *     "ends":[NAME]                 actors with the other end of a channel, itself perhaps; absent:
 *                                   not known
 *     "signals":[{"actor","before":BOOL,"stack"}]   of the condition that it waits for
 *     "stack":[ADDRESS or NAME]
 *     "holds":[{"object":ID,"place","mode","stack"}]}]}
 */
#ifndef SNARL_RUN_WAITS_H
#define SNARL_RUN_WAITS_H

#include <jansson.h>
#include <stdbool.h>

#include "symbols.h"

enum { WAITS_ACTORS_MAX = 32 /* in a graph; further ones are left out */ };

/* The `waits` of result.h from an event; a new reference. */
json_t *waits_from_stuck(struct symbols *symbols, const json_t *stuck);

/* The same from a lock-order report of ThreadSanitizer, already symbolised; NULL if it is none. */
json_t *waits_from_race(const json_t *race);

/* Whether its cycle is this one, "alice -> right -> bob -> left -> alice", from any member on. */
bool waits_cycle_is(const json_t *waits, const char *cycle);

/* The kind of the standstill, or of the potential deadlock. */
unsigned waits_kind(const json_t *waits);

/*
 * "alice holds left (transfer.c:12), waits for right (transfer.c:13), held by bob; bob ..."; to be
 * freed.
 */
char *waits_sentence(const json_t *waits);

#endif
