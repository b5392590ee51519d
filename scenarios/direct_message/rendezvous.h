/*
 * rendezvous.h - alice and bob exchange a message each, synchronously: a sender continues when the
 * other has received. Each variant says in which order a peer sends and receives.
 */
#ifndef SCENARIOS_DIRECT_MESSAGE_RENDEZVOUS_H
#define SCENARIOS_DIRECT_MESSAGE_RENDEZVOUS_H

#include <snarl.h>

#include "common.h"

static void exchange(struct peers *peers, int me, struct snarl_actor *self);

/* The receipt comes back by the link that the message took. */
static void message_send(const struct peers *peers, int to, struct snarl_actor *self)
{
	snarl_item item = snarl_item_next(self);
	char receipt;

	snarl_ledger_put(self, item, -1);
	if (link_send(peers->to[to].out, &item, sizeof item))
		link_receive(peers->to[to].out, &receipt, sizeof receipt, 0);
}

static void message_receive(const struct peers *peers, int me, struct snarl_actor *self)
{
	snarl_item item;

	if (!link_receive(peers->to[me].in, &item, sizeof item, 0))
		return;
	snarl_ledger_take(self, item, -1);
	link_send(peers->to[me].in, "", 1);
}

static void alice(void *state, struct snarl_actor *self)
{
	links_keep(state, ALICE);
	exchange(state, ALICE, self);
	links_leave(state, ALICE);
}

static void bob(void *state, struct snarl_actor *self)
{
	links_keep(state, BOB);
	exchange(state, BOB, self);
	links_leave(state, BOB);
}

static void every_message_once(void *state)
{
	(void)state;
	snarl_ledger_check();
}

#endif
