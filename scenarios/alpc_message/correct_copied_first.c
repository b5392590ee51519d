/*
 * alpc_message/correct_copied_first: the server copies a large message before it receives again.
 *
 * A view comes through a port and ends with the connection. The server learns of the client's death
 * at its next receive, which also unmaps the view. What it copied before stays valid.
 *
 *   client                              server
 *   section = client#1
 *   send, with the section              receive, map it
 *   (killed)                            words = section
 *                                       receive: the client has gone, the view as well
 *                                       item = words: client#1
 */
#define _GNU_SOURCE /* memfd_create */
#include "view.h"

static const uint32_t *words_keep(const uint32_t *view, uint32_t own[ALPC_LARGE])
{
	memcpy(own, view, ALPC_LARGE * sizeof *own);
	return own;
}

const struct snarl_scenario scenario = {
	.summary = "a large message, copied before its view is unmapped",
	.refs = "unix(7), cmsg(3); Windows Internals 8 (ALPC)",
	.state_size = sizeof(struct meeting),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"client", ask}, {"server", serve}},
	.setup = port_create,
	.started = port_close,
	.check = every_message_once,
	.inject = {"send/sent:crash:p=0.5"},
};
