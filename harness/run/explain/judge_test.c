/* judge_test.c - what a result means for its variant, by the words of snarl.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "text.h"

/* What a variant declares, and what an engine has shown of it. */
struct trial {
	const char *engine;
	unsigned bug;			/* of the variant */
	const char *race_in, *expected; /* view: what the engine is declared to see, in JSON */
	unsigned verdict, oracle;
	const char *races; /* in JSON */
	enum outcome_word outcome;
	unsigned judged; /* the verdict afterwards */
};

#define SEES(bug) "{\"detection\":\"sees\",\"bug\":\"" bug "\"}"
#define MAY(bug) "{\"detection\":\"may\",\"bug\":\"" bug "\",\"why\":\"by chance\"}"
#define CANNOT "{\"detection\":\"cannot\",\"bug\":\"clean\",\"why\":\"it looks elsewhere\"}"
#define RACE_IN(function)                                                                          \
	"[{\"description\":\"data-race\",\"accesses\":[{\"actor\":\"alice\",\"write\":true,"       \
	"\"variable\":\"n\",\"stack\":[{\"function\":\"" function                                  \
	"\",\"file\":\"s/v.c\",\"line\":3}]},{\"actor\":\"bob\",\"write\":false,\"stack\":["       \
	"{\"function\":\"" function "\",\"file\":\"s/v.c\",\"line\":7}]}]}]"

static void one(const struct trial *trial, struct result *result)
{
	struct plan plan = {0};
	char *expected = format("{\"expect\":{\"%s\":%s}}", trial->engine,
		trial->expected ? trial->expected : "null");
	const struct declaration declared = {.bug = trial->bug, .race_in = trial->race_in};
	struct subject subject = {.scenario = "s",
		.name = "v",
		.declaration = trial->expected ? &declared : NULL,
		.json = json_loads(expected, 0, NULL)};

	assert_non_null(subject.json);
	strcpy(plan.engine, trial->engine);
	*result = result_empty(&plan);
	result->executions = 10;
	result_put(result, "traits",
		json_pack("{s:s, s:s}", "witness", is(trial->engine, "tsan") ? "tsan" : "oracle",
			"order", is(trial->engine, "explore") ? "measured" : "none"));
	result->verdict = trial->verdict;
	result->oracle = trial->oracle;
	if (trial->races) {
		json_t *races = json_loads(trial->races, 0, NULL);

		assert_non_null(races);
		result_put(result, "races", races);
	}
	judge(result, &subject);
	json_decref(subject.json);
	free(expected);
}

