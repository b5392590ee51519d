/*
 * interrupt.c - signals that arrive during a call: the call is not made to fail by the wrapper; the
 * kernel interrupts it, if it blocks.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdbool.h>
#include <time.h>
#include <unistd.h>

#include "event.h"
#include "wrap.h"

enum {
	FIRST_NS = 20 * 1000,  /* from the call to the first signal, since it may not block yet */
	AGAIN_NS = 200 * 1000, /* then again, until the call ends */
};

/* SIGURG: a program that does not handle it never notices it, and no scenario uses it. */
static const int number = SIGURG;

static _Thread_local struct interrupt {
	bool made;
	timer_t timer; /* of this thread alone */
} interrupt;

static void interrupted(int signal)
{
	(void)signal;
}

/* Without SA_RESTART, or nothing would be interrupted. */
void wrap_signal_open(void)
{
	struct sigaction action = {.sa_handler = interrupted};

	sigaction(number, &action, NULL);
}

static void timer_make(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = number};

	event._sigev_un._tid = gettid();
	if (timer_create(CLOCK_MONOTONIC, &event, &interrupt.timer) != 0)
		event_fatal("cannot create a timer for a rule's signals");
	interrupt.made = true;
}

void wrap_signal_begin(void)
{
	const struct itimerspec soon = {{0, AGAIN_NS}, {0, FIRST_NS}};
	int error = errno;

	if (!interrupt.made)
		timer_make();
	timer_settime(interrupt.timer, 0, &soon, NULL);
	errno = error;
}

void wrap_signal_end(void)
{
	const struct itimerspec never = {{0, 0}, {0, 0}};
	int error = errno;

	timer_settime(interrupt.timer, 0, &never, NULL);
	/* A timer belongs to the real process, which outlives the thread of an emulated one. */
	if (process_emulated)
		timer_delete(interrupt.timer);
	interrupt.made = !process_emulated;
	errno = error;
}

void wrap_signal_forked(void)
{
	interrupt.made = false;
}
