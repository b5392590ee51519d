/*
 * mail.h - an owner polls its mailbox for a letter; meanwhile, a sender disturbs it with signals,
 * then sends the letter. The owner stops when its mailbox fails. Each variant says what the handler
 * does.
 */
#ifndef SCENARIOS_SIGNAL_HANDLER_MAIL_H
#define SCENARIOS_SIGNAL_HANDLER_MAIL_H

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <snarl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIGNALS = 50 };

struct mailbox {
	_Atomic pid_t owner; /* its process, once it handles the signal */
	int ends[2];	     /* reading, writing; r/o after setup */
	int given_up;	     /* errno at which the owner gave up; 0 otherwise */
};

static void child_ended(int number);

static void owner(void *state, struct snarl_actor *self)
{
	const struct sigaction action = {.sa_handler = child_ended};
	struct mailbox *mailbox = state;
	snarl_item letter;
	size_t done = 0;

	sigaction(SIGUSR1, &action, NULL);
	atomic_store(&mailbox->owner, getpid());
	while (done < sizeof letter) {
		ssize_t got = read(mailbox->ends[0], (char *)&letter + done, sizeof letter - done);

		if (got < 0) {
			SNARL_POINT("owner/answered");
			if (errno != EAGAIN && errno != EINTR) {
				mailbox->given_up = errno;
				return;
			}
			continue;
		}
		done += (size_t)got;
	}
	snarl_ledger_take(self, letter, -1);
}

static void sender(void *state, struct snarl_actor *self)
{
	struct mailbox *mailbox = state;
	snarl_item letter = snarl_item_next(self);

	while (!atomic_load(&mailbox->owner))
		sched_yield();
	for (int i = 0; i < SIGNALS; i++)
		kill(atomic_load(&mailbox->owner), SIGUSR1);
	snarl_ledger_put(self, letter, -1);
	while (write(mailbox->ends[1], &letter, sizeof letter) < 0 && errno == EINTR)
		;
}

static void mailbox_open(void *state)
{
	struct mailbox *mailbox = state;

	if (pipe2(mailbox->ends, O_NONBLOCK) != 0)
		snarl_skip("no pipe: %s", strerror(errno));
}

static void mailbox_close(void *state)
{
	struct mailbox *mailbox = state;

	close(mailbox->ends[0]);
	close(mailbox->ends[1]);
}

static void letter_arrived(void *state)
{
	(void)state;
	snarl_ledger_check();
}

#endif
