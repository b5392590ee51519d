/*
 * remote_procedure/correct_reply_cache: a call that comes again gets the same answer again.
 *
 * A client over UDP sends a call again when no answer comes, with the same transaction number, its
 * xid. The server keeps its last answers by xid and client. A call that was already executed is
 * only answered again, so that each is executed at most once.
 *
 *   client                              server
 *   call xid 7: deposit                 executes deposit, slowly
 *   call xid 7: deposit, again
 *   an answer                           answers 7, and caches it
 *                                       answers 7 from its cache
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
	if (transport && svc_dg_enablecache(transport, 4 * DEPOSITS) &&
		svc_register(transport, PROGRAM, VERSION, dispatch, 0))
		serve(bank->socket, bank->clients[0]);
}

static void every_deposit_once(void *state)
{
	(void)state;
	snarl_ledger_check();
}

const struct snarl_scenario scenario = {
	.summary = "retransmitted calls, each executed once because of a reply cache",
	.refs = "rpc_svc_calls(3), svc_dg_enablecache; RFC 5531, 4; Juszczak, USENIX 1989",
	.state_size = sizeof(struct bank),
	.ledger_items = 64 * DEPOSITS, /* a busy machine answers late, so many are sent again */
	.isolation = SNARL_PROCESSES,
	.actors = {{"server", server}, {"client", client}},
	.setup = bank_open,
	.started = bank_left_to_actors,
	.check = every_deposit_once,
	.teardown = bank_close,
	.inject = {"deposit/executed:delay:p=0.4,us=1500..2500"},
	.expect = {.tsan = SNARL_SKIPPED("libtirpc keeps the server in globals, one per process"),
		.explore = SNARL_SKIPPED("libtirpc waits in the kernel, not in a model of it")},
};
