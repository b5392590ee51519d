/*
 * alpc_message/view_unmapped_by_peer_death: the server keeps a view, and uses it after the client's
 * death.
 *
 * A view comes through a port and goes with the connection. That the client is killed shows when
 * the server receives next, and with that the view is gone: the server has an address and nothing
 * there, and dies with its client.
 *
 *   client                              server
 *   section = client#1
 *   send, with the section              receive, map it
 *   (killed)                            words = the view
 *                                       receive: the client has gone, the view as well
 *                                       item = words[0]: SIGSEGV
 */
#define _GNU_SOURCE /* memfd_create */
#include <snarl.h>

#include "common.h"

static void client_run(struct alpc_port *port, struct snarl_actor *self)
{
	struct alpc_message message = {.count = ALPC_LARGE};
	snarl_item item = snarl_item_next(self);
	uint32_t *view;
	int section = alpc_section(&view);

	if (section < 0)
		return;
	words_fill(view, ALPC_LARGE, item);
	snarl_ledger_put(self, item, -1);
	if (alpc_send(port, &message, section)) {
		message.count = 0;
		SNARL_POINT("send/sent");
		if (alpc_send(port, &message, -1))
			alpc_receive(port, &message);
	}
	munmap(view, ALPC_LARGE * sizeof *view);
	close(section);
}

/* Work begins with the word to go, or when the client has no more to say. */
static void server_run(struct alpc_port *port, struct snarl_actor *self)
{
	struct alpc_message message, go;
	const uint32_t *words;

	if (!alpc_receive(port, &message) || !port->view)
		return;
	words = port->view;
	alpc_receive(port, &go);
	SNARL_POINT("serve/working");
	item_take(words, ALPC_LARGE, self);
	alpc_send(port, &message, -1);
}

const struct snarl_scenario scenario = {
	.summary = "a view that is used after it has gone with the client",
	.refs = "unix(7), munmap(2); Windows Internals 8 (ALPC); CWE-416, CWE-825",
	.state_size = sizeof(struct meeting),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"client", ask}, {"server", serve}},
	.setup = port_create,
	.started = port_close,
	.check = every_message_once,
	.inject = {"send/sent:crash:p=0.5"},
	.expect = {.bug = SNARL_CRASH,
		.tsan = SNARL_BLIND(
			"shared memory stays mapped for all as long as an execution lasts there"),
		.explore = SNARL_BLIND(
			"shared memory stays mapped for all as long as an execution lasts there")},
};
