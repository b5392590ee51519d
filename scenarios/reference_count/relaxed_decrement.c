/*
 * reference_count/relaxed_decrement: a reference is dropped with no memory order.
 *
 * The count is right, and exactly one owner frees the document. But nothing orders the other
 * owner's write before the last owner's read and free. A page may still be on its way when the
 * pages are bound, or may arrive in memory that is somebody else's by then.
 *
 *   references   alice                      bob
 *       1        drop: one is left
 *       1                                   pages[bob] = 1
 *       0                                   drop: the last one
 *       0                                   binds pages[bob] and nothing, frees
 *       0        pages[alice] = 1           too late: the store and the drop were reordered
 */
#include "common.h"

static void drop(struct shared *shared)
{
	/* relaxed: counts, and orders nothing */
	if (atomic_fetch_sub_explicit(&shared->document->references, 1, memory_order_relaxed) == 1)
		bind_and_free(shared);
}

const struct snarl_scenario scenario = {
	.summary = "reference count with relaxed drops: the last owner may miss writes",
	.refs = "CWE-416, CERT MEM30-C, CERT CON43-C",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = document_setup,
	.check = every_page_bound,
	.observe = {"bound"},
	.expect = {.bug = SNARL_STALE_READ | SNARL_CRASH,
		.race_in = "bind_and_free",
		.stress = SNARL_BLIND(
			"x86 has no weaker decrement: it orders more than the program asks for")},
};
