/* reads_from_test.c - which pairs steps make, and which of them are new. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "reads_from.h"

enum { READ, WRITE };

static const char instruction[8];
static uint64_t x, y;

/* A step of an actor at one of the instructions; returns its event. */
static uint16_t step(
	struct reads_from *log, unsigned actor, const void *location, unsigned at, bool writes)
{
	return reads_from_step(log, &(struct step_made){.actor = &scheduler.actors[actor],
					    .location = location,
					    .pc = &instruction[at],
					    .writes = writes,
					    .shared = true});
}

static int log_make(void **state)
{
	for (unsigned i = 0; i < ACTORS_MAX; i++)
		scheduler.actors[i].index = i;
	*state = calloc(1, sizeof(struct reads_from));
	return *state ? 0 : -1;
}

static int log_free(void **state)
{
	free(*state);
	return 0;
}

static void a_read_pairs_with_the_last_write(void **state)
{
	struct reads_from *log = *state;
	uint16_t first, second, read;

	reads_from_begin(log);
	first = step(log, 0, &x, 0, WRITE);
	second = step(log, 1, &x, 1, WRITE);
	read = step(log, 2, &x, 2, READ);
	assert_true(reads_from_seen(log, INITIAL, first));
	assert_true(reads_from_seen(log, first, second));
	assert_true(reads_from_seen(log, second, read));
	assert_false(reads_from_seen(log, first, read));
	assert_false(reads_from_seen(log, INITIAL, read));
	reads_from_begin(log); /* nothing is written yet */
	step(log, 2, &x, 2, READ);
	assert_true(reads_from_seen(log, INITIAL, read));
}

static void equal_actors_share_their_events(void **state)
{
	struct reads_from *log = *state;

	reads_from_begin(log);
	assert_int_equal(step(log, 0, &x, 0, WRITE), step(log, 5, &x, 0, WRITE));
	assert_int_not_equal(step(log, 0, &x, 0, WRITE), step(log, 0, &y, 0, WRITE));
	assert_int_not_equal(step(log, 0, &x, 0, WRITE), step(log, 0, &x, 1, WRITE));
}

/* One execution: a writer and a reader of x, in either order. */
static uint32_t pass(struct reads_from *log, unsigned writer, bool writes_first)
{
	reads_from_begin(log);
	if (writes_first)
		step(log, writer, &x, 0, WRITE);
	step(log, 7, &x, 2, READ);
	if (!writes_first)
		step(log, writer, &x, 0, WRITE);
	return log->set;
}

static void only_what_no_execution_had_is_new(void **state)
{
	struct reads_from *log = *state;
	uint32_t before, after;

	before = pass(log, 0, true);
	assert_true(log->novel);
	assert_int_equal(pass(log, 3, true), before);
	assert_false(log->novel);
	after = pass(log, 0, false);
	assert_true(log->novel);
	assert_int_not_equal(before, after);
	assert_int_equal(pass(log, 1, false), after);
	assert_false(log->novel);
}

static void what_is_not_shared_is_no_event(void **state)
{
	struct reads_from *log = *state;

	reads_from_begin(log);
	assert_int_equal(reads_from_step(log, &(struct step_made){.actor = scheduler.actors,
						      .location = &x,
						      .pc = instruction}),
		INITIAL);
	assert_false(log->novel);
	assert_int_equal(step(log, 0, NULL, 0, WRITE), INITIAL);
}

/* Tables that are full stay as they are. */
static void too_many_events_are_not_seen(void **state)
{
	static uint64_t words[2 * EVENTS_MAX];
	struct reads_from *log = *state;
	uint16_t first;

	reads_from_begin(log);
	first = step(log, 0, &words[0], 0, WRITE);
	for (unsigned i = 1; i < 2 * EVENTS_MAX; i++)
		step(log, 0, &words[i], 0, WRITE);
	assert_int_equal(step(log, 0, &words[2 * EVENTS_MAX - 1], 0, WRITE), INITIAL);
	assert_int_equal(step(log, 0, &words[0], 0, WRITE), first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_read_pairs_with_the_last_write, log_make, log_free),
		cmocka_unit_test_setup_teardown(
			equal_actors_share_their_events, log_make, log_free),
		cmocka_unit_test_setup_teardown(
			only_what_no_execution_had_is_new, log_make, log_free),
		cmocka_unit_test_setup_teardown(what_is_not_shared_is_no_event, log_make, log_free),
		cmocka_unit_test_setup_teardown(too_many_events_are_not_seen, log_make, log_free),
	};

	return cmocka_run_group_tests_name("reads_from", tests, NULL, NULL);
}
