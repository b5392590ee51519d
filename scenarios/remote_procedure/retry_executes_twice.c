/*
 * remote_procedure/retry_executes_twice: a call that comes again is executed again.
 *
 * The server is slow, not dead, but the client waits only 1 ms for an answer and sends the call
 * again. Both copies wait at the server's socket, and the server executes one after the other. That
 * does no harm to an idempotent call, but a deposit is none.
 *
 *   client                              server
 *   call xid 7: deposit                 executes deposit, slowly
 *   call xid 7: deposit, again
 *   an answer                           answers 7
 *                                       executes deposit, again
 */
#include <snarl.h>

#include "address.h"

/* A client calls again sooner than a slow server answers. */
static const struct timeval again = {.tv_usec = 1000};

static void deposit(struct server *server, snarl_item item)
{
	snarl_ledger_take(server->self, item, -1);
	SNARL_POINT("deposit/executed");
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

static void every_deposit_once(void *state)
{
	(void)state;
	snarl_ledger_check();
}

const struct snarl_scenario scenario = {
	.summary = "retransmitted calls that are executed twice",
	.refs = "RFC 5531, 4; UNP vol. 2, 16.5; Birrell and Nelson, 1984; CWE-837",
	.state_size = sizeof(struct bank),
	.ledger_items = 64 * DEPOSITS, /* a busy machine answers late, so many are sent again */
	.isolation = SNARL_PROCESSES,
	.actors = {{"server", server}, {"client", client}},
	.setup = bank_open,
	.started = bank_left_to_actors,
	.check = every_deposit_once,
	.teardown = bank_close,
	.inject = {"deposit/executed:delay:p=0.4,us=1500..2500"},
	.expect = {.bug = SNARL_DUPLICATE_ITEM,
		.tsan = SNARL_SKIPPED("libtirpc keeps the server in globals, one per process"),
		.explore = SNARL_SKIPPED("libtirpc waits in the kernel, not in a model of it")},
};
