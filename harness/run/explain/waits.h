/*
 * waits.h - the wait-for graph of actors that are stuck: its cycle, its kind, and a sentence.
 *
 * It is made from an event "stuck", which explore tells by itself, and which for a case that hangs
 * the parent makes from the activity table and the stacks (see postmortem.h):
 *
 *  {"actors":[{"actor","state","means" as in result.h's `waits`; "call" or null
 *     "object":ID,"place":{...}     what it waits for; the same ID is the same object
 *     "thread":NAME                 or whom, in a join
 *     "value":TEXT                  what is known of the object: "which is 0"
 *     "ends":[NAME]                 who has the other end of a channel, itself perhaps; absent: who
 *                                   knows
 *     "signals":[{"actor","before":BOOL,"stack"}]   of the condition that it waits for
 *     "stack":[ADDRESS or NAME]
 *     "holds":[{"object":ID,"place","mode","stack"}]}]}
 */
#ifndef SNARL_RUN_WAITS_H
#define SNARL_RUN_WAITS_H

#include <jansson.h>
#include <stdbool.h>

#include "symbols.h"

/* The `waits` of result.h from an event; a new reference. */
json_t *waits_from_stuck(struct symbols *symbols, const json_t *stuck);

/* The same from a lock-order report of ThreadSanitizer, already symbolised; NULL if it is none. */
json_t *waits_from_race(const json_t *race);

/* Whether its cycle is this one, "alice -> right -> bob -> left -> alice", wherever that begins. */
bool waits_cycle_is(const json_t *waits, const char *cycle);

/* What kind of standstill it is. */
unsigned waits_kind(const json_t *waits);

/*
 * "alice holds left (transfer.c:12), waits for right (transfer.c:13), held by bob; bob ..."; to be
 * freed.
 */
char *waits_sentence(const json_t *waits);

#endif
