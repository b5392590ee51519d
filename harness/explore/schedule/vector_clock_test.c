/* vector_clock_test.c - vectors of clocks are a lattice: join is its least upper bound. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "actor_set.h"
#include "prng.h"

enum { ROUNDS = 20000 /* for each number of blocks */ };

/* Components close together, so that every order of two occurs; now and then near CLOCK_END. */
static struct vector_clock clock_random(uint64_t *random)
{
	struct vector_clock clock = {0};
	int16_t base = prng_below(random, 4) ? 0 : CLOCK_END - 2;

	for (unsigned i = 0; i < clock_actors(); i++)
		*clock_of(&clock, i) = (int16_t)(base + (int)prng_below(random, 3));
	return clock;
}

static struct vector_clock joined(struct vector_clock a, struct vector_clock b)
{
	clock_join(&a, &b);
	return a;
}

/* By definition: no component is greater, also of those that are not in use. */
static bool at_most(struct vector_clock a, struct vector_clock b)
{
	for (unsigned i = 0; i < CLOCK_ACTORS; i++)
		if (clock_at(&a, i) > clock_at(&b, i))
			return false;
	return true;
}

static bool same(struct vector_clock a, struct vector_clock b)
{
	return at_most(a, b) && at_most(b, a);
}

static void join_is_the_least_upper_bound(uint64_t *random)
{
	struct vector_clock a = clock_random(random), b = clock_random(random), above = {0};
	struct vector_clock join = joined(a, b);

	assert_true(at_most(a, join));
	assert_true(at_most(b, join));
	for (unsigned i = 0; i < CLOCK_ACTORS; i++) {
		int16_t one = clock_at(&a, i), other = clock_at(&b, i);
		int16_t *bound = clock_of(&above, i);

		assert_true(clock_at(&join, i) == one || clock_at(&join, i) == other);
		*bound = one > other ? one : other;
		*bound += (int16_t)(*bound < CLOCK_END && prng_below(random, 2));
	}
	assert_true(at_most(join, above));
}

static void join_is_commutative_associative_and_idempotent(uint64_t *random)
{
	struct vector_clock a = clock_random(random), b = clock_random(random),
			    c = clock_random(random), zero = {0};

	assert_true(same(joined(a, b), joined(b, a)));
	assert_true(same(joined(joined(a, b), c), joined(a, joined(b, c))));
	assert_true(same(joined(a, a), a));
	assert_true(same(joined(a, zero), a));
}

static bool any_block_beyond(const struct vector_clock *past, const struct vector_clock *now)
{
	for (unsigned i = 0; i < clock_blocks; i++)
		if (block_beyond(past->blocks[i], now->blocks[i]))
			return true;
	return false;
}

static void beyond_is_not_at_most(uint64_t *random)
{
	struct vector_clock a = clock_random(random), b = clock_random(random);
	struct vector_clock join = joined(a, b), one = b;

	assert_int_equal(any_block_beyond(&a, &b), !at_most(a, b));
	assert_false(any_block_beyond(&a, &join));
	/* A single component decides, wherever it is. */
	*clock_of(&one, (unsigned)prng_below(random, clock_actors())) = CLOCK_END;
	assert_int_equal(any_block_beyond(&one, &b), !same(one, b));
}

static void copied_and_cleared_as_far_as_in_use(uint64_t *random)
{
	struct vector_clock a = clock_random(random), b = clock_random(random), zero = {0};

	clock_copy(&a, &b);
	assert_true(same(a, b));
	assert_int_equal(clock_any(&a), !same(a, zero));
	clock_clear(&a);
	assert_true(same(a, zero));
	assert_false(clock_any(&a));
}

static void (*const properties[])(uint64_t *random) = {
	join_is_the_least_upper_bound,
	join_is_commutative_associative_and_idempotent,
	beyond_is_not_at_most,
	copied_and_cleared_as_far_as_in_use,
};

static void clocks_are_a_lattice_with_any_number_of_actors(void **unused)
{
	uint64_t random = 1;

	(void)unused;
	for (unsigned actors = CLOCK_BLOCK; actors <= CLOCK_ACTORS; actors += CLOCK_BLOCK) {
		clock_grow(actors - 1);
		assert_int_equal(clock_actors(), actors);
		clock_grow(0); /* never shrinks */
		assert_int_equal(clock_actors(), actors);
		for (int round = 0; round < ROUNDS; round++)
			for (size_t i = 0; i < sizeof properties / sizeof *properties; i++)
				properties[i](&random);
	}
}

static void a_tick_is_the_actors_own_and_stops_at_the_end(void **unused)
{
	(void)unused;
	for (unsigned actor = 0; actor < CLOCK_ACTORS; actor += CLOCK_BLOCK - 1) {
		struct vector_clock clock = {0}, before;

		for (int ticks = 1; ticks <= CLOCK_END + 3; ticks++) {
			before = clock;
			clock_tick(&clock, actor);
			assert_int_equal(
				clock_at(&clock, actor), ticks < CLOCK_END ? ticks : CLOCK_END);
			*clock_of(&before, actor) = clock_at(&clock, actor);
			assert_true(same(before, clock));
		}
	}
}

/* A set as an array of flags. */
static void sets_have_every_actor(void **unused)
{
	bool flags[CLOCK_ACTORS] = {false};
	actor_set set = 0;
	uint64_t random = 2;

	(void)unused;
	for (int round = 0; round < ROUNDS; round++) {
		unsigned actor = (unsigned)prng_below(&random, CLOCK_ACTORS), total = 0, first;

		flags[actor] = !flags[actor];
		set ^= actor_one(actor);
		for (unsigned i = 0; i < CLOCK_ACTORS; i++) {
			assert_int_equal(actor_in(set, i), flags[i]);
			total += flags[i];
		}
		assert_int_equal(actor_total(set), total);
		for (first = 0; first < CLOCK_ACTORS && !flags[first];)
			first++;
		if (set)
			assert_int_equal(actor_first(set), first);
		else
			assert_int_equal(first, CLOCK_ACTORS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clocks_are_a_lattice_with_any_number_of_actors),
		cmocka_unit_test(a_tick_is_the_actors_own_and_stops_at_the_end),
		cmocka_unit_test(sets_have_every_actor),
	};

	return cmocka_run_group_tests_name("vector_clock", tests, NULL, NULL);
}
