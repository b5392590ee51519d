/*
 * sleeping_barber/correct_condition: the barber checks the room and falls asleep under one lock.
 *
 * The barber holds the lock from the check of the empty room to the wait, which releases the lock
 * and sleeps in one step. So a customer sits down before the check, or wakes a barber who sleeps.
 *
 *   waiting   alice                     barber
 *      0                                lock, nobody waits
 *      0      lock: waits
 *      0                                sleeps and unlocks in one step
 *      1      sits down, signals
 *      0                                wakes, calls alice
 */
#include <pthread.h>

enum { CUSTOMERS = 1, CHAIRS = 1 }; /* one customer to miss is enough */

struct shop {
	pthread_mutex_t lock;	      /* guards waiting, most and calls */
	pthread_cond_t customer_came; /* the barber sleeps here */
	pthread_cond_t called;
	int waiting; /* chairs that are taken */
	int most;    /* largest value of waiting */
	int calls;   /* by the barber, not yet heard */
	int cuts;    /* the barber's */
};

#include "common.h"

static void setup(void *state)
{
	struct shop *shop = state;

	pthread_mutex_init(&shop->lock, NULL);
	pthread_cond_init(&shop->customer_came, NULL);
	pthread_cond_init(&shop->called, NULL);
}

static void teardown(void *state)
{
	struct shop *shop = state;

	pthread_cond_destroy(&shop->called);
	pthread_cond_destroy(&shop->customer_came);
	pthread_mutex_destroy(&shop->lock);
}

static bool sit_down(struct shop *shop)
{
	bool seated;

	pthread_mutex_lock(&shop->lock);
	seated = shop->waiting < CHAIRS;
	SNARL_POINT("sit_down/after_check");
	if (seated) {
		shop->waiting++;
		if (shop->waiting > shop->most)
			shop->most = shop->waiting;
		pthread_cond_signal(&shop->customer_came);
	}
	pthread_mutex_unlock(&shop->lock);
	return seated;
}

static void wait_for_call(struct shop *shop)
{
	pthread_mutex_lock(&shop->lock);
	while (shop->calls == 0)
		pthread_cond_wait(&shop->called, &shop->lock);
	shop->calls--;
	pthread_mutex_unlock(&shop->lock);
}

static void call_next(struct shop *shop)
{
	pthread_mutex_lock(&shop->lock);
	while (shop->waiting == 0) {
		SNARL_POINT("call_next/nobody_waits");
		pthread_cond_wait(&shop->customer_came, &shop->lock);
	}
	shop->waiting--;
	shop->calls++;
	pthread_cond_signal(&shop->called);
	pthread_mutex_unlock(&shop->lock);
}

const struct snarl_scenario scenario = {
	.summary = "a barber who checks the waiting room and falls asleep under one lock",
	.refs = "CWE-833, CERT CON38-C, LBS 5.2",
	.state_size = sizeof(struct shop),
	.actors = {{"alice", visit}, {"barber", cut_hair}},
	.setup = setup,
	.check = everybody_seated_and_served,
	.teardown = teardown,
	.observe = {"waiting", "calls", "cuts"},
	.expect = {.bug = SNARL_NO_BUG},
};
