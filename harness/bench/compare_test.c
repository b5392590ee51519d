/* compare_test.c - quartiles, crossings and repaid set-ups whose truth is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "compare.h"

enum { MOST = 8 };

/* Compared as whole thousandths: no figure here has smaller parts. */
static void same(double got, double expected)
{
	assert_int_equal((int64_t)(got * 1000 + (got < 0 ? -.5 : .5)),
		(int64_t)(expected * 1000 + (expected < 0 ? -.5 : .5)));
}

static void quartiles_lie_between_values(void **unused)
{
	double odd[] = {9, 1, 5, 3, 7}, even[] = {4, 1, 3, 2}, one[] = {6}, two[] = {10, 20};
	struct spread spread = spread_of(odd, 5);

	(void)unused;
	same(spread.low, 3);
	same(spread.median, 5);
	same(spread.high, 7);
	spread = spread_of(even, 4);
	same(spread.low, 1.75);
	same(spread.median, 2.5);
	same(spread.high, 3.25);
	spread = spread_of(one, 1);
	same(spread.low, 6);
	same(spread.median, 6);
	same(spread.high, 6);
	spread = spread_of(two, 2);
	same(spread.low, 12.5);
	same(spread.median, 15);
	same(spread.high, 17.5);
}

/* One letter per size: what `a` is to a `b` of 100: < below, = even, > above, - one is missing. */
static struct crossing cross(const char *letters)
{
	struct spread a[MOST] = {{0}}, b[MOST] = {{0}};
	size_t count = 0;

	for (; letters[count]; count++) {
		double middle = letters[count] == '<' ? 50 : letters[count] == '>' ? 150 : 101;

		b[count] = (struct spread){95, 100, 105};
		if (letters[count] != '-')
			a[count] = (struct spread){middle - 5, middle, middle + 5};
	}
	return crossing_find(a, b, count);
}

static void crosses(const char *letters, enum crossing_kind kind, size_t first, size_t last)
{
	struct crossing crossing = cross(letters);

	assert_int_equal(crossing.kind, kind);
	if (crossing.below) {
		assert_int_equal(crossing.first, first);
		assert_int_equal(crossing.last, last);
	}
}

static void crossings_are_found(void **unused)
{
	(void)unused;
	crosses("", CROSSING_NOTHING, 0, 0);
	crosses("---", CROSSING_NOTHING, 0, 0);
	crosses("<<<<", CROSSING_ALWAYS, 0, 3);
	crosses(">>>>", CROSSING_NEVER, 0, 0);
	crosses(">>=<", CROSSING_FROM, 3, 3);
	crosses(">><<", CROSSING_FROM, 2, 3);
	crosses("<<=>", CROSSING_UP_TO, 0, 1);
	crosses("<><>", CROSSING_AT, 0, 2);
	crosses("><<>", CROSSING_AT, 1, 2);
	crosses("<=<<", CROSSING_AT, 0, 3);
}

static void even_is_not_below(void **unused)
{
	struct crossing crossing = cross("==>=");

	(void)unused;
	assert_int_equal(crossing.kind, CROSSING_NEVER);
	assert_int_equal(crossing.even, 3);
	assert_int_equal(crossing.above, 1);
	assert_int_equal(crossing.below, 0);
}

static void what_one_of_them_lacks_does_not_count(void **unused)
{
	struct crossing crossing = cross("=<<--");

	(void)unused;
	assert_int_equal(crossing.kind, CROSSING_FROM);
	assert_int_equal(crossing.below + crossing.even + crossing.above, 3);
	crosses("<<--", CROSSING_ALWAYS, 0, 1);
	crosses("--<<", CROSSING_ALWAYS, 2, 3);
}

static void set_ups_are_repaid(void **unused)
{
	(void)unused;
	same(messages_until_repaid(100, 1, 50, 2), 50);
	same(messages_until_repaid(100, 1, 50, 1.3), 167); /* 166.7: the last one counts whole */
	same(messages_until_repaid(50, 9, 50, 1), 0);
	same(messages_until_repaid(10, 9, 50, 1), 0);
	same(messages_until_repaid(100, 2, 50, 2), -1);
	same(messages_until_repaid(100, 3, 50, 2), -1);
	assert_true(messages_until_repaid(1e18, 1, 0, 1.000001) > 1e15);
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(quartiles_lie_between_values),
		TEST(crossings_are_found),
		TEST(even_is_not_below),
		TEST(what_one_of_them_lacks_does_not_count),
		TEST(set_ups_are_repaid),
	};

	return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
