/*
 * port_message/no_reply_port: a request that does not name a port for its answer.
 *
 * The server does not know its clients: it answers to the port that came with the request, and this
 * request came with none. The answer cannot be sent, and only the server gets that error. The
 * client waits for the answer, and the server for the next request.
 *
 *   client                                  server
 *   send(SERVICE, client#1, no reply port)  receive: client#1
 *   receive on CLIENT                       send(none, client#1): no right
 *   waits forever                           receive on SERVICE: waits forever
 */
#include <snarl.h>

#include "common.h"
#include "request.h"

static struct request request_make(snarl_item item)
{
	return (struct request){{SERVICE, PORT_NONE, ASK, sizeof(struct request)}, item};
}

const struct snarl_scenario scenario = {
	.summary = "a request without a reply port, whose answer is awaited",
	.refs = "CWE-833; OSC 3.7.2 (Mach); mach_msg(2) of Darwin",
	.state_size = sizeof(struct tasks),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"client", ask}, {"server", serve}},
	.setup = tasks_setup,
	.check = every_message_once,
	.teardown = tasks_teardown,
	.observe = {"sent"},
	.expect = {.bug = SNARL_DEADLOCK | SNARL_HANG},
};
