/*
 * sync_async/buffer_reused_after_async_send: a buffer is written again when the send has returned.
 *
 * The send has returned because it is asynchronous: the transmitter reads the buffer later. Until
 * then the sender must not change it; here, the old message is overwritten, and the new one is sent
 * twice.
 *
 *   sender                          transmitter                 the buffers
 *   hands over 0, and 1                                         #1 #2
 *   hands over 0                                                #3 #2
 *                                   sends 0: #3
 *                                   sends 1: #2
 *                                   sends 0: #3
 */
#include <snarl.h>

#include "hand_over.h"

static bool buffer_await(const struct line *line, int sent)
{
	(void)line;
	(void)sent;
	return true;
}

const struct snarl_scenario scenario = {
	.summary = "an asynchronous send whose buffer is written again at once",
	.refs = "CWE-362, CWE-672; aio(7); MPI-4.1 3.7 (MPI_Isend)",
	.state_size = sizeof(struct line),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"sender", hand_over}, {"transmitter", transmit}, {"receiver", receive}},
	.setup = line_open,
	.started = line_close,
	.check = every_message_once,
	.observe = {"buffers"},
	.expect = {.bug = SNARL_OVERWRITE | SNARL_DUPLICATE_ITEM | SNARL_OUT_OF_ORDER,
		.race_in = "hand_over"},
};
