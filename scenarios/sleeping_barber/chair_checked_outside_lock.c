/*
 * sleeping_barber/chair_checked_outside_lock: a free chair is found first, then taken under a lock.
 *
 * The lock keeps the count right, but the check before it may be out of date: both customers find
 * the last chair free, and both sit down on it.
 *
 *   waiting   alice                     bob
 *      0      a chair is free
 *      0                                a chair is free
 *      1      lock, sits down, unlock
 *      2                                lock, sits down, unlock: two on one chair
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>

enum { CUSTOMERS = 2, CHAIRS = 1 };

struct shop {
	pthread_mutex_t lock; /* guards waiting and most, but not the check of waiting */
	sem_t customers;      /* customers seated and not called yet */
	sem_t calls;	      /* by the barber, not yet heard */
	int waiting;	      /* chairs that are taken */
	int most;	      /* largest value of waiting */
	int cuts;	      /* the barber's */
};

#include "common.h"

static void setup(void *state)
{
	struct shop *shop = state;

	pthread_mutex_init(&shop->lock, NULL);
	sem_init(&shop->customers, 0, 0);
	sem_init(&shop->calls, 0, 0);
}

static void teardown(void *state)
{
	struct shop *shop = state;

	sem_destroy(&shop->calls);
	sem_destroy(&shop->customers);
	pthread_mutex_destroy(&shop->lock);
}

static void down(sem_t *semaphore)
{
	while (sem_wait(semaphore) && errno == EINTR)
		;
}

static bool sit_down(struct shop *shop)
{
	bool seated;

	seated = shop->waiting < CHAIRS;
	SNARL_POINT("sit_down/after_check");
	pthread_mutex_lock(&shop->lock);
	if (seated) {
		shop->waiting++;
		if (shop->waiting > shop->most)
			shop->most = shop->waiting;
		sem_post(&shop->customers);
	}
	pthread_mutex_unlock(&shop->lock);
	return seated;
}

static void wait_for_call(struct shop *shop)
{
	down(&shop->calls);
}

static void call_next(struct shop *shop)
{
	down(&shop->customers);
	pthread_mutex_lock(&shop->lock);
	shop->waiting--;
	pthread_mutex_unlock(&shop->lock);
	sem_post(&shop->calls);
}

const struct snarl_scenario scenario = {
	.summary = "a barber's shop with one chair, which is checked before the lock is taken",
	.refs = "CWE-367, CERT CON43-C, LBS 5.2",
	.state_size = sizeof(struct shop),
	.actors = {{"alice", visit}, {"bob", visit}, {"barber", cut_hair}},
	.setup = setup,
	.check = everybody_seated_and_served,
	.teardown = teardown,
	.observe = {"waiting", "most", "cuts"},
	.expect = {.bug = SNARL_ASSERTION, .race_in = "sit_down"},
};
