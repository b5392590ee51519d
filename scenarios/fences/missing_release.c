/*
 * fences/missing_release: nothing orders the pages before the flag.
 *
 * The reader has its acquire fence, but a fence on one side orders nothing between two threads. The
 * compiler and a weakly ordered processor may make the flag visible before the pages.
 *
 *   pages  ready   writer                       reader
 *    0 0     1     ready = 1: moved up
 *    0 0     1                                  ready? yes
 *    0 0     1                                  acquire fence
 *    0 0     1                                  reads 0, 0: nothing was written there
 *    1 1     1     writes both pages
 */
#include "message.h"

static void publish(struct shared *shared)
{
	/* no fence: the pages may become visible after this */
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
	.summary = "message passing without the release fence",
	.refs = "CWE-821, CERT CON43-C, C17 7.17.4",
	.state_size = sizeof(struct shared),
	.actors = {{"writer", write_pages}, {"reader", read_pages}},
	.check = no_page_missing,
	.observe = {"pages", "ready", "missing"},
	.expect = {.bug = SNARL_STALE_READ,
		.race_in = "read_pages",
		.stress = SNARL_BLIND("x86 keeps the order of stores and that of loads")},
};
