/*
 * alpc_message/small_limit_off_by_one: the index of the last word, not the count, is compared with
 * the limit.
 *
 * A message one word longer than a port's message can hold is sent as a small one. The port copies
 * only what it has room for. The last word is not sent, and the server takes another word in its
 * place.
 *
 *   client                              server
 *   5 words, the last is words[4]
 *   4 <= ALPC_SMALL: small
 *   send: 4 words are copied            receive
 *                                       5 words: the last was not sent
 */
#define _GNU_SOURCE /* memfd_create */
#include "lengths.h"

static bool is_large(uint32_t count)
{
	return count - 1 > ALPC_SMALL;
}

static void all_send(struct alpc_port *port, uint32_t *view, int section, struct snarl_actor *self)
{
	struct alpc_message reply;

	for (int i = 0; i < MESSAGES && item_send(port, lengths[i], view, section, self) &&
			alpc_receive(port, &reply);
		i++)
		;
}

const struct snarl_scenario scenario = {
	.summary = "an off-by-one size limit: one word too many is sent as a small message",
	.refs = "CWE-193; CERT ARR38-C; Windows Internals 8 (ALPC)",
	.state_size = sizeof(struct meeting),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"client", ask}, {"server", serve}},
	.setup = port_create,
	.started = port_close,
	.check = every_message_once,
	.expect = {.bug = SNARL_TORN_MESSAGE},
};
