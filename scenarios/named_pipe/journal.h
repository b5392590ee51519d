/*
 * journal.h - a writer writes line after line, but the reader reads only the first line and leaves.
 * Each variant says how the writer handles that. It is to close its books once nobody reads any
 * more.
 */
#ifndef SCENARIOS_NAMED_PIPE_JOURNAL_H
#define SCENARIOS_NAMED_PIPE_JOURNAL_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <snarl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE = 1024 };

struct journal {
	int closed; /* by the writer, as its last act */
};

/* Prepare for a reader that may close early. */
static void writer_prepare(void);

static int journal_open(int flags)
{
	int file;

	do
		file = open(snarl_path("journal"), flags);
	while (file < 0 && errno == EINTR);
	return file;
}

static void writer(void *state, struct snarl_actor *self)
{
	static const char line[LINE];
	struct journal *journal = state;
	int to;

	(void)self;
	writer_prepare();
	to = journal_open(O_WRONLY);
	while (write(to, line, sizeof line) > 0 || errno == EINTR)
		;
	journal->closed = errno == EPIPE;
	close(to);
}

static void reader(void *state, struct snarl_actor *self)
{
	int from = journal_open(O_RDONLY);
	char line[LINE];

	(void)state;
	(void)self;
	for (size_t done = 0; done < sizeof line;) {
		ssize_t got = read(from, line + done, sizeof line - done);

		if (got == 0 || (got < 0 && errno != EINTR))
			break;
		done += got > 0 ? (size_t)got : 0;
	}
	close(from);
}

static void journal_make(void *state)
{
	(void)state;
	if (mkfifo(snarl_path("journal"), 0600) != 0)
		snarl_skip("no FIFO: %s", strerror(errno));
}

static void books_closed(void *state)
{
	const struct journal *journal = state;

	snarl_expect_eq(SNARL_ASSERTION, journal->closed, true, "closed");
}

#endif
