/*
 * fences/correct_seq_cst: a sequentially consistent fence between the store and the load.
 *
 * All such fences have one order. The actor whose fence comes second sees what the other stored
 * before its own, so at least one of them sees the other.
 *
 *   come   alice                          bob
 *    0 0   come[alice] = 1, buffered
 *    0 0                                  come[bob] = 1, buffered
 *    1 0   fence: the buffer is empty
 *    1 0   has bob come? no
 *    1 1                                  fence: the buffer is empty
 *    1 1                                  has alice come? yes
 */
#include "both_come.h"

static void fence(void)
{
	SNARL_POINT("fence/before");
	atomic_thread_fence(memory_order_seq_cst);
}

const struct snarl_scenario scenario = {
	.summary = "a sequentially consistent fence between a store and a load",
	.refs = "CERT CON43-C, C17 7.17.4, LBS 3",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", alice}, {"bob", bob}},
	.check = one_sees_the_other,
	.observe = {"come", "missed"},
	.expect = {.bug = SNARL_NO_BUG},
};
