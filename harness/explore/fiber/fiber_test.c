/* fiber_test.c - fibers preserve the state of a thread, however the thread pointer is written. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fiber.h"
#include "machine.h"
#include "sanitized.h"

enum { SWITCHES = 1000 * 1000, FIBERS = 4, GIVEN = 42 };

/* One in the program's image, one in its zeroed part, one of another alignment. */
static _Thread_local int given = GIVEN;
static _Thread_local long zero;
static _Thread_local _Alignas(64) char aligned[64] = "as the loader left it";

static struct fiber host, fibers[FIBERS];

/* Results of the fibers; asserted on the host, because cmocka's jumps do not cross stacks. */
static struct seen {
	unsigned turns, wrong;
} seen[FIBERS];

static void ways(void (*test)(void))
{
	machine_open(false);
	test();
	machine_open(true);
	test();
}

static int fibers_make(void **unused)
{
	(void)unused;
	machine_open(true);
	fiber_adopt(&host);
	for (int i = 0; i < FIBERS; i++)
		if (fiber_make(&fibers[i]) != 0)
			return -1;
	return 0;
}

static void back_to_host(struct fiber *self)
{
	fiber_switch(self, &host);
}

static void count_turns(void *argument)
{
	struct seen *mine = argument;

	for (;;) {
		mine->turns++;
		back_to_host(&fibers[mine - seen]);
	}
}

static void switch_often(void)
{
	seen[0] = (struct seen){0, 0};
	fiber_begin(&fibers[0], count_turns, &seen[0]);
	for (int i = 0; i < SWITCHES; i++)
		fiber_switch(&host, &fibers[0]);
	assert_int_equal(seen[0].turns, SWITCHES);
}

static void back_and_forth_a_million_times(void **unused)
{
	(void)unused;
	SKIP_WHERE_SANITIZED();
	ways(switch_often);
}

/*
 * More numbers than there are callee-saved registers, each live across a switch and opaque to the
 * compiler, so that it must keep them. Returns whether any has changed.
 */
static unsigned registers_survive(struct fiber *from, struct fiber *to, uint64_t seed)
{
	uint64_t a = seed, b = seed * 3, c = seed * 5, d = seed * 7, e = seed * 11, f = seed * 13,
		 g = seed * 17, h = seed * 19, i = seed * 23, k = seed * 29, l = seed * 31;
	double x = (double)seed, y = x / 3, z = x / 7;

	__asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+r"(f));
	__asm__ volatile("" : "+r"(g), "+r"(h), "+r"(i), "+r"(k), "+r"(l));
	fiber_switch(from, to);
	__asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+r"(f));
	__asm__ volatile("" : "+r"(g), "+r"(h), "+r"(i), "+r"(k), "+r"(l));
	return a != seed || b != seed * 3 || c != seed * 5 || d != seed * 7 || e != seed * 11 ||
	       f != seed * 13 || g != seed * 17 || h != seed * 19 || i != seed * 23 ||
	       k != seed * 29 || l != seed * 31 || y != (double)seed / 3 || z != (double)seed / 7;
}

static void keep_registers(void *argument)
{
	struct seen *mine = argument;
	struct fiber *self = &fibers[mine - seen];

	for (uint64_t seed = (uint64_t)(mine - seen) + 1000;; seed += 7) {
		mine->wrong += registers_survive(self, &host, seed * 0x9e3779b97f4a7c15u >> 20);
		mine->turns++;
	}
}

static void switch_with_full_registers(void)
{
	unsigned wrong = 0;

	for (int i = 0; i < FIBERS; i++) {
		seen[i] = (struct seen){0, 0};
		fiber_begin(&fibers[i], keep_registers, &seen[i]);
	}
	for (uint64_t i = 0; i < 40000; i++)
		wrong += registers_survive(&host, &fibers[i * 7 / 3 % FIBERS], i << 30 | i);
	assert_int_equal(wrong, 0);
	for (int i = 0; i < FIBERS; i++) {
		assert_true(seen[i].turns > 1000);
		assert_int_equal(seen[i].wrong, 0);
	}
}

static void callee_saved_state_survives(void **unused)
{
	(void)unused;
	SKIP_WHERE_SANITIZED();
	ways(switch_with_full_registers);
}

static void keep_a_threads_own(void *argument)
{
	struct seen *mine = argument;
	struct fiber *self = &fibers[mine - seen];
	int number = 100 + (int)(mine - seen);

	mine->wrong += given != GIVEN || zero != 0 || aligned[0] != 'a';
	for (;; number += FIBERS) {
		errno = number;
		given = number + 1;
		zero = number + 2;
		aligned[1] = (char)number;
		back_to_host(self);
		mine->wrong += errno != number || given != number + 1 || zero != number + 2 ||
			       aligned[1] != (char)number;
		mine->wrong += !pthread_equal(pthread_self(), self->handle);
		mine->wrong += (uintptr_t)&number < self->bottom || (uintptr_t)&number >= self->top;
		/* State that libc keeps per thread: */
		free(malloc((size_t)number));
		mine->turns++;
	}
}

