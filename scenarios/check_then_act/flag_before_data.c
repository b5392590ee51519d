/*
 * check_then_act/flag_before_data: the flag is set before the data is written.
 *
 * A release store publishes only what came before it, and here the data comes after it. A receiver
 * that sees the flag at once reads what was there before.
 *
 *   data ready   sender                receiver
 *     0    1     ready = true
 *     0    1                           ready? yes
 *     0    1                           reads 0
 *    42    1     data = 42: too late
 */
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <snarl.h>

enum { MESSAGE = 42 };

struct shared {
	int data; /* the sender's until ready, then the receiver's */
	_Atomic bool ready;
	int seen; /* the receiver's */
};

static void send_message(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;

	(void)self;
	/* release: but the data is not there yet */
	atomic_store_explicit(&shared->ready, true, memory_order_release);
	SNARL_POINT("send_message/between");
	shared->data = MESSAGE;
}

static void receive_message(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;

	(void)self;
	/* acquire: the data was written before the flag */
	while (!atomic_load_explicit(&shared->ready, memory_order_acquire))
		sched_yield();
	SNARL_POINT("receive_message/ready");
	shared->seen = shared->data;
}

static void message_seen(void *state)
{
	struct shared *shared = state;

	snarl_expect_eq(SNARL_STALE_READ, shared->seen, MESSAGE, "seen");
}

const struct snarl_scenario scenario = {
	.summary = "a ready flag that is set before the data is written",
	.refs = "CWE-696, CERT CON43-C, OSTEP 32",
	.state_size = sizeof(struct shared),
	.actors = {{"sender", send_message}, {"receiver", receive_message}},
	.check = message_seen,
	.observe = {"data", "ready", "seen"},
	.expect = {.bug = SNARL_STALE_READ, .race_in = "send_message"},
};
