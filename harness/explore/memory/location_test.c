/*
 * location_test.c - compares races with happens-before by its definition: a graph of all events, in
 * which every pair of accesses is compared.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "location.h"
#include "scheduler.h"
#include "prng.h"

enum {
	ROUNDS = 30000,
	FORGET = 100, /* rounds after which the users of locations are forgotten */
	ACTORS = 4,
	WORDS = 3,
	BYTES = 8 * WORDS,
	EVENTS = 64, /* per round; one bit each */
	BASE = 0x10000,
};

struct event {
	enum { ACCESS, RELEASE, ACQUIRE } what;
	unsigned actor, at, size;
	enum location_access kind;
	uint64_t before; /* bit set of the events that happened before it, including itself */
};

/* The engine's side. */
static unsigned numbers[ACTORS] = {0, 1, 2, 3}; /* of the actors, in clocks and sets */
static struct vector_clock now[ACTORS], handed_over;
static uint32_t execution;

/* The reference's side: the actors that ever read and wrote a location, by its bytes. */
static struct used {
	bool any;
	uint32_t reads, writes;
} used[BYTES][9];

static void forget_all(void)
{
	location_reset();
	memset(used, 0, sizeof used);
}

static void execution_begin(void)
{
	location_renew(++execution);
	clock_clear(&handed_over);
	for (unsigned i = 0; i < ACTORS; i++) {
		clock_clear(&now[i]);
		*clock_of(&now[i], numbers[i]) = 1;
	}
}

static struct event event_random(uint64_t *random)
{
	struct event event = {.actor = (unsigned)prng_below(random, ACTORS)};

	if (prng_below(random, 3) == 0) {
		event.what = prng_below(random, 2) ? RELEASE : ACQUIRE;
		return event;
	}
	event.kind = (enum location_access)prng_below(random, 4);
	event.size = 1u << prng_below(random, 4);
	event.at = 8 * (unsigned)prng_below(random, WORDS) +
		   (unsigned)prng_below(random, 8 - event.size + 1);
	return event;
}

/*
 * Happens-before by definition: each actor's own order, and each release before each later acquire;
 * transitive.
 */
static void event_order(struct event *events, unsigned number)
{
	struct event *event = &events[number];

	event->before = 1ull << number;
	for (unsigned i = 0; i < number; i++)
		if (events[i].actor == event->actor ||
			(events[i].what == RELEASE && event->what == ACQUIRE))
			event->before |= events[i].before;
}

static bool overlap(unsigned at, unsigned size, unsigned other, unsigned other_size)
{
	return at < other + other_size && other < at + size;
}

static bool event_races(const struct event *events, unsigned number)
{
	const struct event *event = &events[number];

	for (unsigned i = 0; i < number; i++)
		if (events[i].what == ACCESS && events[i].actor != event->actor &&
			overlap(events[i].at, events[i].size, event->at, event->size) &&
			(events[i].kind | event->kind) & LOCATION_IS_WRITE &&
			!(events[i].kind & event->kind & LOCATION_IS_ATOMIC) &&
			!(event->before >> i & 1))
			return true;
	return false;
}

static void used_note(const struct event *event)
{
	struct used *use = &used[event->at][event->size];

	use->any = true;
	if (event->kind & LOCATION_IS_WRITE)
		use->writes |= 1u << event->actor;
	else
		use->reads |= 1u << event->actor;
}

/* A location is shared when two actors use locations that overlap it, and one of them writes. */
static bool shared(unsigned at, unsigned size)
{
	uint32_t reads = 0, writes = 0;

	for (unsigned other = 0; other < BYTES; other++)
		for (unsigned length = 1; length <= 8; length *= 2)
			if (overlap(at, size, other, length)) {
				reads |= used[other][length].reads;
				writes |= used[other][length].writes;
			}
	return writes && __builtin_popcount(reads | writes) > 1;
}

/* Let the engine see the event. Returns whether the engine reports a race. */
static bool event_play(const struct event *event)
{
	struct vector_clock *mine = &now[event->actor];
	unsigned actor = numbers[event->actor];
	struct location *location;

	if (event->what == RELEASE) {
		clock_join(&handed_over, mine);
		clock_tick(mine, numbers[event->actor]);
		return false;
	}
	if (event->what == ACQUIRE) {
		clock_join(mine, &handed_over);
		return false;
	}
	location = location_at(BASE + event->at, event->size);
	location_used(location, actor, event->kind);
	used_note(event);
	return location->overlaps ? location_races_overlapping(location, actor, mine, event->kind)
				  : location_races(location, actor, mine, event->kind);
}

static void no_false_alarm_and_no_miss(void **unused)
{
	static struct event events[EVENTS];
	uint64_t random = 1;
	unsigned races = 0, clean = 0;

	(void)unused;
	for (int round = 0; round < ROUNDS; round++) {
		if (round % FORGET == 0)
			forget_all();
		execution_begin();
		for (unsigned i = 0; i < EVENTS; i++) {
			bool want, got;

			events[i] = event_random(&random);
			event_order(events, i);
			want = events[i].what == ACCESS && event_races(events, i);
			got = event_play(&events[i]);
			assert_int_equal(got, want);
			races += want;
			clean += !want;
		}
	}
	/* There were enough of both for the comparison to mean something. */
	assert_true(races > ROUNDS && clean > ROUNDS);
}

