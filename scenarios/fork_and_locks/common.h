/*
 * common.h - a worker writes into a log until a forker has forked a child; the child does something
 * as well, and the forker waits for it. Worker and forker are threads of one process; the child has
 * the forking thread only, and all memory as it was at the fork. Each variant says what is done at
 * the fork, and in the child.
 */
#ifndef SCENARIOS_FORK_AND_LOCKS_COMMON_H
#define SCENARIOS_FORK_AND_LOCKS_COMMON_H

#include <errno.h>
#include <pthread.h>
#include <snarl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct shop {
	pthread_mutex_t lock; /* guards entries and last */
	int entries;
	char last[64];
	_Atomic bool forked;
	bool child_went_ok; /* the forker's only */
};

static void fork_prepare(struct shop *shop);

/* Does not return. */
static void child(struct shop *shop) __attribute__((noreturn));

static void log_write(struct shop *shop, const char *who)
{
	pthread_mutex_lock(&shop->lock);
	shop->entries++;
	SNARL_POINT("log_write/holding");
	snprintf(shop->last, sizeof shop->last, "%d: %s was here", shop->entries, who);
	pthread_mutex_unlock(&shop->lock);
}

static void worker(void *state, struct snarl_actor *self)
{
	struct shop *shop = state;

	(void)self;
	while (!atomic_load(&shop->forked))
		log_write(shop, "worker");
}

static void forker(void *state, struct snarl_actor *self)
{
	struct shop *shop = state;
	int status = -1;
	pid_t process;

	(void)self;
	fork_prepare(shop);
	process = fork();
	if (process == 0)
		child(shop);
	atomic_store(&shop->forked, true);
	while (process > 0 && waitpid(process, &status, 0) < 0 && errno == EINTR)
		;
	shop->child_went_ok = process < 0 || status == 0;
}

static inline void shop_setup(void *state)
{
	struct shop *shop = state;

	pthread_mutex_init(&shop->lock, NULL);
}

static void shop_teardown(void *state)
{
	struct shop *shop = state;

	pthread_mutex_destroy(&shop->lock);
}

static void child_went_ok(void *state)
{
	const struct shop *shop = state;

	snarl_expect_eq(SNARL_ASSERTION, shop->child_went_ok, true, "child went ok");
}

#endif
