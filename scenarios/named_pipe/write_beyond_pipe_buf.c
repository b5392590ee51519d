/*
 * named_pipe/write_beyond_pipe_buf: messages that are too long for an atomic write.
 *
 * A write of more than PIPE_BUF bytes puts in as many as there is room for and waits with the rest.
 * Another waiting writer may be first once there is room again: the messages of two writers get
 * mixed, although each is a single write. With much room and few messages it goes well.
 *
 *   alice                      bob                        reader
 *   write 8192: 4096 are in    write 8192: waits
 *   waits                                                 read 4096: half of alice#1
 *                              4096 are in
 *                                                         read 4096: half of bob#1
 */
#define _GNU_SOURCE
#include <snarl.h>

#define WORDS 2048 /* twice PIPE_BUF */

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
	.summary = "two writers of one FIFO, with messages beyond PIPE_BUF",
	.refs = "fifo(7), pipe(7); CWE-362; TLPI 44.1, 44.7; UNP2 4.11",
	.state_size = sizeof(struct office),
	.ledger_items = MESSAGES * WRITERS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", writer}, {"bob", writer}, {"reader", reader}},
	.setup = letters_make,
	.check = every_message_once,
	.expect = {.bug = SNARL_TORN_MESSAGE | SNARL_LOST_ITEM},
};
