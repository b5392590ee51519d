/*
 * port_message/correct_reply_port: a request names the port for its answer.
 *
 * The server does not know its clients. It only has the right to send to the port that came with
 * the request; without this right there is no way back.
 *
 *   client                                  server
 *   send(SERVICE, client#1, reply CLIENT)   receive: client#1, and a right to send to CLIENT
 *   receive on CLIENT                       send(CLIENT, client#1)
 */
#include <snarl.h>

#include "common.h"
#include "request.h"

static struct request request_make(snarl_item item)
{
	return (struct request){{SERVICE, CLIENT, ASK, sizeof(struct request)}, item};
}

const struct snarl_scenario scenario = {
	.summary = "a request with a reply port, and its answer",
	.refs = "OSC 3.7.2 (Mach); mach_msg(2) of Darwin; OSF Mach 3 Kernel Interfaces",
	.state_size = sizeof(struct tasks),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"client", ask}, {"server", serve}},
	.setup = tasks_setup,
	.check = every_message_once,
	.teardown = tasks_teardown,
	.observe = {"sent"},
};
