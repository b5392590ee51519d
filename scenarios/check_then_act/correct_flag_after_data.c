/*
 * check_then_act/correct_flag_after_data: the flag is set after the data is written.
 *
 * The release store publishes everything written before it to a receiver that sees the flag with an
 * acquire load.
 *
 *   data ready   sender                receiver
 *     0    0                           ready? no
 *    42    0     data = 42
 *    42    1     ready = true
 *    42    1                           ready? yes
 *    42    1                           reads 42
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
	shared->data = MESSAGE;
	SNARL_POINT("send_message/between");
	/* release: a receiver that sees the flag also sees the data */
	atomic_store_explicit(&shared->ready, true, memory_order_release);
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
	.summary = "a ready flag that is set after the data is written",
	.refs = "CWE-362, CERT CON43-C, OSTEP 32",
	.state_size = sizeof(struct shared),
	.actors = {{"sender", send_message}, {"receiver", receive_message}},
	.check = message_seen,
	.observe = {"data", "ready", "seen"},
	.expect = {.bug = SNARL_NO_BUG},
};
