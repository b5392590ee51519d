/* ledger_test.c - what the ledger says about logs whose truth is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exit.h"
#include "ledger.h"
#include "oracle.h"
#include "prng.h"

enum { ITEMS = 8, ACTORS = 3, ALICE = 0, BOB = 1, CONSUMER = 2, ROUNDS = 20000 };

static void check(void *state)
{
	(void)state;
	snarl_ledger_check();
}

const struct snarl_scenario scenario = {.ledger_items = ITEMS, .check = check};

static struct snarl_actor *actors[SNARL_ACTORS_MAX];
static struct ledger_log *logs[SNARL_ACTORS_MAX];

static int begin(void **unused)
{
	static const char *const names[] = {"alice", "bob", "consumer"};

	(void)unused;
	for (unsigned i = 0; i < ACTORS; i++) {
		actors[i] = aligned_alloc(64, sizeof **actors);
		memset(actors[i], 0, sizeof **actors);
		actors[i]->index = i;
		actors[i]->name = names[i];
		actors[i]->log = logs[i] = calloc(1, ledger_log_size());
	}
	return 0;
}

static int end(void **unused)
{
	(void)unused;
	for (unsigned i = 0; i < ACTORS; i++) {
		free(logs[i]);
		free(actors[i]);
	}
	return 0;
}

static snarl_item put(unsigned actor, int place)
{
	snarl_item item = snarl_item_next(actors[actor]);

	snarl_ledger_put(actors[actor], item, place);
	return item;
}

static void take(snarl_item item, int place)
{
	snarl_ledger_take(actors[CONSUMER], item, place);
}

static const struct outcome *verdict(void)
{
	return oracle_check(NULL, actors, logs);
}

static void all_in_order_is_clean(void **unused)
{
	(void)unused;
	for (int i = 0; i < ITEMS; i++)
		take(put(ALICE, i % 4), i % 4);
	assert_int_equal(verdict()->kinds, SNARL_NO_BUG);
}

static void nothing_at_all_is_clean(void **unused)
{
	(void)unused;
	assert_int_equal(verdict()->kinds, SNARL_NO_BUG);
}

static void two_producers_interleaved_are_clean(void **unused)
{
	snarl_item a1 = put(ALICE, 0), b1 = put(BOB, 1), b2 = put(BOB, 2), a2 = put(ALICE, 3);

	(void)unused;
	take(b1, 1);
	take(a1, 0);
	take(a2, 3);
	take(b2, 2);
	assert_int_equal(verdict()->kinds, SNARL_NO_BUG);
}

static void missing_item_is_lost(void **unused)
{
	snarl_item first = put(ALICE, -1);

	(void)unused;
	put(ALICE, -1);
	take(first, -1);
	assert_int_equal(verdict()->first, SNARL_LOST_ITEM);
	assert_string_equal(verdict()->message, "alice#2 was put and never taken");
}

static void later_item_in_its_place_is_an_overwrite(void **unused)
{
	snarl_item second;

	(void)unused;
	put(ALICE, 1);
	second = put(ALICE, 1);
	take(second, 1);
	assert_int_equal(verdict()->kinds, SNARL_OVERWRITE);
	assert_string_equal(
		verdict()->message, "alice#1 was overwritten by alice#2 in slot 1, never read");
}

static void other_producers_item_in_its_place_is_an_overwrite(void **unused)
{
	snarl_item theirs;

	(void)unused;
	put(ALICE, 0);
	theirs = put(BOB, 0);
	take(theirs, 0);
	assert_int_equal(verdict()->kinds, SNARL_OVERWRITE);
}

static void taken_twice_is_a_duplicate(void **unused)
{
	snarl_item item = put(ALICE, 0);

	(void)unused;
	take(item, 0);
	take(item, 0);
	assert_int_equal(verdict()->kinds, SNARL_DUPLICATE_ITEM);
	assert_string_equal(verdict()->message, "alice#1 was taken twice");
}

static void empty_slot_is_a_stale_read(void **unused)
{
	(void)unused;
	take(0, 3);
	assert_int_equal(verdict()->kinds, SNARL_STALE_READ);
	assert_string_equal(
		verdict()->message, "consumer took from slot 3 before anything was put there");
}

static void old_item_taken_for_the_new_is_a_stale_read(void **unused)
{
	snarl_item first = put(ALICE, 0);

	(void)unused;
	take(first, 0);
	put(ALICE, 0);
	take(first, 0);
	assert_true(verdict()->kinds & SNARL_STALE_READ);
	assert_false(verdict()->kinds & SNARL_OVERWRITE);
}

static void foreign_value_is_torn(void **unused)
{
	(void)unused;
	take(0x0100beef, 0);
	assert_int_equal(verdict()->first, SNARL_TORN_MESSAGE);
}

static void swapped_items_are_out_of_order(void **unused)
{
	snarl_item first = put(ALICE, 0), second = put(ALICE, 1);

	(void)unused;
	take(second, 1);
	take(first, 0);
	assert_int_equal(verdict()->kinds, SNARL_OUT_OF_ORDER);
}

static void the_same_item_put_twice_is_not_in_order(void **unused)
{
	snarl_item item = put(ALICE, 0);

	(void)unused;
	snarl_ledger_put(actors[ALICE], item, 1);
	take(item, 0);
	take(item, 1);
	assert_true(verdict()->kinds & SNARL_DUPLICATE_ITEM);
}

static void too_many_entries_end_the_case(void **unused)
{
	int status;
	pid_t pid;

	(void)unused;
	for (int i = 0; i <= ITEMS; i++)
		put(ALICE, -1);
	pid = fork();
	if (!pid) {
		verdict();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), EXIT_COULD_NOT_RUN);
}

/* A random correct hand-over, then one random change to it: clean before, never clean after. */
static void any_single_harm_is_seen(void **unused)
{
	uint64_t random = 1;

	for (int round = 0; round < ROUNDS; round++) {
		unsigned count = 2 + (unsigned)prng_below(&random, ITEMS - 1);
		struct ledger_entry *takes = logs[CONSUMER]->entries + ITEMS;
		unsigned victim = (unsigned)prng_below(&random, count - 1);

		for (unsigned i = 0; i < ACTORS; i++) {
			logs[i]->puts = logs[i]->takes = 0;
			actors[i]->sequence = 0;
		}
		for (unsigned i = 0; i < count; i++)
			take(put(ALICE, (int)(i % 4)), (int)(i % 4));
		assert_int_equal(verdict()->kinds, SNARL_NO_BUG);
		switch (prng_below(&random, 4)) {
		case 0: /* lose one */
			memmove(&takes[victim], &takes[victim + 1],
				(count - victim - 1) * sizeof *takes);
			logs[CONSUMER]->takes--;
			break;
		case 1: /* take one in place of its neighbour */
			takes[victim].item = takes[victim + 1].item;
			break;
		case 2: /* swap two */
			takes[victim] = takes[victim + 1];
			takes[victim + 1].item--;
			break;
		default: /* tear one */
			takes[victim].item ^= 0x00800000;
		}
		assert_int_not_equal(verdict()->kinds, SNARL_NO_BUG);
	}
	(void)unused;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_in_order_is_clean),
		TEST(nothing_at_all_is_clean),
		TEST(two_producers_interleaved_are_clean),
		TEST(missing_item_is_lost),
		TEST(later_item_in_its_place_is_an_overwrite),
		TEST(other_producers_item_in_its_place_is_an_overwrite),
		TEST(taken_twice_is_a_duplicate),
		TEST(empty_slot_is_a_stale_read),
		TEST(old_item_taken_for_the_new_is_a_stale_read),
		TEST(foreign_value_is_torn),
		TEST(swapped_items_are_out_of_order),
		TEST(the_same_item_put_twice_is_not_in_order),
		TEST(too_many_entries_end_the_case),
		TEST(any_single_harm_is_seen),
	};

	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
