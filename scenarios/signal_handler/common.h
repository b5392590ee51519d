/*
 * common.h - a customer rings for a clerk, another process, by sending it a signal, and waits for a
 * receipt before it rings again. Each variant says how the clerk waits for the signal.
 */
#ifndef SCENARIOS_SIGNAL_HANDLER_COMMON_H
#define SCENARIOS_SIGNAL_HANDLER_COMMON_H

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <snarl.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum { RINGS = 20 };

struct desk {
	_Atomic pid_t clerk; /* its process, once it handles the signal */
	int receipts[2];     /* reading, writing; r/o after setup */
	int served;	     /* rings; the clerk's */
};

/* The clerk's preparation, its signal handler, and its wait until the bell has rung. */
static void bell_prepare(void);
static void bell_hear(int number);
static void bell_await(void);

static void clerk(void *state, struct snarl_actor *self)
{
	const struct sigaction action = {.sa_handler = bell_hear};
	struct desk *desk = state;

	(void)self;
	bell_prepare();
	sigaction(SIGUSR1, &action, NULL);
	atomic_store(&desk->clerk, getpid());
	for (int i = 0; i < RINGS; i++) {
		bell_await();
		desk->served++;
		while (write(desk->receipts[1], "!", 1) < 0 && errno == EINTR)
			;
	}
}

static void customer(void *state, struct snarl_actor *self)
{
	struct desk *desk = state;
	char receipt;

	(void)self;
	while (!atomic_load(&desk->clerk))
		sched_yield();
	for (int i = 0; i < RINGS; i++) {
		kill(atomic_load(&desk->clerk), SIGUSR1);
		while (read(desk->receipts[0], &receipt, 1) < 0 && errno == EINTR)
			;
	}
}

static void desk_open(void *state)
{
	struct desk *desk = state;

	if (pipe(desk->receipts) != 0)
		snarl_skip("no pipe: %s", strerror(errno));
}

static void desk_close(void *state)
{
	struct desk *desk = state;

	close(desk->receipts[0]);
	close(desk->receipts[1]);
}

static void every_ring_served(void *state)
{
	const struct desk *desk = state;

	snarl_expect_eq(SNARL_LOST_WAKEUP, desk->served, RINGS, "served");
}

#endif
