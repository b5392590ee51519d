/*
 * common.h - visitors take a ticket and wait until it is called; each one that is done calls the
 * next ticket. One visitor waits for a limited time only. Each variant says what that visitor does
 * with its ticket when the time is over.
 */
#ifndef SCENARIOS_EXPIRED_WAIT_COMMON_H
#define SCENARIOS_EXPIRED_WAIT_COMMON_H

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <snarl.h>
#include <stdbool.h>
#include <time.h>

enum {
	VISITORS = 3,
	TICKETS = VISITORS + 1, /* the last visitor calls one that nobody takes */
	PATIENCE_S = 60, /* longer than any run: it expires only by the rule, or in explore */
};

struct desk {
	pthread_mutex_t lock;	/* guards next, serving and returned */
	sem_t called[TICKETS];	/* posted once the ticket is called */
	int next;		/* the first ticket that nobody has taken */
	int serving;		/* the ticket that was called last */
	bool returned[TICKETS]; /* tickets not to be called */
	int visits;		/* the visitor's whose ticket was called */
	int expired;		/* visits that were given up; the impatient visitor's */
};

/* What to do with a ticket whose time is over; returns whether it was called all the same. */
static bool ticket_expired(struct desk *desk, int ticket);

static int ticket_take(struct desk *desk)
{
	int ticket;

	pthread_mutex_lock(&desk->lock);
	ticket = desk->next++;
	pthread_mutex_unlock(&desk->lock);
	return ticket;
}

static void next_call(struct desk *desk)
{
	pthread_mutex_lock(&desk->lock);
	do
		desk->serving++;
	while (desk->returned[desk->serving]);
	sem_post(&desk->called[desk->serving]);
	pthread_mutex_unlock(&desk->lock);
}

static void visit(struct desk *desk)
{
	desk->visits++;
	SNARL_POINT("visit/at_desk");
	next_call(desk);
}

static void patient(void *state, struct snarl_actor *self)
{
	struct desk *desk = state;
	int ticket = ticket_take(desk);

	(void)self;
	while (sem_wait(&desk->called[ticket]) && errno == EINTR)
		;
	visit(desk);
}

static void impatient(void *state, struct snarl_actor *self)
{
	struct desk *desk = state;
	int ticket = ticket_take(desk), error;
	struct timespec until;

	(void)self;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE_S;
	do
		error = sem_timedwait(&desk->called[ticket], &until);
	while (error && errno == EINTR);
	SNARL_POINT("impatient/after_wait");
	if (!error || ticket_expired(desk, ticket))
		visit(desk);
	else
		desk->expired++;
}

static void setup(void *state)
{
	struct desk *desk = state;

	pthread_mutex_init(&desk->lock, NULL);
	for (int t = 0; t < TICKETS; t++)
		sem_init(&desk->called[t], 0, t == 0);
}

static void teardown(void *state)
{
	struct desk *desk = state;

	for (int t = 0; t < TICKETS; t++)
		sem_destroy(&desk->called[t]);
	pthread_mutex_destroy(&desk->lock);
}

static void everybody_served(void *state)
{
	const struct desk *desk = state;

	snarl_expect_eq(SNARL_LOST_UPDATE, desk->visits + desk->expired, VISITORS, "visitors");
}

#endif
