/*
 * helper.h - a server starts a helper, another program, with fork and exec; then it sends letters
 * to a reader, and waits for the helper. The helper, cat, ends when its input ends; its input is a
 * pipe that the reader closes once it has read all letters. Each variant says how the pipe for the
 * letters is opened.
 */
#ifndef SCENARIOS_INHERITED_DESCRIPTOR_HELPER_H
#define SCENARIOS_INHERITED_DESCRIPTOR_HELPER_H

#include <errno.h>
#include <fcntl.h>
#include <snarl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LETTERS = 3 };

struct office {
	int letters[2], work[2]; /* reading, writing; r/o after setup */
	int seen_off;		 /* by the server: the helper ended as it should */
};

static int letters_pipe(int ends[2]);

/* Does not return. */
static void helper_become(int input)
{
	dup2(input, STDIN_FILENO); /* and this copy survives exec */
	execl("/bin/cat", "cat", (char *)NULL);
	_exit(127);
}

static void letters_send(int to, struct snarl_actor *self)
{
	for (int i = 0; i < LETTERS; i++) {
		snarl_item item = snarl_item_next(self);

		snarl_ledger_put(self, item, -1);
		while (write(to, &item, sizeof item) < 0 && errno == EINTR)
			;
	}
}

static void server(void *state, struct snarl_actor *self)
{
	struct office *office = state;
	int status = -1;
	pid_t helper;

	close(office->letters[0]);
	close(office->work[1]);
	helper = fork();
	if (helper == 0)
		helper_become(office->work[0]);
	close(office->work[0]);
	letters_send(office->letters[1], self);
	close(office->letters[1]);
	while (helper > 0 && waitpid(helper, &status, 0) < 0 && errno == EINTR)
		;
	office->seen_off = helper < 0 || status == 0;
}

static bool letter_read(int from, snarl_item *item)
{
	for (size_t done = 0; done < sizeof *item;) {
		ssize_t got = read(from, (char *)item + done, sizeof *item - done);

		if (got == 0 || (got < 0 && errno != EINTR))
			return false;
		done += got > 0 ? (size_t)got : 0;
	}
	return true;
}

static void reader(void *state, struct snarl_actor *self)
{
	struct office *office = state;
	snarl_item item;

	close(office->letters[1]);
	close(office->work[0]);
	while (letter_read(office->letters[0], &item))
		snarl_ledger_take(self, item, -1);
	close(office->letters[0]);
	close(office->work[1]);
}

static void office_open(void *state)
{
	struct office *office = state;

	if (access("/bin/cat", X_OK) != 0)
		snarl_skip("no /bin/cat: %s", strerror(errno));
	if (letters_pipe(office->letters) != 0 || pipe2(office->work, O_CLOEXEC) != 0)
		snarl_skip("no pipe: %s", strerror(errno));
}

static void office_close(void *state)
{
	struct office *office = state;

	for (int end = 0; end < 2; end++) {
		close(office->letters[end]);
		close(office->work[end]);
	}
}

static void every_letter_once(void *state)
{
	const struct office *office = state;

	snarl_ledger_check();
	snarl_expect_eq(SNARL_ASSERTION, office->seen_off, true, "seen off");
}

#endif
