/*
 * stream.h - a parent writes letters to a stdio stream, which buffers them, forks a child and waits
 * for it; a reader reads what comes out. Each variant says what the parent does before it forks,
 * and how the child ends.
 */
#ifndef SCENARIOS_FORK_AND_LOCKS_STREAM_H
#define SCENARIOS_FORK_AND_LOCKS_STREAM_H

#include <errno.h>
#include <snarl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LETTERS = 2 };

struct family {
	int ends[2]; /* reading, writing; r/o after setup */
};

static void fork_prepare(FILE *out);

/* Does not return. */
static void child(void) __attribute__((noreturn));

static void parent(void *state, struct snarl_actor *self)
{
	struct family *family = state;
	FILE *out = fdopen(family->ends[1], "w");
	pid_t process;

	close(family->ends[0]);
	for (int i = 0; out && i < LETTERS; i++) {
		snarl_item item = snarl_item_next(self);

		snarl_ledger_put(self, item, -1);
		fwrite(&item, sizeof item, 1, out);
	}
	if (!out)
		return;
	fork_prepare(out);
	process = fork();
	if (process == 0)
		child();
	while (process > 0 && waitpid(process, NULL, 0) < 0 && errno == EINTR)
		;
	fclose(out);
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
	struct family *family = state;
	snarl_item item;

	close(family->ends[1]);
	while (letter_read(family->ends[0], &item))
		snarl_ledger_take(self, item, -1);
	close(family->ends[0]);
}

static void family_open(void *state)
{
	struct family *family = state;

	if (pipe(family->ends) != 0)
		snarl_skip("no pipe: %s", strerror(errno));
}

static void family_close(void *state)
{
	struct family *family = state;

	close(family->ends[0]);
	close(family->ends[1]);
}

static void every_letter_once(void *state)
{
	(void)state;
	snarl_ledger_check();
}

#endif
