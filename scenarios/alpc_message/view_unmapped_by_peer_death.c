/*
 * alpc_message/view_unmapped_by_peer_death: the server uses a view after the client's death.
 *
 * A view comes through a port and ends with the connection. The server learns of the client's death
 * at its next receive, which also unmaps the view. The pointer that the server kept is now invalid,
 * so the server crashes.
 *
 *   client                              server
 *   section = client#1
 *   send, with the section              receive, map it
 *   (killed)                            words = the view
 *                                       receive: the client has gone, the view as well
 *                                       item = words[0]: SIGSEGV
 */
#define _GNU_SOURCE /* memfd_create */
#include "view.h"

static const uint32_t *words_keep(const uint32_t *view, uint32_t own[ALPC_LARGE])
{
	(void)own;
	return view;
}

const struct snarl_scenario scenario = {
	.summary = "a view used after the client's death has unmapped it",
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
