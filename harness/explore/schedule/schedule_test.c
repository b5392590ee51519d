/* schedule_test.c - a schedule survives encoding and decoding; damaged texts are not misread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "prng.h"
#include "schedule.h"

enum {
	ROUNDS = 20000,
	DEVIATIONS = 40,
	LETTERS = 13, /* per deviation, at most: numbers of 18, 7 and 32 bits */
	TEXT_MAX = (SCHEDULE_MAX + 1) * LETTERS,
};

static struct schedule schedule, back;
static char text[TEXT_MAX];

/* Counts grow, as in an execution; now and then they do not, as in a shrinking attempt. */
static void schedule_random(uint64_t *random, unsigned count)
{
	uint32_t now[SCHEDULE_ACTORS_MAX] = {0};

	schedule.count = 0;
	for (unsigned i = 0; i < count; i++) {
		unsigned actor = (unsigned)prng_below(random, SCHEDULE_ACTORS_MAX);
		enum deviation_kind kind = prng_below(random, DEVIATION_KINDS);
		unsigned to = kind == DEVIATION_SWITCH
				      ? (unsigned)prng_below(random, SCHEDULE_ACTORS_MAX)
				      : (unsigned)prng_below(random, UINT16_MAX + 1);

		now[actor] += (uint32_t)(prng_next(random) >> (32 + prng_below(random, 32)));
		schedule_add(&schedule, actor, now[actor], kind, to);
	}
}

static bool same(const struct schedule *a, const struct schedule *b)
{
	if (a->count != b->count)
		return false;
	for (unsigned i = 0; i < a->count; i++)
		if (a->deviations[i].count != b->deviations[i].count ||
			a->deviations[i].actor != b->deviations[i].actor ||
			a->deviations[i].kind != b->deviations[i].kind ||
			a->deviations[i].to != b->deviations[i].to)
			return false;
	return true;
}

/* A damaged text is refused, or decodes to a schedule that survives encoding and decoding. */
static void refused_or_itself(const char *damaged)
{
	static char again[TEXT_MAX];

	if (schedule_decode(damaged, &back) != 0)
		return;
	assert_true(back.count <= SCHEDULE_MAX);
	assert_int_equal(schedule_encode(&back, again, sizeof again), 0);
	assert_int_equal(schedule_decode(again, &schedule), 0);
	assert_true(same(&back, &schedule));
}

static void every_schedule_comes_back(void **unused)
{
	uint64_t random = 1;

	(void)unused;
	for (int round = 0; round < ROUNDS; round++) {
		schedule_random(&random, (unsigned)prng_below(&random, DEVIATIONS));
		assert_int_equal(schedule_encode(&schedule, text, sizeof text), 0);
		assert_int_equal(schedule_decode(text, &back), 0);
		assert_true(same(&schedule, &back));
		assert_null(strpbrk(text, " '\"*?$&|;<>()[]{}\\`!~#.:\n"));
	}
}

static void a_truncated_text_is_refused_or_shorter(void **unused)
{
	uint64_t random = 2;

	(void)unused;
	for (int round = 0; round < ROUNDS; round++) {
		unsigned count = 1 + (unsigned)prng_below(&random, DEVIATIONS);

		schedule_random(&random, count);
		assert_int_equal(schedule_encode(&schedule, text, sizeof text), 0);
		text[prng_below(&random, strlen(text))] = '\0';
		refused_or_itself(text);
		if (schedule_decode(text, &back) == 0)
			assert_true(back.count < count);
	}
}

static void a_garbled_text_is_refused_or_another(void **unused)
{
	uint64_t random = 3;

	(void)unused;
	for (int round = 0; round < ROUNDS; round++) {
		schedule_random(&random, 1 + (unsigned)prng_below(&random, DEVIATIONS));
		assert_int_equal(schedule_encode(&schedule, text, sizeof text), 0);
		for (uint64_t k = 1 + prng_below(&random, 3); k; k--)
			text[prng_below(&random, strlen(text))] =
				(char)(1 + prng_below(&random, 255));
		refused_or_itself(text);
	}
}

static void what_no_schedule_says_is_refused(void **unused)
{
	/* No version; no actor; no count; no such kind; no such actor, twice; a number beyond 32
	 * bits; other letters. */
	static const char *const texts[] = {"", "SA", "SAA", "SDAA", "SAgEA", "SgQAA",
		"SAAggggggggA", "SA.AA", "SA AA", "S\xc3\xa4"};
	/* Texts from before there were versions, and of other versions. */
	static const char *const others[] = {"A", "AA", "QA", "fA", "iBC", "T", "TAAA"};

	(void)unused;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_int_equal(schedule_decode(texts[i], &back), -EINVAL);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_int_equal(schedule_decode(others[i], &back), -EPROTO);
	assert_int_equal(schedule_decode("S", &back), 0);
	assert_int_equal(back.count, 0);
}

/* The buffer has the exact size, so that sanitized test runs see a write beyond it. */
static void a_small_buffer_is_refused(void **unused)
{
	uint64_t random = 4;

	(void)unused;
	for (int round = 0; round < ROUNDS / 100; round++) {
		size_t length;

		schedule_random(&random, (unsigned)prng_below(&random, DEVIATIONS));
		assert_int_equal(schedule_encode(&schedule, text, sizeof text), 0);
		length = strlen(text);
		for (size_t size = 0; size <= length + 1; size++) {
			char *small = malloc(size + !size);

			assert_non_null(small);
			assert_int_equal(schedule_encode(&schedule, small, size),
				size > length ? 0 : -ENOSPC);
			free(small);
		}
	}
}

static void there_is_a_longest_schedule(void **unused)
{
	uint64_t random = 5;
	static struct schedule copy;

	(void)unused;
	schedule_random(&random, SCHEDULE_MAX);
	assert_int_equal(schedule_encode(&schedule, text, sizeof text), 0);
	assert_int_equal(schedule_decode(text, &back), 0);
	assert_true(same(&schedule, &back));
	strcat(text, "AAA"); /* one more */
	assert_int_equal(schedule_decode(text, &back), -EINVAL);

	schedule_add(&schedule, 0, 1, DEVIATION_SWITCH, 1);
	assert_int_equal(schedule.count, SCHEDULE_MAX + 1);
	assert_int_equal(schedule_encode(&schedule, text, sizeof text), -ENOSPC);
	schedule_copy(&copy, &schedule);
	assert_int_equal(copy.count, SCHEDULE_MAX + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_schedule_comes_back),
		cmocka_unit_test(a_truncated_text_is_refused_or_shorter),
		cmocka_unit_test(a_garbled_text_is_refused_or_another),
		cmocka_unit_test(what_no_schedule_says_is_refused),
		cmocka_unit_test(a_small_buffer_is_refused),
		cmocka_unit_test(there_is_a_longest_schedule),
	};

	return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
