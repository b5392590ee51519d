/*
 * alpc_message/small_limit_off_by_one: the index of the last word is compared with the limit, not
 * the count.
 *
 * A message of one word more than goes into a port's message is sent as a small one. The port
 * copies what it has room for; the last word stays behind, and the server takes what happens to be
 * next to it for the end of the message.
 *
 *   client                              server
 *   5 words, the last is words[4]
 *   4 <= ALPC_SMALL: small
 *   send: 4 words are copied            receive
 *                                       5 words: the last is not of the message
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
	.summary = "one word more than a small message holds, sent as a small one",
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
