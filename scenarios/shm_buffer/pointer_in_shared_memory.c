/*
 * shm_buffer/pointer_in_shared_memory: the ring stores the position of its slots as a pointer.
 *
 * The pointer is an address in the process that wrote it. The other process has the object
 * elsewhere, and at that address something of its own, or nothing at all: it looks for items there,
 * or puts them there.
 *
 *   producer: buffer at 0x7f10a000      consumer: buffer at 0x7f109000
 *   slots = 0x7f10a050
 *   slots[0] = producer#1, post full    wait for full
 *                                       item = whatever it has at 0x7f10a050
 */
#include <snarl.h>

typedef snarl_item *place;

#include "elsewhere.h"

static place place_of(struct buffer *buffer)
{
	return buffer->room;
}

static snarl_item *slots_of(struct buffer *buffer)
{
	return buffer->slots;
}

const struct snarl_scenario scenario = {
	.summary = "a ring in shared memory that stores a pointer to its slots",
	.refs = "TLPI 48.6, 49.4; UNPv2 12; CWE-822, CWE-825",
	.state_size = sizeof(struct meeting),
	.ledger_items = ITEMS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"producer", produce}, {"consumer", consume}},
	.setup = meeting_setup,
	.check = every_item_once,
	.expect = {.bug = SNARL_STALE_READ | SNARL_LOST_ITEM | SNARL_TORN_MESSAGE | SNARL_CRASH,
		.tsan = SNARL_BLIND("shared memory has one address for all actors there"),
		.explore = SNARL_BLIND("shared memory has one address for all actors there")},
};
