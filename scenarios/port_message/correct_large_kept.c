/*
 * port_message/correct_large_kept: a message that is too large is kept, and its size is reported.
 *
 * The receiver asks for this option in its receive, because by default the message is destroyed.
 * After the error it makes room and receives the same message again.
 *
 *   sender                          receiver, with room for 20 bytes
 *   send sender#2, 48 bytes         receive, keep: too large, 48
 *                                   receive with room for 48: sender#2
 */
#include <snarl.h>

#include "common.h"
#include "sizes.h"

static enum port_result message_receive(struct port_task *task, struct message *message)
{
	enum port_result result =
		port_receive(task, INBOX, &message->header, room_small, PORT_KEEP_LARGE);

	if (result == PORT_TOO_LARGE)
		result = port_receive(
			task, INBOX, &message->header, sizeof *message, PORT_KEEP_LARGE);
	return result;
}

const struct snarl_scenario scenario = {
	.summary = "messages of different sizes; a large one is received with more room",
	.refs = "OSC 3.7.2 (Mach); mach_msg(2) of Darwin (MACH_RCV_LARGE)",
	.state_size = sizeof(struct tasks),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"sender", submit}, {"receiver", collect}},
	.setup = tasks_setup,
	.check = every_message_once,
	.teardown = tasks_teardown,
	.observe = {"sent"},
};
