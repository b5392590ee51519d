/*
 * mailbox/correct_in_turn: all letters have the same priority.
 *
 * A queue delivers letters of the same priority in the order in which they came: only the letters
 * that were in the box when a letter came go ahead of it.
 *
 *   the box             alice, bob                  carol               clerk
 *   u1 u2                                           waits for room
 *   u2 c                wait for room               c is there          reads u1
 *   c u3                u3 is there                                     reads u2
 *   u3 u4               u4 is there                                     reads c
 */
#define ROOM 2
#include <snarl.h>

#include "common.h"
#include "urgent.h"

static unsigned urgent_priority(void)
{
	return ORDINARY;
}

const struct snarl_scenario scenario = {
	.summary = "a small message queue, read in order of arrival",
	.refs = "mq_overview(7); TLPI 52.5; OSC 5.3",
	.state_size = sizeof(struct office),
	.ledger_items = LETTERS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", post_urgent}, {"bob", post_urgent}, {"carol", post_ordinary},
		{"clerk", read_all}},
	.setup = box_make,
	.check = letters_in_time,
	.teardown = box_remove,
	.observe = {"posted", "overtaken"},
};
