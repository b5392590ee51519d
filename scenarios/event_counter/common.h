/*
 * common.h - a sender writes letters into memory that it shares with a reader, and adds 1 to an
 * eventfd for each. The reader looks for letters between its other work, and takes them in order,
 * until the sender has finished. Each variant says how the eventfd counts, and how many letters a
 * read stands for.
 */
#ifndef SCENARIOS_EVENT_COUNTER_COMMON_H
#define SCENARIOS_EVENT_COUNTER_COMMON_H

#include <errno.h>
#include <sched.h>
#include <snarl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { LETTERS = 4 };

struct mail {
	int posted;		     /* the eventfd; r/o after setup */
	_Atomic bool finished;	     /* no more letters will be posted */
	int taken;		     /* letters; the reader's only */
	snarl_item letters[LETTERS]; /* the sender's until posted, then the reader's */
};

/* Flags of the eventfd, besides EFD_NONBLOCK. */
static const int counter_flags;

/* How many letters a read stands for that returned `value`. */
static int letters_posted(eventfd_t value);

static void send_letters(void *state, struct snarl_actor *self)
{
	struct mail *mail = state;

	for (int i = 0; i < LETTERS; i++) {
		mail->letters[i] = snarl_item_next(self);
		snarl_ledger_put(self, mail->letters[i], i);
		while (eventfd_write(mail->posted, 1) != 0 && errno == EINTR)
			;
		SNARL_POINT("send_letters/posted");
	}
	atomic_store(&mail->finished, true);
}

/* Return false if the counter is 0. */
static bool counter_read(const struct mail *mail, eventfd_t *value)
{
	int error;

	do
		error = eventfd_read(mail->posted, value);
	while (error != 0 && errno == EINTR);
	return error == 0;
}

static void read_letters(void *state, struct snarl_actor *self)
{
	struct mail *mail = state;
	bool last;

	do {
		eventfd_t value;

		last = atomic_load(&mail->finished);
		while (counter_read(mail, &value))
			for (int n = letters_posted(value); n > 0; n--, mail->taken++)
				snarl_ledger_take(self, mail->letters[mail->taken], mail->taken);
		sched_yield();
	} while (!last);
}

static void counter_make(void *state)
{
	struct mail *mail = state;

	mail->posted = eventfd(0, EFD_NONBLOCK | counter_flags);
	if (mail->posted < 0)
		snarl_skip("no eventfd: %s", strerror(errno));
}

static void counter_close(void *state)
{
	const struct mail *mail = state;

	close(mail->posted);
}

static void every_letter_once(void *state)
{
	(void)state;
	snarl_ledger_check();
}

#endif
