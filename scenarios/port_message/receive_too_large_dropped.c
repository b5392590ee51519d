/*
 * port_message/receive_too_large_dropped: a receive that fails is tried again.
 *
 * A message that does not fit is destroyed, so that it does not block the port. The receiver gets
 * an error, the sender does not. The next receive returns the next message.
 *
 *   sender                          receiver, with room for 20 bytes
 *   send sender#2, 48 bytes         receive: too large
 *   send sender#3, 20 bytes         receive: sender#3
 */
#include <snarl.h>

#include "common.h"
#include "sizes.h"

static enum port_result message_receive(struct port_task *task, struct message *message)
{
	enum port_result result =
		port_receive(task, INBOX, &message->header, room_small, PORT_DESTROY_LARGE);

	if (result == PORT_TOO_LARGE)
		result = port_receive(
			task, INBOX, &message->header, sizeof *message, PORT_DESTROY_LARGE);
	return result;
}

const struct snarl_scenario scenario = {
	.summary = "messages of different sizes; a receive destroys a large one",
	.refs = "CWE-252, CWE-404; OSC 3.7.2 (Mach); mach_msg(2) of Darwin (MACH_RCV_TOO_LARGE)",
	.state_size = sizeof(struct tasks),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"sender", submit}, {"receiver", collect}},
	.setup = tasks_setup,
	.check = every_message_once,
	.teardown = tasks_teardown,
	.observe = {"sent"},
	.expect = {.bug = SNARL_LOST_ITEM},
};
