/*
 * event_counter/read_counts_as_one: each read is treated as one event.
 *
 * An eventfd is a counter, not a queue: a read returns the sum of what was written since the last
 * read, and sets the counter to 0. If two letters were posted before the reader came, it takes only
 * one of them. Nothing shows that there is another one.
 *
 *   counter  taken  sender                  reader
 *      1       0    posts letter 1
 *      2       0    posts letter 2
 *      0       0                            read: 2
 *      0       1                            takes letter 1
 *      0       1                            read: EAGAIN, and letter 2 is left
 */
#include <snarl.h>

#include "common.h"

static const int counter_flags = 0;

static int letters_posted(eventfd_t value)
{
	(void)value;
	return 1;
}

const struct snarl_scenario scenario = {
	.summary = "eventfd that adds up events, each read of which is treated as one",
	.refs = "eventfd(2); CWE-252",
	.state_size = sizeof(struct mail),
	.ledger_items = LETTERS,
	.actors = {{"sender", send_letters}, {"reader", read_letters}},
	.setup = counter_make,
	.check = every_letter_once,
	.teardown = counter_close,
	.observe = {"letters", "taken"},
	.expect = {.bug = SNARL_LOST_ITEM},
};
