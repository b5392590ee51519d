/*
 * shm_spin.c - shared memory; a waiter polls.
 *
 * The release of a counter publishes the slot's bytes; the acquire of it by the other side makes
 * them visible there. Busy waiting needs two CPUs: on one, the waiter would spend its whole time
 * slice.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <string.h>

#include "cpus.h"
#include "ring.h"

/* A peer that was preempted may need our CPU: yield it after so many looks. */
enum { LOOKS = 1 << 14 };

static int open_ring(struct channel *channel)
{
	if (cpu_count() < 2)
		return channel_refuse(channel, -EBUSY, "busy waiting needs two processors");
	return rings_open(channel);
}

/* Wait until `counter` has reached `goal`. */
static void counter_await(_Atomic uint64_t *counter, uint64_t goal)
{
	for (unsigned looks = 1; atomic_load_explicit(counter, memory_order_acquire) < goal;
		looks++) {
#if defined(__x86_64__)
		__builtin_ia32_pause();
#elif defined(__aarch64__)
		__asm__ volatile("yield");
#endif
		if (looks % LOOKS == 0)
			sched_yield();
	}
}

static int ring_send(struct channel *channel, const void *message, size_t size)
{
	struct rings *rings = channel->state;
	const char *at = message;

	for (size_t part; size > 0; at += part, size -= part) {
		part = ring_part(size);
		if (rings->sent >= RING_SLOTS)
			counter_await(&rings->out->tail, rings->sent - RING_SLOTS + 1);
		memcpy(rings->out->slots[rings->sent++ % RING_SLOTS], at, part);
		atomic_store_explicit(&rings->out->head, rings->sent, memory_order_release);
	}
	return 0;
}

static int ring_receive(struct channel *channel, void *message, size_t size)
{
	struct rings *rings = channel->state;
	char *at = message;

	for (size_t part; size > 0; at += part, size -= part) {
		part = ring_part(size);
		counter_await(&rings->in->head, rings->received + 1);
		memcpy(at, rings->in->slots[rings->received++ % RING_SLOTS], part);
		atomic_store_explicit(&rings->in->tail, rings->received, memory_order_release);
	}
	return 0;
}

MECHANISM(shm_spin_mechanism) = {
	.name = "shm_spin",
	.title = "shared memory with busy waiting",
	.family = SHARED_MEMORY,
	.copies = 2,
	.copied = "into the ring by the sender, out of it by the receiver",
	.names = "/dev/shm",
	.open = open_ring,
	.join = rings_join,
	.send = ring_send,
	.receive = ring_receive,
	.forget = rings_forget,
};
