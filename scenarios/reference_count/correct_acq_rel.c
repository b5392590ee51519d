/*
 * reference_count/correct_acq_rel: a reference is dropped with release and acquire.
 *
 * The release hands over what an owner did to the document. The acquire of the owner that drops the
 * last reference receives what all the others handed over. No other owner touches the document
 * after its own drop.
 *
 *   references   alice                      bob
 *       2        pages[alice] = 1
 *       2                                   pages[bob] = 1
 *       1        drop: one is left
 *       0                                   drop: the last one, so both pages are there
 *       0                                   binds both, frees
 */
#include "common.h"

static void drop(struct shared *shared)
{
	/* release: our page is written; acquire: so are the pages of earlier drops */
	if (atomic_fetch_sub_explicit(&shared->document->references, 1, memory_order_acq_rel) == 1)
		bind_and_free(shared);
}

const struct snarl_scenario scenario = {
	.summary = "reference count with acq_rel drops: the last owner sees all writes",
	.refs = "CWE-416, CERT MEM30-C, CERT CON43-C",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = document_setup,
	.check = every_page_bound,
	.observe = {"bound"},
	.expect = {.bug = SNARL_NO_BUG},
};
