/*
 * shm_buffer/correct_offset: the ring stores the position of its slots as an offset.
 *
 * Each process maps the object at another address, but the distance from its beginning to the slots
 * is the same everywhere. Each process adds that offset to its own address of the object.
 *
 *   producer: buffer at 0x7f10a000      consumer: buffer at 0x7f109000
 *   slots = 80
 *   *(0x7f10a000 + 80) = producer#1
 *                                       item = *(0x7f109000 + 80)
 */
#include <stddef.h>

typedef size_t place; /* offset from the beginning of the buffer */

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
	.summary = "a ring in shared memory that stores an offset to its slots",
	.refs = "shm_overview(7), mmap(2); TLPI 48.6, 49.4; UNPv2 12",
	.state_size = sizeof(struct meeting),
	.ledger_items = ITEMS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"producer", produce}, {"consumer", consume}},
	.setup = meeting_setup,
	.check = every_item_once,
};
