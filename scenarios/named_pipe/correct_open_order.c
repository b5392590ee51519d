/*
 * named_pipe/correct_open_order: two processes open two FIFOs in the same order.
 *
 * Opening a FIFO for writing waits until somebody opens it for reading, and the other way round.
 * Processes that open both in the same order meet at each of them.
 *
 *   alice                                  bob
 *   open("question", O_WRONLY): waits      open("question", O_RDONLY)
 *   open("answer", O_RDONLY)               open("answer", O_WRONLY)
 */
#include <snarl.h>

#include "talk.h"

static void lines_open(int *question, int *answer)
{
	*question = line_open("question", O_RDONLY);
	*answer = line_open("answer", O_WRONLY);
}

const struct snarl_scenario scenario = {
	.summary = "two FIFOs, opened in the same order",
	.refs = "fifo(7); TLPI 44.7; UNP2 4.7",
	.state_size = sizeof(int),
	.ledger_items = 2,
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = lines_make,
	.check = every_message_once,
};