static void switch_between_threads_own(void)
{
	pthread_t self = pthread_self();

	errno = 1;
	given = 2;
	zero = 3;
	for (int i = 0; i < FIBERS; i++) {
		seen[i] = (struct seen){0, 0};
		fiber_begin(&fibers[i], keep_a_threads_own, &seen[i]);
	}
	for (int i = 0; i < 4000; i++)
		fiber_switch(&host, &fibers[i * 7 / 3 % FIBERS]);
	assert_int_equal(errno, 1);
	assert_int_equal(given, 2);
	assert_int_equal(zero, 3);
	assert_true(pthread_equal(pthread_self(), self));
	for (int i = 0; i < FIBERS; i++) {
		assert_true(seen[i].turns > 100);
		assert_int_equal(seen[i].wrong, 0);
		assert_false(pthread_equal(fibers[i].handle, self));
	}
}

static void each_fiber_has_its_own_of_what_a_thread_has(void **unused)
{
	(void)unused;
	SKIP_WHERE_SANITIZED();
	ways(switch_between_threads_own);
}

static void spoil(void *argument)
{
	struct seen *mine = argument;

	mine->wrong += given != GIVEN || zero != 0 || aligned[0] != 'a' || aligned[63] != 0;
	mine->turns++;
	given = 0;
	zero = -1;
	aligned[0] = aligned[63] = 'z';
	back_to_host(&fibers[mine - seen]);
	mine->wrong++; /* never resumed */
}

static void a_begun_fiber_has_its_locals_as_they_were(void **unused)
{
	(void)unused;
	SKIP_WHERE_SANITIZED();
	seen[1] = (struct seen){0, 0};
	for (int i = 0; i < 1000; i++) {
		fiber_begin(&fibers[1], spoil, &seen[1]);
		fiber_switch(&host, &fibers[1]);
	}
	assert_int_equal(seen[1].turns, 1000);
	assert_int_equal(seen[1].wrong, 0);
}

static void chain(void *argument)
{
	struct seen *mine = argument;
	unsigned number = (unsigned)(mine - seen);

	for (;;) {
		mine->turns++;
		fiber_switch(&fibers[number], number + 1 < FIBERS ? &fibers[number + 1] : &host);
	}
}

static void fibers_switch_to_each_other(void **unused)
{
	(void)unused;
	SKIP_WHERE_SANITIZED();
	for (int i = 0; i < FIBERS; i++) {
		seen[i] = (struct seen){0, 0};
		fiber_begin(&fibers[i], chain, &seen[i]);
	}
	for (int i = 0; i < 1000; i++)
		fiber_switch(&host, &fibers[0]);
	for (int i = 0; i < FIBERS; i++)
		assert_int_equal(seen[i].turns, 1000);
}

static void leave(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)info;
	fiber_escape(context, &host);
}

static void be_left(void *argument)
{
	struct seen *mine = argument;

	mine->turns++;
	syscall(SYS_tgkill, getpid(), gettid(), SIGUSR1);
	mine->wrong++;
}

static void escape_often(void)
{
	seen[2] = (struct seen){0, 0};
	given = 7;
	for (int i = 0; i < 1000; i++) {
		fiber_begin(&fibers[2], be_left, &seen[2]);
		fiber_switch(&host, &fibers[2]);
	}
	assert_int_equal(seen[2].turns, 1000);
	assert_int_equal(seen[2].wrong, 0);
	assert_int_equal(given, 7);
}

static void a_signal_handler_leaves_a_fiber(void **unused)
{
	struct sigaction before, action = {.sa_sigaction = leave, .sa_flags = SA_SIGINFO};

	(void)unused;
	SKIP_WHERE_SANITIZED();
	sigaction(SIGUSR1, &action, &before);
	ways(escape_often);
	sigaction(SIGUSR1, &before, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(back_and_forth_a_million_times),
		cmocka_unit_test(callee_saved_state_survives),
		cmocka_unit_test(each_fiber_has_its_own_of_what_a_thread_has),
		cmocka_unit_test(a_begun_fiber_has_its_locals_as_they_were),
		cmocka_unit_test(fibers_switch_to_each_other),
		cmocka_unit_test(a_signal_handler_leaves_a_fiber),
	};

	return cmocka_run_group_tests_name("fiber", tests, fibers_make, NULL);
}
