/*
 * place_test.c - races against happens-before as its definition has it: a graph of all events,
 * every pair of accesses compared.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "place.h"
#include "scheduler.h"
#include "prng.h"

enum {
	ROUNDS = 30000,
	FORGET = 100, /* rounds after which it is forgotten who uses a place */
	ACTORS = 4,
	WORDS = 3,
	BYTES = 8 * WORDS,
	EVENTS = 64, /* of a round; a bit each */
	BASE = 0x10000,
};

struct event {
	enum { ACCESS, RELEASE, ACQUIRE } what;
	unsigned actor, at, size;
	enum place_access kind;
	uint64_t before; /* bit set of the events that happened before it, and itself */
};

/* The engine's side. */
static clock_vector now[ACTORS], handed_over;
static uint32_t execution;

/* The reference's: who ever read and wrote a place, by its bytes. */
static struct used {
	bool any;
	uint32_t reads, writes;
} used[BYTES][9];

static void forget_all(void)
{
	place_reset();
	memset(used, 0, sizeof used);
}

static void execution_begin(void)
{
	place_renew(++execution);
	handed_over = (clock_vector){0};
	for (unsigned i = 0; i < ACTORS; i++) {
		now[i] = (clock_vector){0};
		now[i][i] = 1;
	}
}

static struct event event_random(uint64_t *random)
{
	struct event event = {.actor = (unsigned)prng_below(random, ACTORS)};

	if (prng_below(random, 3) == 0) {
		event.what = prng_below(random, 2) ? RELEASE : ACQUIRE;
		return event;
	}
	event.kind = (enum place_access)prng_below(random, 4);
	event.size = 1u << prng_below(random, 4);
	event.at = 8 * (unsigned)prng_below(random, WORDS) +
		   (unsigned)prng_below(random, 8 - event.size + 1);
	return event;
}

/* The definition: an actor's own order, and from each release to each later acquire; transitive. */
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
			(events[i].kind | event->kind) & PLACE_IS_WRITE &&
			!(events[i].kind & event->kind & PLACE_IS_ATOMIC) &&
			!(event->before >> i & 1))
			return true;
	return false;
}

static void used_note(const struct event *event)
{
	struct used *use = &used[event->at][event->size];

	use->any = true;
	if (event->kind & PLACE_IS_WRITE)
		use->writes |= 1u << event->actor;
	else
		use->reads |= 1u << event->actor;
}

/* A place is shared when two actors use one of its bytes' places, one of them writing. */
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

/* Let the engine see the event; whether it says that it races. */
static bool event_play(const struct event *event)
{
	clock_vector *mine = &now[event->actor];
	struct place *place;

	if (event->what == RELEASE) {
		handed_over = clock_join(handed_over, *mine);
		clock_tick(mine, event->actor);
		return false;
	}
	if (event->what == ACQUIRE) {
		*mine = clock_join(*mine, handed_over);
		return false;
	}
	place = place_at(BASE + event->at, event->size);
	place_used(place, event->actor, event->kind);
	used_note(event);
	return place->overlaps ? place_races_overlapping(place, event->actor, *mine, event->kind)
			       : place_races(place, event->actor, *mine, event->kind);
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
	/* Of both there was enough for the comparison to mean something. */
	assert_true(races > ROUNDS && clean > ROUNDS);
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
						assert_int_equal(place_at(BASE + at, size)->shared,
							shared(at, size));
			assert_true(scheduler.space >= before);
			before = scheduler.space;
		}
	}
}

static void a_new_execution_forgets_when_and_keeps_who(void **unused)
{
	struct place *place;

	(void)unused;
	forget_all();
	execution_begin();
	place = place_at(BASE, 4);
	place_used(place, 0, PLACE_WRITE);
	assert_false(place_races(place, 0, now[0], PLACE_WRITE));
	place_used(place, 1, PLACE_READ);
	assert_true(place_races(place, 1, now[1], PLACE_READ));
	assert_true(place->shared);
	place->watchers = 1;
	place->released = now[0];

	execution_begin();
	assert_ptr_equal(place_at(BASE, 4), place);
	assert_false(place_races(place, 1, now[1], PLACE_READ));
	assert_true(place->shared);
	assert_int_equal(place->watchers, 0);
	assert_false(clock_beyond(place->released, (clock_vector){0}));

	/* An overlapping place's past of the last execution is none, either. */
	execution_begin();
	place_races(place, 0, now[0], PLACE_WRITE);
	execution_begin();
	place = place_at(BASE + 2, 1);
	place_used(place, 1, PLACE_WRITE);
	assert_true(place->overlaps);
	assert_false(place_races_overlapping(place, 1, now[1], PLACE_WRITE));
}

static void all_actors_have_a_bit(void **unused)
{
	(void)unused;
	for (unsigned actor = 1; actor < CLOCK_ACTORS; actor++) {
		struct place *place;

		forget_all();
		execution_begin();
		place = place_at(BASE, 8);
		place_used(place, 0, PLACE_READ);
		place_used(place, actor, PLACE_READ);
		assert_false(place->shared);
		place_used(place, actor, PLACE_WRITE);
		assert_true(place->shared);
	}
}

/* What the table has no room for costs races, not decisions, and invents none. */
static void a_full_table_invents_nothing(void **unused)
{
	uintptr_t address = BASE;
	struct place *place;
	uint32_t space;

	(void)unused;
	forget_all();
	execution_begin();
	while (place_at(address, 8) != &place_table.spare)
		address += 8;
	assert_true(place_table.used >= PLACE_COUNT / 2 && place_table.used < PLACE_COUNT);
	assert_ptr_not_equal(place_at(BASE, 8), &place_table.spare);

	place = place_at(address + 8, 8);
	assert_ptr_equal(place, &place_table.spare);
	place_used(place, 0, PLACE_WRITE);
	assert_false(place_races(place, 0, now[0], PLACE_WRITE));
	place = place_at(address + 16, 8);
	place_used(place, 1, PLACE_WRITE);
	assert_false(place_races(place, 1, now[1], PLACE_WRITE));
	assert_true(place->shared); /* every step there is a decision: none is left out */

	/* The next execution uses the same places; nothing is learned anew. */
	space = scheduler.space;
	execution_begin();
	assert_ptr_equal(place_at(address, 8), &place_table.spare);
	assert_true(scheduler.space == space);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_false_alarm_and_no_miss),
		cmocka_unit_test(sharing_is_remembered_across_executions),
		cmocka_unit_test(a_new_execution_forgets_when_and_keeps_who),
		cmocka_unit_test(all_actors_have_a_bit),
		cmocka_unit_test(a_full_table_invents_nothing),
	};

	return cmocka_run_group_tests_name("place", tests, NULL, NULL);
}
