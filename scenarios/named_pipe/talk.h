/*
 * talk.h - alice asks bob through one FIFO, bob answers through another. Each variant says in which
 * order bob opens the two; alice opens the one for the question first.
 */
#ifndef SCENARIOS_NAMED_PIPE_TALK_H
#define SCENARIOS_NAMED_PIPE_TALK_H

#include <errno.h>
#include <fcntl.h>
#include <snarl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Open bob's ends of both. */
static void lines_open(int *question, int *answer);

static int line_open(const char *what, int flags)
{
	int line;

	do
		line = open(snarl_path(what), flags);
	while (line < 0 && errno == EINTR);
	return line;
}

/* A message is short enough to be written in one piece. */
static void message_send(int to, struct snarl_actor *self)
{
	snarl_item item = snarl_item_next(self);
	ssize_t got;

	snarl_ledger_put(self, item, -1);
	do
		got = write(to, &item, sizeof item);
	while (got < 0 && errno == EINTR);
}

static void message_receive(int from, struct snarl_actor *self)
{
	snarl_item item;
	size_t done = 0;

	while (done < sizeof item) {
		ssize_t got = read(from, (char *)&item + done, sizeof item - done);

		if (got == 0 || (got < 0 && errno != EINTR))
			return;
		done += got > 0 ? (size_t)got : 0;
	}
	snarl_ledger_take(self, item, -1);
}

static void alice(void *state, struct snarl_actor *self)
{
	int question = line_open("question", O_WRONLY), answer = line_open("answer", O_RDONLY);

	(void)state;
	message_send(question, self);
	message_receive(answer, self);
	close(question);
	close(answer);
}

static void bob(void *state, struct snarl_actor *self)
{
	int question, answer;

	(void)state;
	lines_open(&question, &answer);
	message_receive(question, self);
	message_send(answer, self);
	close(question);
	close(answer);
}

static void lines_make(void *state)
{
	(void)state;
	if (mkfifo(snarl_path("question"), 0600) != 0 || mkfifo(snarl_path("answer"), 0600) != 0)
		snarl_skip("no FIFO: %s", strerror(errno));
}

static void every_message_once(void *state)
{
	(void)state;
	snarl_ledger_check();
}

#endif
