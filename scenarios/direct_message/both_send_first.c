/*
 * direct_message/both_send_first: each peer sends before it receives.
 *
 * A synchronous send returns only when the other peer has received. Both peers send first, so
 * neither receives: each waits for a receipt that the other sends only once it has one itself. With
 * a buffer between them and no receipts the same code would run until the buffer is full.
 *
 *   alice                           bob
 *   send(bob, alice#1)              send(alice, bob#1)
 *   waits for the receipt           waits for the receipt
 */
#include <snarl.h>

#include "common.h"
#include "rendezvous.h"

static void exchange(struct peers *peers, int me, struct snarl_actor *self)
{
	message_send(peers, !me, self);
	SNARL_POINT("exchange/between");
	message_receive(peers, me, self);
}

const struct snarl_scenario scenario = {
	.summary = "synchronous exchange in which both processes send before they receive",
	.refs = "CWE-833; OSC 3.5, 8.3; Hoare, CSP 4; MPI-4.1 3.5 (unsafe programs)",
	.state_size = sizeof(struct peers),
	.ledger_items = 1,
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = links_open,
	.started = links_close,
	.check = every_message_once,
	.expect = {.bug = SNARL_DEADLOCK | SNARL_HANG},
};
