/*
 * shm_buffer/correct_offset: what is in shared memory says where something is by its distance.
 *
 * Each process has the object at another address. The distance from the object's beginning to the
 * slots is the same everywhere; each adds it to the address where it has the object itself.
 *
 *   producer: buffer at 0x7f10a000      consumer: buffer at 0x7f109000
 *   slots = 72
 *   0x7f10a000 + 72 = producer#1
 *                                       item = what is at 0x7f109000 + 72
 */
#include <stddef.h>

typedef size_t place; /* from the beginning of the buffer */

#include "elsewhere.h"

static place place_of(struct buffer *buffer)
{
	(void)buffer;
	return offsetof(struct buffer, room);
}

static snarl_item *slots_of(struct buffer *buffer)
{
	return (snarl_item *)((char *)buffer + buffer->slots);
}

const struct snarl_scenario scenario = {
	.summary = "a ring in shared memory that says where its slots are, as an offset",
	.refs = "shm_overview(7), mmap(2); TLPI 48.6, 49.4; UNPv2 12",
	.state_size = sizeof(struct meeting),
	.ledger_items = ITEMS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"producer", produce}, {"consumer", consume}},
	.setup = meeting_setup,
	.check = every_item_once,
};
