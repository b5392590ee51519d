/*
 * inherited_descriptor/correct_closed_under_lock: a number is good as long as the lock is held.
 *
 * The operator forgets the number before anybody can look it up again, and the announcer keeps the
 * lock until the bytes are written.
 *
 *   announcer                       operator
 *   lock
 *   looks up alice: 6               lock: waits
 *   write(6): alice hears it
 *   unlock
 *                                   close(6), alice: none, unlock
 *                                   dup(8): 6, carol's from now on
 */
#include <pthread.h>
#include <snarl.h>

#include "wires.h"

struct exchange {
	int wires[CALLERS][2]; /* reading, writing; r/o after setup */
	pthread_mutex_t lock;  /* guards alice, and what its number stands for */
	int alice;	       /* -1: none */
	int carol;	       /* of the operator */
	char room[ROOM];
};

static void announce(struct exchange *exchange)
{
	pthread_mutex_lock(&exchange->lock);
	if (exchange->alice >= 0)
		wire_write(exchange->alice, "alice");
	pthread_mutex_unlock(&exchange->lock);
}

static void hang_up(struct exchange *exchange)
{
	pthread_mutex_lock(&exchange->lock);
	close(exchange->alice);
	exchange->alice = -1;
	pthread_mutex_unlock(&exchange->lock);
}

#include "actors.h"

static void setup(void *state)
{
	struct exchange *exchange = state;

	pthread_mutex_init(&exchange->lock, NULL);
	wires_open(state);
}

static void teardown(void *state)
{
	struct exchange *exchange = state;

	pthread_mutex_destroy(&exchange->lock);
}

const struct snarl_scenario scenario = {
	.summary = "a thread hangs up and connects another peer, a second one writes under a lock",
	.refs = "close(2), dup(2); CERT FIO46-C; TLPI 5.4, 29.1",
	.state_size = sizeof(struct exchange),
	.actors = {{"announcer", announcer},
		{
			"operator",
			operator} },
		.setup = setup, .check = nothing_for_carol, .teardown = teardown,
	};
