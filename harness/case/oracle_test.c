/* oracle_test.c - outcomes are counted by what they showed, and merged without loss. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "kind.h"
#include "oracle.h"
#include "prng.h"

static long value;

static void check(void *state)
{
	(void)state;
	snarl_expect_eq(SNARL_LOST_UPDATE, value, 5, "counter");
	if (value < 0)
		snarl_fail(SNARL_ASSERTION, "counter fell to %ld", value);
}

const struct snarl_scenario scenario = {.check = check};

static const struct outcome *outcome_of(long got)
{
	static struct snarl_actor *actors[SNARL_ACTORS_MAX];
	static struct ledger_log *logs[SNARL_ACTORS_MAX];

	value = got;
	return oracle_check(NULL, actors, logs);
}

static void the_expected_value_is_clean(void **unused)
{
	(void)unused;
	assert_int_equal(outcome_of(5)->kinds, SNARL_NO_BUG);
}

static void the_first_broken_invariant_gives_the_message(void **unused)
{
	static struct histogram histogram;

	(void)unused;
	histogram_add(&histogram, outcome_of(-1), 3);
	assert_int_equal(histogram.rows[0].outcome.kinds, SNARL_LOST_UPDATE | SNARL_ASSERTION);
	assert_int_equal(histogram.rows[0].outcome.first, SNARL_LOST_UPDATE);
	assert_string_equal(histogram.rows[0].outcome.message, "counter is -1, expected 5");
}

static void outcomes_are_counted_by_value(void **unused)
{
	static struct histogram histogram;
	char label[64];

	(void)unused;
	histogram_add(&histogram, outcome_of(5), 0);
	histogram_add(&histogram, outcome_of(4), 9);
	histogram_add(&histogram, outcome_of(4), 2);
	histogram_add(&histogram, outcome_of(6), 7);
	assert_int_equal(histogram.executions, 4);
	assert_int_equal(histogram.failures, 3);
	assert_int_equal(histogram.used, 3);
	assert_int_equal(histogram.first_failure.first_execution, 2);
	assert_string_equal(outcome_label(&histogram.first_failure.outcome, label, sizeof label),
		"counter = 4");
}

/* However executions are distributed to workers, the merged histogram is that of all of them. */
static void merging_loses_nothing(void **unused)
{
	static struct histogram all, parts[3], merged;
	uint64_t random = 1;

	(void)unused;
	for (uint64_t execution = 0; execution < 20000; execution++) {
		const struct outcome *outcome = outcome_of((long)prng_below(&random, 90));

		histogram_add(&all, outcome, execution);
		histogram_add(&parts[prng_below(&random, 3)], outcome, execution);
	}
	for (int i = 0; i < 3; i++)
		histogram_merge(&merged, &parts[i]);
	assert_int_equal(merged.executions, all.executions);
	assert_int_equal(merged.failures, all.failures);
	assert_int_equal(merged.first_failure.first_execution, all.first_failure.first_execution);
	for (int i = 0; i < 2; i++) {
		const struct histogram *histogram = i ? &merged : &all;
		uint64_t counted = histogram->other;

		for (unsigned k = 0; k < histogram->used; k++)
			counted += histogram->rows[k].count;
		assert_int_equal(counted, histogram->executions);
	}
}

static void kinds_are_words_and_back(void **unused)
{
	char text[512];
	unsigned kinds;

	(void)unused;
	for (unsigned set = 0; set < SNARL_ASSERTION << 1; set += 37) {
		assert_int_equal(kind_parse(kind_names(set, text, sizeof text), &kinds), 0);
		assert_int_equal(kinds, set);
	}
	assert_string_equal(kind_names(1u << 25, text, sizeof text), "clean"); /* no kind */
	assert_int_not_equal(kind_parse("", &kinds), 0);
	assert_int_not_equal(kind_parse("lost", &kinds), 0);
	assert_int_not_equal(kind_parse("crash|", &kinds), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_expected_value_is_clean),
		cmocka_unit_test(the_first_broken_invariant_gives_the_message),
		cmocka_unit_test(outcomes_are_counted_by_value),
		cmocka_unit_test(merging_loses_nothing),
		cmocka_unit_test(kinds_are_words_and_back),
	};

	return cmocka_run_group_tests_name("oracle", tests, NULL, NULL);
}
