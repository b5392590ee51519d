/*
 * remote_procedure/correct_registration: a restarted server replaces the entry of its last run.
 *
 * The matchmaker does not know that the last run was killed, and keeps the port of that run. The
 * server removes this entry first; then it can register its own, and a client gets the port that is
 * served.
 *
 *   server                matchmaker                  client
 *                         program at 40001: dead
 *   unset program         nothing
 *   set program, 40002    program at 40002
 *                                                     where is program? 40002
 */
#define _GNU_SOURCE
#include <snarl.h>

#include "registration.h"

/* Replace the entry that the last run has left. */
static bool server_register(SVCXPRT *transport)
{
	pmap_unset(PROGRAM, VERSION);
	return svc_register(transport, PROGRAM, VERSION, dispatch, IPPROTO_UDP);
}

const struct snarl_scenario scenario = {
	.summary = "a server that replaces the registration of its last run",
	.refs = "rpcbind(8), pmap_unset in rpc_soc(3); RFC 1833; UNP vol. 2, 16.4",
	.state_size = sizeof(struct bank),
	.ledger_items = DEPOSITS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"server", server}, {"client", client}},
	.setup = bank_open,
	.started = bank_left_to_actors,
	.check = every_deposit_once,
	.teardown = bank_close,
	.expect = {.tsan = SNARL_SKIPPED("libtirpc keeps the server in globals, one per process"),
		.explore = SNARL_SKIPPED("libtirpc waits in the kernel, not in a model of it")},
};
