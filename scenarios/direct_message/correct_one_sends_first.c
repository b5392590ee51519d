/*
 * direct_message/correct_one_sends_first: of two who exchange, one sends while the other receives.
 *
 * A synchronous send ends when the other has received. Both know who they are, so that no message
 * is needed to agree: the first in the order sends, and then receives.
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
	.summary = "synchronous messages between two; one sends first",
	.refs = "OSC 3.5; Hoare, CSP 4; unix(7)",
	.state_size = sizeof(struct peers),
	.ledger_items = 1,
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = links_open,
	.started = links_close,
	.check = every_message_once,
};
