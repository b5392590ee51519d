/*
 * fences/acq_rel_before_load: an acquire and release fence between the store and the load.
 *
 * It keeps later accesses after earlier loads, and later stores after earlier accesses. A load may
 * still pass an earlier store, and on x86 does while the store waits in the processor's store
 * buffer. Only a sequentially consistent fence forbids it.
 *
 *   come   alice                          bob
 *    0 0   come[alice] = 1, buffered
 *    0 0                                  come[bob] = 1, buffered
 *    0 0   fence: nothing to do
 *    0 0                                  fence: nothing to do
 *    0 0   has bob come? no
 *    0 0                                  has alice come? no
 *    1 1   the buffers empty: too late
 */
#include "both_come.h"

static void fence(void)
{
	SNARL_POINT("fence/before");
	atomic_thread_fence(memory_order_acq_rel);
}

const struct snarl_scenario scenario = {
	.summary = "an acquire and release fence where a store must precede a load",
	.refs = "CWE-821, CERT CON43-C, C17 7.17.4, LBS 3",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", alice}, {"bob", bob}},
	.check = one_sees_the_other,
	.observe = {"come", "missed"},
	.expect = {.bug = SNARL_STALE_READ,
		.stress = SNARL_MAY("a store stays in the buffer only for a moment"),
		.tsan = SNARL_BLIND("the harness locks at each atomic access of a variant with "
				    "fences, which empties the buffer"),
		.explore = SNARL_BLIND(
			"explore is sequentially consistent as yet: no store waits in a buffer")},
};
