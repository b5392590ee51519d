/*
 * mailbox/priority_starves: urgent letters always come first.
 *
 * The queue delivers the highest priority first. As long as urgent letters come as fast as they are
 * read, one is always there, and the ordinary letter stays in the box.
 *
 *   the box             alice, bob                  carol               clerk
 *   u1 u2                                           waits for room
 *   u2 c                wait for room               c is there          reads u1
 *   u3 c                u3 is there                                     reads u2
 *   u4 c                u4 is there                                     reads u3, and so on
 */
#define ROOM 2
#include <snarl.h>

#include "common.h"
#include "urgent.h"

static unsigned urgent_priority(void)
{
	return URGENT;
}

const struct snarl_scenario scenario = {
	.summary = "a small message queue, read by priority, in which an ordinary letter starves",
	.refs = "CWE-410; mq_overview(7); TLPI 52.5; OSC 5.3",
	.state_size = sizeof(struct office),
	.ledger_items = LETTERS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", post_urgent}, {"bob", post_urgent}, {"carol", post_ordinary},
		{"clerk", read_all}},
	.setup = box_make,
	.check = letters_in_time,
	.teardown = box_remove,
	.observe = {"posted", "overtaken"},
	.inject = {"read/taken:delay:us=50..150"},
	.expect = {.bug = SNARL_STARVATION},
};
