/*
 * common.h - a parent writes messages into a pipe, and its child reads them until the end of the
 * pipe. Each process closes the end that it does not use, and the shell that started both closes
 * both ends. Each variant says how it reads and writes whole messages.
 */
#ifndef SCENARIOS_ORDINARY_PIPE_COMMON_H
#define SCENARIOS_ORDINARY_PIPE_COMMON_H

#include <errno.h>
#include <snarl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#ifndef WORDS
#define WORDS 4 /* per message */
#endif

enum { MESSAGES = 3 };

struct family {
	int ends[2]; /* of the pipe: reading, writing; r/o after setup */
};

/* The same item in each word, so that a mixture of two messages is noticed. */
struct message {
	snarl_item words[WORDS];
};

/* Transfer one message; return whether that was possible: false at the end of the pipe. */
static bool message_write(int to, const struct message *message);
static bool message_read(int from, struct message *message);

static void send_all(int to, struct snarl_actor *self)
{
	for (int i = 0; i < MESSAGES; i++) {
		struct message message;

		message.words[0] = snarl_item_next(self);
		for (int w = 1; w < WORDS; w++)
			message.words[w] = message.words[0];
		snarl_ledger_put(self, message.words[0], -1);
		if (!message_write(to, &message))
			break;
	}
}

/* A message whose words differ is logged as an item that nobody put. */
static snarl_item item_of(const struct message *message)
{
	for (int w = 1; w < WORDS; w++)
		if (message->words[w] != message->words[0])
			return UINT32_MAX;
	return message->words[0];
}

static void receive_all(int from, struct snarl_actor *self)
{
	struct message message;

	while (message_read(from, &message))
		snarl_ledger_take(self, item_of(&message), -1);
}

static void parent(void *state, struct snarl_actor *self)
{
	struct family *family = state;

	close(family->ends[0]);
	send_all(family->ends[1], self);
	close(family->ends[1]);
}

static void __attribute__((unused)) child(void *state, struct snarl_actor *self)
{
	struct family *family = state;

	close(family->ends[1]);
	receive_all(family->ends[0], self);
	close(family->ends[0]);
}

static void pipe_open(void *state)
{
	struct family *family = state;

	if (pipe(family->ends) != 0)
		snarl_skip("no pipe: %s", strerror(errno));
}

static void pipe_close(void *state)
{
	struct family *family = state;

	close(family->ends[0]);
	close(family->ends[1]);
}

static void every_message_once(void *state)
{
	(void)state;
	snarl_ledger_check();
}

#endif
