/*
 * fences/missing_acquire: nothing orders the flag before the pages.
 *
 * The writer has its release fence, but a fence on one side orders nothing between two threads. The
 * compiler and a weakly ordered processor may read the pages before the flag.
 *
 *   pages  ready   writer                       reader
 *    0 0     0                                  reads 0, 0: moved up
 *    1 1     0     writes both pages
 *    1 1     0     release fence
 *    1 1     1     ready = 1
 *    1 1     1                                  ready? yes: goes on with 0, 0
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
	/* no fence: the pages may have been read before this */
}

const struct snarl_scenario scenario = {
	.summary = "message passing without the acquire fence",
	.refs = "CWE-821, CERT CON43-C, C17 7.17.4",
	.state_size = sizeof(struct shared),
	.actors = {{"writer", write_pages}, {"reader", read_pages}},
	.check = no_page_missing,
	.observe = {"pages", "ready", "missing"},
	.expect = {.bug = SNARL_STALE_READ,
		.race_in = "read_pages",
		.stress = SNARL_BLIND("x86 keeps the order of stores and that of loads")},
};
