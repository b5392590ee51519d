/*
 * sleeping_barber/correct_semaphores: a free chair is found and taken under one lock.
 *
 * Nobody else can sit down between the check and the taking of the chair. And a semaphore does not
 * forget: a customer who comes before the barber sleeps is counted all the same.
 *
 *   waiting   alice                     bob                       barber
 *      0      lock, a chair is free                               customers is 0: sleeps
 *      1      sits down, customers = 1  lock: waits
 *      1      unlock
 *      1                                no chair is free: later
 *      0                                                          wakes, calls alice
 *      1                                sits down
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>

enum { CUSTOMERS = 2, CHAIRS = 1 };

struct shop {
	pthread_mutex_t lock; /* guards waiting and most */
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

	pthread_mutex_lock(&shop->lock);
	seated = shop->waiting < CHAIRS;
	SNARL_POINT("sit_down/after_check");
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
	.summary = "a barber's shop with one chair, which is checked and taken under one lock",
	.refs = "CWE-367, CERT CON43-C, LBS 5.2",
	.state_size = sizeof(struct shop),
	.actors = {{"alice", visit}, {"bob", visit}, {"barber", cut_hair}},
	.setup = setup,
	.check = everybody_seated_and_served,
	.teardown = teardown,
	.observe = {"waiting", "most", "cuts"},
	.expect = {.bug = SNARL_NO_BUG},
};
