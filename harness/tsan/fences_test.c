/* fences_test.c - who acquires what, by C17 7.17.4. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "actor.h"
#include "fences.h"

const struct snarl_scenario scenario;

enum { MOMENTS = 64, RELAXED = memory_order_relaxed };

/* In place of TSan's: the addresses of all releases in their order, and which were acquired. */
static struct {
	void *address[MOMENTS];
	bool acquired[MOMENTS];
	unsigned released;
} seen;

void __tsan_release(void *address);
void __tsan_acquire(void *address);

void __tsan_release(void *address)
{
	seen.address[seen.released++] = address;
}

void __tsan_acquire(void *address)
{
	bool known = false;

	for (unsigned i = 0; i < seen.released; i++)
		if (seen.address[i] == address)
			known = seen.acquired[i] = true;
	assert_true(known);
}

static unsigned acquired(void)
{
	unsigned count = 0;

	for (unsigned i = 0; i < seen.released; i++)
		count += seen.acquired[i];
	return count;
}

static int flag, other;

static void load(int *at, int order)
{
	struct fence_visit visit = fences_begin(at, order);

	fences_loaded(&visit, order);
}

static void store(int *at, int order)
{
	struct fence_visit visit = fences_begin(at, order);

	fences_stored(&visit, order);
}

static void exchange(int *at, int order)
{
	struct fence_visit visit = fences_begin(at, order);

	fences_exchanged(&visit, order);
}

/* Each step of a test runs as an actor of its own, on its own thread. */
static struct snarl_actor actors[SNARL_ACTORS_MAX];

static void *step_main(void *step)
{
	static unsigned next;

	actor_self = &actors[next];
	actor_self->index = next++ % SNARL_ACTORS_MAX;
	next %= SNARL_ACTORS_MAX;
	((void (*)(void))step)();
	return NULL;
}

static void as_another(void (*step)(void))
{
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, step_main, (void *)step), 0);
	pthread_join(thread, NULL);
}

static int anew(void **unused)
{
	(void)unused;
	fences_forget();
	seen.released = 0;
	for (unsigned i = 0; i < MOMENTS; i++)
		seen.acquired[i] = false;
	return 0;
}

static void fence_store(void)
{
	fences_passed(memory_order_release);
	store(&flag, RELAXED);
}

static void store_fence(void)
{
	store(&flag, RELAXED);
	fences_passed(memory_order_release);
}

static void fence_store_fence(void)
{
	fence_store();
	fences_passed(memory_order_release);
}

static void release_store(void)
{
	store(&flag, memory_order_release);
}

static void relaxed_store(void)
{
	store(&flag, RELAXED);
}

static void relaxed_exchange(void)
{
	exchange(&flag, RELAXED);
}

static void fence_exchange(void)
{
	fences_passed(memory_order_release);
	exchange(&flag, RELAXED);
}

static void acquire_load(void)
{
	load(&flag, memory_order_acquire);
}

static void load_fence(void)
{
	load(&flag, RELAXED);
	fences_passed(memory_order_acquire);
}

static void fence_load(void)
{
	fences_passed(memory_order_acquire);
	load(&flag, RELAXED);
}

static void other_load_fence(void)
{
	load(&other, RELAXED);
	fences_passed(memory_order_acquire);
}

static void a_message_needs_both_sides(void **unused)
{
	static const struct {
		void (*send)(void), (*receive)(void);
		unsigned released, acquired;
	} trials[] = {
		{fence_store, load_fence, 1, 1},
		{fence_store, acquire_load, 1, 1},
		{release_store, load_fence, 1, 1},
		{release_store, acquire_load, 1, 1},
		{fence_exchange, load_fence, 1, 1},
		{store_fence, load_fence, 1, 0},
		{relaxed_store, load_fence, 0, 0},
		{fence_store, fence_load, 1, 0},
		{fence_store, relaxed_exchange, 1, 0},
		{fence_store, other_load_fence, 1, 0},
	};

	for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
		anew(unused);
		as_another(trials[i].send);
		as_another(trials[i].receive);
		if (seen.released != trials[i].released || acquired() != trials[i].acquired)
			fail_msg("trial %zu: %u released, %u acquired", i, seen.released,
				acquired());
	}
}

static void a_later_fence_is_not_part_of_the_message(void **unused)
{
	(void)unused;
	as_another(fence_store_fence);
	as_another(load_fence);
	assert_int_equal(seen.released, 2);
	assert_true(seen.acquired[0]);
	assert_false(seen.acquired[1]);
}

static void an_exchange_continues_what_a_store_ends(void **unused)
{
	(void)unused;
	as_another(fence_store);
	as_another(relaxed_exchange);
	as_another(fence_exchange);
	as_another(load_fence);
	assert_int_equal(acquired(), 2);
	as_another(fence_store);
	as_another(relaxed_store);
	as_another(load_fence);
	assert_false(seen.acquired[2]);
}

static void a_batch_begins_without_the_last_one(void **unused)
{
	(void)unused;
	as_another(fence_store);
	fences_forget();
	as_another(load_fence);
	assert_int_equal(acquired(), 0);
}

/* More atomics in a cache line than are followed. */
static void crowd(void)
{
	static _Alignas(64) char bytes[64];
	bool full = false;

	fences_passed(memory_order_release);
	for (unsigned i = 0; i < sizeof bytes; i++) {
		struct fence_visit visit = fences_begin(&bytes[i], RELAXED);

		full |= visit.order == memory_order_seq_cst;
		assert_int_equal(visit.order, full ? memory_order_seq_cst : RELAXED);
		fences_stored(&visit, RELAXED);
	}
	assert_true(full);
}

static void what_does_not_fit_is_ordered(void **unused)
{
	(void)unused;
	as_another(crowd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_message_needs_both_sides, anew),
		cmocka_unit_test_setup(a_later_fence_is_not_part_of_the_message, anew),
		cmocka_unit_test_setup(an_exchange_continues_what_a_store_ends, anew),
		cmocka_unit_test_setup(a_batch_begins_without_the_last_one, anew),
		cmocka_unit_test_setup(what_does_not_fit_is_ordered, anew),
	};

	return cmocka_run_group_tests_name("fences", tests, NULL, NULL);
}
