/*
 * sync_async/correct_buffer_awaited: a buffer is written again only when it has come back.
 *
 * The send is not complete when the call returns: until the buffer comes back, the sender must not
 * change it. With two buffers the sender is one message ahead, and waits for the oldest.
 *
 *   sender                          transmitter                 the buffers
 *   hands over 0, and 1                                         #1 #2
 *   waits for a buffer
 *                                   sends #1, gives back 0
 *   hands over 0                                                #3 #2
 *                                   sends #2, gives back 1
 */
#include <snarl.h>

#include "hand_over.h"

static bool buffer_await(const struct line *line, int sent)
{
	unsigned char which;

	/* Buffers come back in the order in which they were handed over. */
	return sent < BUFFERS || whole_receive(line->hand, &which, sizeof which);
}

const struct snarl_scenario scenario = {
	.summary = "an asynchronous send whose buffer is written again when it is back",
	.refs = "OSC 3.5; aio(7); MPI-4.1 3.7 (MPI_Isend)",
	.state_size = sizeof(struct line),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"sender", hand_over}, {"transmitter", transmit}, {"receiver", receive}},
	.setup = line_open,
	.started = line_close,
	.check = every_message_once,
	.observe = {"buffers"},
};
