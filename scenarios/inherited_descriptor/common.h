/*
 * common.h - a writer sends letters; a reader reads them to the end and rings a bell, upon which a
 * janitor, who has nothing to do with letters, locks up. All three were forked with both pipes
 * open. Each variant says what the janitor does about the ends that it does not need.
 */
#ifndef SCENARIOS_INHERITED_DESCRIPTOR_COMMON_H
#define SCENARIOS_INHERITED_DESCRIPTOR_COMMON_H

#include <errno.h>
#include <snarl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum { LETTERS = 3 };

struct office {
	int letters[2], bell[2]; /* reading, writing; r/o after setup */
	int locked_up;		 /* by the janitor */
};

/* The janitor calls this before it waits for the bell. */
static void inheritance_close(struct office *office);

/* A letter is small enough to be written in one piece. */
static void writer(void *state, struct snarl_actor *self)
{
	struct office *office = state;

	close(office->letters[0]);
	close(office->bell[0]);
	close(office->bell[1]);
	for (int i = 0; i < LETTERS; i++) {
		snarl_item item = snarl_item_next(self);

		snarl_ledger_put(self, item, -1);
		while (write(office->letters[1], &item, sizeof item) < 0 && errno == EINTR)
			;
	}
	close(office->letters[1]);
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
	close(office->bell[0]);
	while (letter_read(office->letters[0], &item))
		snarl_ledger_take(self, item, -1);
	while (write(office->bell[1], "!", 1) < 0 && errno == EINTR)
		;
	close(office->bell[1]);
	close(office->letters[0]);
}

static void janitor(void *state, struct snarl_actor *self)
{
	struct office *office = state;
	char rung;

	(void)self;
	inheritance_close(office);
	while (read(office->bell[0], &rung, 1) < 0 && errno == EINTR)
		;
	office->locked_up = true;
	close(office->bell[0]);
}

static void office_open(void *state)
{
	struct office *office = state;

	if (pipe(office->letters) != 0 || pipe(office->bell) != 0)
		snarl_skip("no pipe: %s", strerror(errno));
}

static void office_close(void *state)
{
	struct office *office = state;

	for (int end = 0; end < 2; end++) {
		close(office->letters[end]);
		close(office->bell[end]);
	}
}

static void every_letter_once(void *state)
{
	const struct office *office = state;

	snarl_ledger_check();
	snarl_expect_eq(SNARL_ASSERTION, office->locked_up, true, "locked up");
}

#endif