/* The clocks have grown in a process in which the first executions had few actors. */
static void nor_with_actors_in_different_blocks(void **unused)
{
	static const unsigned far[ACTORS] = {0, CLOCK_BLOCK - 1, CLOCK_BLOCK, CLOCK_ACTORS - 1};

	memcpy(numbers, far, sizeof numbers);
	clock_grow(CLOCK_ACTORS - 1);
	no_false_alarm_and_no_miss(unused);
}

/* Checked after each of the first events, when sharing begins, and over many executions. */
static void sharing_is_remembered_across_executions(void **unused)
{
	uint64_t random = 2;
	uint32_t before = 0;

	(void)unused;
	for (int round = 0; round < ROUNDS / 10; round++) {
		if (round % FORGET == 0) {
			forget_all();
			before = scheduler.space;
		}
		execution_begin();
		for (int i = 0; i < 4; i++) {
			struct event event = event_random(&random);

			event_play(&event);
			if (event.what != ACCESS)
				continue;
			for (unsigned at = 0; at < BYTES; at++)
				for (unsigned size = 1; size <= 8; size *= 2)
					if (used[at][size].any)
						assert_int_equal(
							location_at(BASE + at, size)->shared,
							shared(at, size));
			assert_true(scheduler.space >= before);
			before = scheduler.space;
		}
	}
}

static void a_new_execution_forgets_when_and_keeps_who(void **unused)
{
	struct location *location;

	(void)unused;
	forget_all();
	execution_begin();
	location = location_at(BASE, 4);
	location_used(location, numbers[0], LOCATION_WRITE);
	assert_false(location_races(location, numbers[0], &now[0], LOCATION_WRITE));
	location_used(location, numbers[1], LOCATION_READ);
	assert_true(location_races(location, numbers[1], &now[1], LOCATION_READ));
	assert_true(location->shared);
	location->watchers = 1;
	location_release(location, &now[0], false);

	execution_begin();
	assert_ptr_equal(location_at(BASE, 4), location);
	assert_false(location_races(location, numbers[1], &now[1], LOCATION_READ));
	assert_true(location->shared);
	assert_int_equal(location->watchers, 0);
	assert_false(block_beyond(location->first.released, (clock_block){0}));

	/* An overlapping location's accesses in the last execution do not count either. */
	execution_begin();
	location_races(location, numbers[0], &now[0], LOCATION_WRITE);
	execution_begin();
	location = location_at(BASE + 2, 1);
	location_used(location, numbers[1], LOCATION_WRITE);
	assert_true(location->overlaps);
	assert_false(location_races_overlapping(location, numbers[1], &now[1], LOCATION_WRITE));
}

static void all_actors_have_a_bit(void **unused)
{
	(void)unused;
	for (unsigned actor = 1; actor < CLOCK_ACTORS; actor++) {
		struct location *location;

		forget_all();
		execution_begin();
		location = location_at(BASE, 8);
		location_used(location, 0, LOCATION_READ);
		location_used(location, actor, LOCATION_READ);
		assert_false(location->shared);
		location_used(location, actor, LOCATION_WRITE);
		assert_true(location->shared);
	}
}

/*
 * Locations beyond the table's capacity cost races but no decisions, and no race is reported
 * falsely.
 */
static void a_full_table_invents_nothing(void **unused)
{
	uintptr_t address = BASE;
	struct location *location;
	uint32_t space;

	(void)unused;
	forget_all();
	execution_begin();
	while (location_at(address, 8) != &location_table.overflow)
		address += 8;
	assert_true(
		location_table.used >= LOCATION_COUNT / 2 && location_table.used < LOCATION_COUNT);
	assert_ptr_not_equal(location_at(BASE, 8), &location_table.overflow);

	location = location_at(address + 8, 8);
	assert_ptr_equal(location, &location_table.overflow);
	location_used(location, numbers[0], LOCATION_WRITE);
	assert_false(location_races(location, numbers[0], &now[0], LOCATION_WRITE));
	location = location_at(address + 16, 8);
	location_used(location, numbers[1], LOCATION_WRITE);
	assert_false(location_races(location, numbers[1], &now[1], LOCATION_WRITE));
	assert_true(location->shared); /* every step there may be a decision: none is left out */

	/* The next execution uses the same locations and learns nothing new. */
	space = scheduler.space;
	execution_begin();
	assert_ptr_equal(location_at(address, 8), &location_table.overflow);
	assert_true(scheduler.space == space);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_false_alarm_and_no_miss),
		cmocka_unit_test(nor_with_actors_in_different_blocks),
		cmocka_unit_test(sharing_is_remembered_across_executions),
		cmocka_unit_test(a_new_execution_forgets_when_and_keeps_who),
		cmocka_unit_test(all_actors_have_a_bit),
		cmocka_unit_test(a_full_table_invents_nothing),
	};

	return cmocka_run_group_tests_name("place", tests, NULL, NULL);
}
