/*
 * inherited_descriptor/correct_closed_under_lock: a descriptor is valid while the lock is held.
 *
 * The operator closes the descriptor and clears the number in one critical section, so that nobody
 * can look it up again. The announcer holds the lock from the look-up until the bytes are written.
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
	pthread_mutex_t lock;  /* guards alice, and the descriptor of that number */
	int alice;	       /* -1: none */
	int carol;	       /* the operator's only */
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
	.summary = "a descriptor that is looked up, written to and closed under one lock",
	.refs = "close(2), dup(2); CERT FIO46-C; TLPI 5.4, 29.1",
	.state_size = sizeof(struct exchange),
	.actors = {{"announcer", announcer},
		{
			"operator",
			operator} },
		.setup = setup, .check = nothing_for_carol, .teardown = teardown,
	};
