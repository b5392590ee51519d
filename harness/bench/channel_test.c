/*
 * channel_test.c - every mechanism carries every byte: messages of all lengths, while signals
 * interrupt both sides all the time; and named objects are gone afterwards.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.h"
#include "clock.h"
#include "pair.h"

enum {
	MECHANISMS_MAX = 32,
	MESSAGES = 150,
	LONGEST = 300000,
	SIGNAL_EVERY_US = 300,
	DEADLINE_NS = 1000000000, /* times 30 */
};

static volatile sig_atomic_t signals;

static void signal_count(int signal)
{
	(void)signal;
	signals++;
}

/* Without SA_RESTART: calls that block end with EINTR. */
static void signals_begin(void)
{
	struct sigaction action = {.sa_handler = signal_count};
	struct itimerval every = {{0, SIGNAL_EVERY_US}, {0, SIGNAL_EVERY_US}};

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &every, NULL);
}

/* Both sides go through the same lengths: short, long and odd ones. */
static size_t length_next(uint64_t *state, size_t limit)
{
	size_t most = limit && limit < LONGEST ? limit : LONGEST;

	*state = *state * 6364136223846793005 + 1442695040888963407;
	return 1 + (*state >> 33) % (*state >> 62 ? most : 64);
}

static int side_run(struct channel *channel, enum side side)
{
	const struct mechanism *mechanism = channel->mechanism;
	static unsigned char message[CHANNEL_CAPACITY];
	uint64_t state = 1;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signals_begin();
	if (mechanism->join(channel, side) != 0)
		return 10;
	for (uint64_t i = 0; i < MESSAGES; i++) {
		size_t size = length_next(&state, channel->limit);
		bool sends = (i / 7 % 2 == 0) == (side == CLIENT); /* seven there, seven back */

		if (sends) {
			pattern_fill(message, size, i);
			if (mechanism->send(channel, message, size) != 0)
				return 11;
		} else {
			memset(message, 0, size);
			if (mechanism->receive(channel, message, size) != 0)
				return 12;
			if (!pattern_right(message, size, i))
				return 13;
		}
	}
	return signals ? 0 : 14;
}

static int side_wait(pid_t pid, uint64_t until)
{
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (clock_ns() > until) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			return -1;
		}
		clock_sleep_ns(1000000);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void carries_every_byte(void **state)
{
	const struct mechanism *mechanism = *state;
	struct channel channel;
	uint64_t until = clock_ns() + 30ull * DEADLINE_NS;
	pid_t pids[SIDES];
	int codes[SIDES];

	if (channel_open(&channel, mechanism) != 0) {
		print_message("%s: %s\n", mechanism->name, channel.why);
		skip();
	}
	for (int side = 0; side < SIDES; side++) {
		pids[side] = fork();
		if (pids[side] == 0)
			_exit(side_run(&channel, (enum side)side));
	}
	for (int side = 0; side < SIDES; side++)
		codes[side] = side_wait(pids[side], until);
	channel_close(&channel);
	assert_int_equal(codes[CLIENT], 0);
	assert_int_equal(codes[SERVER], 0);
}

static void wrong_byte_is_seen(void **unused)
{
	unsigned char message[1000];

	(void)unused;
	for (size_t i = 0; i < sizeof message; i++) {
		pattern_fill(message, sizeof message, 7);
		assert_true(pattern_right(message, sizeof message, 7));
		message[i] ^= 1;
		assert_false(pattern_right(message, sizeof message, 7));
	}
	assert_false(pattern_right(message, sizeof message, 8));
}

/* The objects of a dead run are removed; those of a living one stay. */
static void names_of_the_dead_are_swept(void **unused)
{
	char dead[64], living[64];
	pid_t pid = fork();

	(void)unused;
	if (pid == 0)
		_exit(0);
	waitpid(pid, NULL, 0);
	snprintf(dead, sizeof dead, "/snarl-bench-%ld", (long)pid);
	snprintf(living, sizeof living, "/snarl-bench-%ld", (long)getpid());
	close(shm_open(dead, O_RDWR | O_CREAT, 0600));
	close(shm_open(living, O_RDWR | O_CREAT, 0600));
	channels_sweep();
	assert_int_equal(shm_open(dead, O_RDWR, 0), -1);
	assert_int_equal(shm_unlink(living), 0);
}

int main(void)
{
	struct CMUnitTest tests[MECHANISMS_MAX + 2] = {
		cmocka_unit_test(wrong_byte_is_seen),
		cmocka_unit_test(names_of_the_dead_are_swept),
	};
	size_t count;
	const struct mechanism *const *all = mechanisms_all(&count);

	for (size_t i = 0; i < count && i < MECHANISMS_MAX; i++)
		tests[i + 2] = (struct CMUnitTest){.name = all[i]->name,
			.test_func = carries_every_byte,
			.initial_state = (void *)(uintptr_t)all[i]};
	return cmocka_run_group_tests_name("channel", tests, NULL, NULL);
}
