/*
 * remote_procedure/stale_registration: a server that was killed is still registered.
 *
 * The matchmaker does not know that the server is dead, and refuses to register the program a
 * second time. The new server ignores that answer. A client gets a port where nobody listens, or,
 * worse, somebody else does.
 *
 *   server                matchmaker                  client
 *                         program at 40001: dead
 *   set program, 40002    no: program at 40001
 *                                                     where is program? 40001
 *                                                     call to 40001: refused
 */
#define _GNU_SOURCE
#include <snarl.h>

#include "registration.h"

/* A server can serve without being found: the result of the registration is not checked. */
static bool server_register(SVCXPRT *transport)
{
	svc_register(transport, PROGRAM, VERSION, dispatch, IPPROTO_UDP);
	return true;
}

const struct snarl_scenario scenario = {
	.summary = "server still registered at the port of its last run, which was killed",
	.refs = "rpcbind(8), pmap_unset in rpc_soc(3); RFC 1833; UNP vol. 2, 16.4; CWE-252, "
		"CWE-459",
	.state_size = sizeof(struct bank),
	.ledger_items = DEPOSITS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"server", server}, {"client", client}},
	.setup = bank_open,
	.started = bank_left_to_actors,
	.check = every_deposit_once,
	.teardown = bank_close,
	.expect = {.bug = SNARL_LOST_ITEM,
		.tsan = SNARL_SKIPPED("libtirpc keeps the server in globals, one per process"),
		.explore = SNARL_SKIPPED("libtirpc waits in the kernel, not in a model of it")},
};
