/* vector_clock_test.c - vectors of clocks are a lattice: join is its least upper bound. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "vector_clock.h"
#include "prng.h"

enum { ROUNDS = 100000 };

/* Components close together, so that every order of two occurs; now and then near CLOCK_END. */
static clock_vector clock_random(uint64_t *random)
{
	clock_vector clock = {0};
	int16_t base = prng_below(random, 4) ? 0 : CLOCK_END - 2;

	for (unsigned i = 0; i < CLOCK_ACTORS; i++)
		clock[i] = (int16_t)(base + (int)prng_below(random, 3));
	return clock;
}

/* By definition: no component is greater. */
static bool at_most(clock_vector a, clock_vector b)
{
	for (unsigned i = 0; i < CLOCK_ACTORS; i++)
		if (a[i] > b[i])
			return false;
	return true;
}

static bool same(clock_vector a, clock_vector b)
{
	return at_most(a, b) && at_most(b, a);
}

static void join_is_the_least_upper_bound(void **unused)
{
	uint64_t random = 1;

	(void)unused;
	for (int round = 0; round < ROUNDS; round++) {
		clock_vector a = clock_random(&random), b = clock_random(&random), above = {0};
		clock_vector join = clock_join(a, b);

		assert_true(at_most(a, join));
		assert_true(at_most(b, join));
		for (unsigned i = 0; i < CLOCK_ACTORS; i++) {
			assert_true(join[i] == a[i] || join[i] == b[i]);
			above[i] = a[i] > b[i] ? a[i] : b[i];
			above[i] += (int16_t)(above[i] < CLOCK_END && prng_below(&random, 2));
		}
		assert_true(at_most(join, above));
	}
}

static void join_is_commutative_associative_and_idempotent(void **unused)
{
	uint64_t random = 2;

	(void)unused;
	for (int round = 0; round < ROUNDS; round++) {
		clock_vector a = clock_random(&random), b = clock_random(&random),
			     c = clock_random(&random);

		assert_true(same(clock_join(a, b), clock_join(b, a)));
		assert_true(same(clock_join(clock_join(a, b), c), clock_join(a, clock_join(b, c))));
		assert_true(same(clock_join(a, a), a));
		assert_true(same(clock_join(a, (clock_vector){0}), a));
	}
}

static void beyond_is_not_at_most(void **unused)
{
	uint64_t random = 3;

	(void)unused;
	for (int round = 0; round < ROUNDS; round++) {
		clock_vector a = clock_random(&random), b = clock_random(&random);
		clock_vector one = b;

		assert_int_equal(clock_beyond(a, b), !at_most(a, b));
		assert_false(clock_beyond(a, clock_join(a, b)));
		/* A single component decides, wherever it is. */
		one[prng_below(&random, CLOCK_ACTORS)] = CLOCK_END;
		assert_int_equal(clock_beyond(one, b), !same(one, b));
	}
}

static void a_tick_is_the_actors_own_and_stops_at_the_end(void **unused)
{
	(void)unused;
	for (unsigned actor = 0; actor < CLOCK_ACTORS; actor++) {
		clock_vector clock = {0}, before;

		for (int ticks = 1; ticks <= CLOCK_END + 3; ticks++) {
			before = clock;
			clock_tick(&clock, actor);
			assert_int_equal(clock[actor], ticks < CLOCK_END ? ticks : CLOCK_END);
			before[actor] = clock[actor];
			assert_true(same(before, clock));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(join_is_the_least_upper_bound),
		cmocka_unit_test(join_is_commutative_associative_and_idempotent),
		cmocka_unit_test(beyond_is_not_at_most),
		cmocka_unit_test(a_tick_is_the_actors_own_and_stops_at_the_end),
	};

	return cmocka_run_group_tests_name("clock_vector", tests, NULL, NULL);
}
