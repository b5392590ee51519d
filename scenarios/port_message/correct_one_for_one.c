/*
 * port_message/correct_one_for_one: for each message that goes out, one comes in.
 *
 * A port's queue holds two messages. A task that receives one for each that it sends is never more
 * than one ahead of the other, so that there is room for what it sends. Neither task is ever
 * blocked for long.
 *
 *   at bob's            alice                       bob                     at alice's
 *   a1                  sends a1, receives          sends b1, receives      b1
 *   (empty)             has b1                      has a1                  (empty)
 *   a2                  sends a2, receives          sends b2, receives      b2
 */
#include <snarl.h>

#include "common.h"
#include "mutual.h"

static void exchange(struct task *task)
{
	for (int i = 0; i < MESSAGES; i++) {
		tell(task);
		hear(task);
	}
}

const struct snarl_scenario scenario = {
	.summary = "two ports with a queue limit, one message received for each one sent",
	.refs = "OSC 3.7.2 (Mach), 3.5.4; mach_port_limits of Darwin",
	.state_size = sizeof(struct tasks),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = tasks_setup,
	.check = every_message_once,
	.teardown = tasks_teardown,
	.observe = {"sent"},
};
