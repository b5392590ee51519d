/*
 * common.h - two writers put messages into one FIFO, and a reader takes them out. The FIFO is made
 * small, so that a writer of a long message has to wait. Each variant says how long a message is,
 * and how one gets into the FIFO in one piece; that needs `struct office`.
 *
 * Writers come and go. The reader has a writing end of its own, because otherwise the FIFO would
 * end whenever there is no writer. It leaves once it has all messages.
 */
#ifndef SCENARIOS_NAMED_PIPE_COMMON_H
#define SCENARIOS_NAMED_PIPE_COMMON_H

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <snarl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct office; /* each variant's own */

enum { MESSAGES = 4, WRITERS = 2 };

/* The same item in each word, so that a mixture of two messages is noticed. */
struct message {
	snarl_item words[WORDS];
};

/* Put one message into the FIFO; return whether that was possible. */
static bool message_post(struct office *office, int to, const struct message *message);

static int letters_open(int flags)
{
	int letters;

	do
		letters = open(snarl_path("letters"), flags);
	while (letters < 0 && errno == EINTR);
	return letters;
}

/* Continue until all bytes are written. */
static bool bytes_write(int to, const void *bytes, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t got = write(to, (const char *)bytes + done, size - done);

		if (got < 0 && errno != EINTR)
			return false;
		done += got > 0 ? (size_t)got : 0;
	}
	return true;
}

static bool bytes_read(int from, void *bytes, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t got = read(from, (char *)bytes + done, size - done);

		if (got == 0 || (got < 0 && errno != EINTR))
			return false;
		done += got > 0 ? (size_t)got : 0;
	}
	return true;
}

static void writer(void *state, struct snarl_actor *self)
{
	int to = letters_open(O_WRONLY);

	for (int i = 0; i < MESSAGES; i++) {
		struct message message;

		message.words[0] = snarl_item_next(self);
		for (int w = 1; w < WORDS; w++)
			message.words[w] = message.words[0];
		snarl_ledger_put(self, message.words[0], -1);
		if (!message_post(state, to, &message))
			break;
	}
	close(to);
}

/* A message whose words differ is logged as an item that nobody put. */
static snarl_item item_of(const struct message *message)
{
	for (int w = 1; w < WORDS; w++)
		if (message->words[w] != message->words[0])
			return UINT32_MAX;
	return message->words[0];
}

static void reader(void *state, struct snarl_actor *self)
{
	int from = letters_open(O_RDONLY), kept = letters_open(O_WRONLY);
	struct message message;

	(void)state;
	fcntl(from, F_SETPIPE_SZ, PIPE_BUF);
	for (int i = 0; i < MESSAGES * WRITERS && bytes_read(from, &message, sizeof message); i++)
		snarl_ledger_take(self, item_of(&message), -1);
	close(kept);
	close(from);
}

static inline void letters_make(void *state)
{
	(void)state;
	if (mkfifo(snarl_path("letters"), 0600) != 0)
		snarl_skip("no FIFO: %s", strerror(errno));
}

static void every_message_once(void *state)
{
	(void)state;
	snarl_ledger_check();
}

#endif
