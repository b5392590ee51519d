/*
 * named_pipe/correct_up_to_pipe_buf: messages that are short enough for an atomic write.
 *
 * A write of at most PIPE_BUF bytes is atomic: all of its bytes enter the FIFO together, or it
 * waits. Therefore writers that know nothing of each other need no lock.
 *
 *   alice                      bob                        reader
 *   write 2048: alice#1                                   read 2048: alice#1
 *   write 2048: alice#2        write 2048: waits          read 2048: alice#2
 *                              bob#1 is in the FIFO
 */
#define _GNU_SOURCE
#include <snarl.h>

#define WORDS 512 /* half of PIPE_BUF */

struct office {
	int unused; /* the writers have nothing in common but the FIFO */
};

#include "common.h"

static bool message_post(struct office *office, int to, const struct message *message)
{
	(void)office;
	return bytes_write(to, message, sizeof *message);
}

const struct snarl_scenario scenario = {
	.summary = "two writers of one FIFO, with messages up to PIPE_BUF",
	.refs = "fifo(7), pipe(7); TLPI 44.1, 44.7; UNP2 4.11",
	.state_size = sizeof(struct office),
	.ledger_items = MESSAGES * WRITERS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", writer}, {"bob", writer}, {"reader", reader}},
	.setup = letters_make,
	.check = every_message_once,
};
