/*
 * common.h - a keeper starts helpers, which work until a manager sends them home. The kernel sends
 * SIGCHLD to the keeper when a helper has ended, and the keeper is to reap every helper. Each
 * variant says what the handler of the signal does.
 */
#ifndef SCENARIOS_CHILD_SIGNALS_COMMON_H
#define SCENARIOS_CHILD_SIGNALS_COMMON_H

#include <errno.h>
#include <signal.h>
#include <snarl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { HELPERS = 3 };

struct house {
	int door[2]; /* reading, writing; its end sends helpers home; r/o after setup */
	int started; /* helpers; the keeper's, like the next one */
	int reaped;  /* helpers */
};

static volatile sig_atomic_t reaped; /* in the keeper's process: helpers */

/* Reap helpers; runs in the signal handler. */
static void helpers_reap(void);

static void child_ended(int number)
{
	int error = errno;

	(void)number;
	helpers_reap();
	errno = error;
}

/* Does not return. */
static void helper(int door)
{
	char order;

	while (read(door, &order, 1) < 0 && errno == EINTR)
		;
	_exit(0);
}

/* Wait until a helper has ended, and leave it to the handler to reap it. */
static void end_await(pid_t helper)
{
	siginfo_t info;

	while (waitid(P_PID, (id_t)helper, &info, WEXITED | WNOWAIT) != 0 && errno == EINTR)
		;
}

static void keeper(void *state, struct snarl_actor *self)
{
	const struct sigaction action = {.sa_handler = child_ended};
	struct house *house = state;
	pid_t helpers[HELPERS];

	(void)self;
	close(house->door[1]);
	sigaction(SIGCHLD, &action, NULL);
	for (int i = 0; i < HELPERS; i++) {
		pid_t process = fork();

		if (process == 0)
			helper(house->door[0]);
		if (process > 0)
			helpers[house->started++] = process;
	}
	/* The signal was sent before waitid returns, so that the handler has run by then. */
	for (int i = 0; i < house->started; i++)
		end_await(helpers[i]);
	house->reaped = reaped;
}

static void manager(void *state, struct snarl_actor *self)
{
	struct house *house = state;

	(void)self;
	close(house->door[0]);
	SNARL_POINT("manager/evening");
	close(house->door[1]);
}

static void house_open(void *state)
{
	struct house *house = state;

	if (pipe(house->door) != 0)
		snarl_skip("no pipe: %s", strerror(errno));
}

static void house_close(void *state)
{
	struct house *house = state;

	close(house->door[0]);
	close(house->door[1]);
}

static void every_helper_reaped(void *state)
{
	const struct house *house = state;

	snarl_expect_eq(SNARL_LOST_ITEM, house->reaped, house->started, "reaped");
}

#endif
