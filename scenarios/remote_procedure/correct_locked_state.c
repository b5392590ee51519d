/*
 * remote_procedure/correct_locked_state: two servers at one socket, and a lock around their state.
 *
 * A client sees one server, but two processes share the work, and both change the same state. The
 * lock around that state is shared between processes.
 *
 *   first server                        second server
 *   lock
 *   seen = balance
 *   balance = seen + 1                  lock: waits
 *   unlock
 *                                       seen = balance
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
	pthread_mutex_lock(&bank->lock);
	seen = bank->balance;
	SNARL_POINT("deposit/loaded");
	bank->balance = seen + 1;
	pthread_mutex_unlock(&bank->lock);
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
	.summary = "calls to two servers at one socket, one state under a lock",
	.refs = "rpc_svc_calls(3); UNP 30.6; pthread_mutexattr_setpshared(3)",
	.state_size = sizeof(struct bank),
	.ledger_items = DEPOSITS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"first", server}, {"second", server}, {"alice", client}, {"bob", client}},
	.setup = bank_open,
	.started = bank_left_to_actors,
	.check = nothing_lost,
	.teardown = bank_close,
	.observe = {"balance"},
	.expect = {.tsan = SNARL_SKIPPED("libtirpc keeps the server in globals, one per process"),
		.explore = SNARL_SKIPPED("libtirpc waits in the kernel, not in a model of it")},
};
