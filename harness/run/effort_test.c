/* effort_test.c - what catching a bug says about the next one, with the truth known beforehand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "effort.h"
#include "prng.h"

enum { RUNS = 20000, FAILURES = 30 /* at least, of a caught case */ };

/* How many executions until one fails, each with probability p; at least 1. */
static double draw(uint64_t *random, double p)
{
	double uniform = ((double)(prng_next(random) >> 11) + 0.5) * 0x1p-53;

	return floor(log(uniform) / log1p(-p)) + 1;
}

/* A case in which one execution in 1/p fails, stopped at its `failures`th failure. */
static struct result caught_case(uint64_t *random, double p, unsigned failures)
{
	struct result result = {.first_failure_execution = -1, .failures = failures};

	for (unsigned i = 0; i < failures; i++) {
		result.executions += (uint64_t)draw(random, p);
		if (!i)
			result.first_failure_execution = (int64_t)result.executions - 1;
	}
	return result;
}

static unsigned missed(double p, double rarer, unsigned failures)
{
	uint64_t random = prng_stream(11, failures);
	unsigned count = 0;

	for (unsigned i = 0; i < RUNS; i++) {
		struct result twin = caught_case(&random, p, failures);

		count += draw(&random, p / rarer) > (double)(EFFORT_TIMES * effort_of(&twin));
	}
	return count;
}

/* The promise. */
static void a_bug_ten_times_rarer_is_missed_in_one_run_of_1000_at_most(void **state)
{
	const double chances[] = {1.0 / 2, 1.0 / 20, 1.0 / 1000, 1e-5};

	(void)state;
	for (size_t i = 0; i < sizeof chances / sizeof *chances; i++)
		assert_in_range(missed(chances[i], 10, FAILURES), 0, RUNS / 1000);
}

/* And this is no accident: a bug that is a thousand times rarer is mostly missed. */
static void a_bug_a_thousand_times_rarer_is_missed(void **state)
{
	(void)state;
	assert_in_range(missed(0.001, 1000, FAILURES), RUNS / 2, RUNS);
}

static void an_effort_is_never_less_than_it_took(void **state)
{
	struct result result = {.executions = 1000, .failures = 900, .first_failure_execution = 99};

	(void)state;
	assert_int_equal(effort_of(&result), 100);
	result.first_failure_execution = 0;
	assert_in_range(effort_of(&result), 6, 7); /* 4.6 times 10 / 9 */
}

/* A detector's report is a second witness: the case need not wait for the oracle. */
static void a_report_counts_by_the_execution_it_came_in(void **state)
{
	struct result result = {
		.executions = 5000, .first_failure_execution = -1, .detail = json_object()};

	(void)state;
	result_put(
		&result, "races", json_pack("[{s:i}, {s:i}, {}]", "execution", 7, "execution", 3));
	assert_in_range(effort_of(&result), 19, 20); /* 4.6 times the fourth */
	/*
	 * If its execution is not known (it came from a separate thread, say), all executions
	 * count.
	 */
	result_put(&result, "races", json_pack("[{s:i}]", "execution", -1));
	assert_in_range(effort_of(&result), 23000, 23001);
	result_free(&result);
}

static void a_plan_without_a_twin_has_a_fixed_budget(void **state)
{
	const struct declaration declared = {.bug = SNARL_NO_BUG};
	const struct subject correct = {.declaration = &declared};
	struct plan plan = {.budget_ms = 7};

	(void)state;
	effort_plan(&plan, &correct, 0);
	assert_int_equal(plan.budget_ms, EFFORT_MS_FIXED);
	assert_false(effort_made(&plan.effort, UINT64_MAX, UINT64_MAX));
	effort_plan(&plan, &correct, 50);
	assert_int_equal(plan.budget_ms, EFFORT_MS_MAX);
	assert_true(effort_made(&plan.effort, 1000, EFFORT_MS_MIN * 1000000ull));
	assert_false(effort_made(&plan.effort, 999, EFFORT_MS_MAX * 1000000ull));
}

static void a_bug_that_may_be_seen_has_the_same_budget(void **state)
{
	json_t *json = json_pack("{s:{s:{s:s}}}", "expect", "stress", "detection", "may");
	const struct declaration declared = {.bug = SNARL_LOST_ITEM};
	const struct subject broken = {.declaration = &declared, .json = json};
	struct plan plan = {.engine = "stress", .budget_ms = 7};

	(void)state;
	effort_plan(&plan, &broken, 0);
	assert_int_equal(plan.budget_ms, EFFORT_MS_FIXED);
	strcpy(plan.engine, "tsan");
	plan.budget_ms = 7;
	effort_plan(&plan, &broken, 0);
	assert_int_equal(plan.budget_ms, 7);
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bug_ten_times_rarer_is_missed_in_one_run_of_1000_at_most),
		cmocka_unit_test(a_bug_a_thousand_times_rarer_is_missed),
		cmocka_unit_test(an_effort_is_never_less_than_it_took),
		cmocka_unit_test(a_report_counts_by_the_execution_it_came_in),
		cmocka_unit_test(a_plan_without_a_twin_has_a_fixed_budget),
		cmocka_unit_test(a_bug_that_may_be_seen_has_the_same_budget),
	};

	return cmocka_run_group_tests_name("effort", tests, NULL, NULL);
}
