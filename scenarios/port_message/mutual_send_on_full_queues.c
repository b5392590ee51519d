/*
 * port_message/mutual_send_on_full_queues: both tasks send all they have before they receive.
 *
 * A port's queue holds two messages, and the sender of a third is blocked until one has been
 * received. Both tasks send three: each waits for room that the other would make only after it has
 * sent its own third. With one message fewer, or a larger limit, there is no deadlock.
 *
 *   at bob's            alice                       bob                     at alice's
 *   a1 a2               sends a1, a2                sends b1, b2            b1 b2
 *   a1 a2               sends a3: waits for bob     sends b3: waits for her b1 b2
 */
#include <snarl.h>

#include "common.h"
#include "mutual.h"

static void exchange(struct task *task)
{
	for (int i = 0; i < MESSAGES; i++)
		tell(task);
	for (int i = 0; i < MESSAGES; i++)
		hear(task);
}

const struct snarl_scenario scenario = {
	.summary = "two ports with a queue limit, all messages sent before any is received",
	.refs = "CWE-833; OSC 3.7.2 (Mach), 8.3; mach_port_limits of Darwin",
	.state_size = sizeof(struct tasks),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = tasks_setup,
	.check = every_message_once,
	.teardown = tasks_teardown,
	.observe = {"sent"},
	.expect = {.bug = SNARL_DEADLOCK | SNARL_HANG},
};
