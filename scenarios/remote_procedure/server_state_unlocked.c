/*
 * remote_procedure/server_state_unlocked: two servers at one socket, and no lock.
 *
 * A single server executes one call after the other and needs no lock. Then a second one is started
 * at the same socket, for speed, and both now execute the procedure at once.
 *
 *   first server                        second server
 *   seen = balance
 *                                       seen = balance
 *   balance = seen + 1
 *                                       balance = seen + 1: one deposit is lost
 */
#include <snarl.h>

#include "address.h"

enum { CLIENTS = 2 };

/* A client never calls again: that would be another bug. */
static const struct timeval again = {.tv_sec = 10};

static void deposit(struct server *server, snarl_item item)
{
	struct bank *bank = server->bank;
	int seen;

	(void)item;
	seen = bank->balance;
	SNARL_POINT("deposit/loaded");
	bank->balance = seen + 1;
}

static void server(void *state, struct snarl_actor *self)
{
	struct bank *bank = state;
	SVCXPRT *transport = svcudp_create(bank->socket);

	close(bank->clients[1]);
	server_here = (struct server){bank, self};
	if (transport && svc_register(transport, PROGRAM, VERSION, dispatch, 0))
		serve(bank->socket, bank->clients[0]);
}

static void nothing_lost(void *state)
{
	struct bank *bank = state;

	snarl_expect_eq(SNARL_LOST_UPDATE, bank->balance, CLIENTS * DEPOSITS, "balance");
}

const struct snarl_scenario scenario = {
	.summary = "calls to two servers at one socket, one state without a lock",
	.refs = "rpc_svc_calls(3); UNP 30.6; CWE-362, CWE-366",
	.state_size = sizeof(struct bank),
	.ledger_items = DEPOSITS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"first", server}, {"second", server}, {"alice", client}, {"bob", client}},
	.setup = bank_open,
	.started = bank_left_to_actors,
	.check = nothing_lost,
	.teardown = bank_close,
	.inject = {"deposit/loaded:delay:p=0.5,us=20..200"},
	.observe = {"balance"},
	.expect = {.bug = SNARL_LOST_UPDATE,
		.tsan = SNARL_SKIPPED("libtirpc keeps the server in globals, one per process"),
		.explore = SNARL_SKIPPED("libtirpc waits in the kernel, not in a model of it")},
};
