/*
 * event_counter/correct_semaphore: with EFD_SEMAPHORE each read takes one event.
 *
 * Such an eventfd works like a semaphore: a read returns 1 and subtracts 1 from the counter. The
 * events that were not read stay in the counter, and the next read returns at once.
 *
 *   counter  taken  sender                  reader
 *      1       0    posts letter 1
 *      2       0    posts letter 2
 *      1       0                            read: 1
 *      1       1                            takes letter 1
 *      0       1                            read: 1
 *      0       2                            takes letter 2
 */
#include <snarl.h>

#include "common.h"

static const int counter_flags = EFD_SEMAPHORE;

static int letters_posted(eventfd_t value)
{
	(void)value;
	return 1;
}

const struct snarl_scenario scenario = {
	.summary = "eventfd with EFD_SEMAPHORE, each read of which takes one event",
	.refs = "eventfd(2)",
	.state_size = sizeof(struct mail),
	.ledger_items = LETTERS,
	.actors = {{"sender", send_letters}, {"reader", read_letters}},
	.setup = counter_make,
	.check = every_letter_once,
	.teardown = counter_close,
	.observe = {"letters", "taken"},
};
