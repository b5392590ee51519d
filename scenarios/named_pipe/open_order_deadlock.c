/*
 * named_pipe/open_order_deadlock: two processes open two FIFOs in opposite order.
 *
 * Opening a FIFO for writing waits until somebody opens it for reading, and the other way round.
 * Each process waits at its first FIFO for the other process, which waits at the other FIFO.
 *
 *   alice                                  bob
 *   open("question", O_WRONLY): waits      open("answer", O_WRONLY): waits
 *   (would open "answer" for reading)      (would open "question" for reading)
 */
#include <snarl.h>

#include "talk.h"

static void lines_open(int *question, int *answer)
{
	*answer = line_open("answer", O_WRONLY);
	*question = line_open("question", O_RDONLY);
}

const struct snarl_scenario scenario = {
	.summary = "two FIFOs, opened in opposite order",
	.refs = "fifo(7); CWE-833; TLPI 44.7; UNP2 4.7",
	.state_size = sizeof(int),
	.ledger_items = 2,
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = lines_make,
	.check = every_message_once,
	.expect = {.bug = SNARL_DEADLOCK | SNARL_HANG},
};
