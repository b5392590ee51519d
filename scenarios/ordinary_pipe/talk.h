/*
 * talk.h - a client asks, and a server answers each question as it comes, through one pipe each
 * way. A message fills a pipe, so that the next write waits until that message has been read. Each
 * variant says when the client reads the answers.
 */
#ifndef SCENARIOS_ORDINARY_PIPE_TALK_H
#define SCENARIOS_ORDINARY_PIPE_TALK_H

#include <errno.h>
#include <fcntl.h>
#include <snarl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum { QUESTIONS = 4, WORDS = 1024 };

struct talk {
	int asked[2], answered[2]; /* reading, writing; r/o after setup */
};

/* The same item in each word, so that a mixture of two messages is noticed. */
struct message {
	snarl_item words[WORDS];
};

/* The client: ask all questions, and read all answers. */
static void questions_ask(struct talk *talk, struct snarl_actor *self);

static void message_send(int to, struct snarl_actor *self)
{
	struct message message;
	const char *at = (const char *)&message;
	size_t done = 0;

	message.words[0] = snarl_item_next(self);
	for (int w = 1; w < WORDS; w++)
		message.words[w] = message.words[0];
	snarl_ledger_put(self, message.words[0], -1);
	while (done < sizeof message) {
		ssize_t got = write(to, at + done, sizeof message - done);

		if (got < 0 && errno != EINTR)
			return;
		done += got > 0 ? (size_t)got : 0;
	}
}

/* Return whether there was a message: false at the end of the pipe. */
static bool message_receive(int from, struct snarl_actor *self)
{
	struct message message;
	char *at = (char *)&message;
	size_t done = 0;

	while (done < sizeof message) {
		ssize_t got = read(from, at + done, sizeof message - done);

		if (got == 0 || (got < 0 && errno != EINTR))
			return false;
		done += got > 0 ? (size_t)got : 0;
	}
	for (int w = 1; w < WORDS; w++)
		if (message.words[w] != message.words[0])
			message.words[0] = UINT32_MAX;
	snarl_ledger_take(self, message.words[0], -1);
	return true;
}

static void client(void *state, struct snarl_actor *self)
{
	struct talk *talk = state;

	close(talk->asked[0]);
	close(talk->answered[1]);
	questions_ask(talk, self);
	close(talk->asked[1]);
	close(talk->answered[0]);
}

static void server(void *state, struct snarl_actor *self)
{
	struct talk *talk = state;

	close(talk->asked[1]);
	close(talk->answered[0]);
	while (message_receive(talk->asked[0], self))
		message_send(talk->answered[1], self);
	close(talk->asked[0]);
	close(talk->answered[1]);
}

static void talk_open(void *state)
{
	struct talk *talk = state;

	if (pipe(talk->asked) != 0 || pipe(talk->answered) != 0)
		snarl_skip("no pipe: %s", strerror(errno));
	if (fcntl(talk->asked[1], F_SETPIPE_SZ, sizeof(struct message)) != sizeof(struct message) ||
		fcntl(talk->answered[1], F_SETPIPE_SZ, sizeof(struct message)) !=
			sizeof(struct message))
		snarl_skip("no pipe of %zu bytes", sizeof(struct message));
}

static void talk_close(void *state)
{
	struct talk *talk = state;

	for (int end = 0; end < 2; end++) {
		close(talk->asked[end]);
		close(talk->answered[end]);
	}
}

static void every_message_once(void *state)
{
	(void)state;
	snarl_ledger_check();
}

#endif