static void every_outcome_is_what_was_declared(void **state)
{
	static const struct trial trials[] = {
		/* A race that is declared without its place. */
		{"tsan", SNARL_DATA_RACE | SNARL_CRASH, NULL, SEES("data-race"), 0, 0, RACE_IN("g"),
			OUTCOME_CAUGHT, SNARL_DATA_RACE},
		/* A crash after the declared race, one instead of it, and another one. */
		{"tsan", SNARL_LOST_UPDATE, "f", SEES("data-race"), SNARL_CRASH, 0, RACE_IN("f"),
			OUTCOME_CAUGHT, SNARL_DATA_RACE},
		{"tsan", SNARL_CRASH, "f", SEES("data-race"), SNARL_CRASH, 0, NULL, OUTCOME_CAUGHT,
			SNARL_CRASH},
		{"tsan", SNARL_LOST_UPDATE, "f", SEES("data-race"), SNARL_CRASH, 0, RACE_IN("g"),
			OUTCOME_MISSED, SNARL_DATA_RACE},
		/* A correct variant. */
		{"stress", SNARL_NO_BUG, NULL, SEES("clean"), 0, 0, NULL, OUTCOME_CLEAN, 0},
		{"stress", SNARL_NO_BUG, NULL, SEES("clean"), SNARL_LOST_UPDATE, SNARL_LOST_UPDATE,
			NULL, OUTCOME_FALSE_ALARM, SNARL_LOST_UPDATE},
		{"stress", SNARL_NO_BUG, NULL, SEES("clean"), SNARL_DEADLOCK, 0, NULL,
			OUTCOME_FALSE_ALARM, SNARL_DEADLOCK},
		{"tsan", SNARL_NO_BUG, NULL, SEES("clean"), 0, 0, RACE_IN("f"), OUTCOME_FALSE_ALARM,
			SNARL_DATA_RACE},
		/*
		 * A correct variant in which a detector is known to be wrong, but only for this
		 * kind.
		 */
		{"tsan", SNARL_NO_BUG, NULL, MAY("data-race"), 0, 0, RACE_IN("f"), OUTCOME_CLEAN,
			SNARL_DATA_RACE},
		{"tsan", SNARL_NO_BUG, NULL, MAY("data-race"), SNARL_LOST_UPDATE, SNARL_LOST_UPDATE,
			RACE_IN("f"), OUTCOME_FALSE_ALARM, SNARL_DATA_RACE},
		/* A bug that has to be seen: one of its kinds counts, no other does. */
		{"stress", SNARL_LOST_UPDATE | SNARL_OVERWRITE, NULL, SEES("lost-update|overwrite"),
			SNARL_OVERWRITE, SNARL_OVERWRITE, NULL, OUTCOME_CAUGHT, SNARL_OVERWRITE},
		{"stress", SNARL_LOST_UPDATE, NULL, SEES("lost-update"), 0, 0, NULL, OUTCOME_MISSED,
			0},
		{"stress", SNARL_LOST_UPDATE, NULL, SEES("lost-update"), SNARL_ASSERTION,
			SNARL_ASSERTION, NULL, OUTCOME_MISSED, SNARL_ASSERTION},
		{"stress", SNARL_LOST_UPDATE, NULL, SEES("lost-update"), SNARL_DEADLOCK,
			SNARL_LOST_UPDATE, NULL, OUTCOME_MISSED, SNARL_DEADLOCK},
		/* A race has to be in its function, unless something else that is declared shows.
		 */
		{"tsan", SNARL_LOST_UPDATE, "f", SEES("data-race"), 0, 0, RACE_IN("f"),
			OUTCOME_CAUGHT, SNARL_DATA_RACE},
		{"tsan", SNARL_LOST_UPDATE, "f", SEES("data-race"), 0, 0, RACE_IN("g"),
			OUTCOME_MISSED, SNARL_DATA_RACE},
		{"tsan", SNARL_LOST_UPDATE, "f", SEES("data-race|lost-update"), SNARL_LOST_UPDATE,
			SNARL_LOST_UPDATE, NULL, OUTCOME_CAUGHT, SNARL_LOST_UPDATE},
		/* Without a report of a race, any declared kind counts; beside one elsewhere, none.
		 */
		{"tsan", SNARL_CRASH, "f", SEES("data-race"), SNARL_CRASH, 0, NULL, OUTCOME_CAUGHT,
			SNARL_CRASH},
		{"tsan", SNARL_LOST_UPDATE, "f", SEES("data-race"), SNARL_LOST_UPDATE,
			SNARL_LOST_UPDATE, RACE_IN("g"), OUTCOME_MISSED, SNARL_DATA_RACE},
		{"tsan", SNARL_CRASH, "f", SEES("data-race"), SNARL_DEADLOCK, 0, NULL,
			OUTCOME_MISSED, SNARL_DEADLOCK},
		/* A race where none is declared at all is another bug. */
		{"tsan", SNARL_LOST_ITEM, NULL, SEES("lost-item"), SNARL_LOST_ITEM, SNARL_LOST_ITEM,
			RACE_IN("f"), OUTCOME_FALSE_ALARM, SNARL_DATA_RACE},
		/* explore reports what a race has led to. */
		{"explore", SNARL_LOST_UPDATE, "f", SEES("data-race|lost-update"),
			SNARL_LOST_UPDATE, SNARL_LOST_UPDATE, RACE_IN("f"), OUTCOME_CAUGHT,
			SNARL_LOST_UPDATE},
		{"explore", SNARL_LOST_UPDATE, "f", SEES("data-race|lost-update"), 0, 0,
			RACE_IN("f"), OUTCOME_CAUGHT, SNARL_DATA_RACE},
		/* A bug that may be seen, or cannot be. */
		{"stress", SNARL_STALE_READ, NULL, MAY("stale-read"), 0, 0, NULL, OUTCOME_CLEAN, 0},
		{"stress", SNARL_STALE_READ, NULL, MAY("stale-read"), SNARL_STALE_READ,
			SNARL_STALE_READ, NULL, OUTCOME_CAUGHT, SNARL_STALE_READ},
		{"stress", SNARL_STALE_READ, NULL, CANNOT, 0, 0, NULL, OUTCOME_BLIND, 0},
		{"stress", SNARL_STALE_READ, NULL, CANNOT, SNARL_STALE_READ, SNARL_STALE_READ, NULL,
			OUTCOME_CAUGHT, SNARL_STALE_READ},
		{"tsan", SNARL_STALE_READ, NULL, CANNOT, SNARL_STALE_READ, SNARL_STALE_READ, NULL,
			OUTCOME_BLIND, SNARL_STALE_READ},
	};

	(void)state;
	for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
		struct result result;

		one(&trials[i], &result);
		if (result.outcome != trials[i].outcome || result.verdict != trials[i].judged)
			fail_msg("trial %zu: outcome %d, verdict %x", i, (int)result.outcome,
				result.verdict);
		result_free(&result);
	}
}

