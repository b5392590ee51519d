/*
 * fences/correct_release_and_acquire: a release fence before the flag is set, an acquire fence
 * after it was seen.
 *
 * The two fences work as a pair, through the flag between them: what the writer wrote before its
 * fence is visible to the reader after its own. A fence orders all accesses around it, not only
 * those to the flag, so the flag itself may be relaxed.
 *
 *   pages  ready   writer                       reader
 *    0 0     0                                  ready? no
 *    1 1     0     writes both pages
 *    1 1     0     release fence
 *    1 1     1     ready = 1
 *    1 1     1                                  ready? yes
 *    1 1     1                                  acquire fence
 *    1 1     1                                  reads 1, 1
 */
#include "message.h"

static void publish(struct shared *shared)
{
	/* release: the pages are written before ready is set */
	atomic_thread_fence(memory_order_release);
	atomic_store_explicit(&shared->ready, 1, memory_order_relaxed);
}

static void await(struct shared *shared)
{
	while (!atomic_load_explicit(&shared->ready, memory_order_relaxed))
		sched_yield();
	/* acquire: ready was seen set before the pages are read */
	atomic_thread_fence(memory_order_acquire);
}

const struct snarl_scenario scenario = {
	.summary = "message passing by a release fence and an acquire fence",
	.refs = "CERT CON43-C, C17 7.17.4",
	.state_size = sizeof(struct shared),
	.actors = {{"writer", write_pages}, {"reader", read_pages}},
	.check = no_page_missing,
	.observe = {"pages", "ready", "missing"},
	.expect = {.bug = SNARL_NO_BUG},
};
