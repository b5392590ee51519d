/* token_test.c - a token is its plan again, and nothing else is a token. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan.h"
#include "prng.h"

enum { ROUNDS = 20000, BESIDE_RULES = 1000 /* letters of a schedule */ };

static void word_random(uint64_t *random, char *word, size_t most)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_0123456789";
	size_t length = 1 + prng_below(random, most - 1);

	for (size_t i = 0; i < length; i++)
		word[i] = letters[prng_below(random, sizeof letters - 1)];
	word[length] = '\0';
}

/* A plan with rules, with a schedule, with both or neither. */
static void plan_random(uint64_t *random, struct plan *plan)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

	memset(plan, 0, sizeof *plan);
	word_random(random, plan->engine, 8);
	word_random(random, plan->scenario, PLAN_NAME_MAX);
	word_random(random, plan->variant, PLAN_NAME_MAX);
	plan->seed = prng_next(random);
	plan->first = prng_next(random) >> prng_below(random, 64);
	plan->arm = (int)prng_below(random, 20) - 1;
	plan->status_matters = prng_below(random, 2);
	plan->leaks_matter = prng_below(random, 2);
	plan->place = prng_below(random, 2) ? (uint32_t)prng_next(random) : 0;
	for (uint64_t n = prng_below(random, 2) * prng_below(random, 8); n-- > 0;) {
		char word[ARGS_MAX / 8] = "";

		if (prng_below(random, 4))
			word_random(random, word, sizeof word);
		args_add(&plan->args, word);
	}
	if (prng_below(random, 2))
		plan->rule_count = (unsigned)prng_below(random, PLAN_RULES_MAX + 1);
	plan->replay = prng_below(random, 2);
	if (plan->replay) {
		/* Both at their longest would not fit. */
		size_t most = plan->rule_count ? BESIDE_RULES : PLAN_SCHEDULE_MAX;
		size_t length = prng_below(random, prng_below(random, 2) ? 20 : most);

		plan->build = (uint32_t)(prng_next(random) >> (32 + prng_below(random, 32)));
		while (length--)
			plan->schedule[length] = letters[prng_below(random, sizeof letters - 1)];
	}
	for (unsigned i = 0; i < plan->rule_count; i++)
		for (size_t k = 1 + prng_below(random, PLAN_RULE_MAX - 1); k-- > 0;)
			plan->rules[i][k] = (char)(' ' + prng_below(random, 95));
}

static void every_plan_comes_back(void **unused)
{
	uint64_t random = 7;
	char token[PLAN_TOKEN_MAX];
	struct plan plan, back;
	const char *why;

	(void)unused;
	for (int round = 0; round < ROUNDS; round++) {
		plan_random(&random, &plan);
		assert_int_equal(token_encode(&plan, token, sizeof token), 0);
		assert_int_equal(token_decode(token, &back, &why), 0);
		assert_memory_equal(&plan, &back, sizeof plan);
		assert_null(strpbrk(token, " '\"*?$&|;<>()[]{}\\`!~#\n"));
	}
}

static void a_damaged_token_is_refused(void **unused)
{
	uint64_t random = 11;
	char token[PLAN_TOKEN_MAX], damaged[PLAN_TOKEN_MAX];
	struct plan plan;
	const char *why;

	(void)unused;
	for (int round = 0; round < ROUNDS; round++) {
		size_t length, at;

		plan_random(&random, &plan);
		assert_int_equal(token_encode(&plan, token, sizeof token), 0);
		length = strlen(token);
		at = prng_below(&random, length);
		strcpy(damaged, token);
		damaged[at] = damaged[at] == 'x' ? 'y' : 'x';
		assert_int_not_equal(token_decode(damaged, &plan, &why), 0);
		assert_true(strlen(why) > 0);
		token[at] = '\0';
		assert_int_not_equal(token_decode(token, &plan, &why), 0);
	}
}

static void a_small_buffer_is_refused(void **unused)
{
	uint64_t random = 3;
	char token[16];
	struct plan plan;

	(void)unused;
	plan_random(&random, &plan);
	assert_int_not_equal(token_encode(&plan, token, sizeof token), 0);
}

/* A token that does not fit is an error, and is not cut short. */
static void what_does_not_fit_is_refused(void **unused)
{
	char token[PLAN_TOKEN_MAX];
	struct plan plan = {.engine = "explore", .scenario = "s", .variant = "v", .replay = true};

	(void)unused;
	memset(plan.schedule, 'A', sizeof plan.schedule - 1);
	assert_int_equal(token_encode(&plan, token, sizeof token), 0);
	plan.rule_count = PLAN_RULES_MAX;
	for (unsigned i = 0; i < PLAN_RULES_MAX; i++)
		memset(plan.rules[i], 'r', PLAN_RULE_MAX - 1);
	assert_int_equal(token_encode(&plan, token, sizeof token), -ENOSPC);
	plan.replay = false;
	assert_int_equal(token_encode(&plan, token, sizeof token), 0);
}

static void every_plan_comes_back_from_json(void **unused)
{
	uint64_t random = 5;
	struct plan plan, back;

	(void)unused;
	for (int round = 0; round < ROUNDS / 10; round++) {
		char *line;

		plan_random(&random, &plan);
		plan.place = 0; /* only tokens have it */
		plan.budget_ms = (unsigned)prng_below(&random, 1000000);
		plan.effort.executions = prng_next(&random) >> prng_below(&random, 64);
		plan.effort.ms = (unsigned)prng_below(&random, 1000000);
		plan.keep_going = prng_below(&random, 2);
		word_random(&random, plan.strategy, PLAN_NAME_MAX);
		plan.preemptions_max = (unsigned)prng_below(&random, 100);
		plan.sampled = prng_below(&random, 2);
		plan.races_off = prng_below(&random, 2);
		plan.first_only = prng_below(&random, 2);
		plan.stop_at = prng_next(&random) >> prng_below(&random, 64);
		line = plan_encode(&plan);
		assert_non_null(line);
		assert_int_equal(plan_decode(line, &back), 0);
		assert_memory_equal(&plan, &back, sizeof plan);
		free(line);
	}
}

static void an_effort_is_executions_and_time(void **state)
{
	const struct effort none = {0, 0}, effort = {100, 2};

	(void)state;
	assert_false(effort_made(&none, UINT64_MAX, UINT64_MAX));
	assert_false(effort_made(&effort, 99, UINT64_MAX));
	assert_false(effort_made(&effort, UINT64_MAX, 1999999));
	assert_true(effort_made(&effort, 100, 2000000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_plan_comes_back),
		cmocka_unit_test(a_damaged_token_is_refused),
		cmocka_unit_test(a_small_buffer_is_refused),
		cmocka_unit_test(what_does_not_fit_is_refused),
		cmocka_unit_test(every_plan_comes_back_from_json),
		cmocka_unit_test(an_effort_is_executions_and_time),
	};

	return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
