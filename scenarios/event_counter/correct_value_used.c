/*
 * event_counter/correct_value_used: the value that a read returns is the number of events.
 *
 * An eventfd is a counter, not a queue: a read returns the sum of what was written since the last
 * read, and sets the counter to 0. The reader takes as many letters as the value says, so one read
 * may stand for any number of events.
 *
 *   counter  taken  sender                  reader
 *      1       0    posts letter 1
 *      2       0    posts letter 2
 *      0       0                            read: 2
 *      0       2                            takes letters 1 and 2
 */
#include <snarl.h>

#include "common.h"

static const int counter_flags = 0;

static int letters_posted(eventfd_t value)
{
	return (int)value;
}

const struct snarl_scenario scenario = {
	.summary = "eventfd that adds up events, with a reader that uses the value",
	.refs = "eventfd(2)",
	.state_size = sizeof(struct mail),
	.ledger_items = LETTERS,
	.actors = {{"sender", send_letters}, {"reader", read_letters}},
	.setup = counter_make,
	.check = every_letter_once,
	.teardown = counter_close,
	.observe = {"letters", "taken"},
};
