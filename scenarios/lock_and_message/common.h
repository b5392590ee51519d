/*
 * common.h - a producer sends jobs through a channel with room for one; a consumer does them. Both
 * count the open jobs under a lock in shared memory. Each variant says what the producer does under
 * the lock.
 */
#ifndef SCENARIOS_LOCK_AND_MESSAGE_COMMON_H
#define SCENARIOS_LOCK_AND_MESSAGE_COMMON_H

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <snarl.h>
#include <stdbool.h>
#include <string.h>

enum { JOBS = 4, ROOM = 1, NO_MORE = 0 };

struct office {
	pthread_mutex_t lock; /* guards open; process-shared */
	int open;	      /* jobs that are not done yet */
};

static void job_submit(struct office *office, mqd_t channel, snarl_item job);

static mqd_t channel_open(int flags)
{
	struct mq_attr attributes = {.mq_maxmsg = ROOM, .mq_msgsize = sizeof(snarl_item)};
	mqd_t channel;

	do
		channel = mq_open(snarl_name("jobs"), flags, 0600, &attributes);
	while (channel < 0 && errno == EINTR);
	return channel;
}

/* Send once there is room. */
static void job_send(mqd_t channel, snarl_item job)
{
	while (mq_send(channel, (const char *)&job, sizeof job, 0) != 0)
		if (errno != EINTR)
			return;
}

static snarl_item job_receive(mqd_t channel)
{
	snarl_item job = NO_MORE;

	while (mq_receive(channel, (char *)&job, sizeof job, NULL) < 0)
		if (errno != EINTR)
			return NO_MORE;
	return job;
}

static void produce(void *state, struct snarl_actor *self)
{
	mqd_t channel = channel_open(O_WRONLY);

	for (int i = 0; i < JOBS; i++) {
		snarl_item job = snarl_item_next(self);

		snarl_ledger_put(self, job, -1);
		job_submit(state, channel, job);
	}
	job_send(channel, NO_MORE);
	mq_close(channel);
}

static void consume(void *state, struct snarl_actor *self)
{
	struct office *office = state;
	mqd_t channel = channel_open(O_RDONLY);
	snarl_item job;

	while ((job = job_receive(channel)) != NO_MORE) {
		snarl_ledger_take(self, job, -1);
		SNARL_POINT("consume/done");
		pthread_mutex_lock(&office->lock);
		office->open--;
		pthread_mutex_unlock(&office->lock);
	}
	mq_close(channel);
}

static void office_setup(void *state)
{
	struct office *office = state;
	pthread_mutexattr_t attributes;
	mqd_t channel = channel_open(O_CREAT | O_EXCL | O_RDWR);

	if (channel < 0)
		snarl_skip("no message queue: %s", strerror(errno));
	mq_close(channel);
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&office->lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
}

static void office_teardown(void *state)
{
	struct office *office = state;

	pthread_mutex_destroy(&office->lock);
	mq_unlink(snarl_name("jobs"));
}

static void every_job_done(void *state)
{
	struct office *office = state;

	snarl_ledger_check();
	snarl_expect_eq(SNARL_LOST_UPDATE, office->open, 0, "open");
}

#endif
