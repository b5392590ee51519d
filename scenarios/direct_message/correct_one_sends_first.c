/*
 * direct_message/correct_one_sends_first: one peer sends while the other receives.
 *
 * A synchronous send returns only when the other peer has received. Both peers know which one they
 * are, so they need no message to agree on an order: alice sends and then receives, and bob
 * receives and then sends.
 *
 *   alice                           bob
 *   send(bob, alice#1)              receive(alice): alice#1
 *   has the receipt
 *   receive(bob): bob#1             send(alice, bob#1)
 *                                   has the receipt
 */
#include <snarl.h>

#include "common.h"
#include "rendezvous.h"

static void exchange(struct peers *peers, int me, struct snarl_actor *self)
{
	if (me == ALICE)
		message_send(peers, !me, self);
	SNARL_POINT("exchange/between");
	message_receive(peers, me, self);
	if (me == BOB)
		message_send(peers, !me, self);
}

const struct snarl_scenario scenario = {
	.summary = "synchronous exchange in which one process sends first",
	.refs = "OSC 3.5; Hoare, CSP 4; unix(7)",
	.state_size = sizeof(struct peers),
	.ledger_items = 1,
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = links_open,
	.started = links_close,
	.check = every_message_once,
};