static void a_race_is_a_sentence_with_both_places(void **state)
{
	const struct trial trial = {"tsan", SNARL_LOST_UPDATE, "f", SEES("data-race"), 0, 0,
		RACE_IN("f"), OUTCOME_CAUGHT, SNARL_DATA_RACE};
	struct result result;

	(void)state;
	one(&trial, &result);
	assert_string_equal(result.message, "alice writes n (v.c:3) while bob reads it (v.c:7)");
	result_free(&result);
}

static void a_write_by_free_is_the_end_of_a_block(void **state)
{
	const struct trial trial = {"tsan", SNARL_DATA_RACE | SNARL_CRASH, NULL, SEES("data-race"),
		0, 0,
		"[{\"description\":\"data-race\",\"accesses\":[{\"actor\":\"bob\",\"write\":true,"
		"\"stack\":[{\"function\":\"f\",\"file\":\"s/"
		"v.c\",\"line\":3}]},{\"actor\":\"alice\","
		"\"write\":true,\"stack\":[{\"function\":\"free\",\"file\":\"\",\"line\":0},"
		"{\"function\":\"g\",\"file\":\"s/v.c\",\"line\":7}]}]}]",
		OUTCOME_CAUGHT, SNARL_DATA_RACE};
	struct result result;

	(void)state;
	one(&trial, &result);
	assert_string_equal(
		result.message, "bob writes memory (v.c:3) while alice frees it (v.c:7)");
	result_free(&result);
}

static void who_missed_says_in_how_many_executions(void **state)
{
	const struct trial trial = {"stress", SNARL_LOST_UPDATE, NULL, SEES("lost-update"), 0, 0,
		NULL, OUTCOME_MISSED, 0};
	struct result result;

	(void)state;
	one(&trial, &result);
	assert_non_null(strstr(result.message, "10 executions"));
	result_free(&result);
}

static void a_miss_says_which_part_of_the_declaration_did_not_fit(void **state)
{
	static const struct {
		struct trial trial;
		const char *part;
	} misses[] = {
		{{"tsan", SNARL_LOST_UPDATE, "f", SEES("data-race"), 0, 0, RACE_IN("g"),
			 OUTCOME_MISSED, SNARL_DATA_RACE},
			" in f"},
		{{"stress", SNARL_LOST_UPDATE, NULL, SEES("lost-update"), SNARL_CRASH, 0, NULL,
			 OUTCOME_MISSED, SNARL_CRASH},
			"declared: lost-update, seen: crash"},
		{{"tsan", SNARL_LOST_UPDATE, "f", SEES("data-race"), SNARL_HANG, 0, RACE_IN("f"),
			 OUTCOME_MISSED, SNARL_DATA_RACE},
			"hang"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof misses / sizeof *misses; i++) {
		struct result result;

		one(&misses[i].trial, &result);
		assert_int_equal(result.outcome, OUTCOME_MISSED);
		assert_non_null(strstr(result.message, misses[i].part));
		result_free(&result);
	}
}

static void without_a_declaration_any_bug_is_a_finding(void **state)
{
	static const struct trial trials[] = {
		{"stress", 0, NULL, NULL, 0, 0, NULL, OUTCOME_NOTHING, 0},
		{"stress", 0, NULL, NULL, SNARL_DEADLOCK, 0, NULL, OUTCOME_FOUND, SNARL_DEADLOCK},
		{"tsan", 0, NULL, NULL, 0, 0, RACE_IN("f"), OUTCOME_FOUND, SNARL_DATA_RACE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
		struct result result;

		one(&trials[i], &result);
		assert_int_equal(result.outcome, trials[i].outcome);
		assert_int_equal(result.verdict, trials[i].judged);
		result_free(&result);
	}
}

static void nothing_that_ran_is_no_result(void **state)
{
	struct plan plan = {.engine = "stress"};
	const struct declaration declared = {.bug = SNARL_NO_BUG};
	struct subject subject = {.declaration = &declared, .json = json_object()};
	struct result result = result_empty(&plan);

	(void)state;
	judge(&result, &subject);
	assert_true(result.failed_to_run);
	assert_int_equal(result.outcome, OUTCOME_SKIPPED);
	result_free(&result);
	json_decref(subject.json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_outcome_is_what_was_declared),
		cmocka_unit_test(a_race_is_a_sentence_with_both_places),
		cmocka_unit_test(a_write_by_free_is_the_end_of_a_block),
		cmocka_unit_test(who_missed_says_in_how_many_executions),
		cmocka_unit_test(a_miss_says_which_part_of_the_declaration_did_not_fit),
		cmocka_unit_test(without_a_declaration_any_bug_is_a_finding),
		cmocka_unit_test(nothing_that_ran_is_no_result),
	};

	return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
