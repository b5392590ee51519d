/* process_test.c - descriptors of emulated processes, and shared memory. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "actor.h"
#include "engine.h"
#include "mapping.h"
#include "custom.h"
#include "process.h"
#include "snarl.h"

/* The core needs both to be linked; nothing here uses them. */
const struct engine engine;
const struct snarl_scenario scenario;

static struct snarl_actor alice = {.index = 0, .name = "alice"};
static struct snarl_actor bob = {.index = 1, .name = "bob"};

static unsigned descriptors_open(void)
{
	DIR *folder = opendir("/proc/self/fd");
	unsigned count = 0;

	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

static bool is_open(int descriptor)
{
	return fcntl(descriptor, F_GETFD) >= 0;
}

/* Close as the wrapper does. */
static int close_by(struct snarl_actor *actor, int number)
{
	actor_self = actor;
	number = process_closing(number);
	actor_self = NULL;
	return close(number);
}

static int number_of(struct snarl_actor *actor, int number)
{
	actor_self = actor;
	number = process_descriptor(number);
	actor_self = NULL;
	return number;
}

static int real[2]; /* the set-up's pipe, as the system knows it */

/* Open as the wrapper does; an actor's number. */
static int open_by(struct snarl_actor *actor)
{
	int number;

	actor_self = actor;
	number = process_opened(open("/dev/null", O_RDONLY));
	actor_self = NULL;
	return number;
}

/* The set-up opens a pipe, then two actors start. */
static int begin(void **state)
{
	static int ends[2];

	process_emulated = true;
	if (pipe(ends) != 0)
		return -1;
	real[0] = ends[0];
	real[1] = ends[1];
	process_opened_pair(ends);
	process_fork(2);
	*state = ends;
	return 0;
}

static int sweep(void **state)
{
	(void)state;
	process_end(0);
	process_end(1);
	process_sweep();
	return 0;
}

static void each_has_a_copy(void **state)
{
	const int *ends = *state;
	char byte = 0;

	for (int i = 0; i < 2; i++) {
		assert_int_equal(process_descriptor(ends[i]), real[i]);
		assert_int_not_equal(number_of(&alice, ends[i]), real[i]);
		assert_int_not_equal(number_of(&alice, ends[i]), number_of(&bob, ends[i]));
	}
	assert_int_equal(write(number_of(&alice, ends[1]), "x", 1), 1);
	assert_int_equal(read(number_of(&bob, ends[0]), &byte, 1), 1);
	assert_int_equal(byte, 'x');
}

static void closing_is_private(void **state)
{
	const int *ends = *state;
	char byte;

	assert_int_equal(close_by(&alice, ends[0]), 0);
	assert_int_equal(number_of(&alice, ends[0]), -1);
	assert_int_equal(close_by(&alice, ends[0]), -1);
	assert_true(is_open(number_of(&bob, ends[0])));
	assert_true(is_open(process_descriptor(ends[0])));

	/* The reader sees the end of file once all three have closed the other end. */
	fcntl(number_of(&bob, ends[0]), F_SETFL, O_NONBLOCK);
	assert_int_equal(close_by(&alice, ends[1]), 0);
	assert_int_equal(close_by(&bob, ends[1]), 0);
	assert_int_equal(read(number_of(&bob, ends[0]), &byte, 1), -1);
	assert_int_equal(close_by(NULL, ends[1]), 0);
	assert_int_equal(read(number_of(&bob, ends[0]), &byte, 1), 0);
}

static void the_lowest_free_number_is_next(void **state)
{
	const int *ends = *state;

	assert_int_equal(ends[0], 3);
	assert_int_equal(ends[1], 4);
	assert_int_equal(open_by(&alice), 5);
	assert_int_equal(open_by(&alice), 6);
	assert_int_equal(open_by(&bob), 5);
	assert_int_equal(close_by(&alice, 3), 0);
	assert_int_equal(close_by(&alice, 5), 0);
	assert_int_equal(open_by(&alice), 3);
	assert_int_equal(open_by(&alice), 5);
	assert_int_equal(open_by(NULL), 5);
	actor_self = &alice;
	assert_int_equal(custom_fcntl(process_descriptor(3), F_DUPFD, 10), 10);
	actor_self = NULL;
}

static void a_number_stands_for_its_descriptor_only(void **state)
{
	int number = open_by(&alice);

	(void)state;
	actor_self = &alice;
	assert_int_equal(process_number(process_descriptor(number)), number);
	assert_int_equal(process_number(STDOUT_FILENO), STDOUT_FILENO);
	assert_int_equal(process_number(real[0]), -1);
	actor_self = NULL;
}

static void the_standard_streams_are_each_actors_own(void **state)
{
	(void)state;
	assert_int_equal(number_of(&alice, STDIN_FILENO), STDIN_FILENO);
	assert_int_equal(close_by(&alice, STDIN_FILENO), 0);
	assert_int_equal(close_by(&alice, STDIN_FILENO), -1);
	assert_true(is_open(STDIN_FILENO));
	assert_int_equal(number_of(&bob, STDIN_FILENO), STDIN_FILENO);
	assert_int_equal(open_by(&alice), STDIN_FILENO);
	actor_self = &bob;
	assert_int_equal(custom_dup2(process_descriptor(3), STDOUT_FILENO), STDOUT_FILENO);
	actor_self = NULL;
	assert_int_not_equal(number_of(&bob, STDOUT_FILENO), STDOUT_FILENO);
	assert_true(is_open(STDOUT_FILENO));
}

static void close_on_exec_is_inherited(void **state)
{
	int number;

	(void)state;
	process_sweep();
	number = process_opened(open("/dev/null", O_RDONLY | O_CLOEXEC));
	process_fork(1);
	assert_int_equal(fcntl(number_of(&alice, number), F_GETFD), FD_CLOEXEC);
}

static void nobody_has_what_another_opened(void **state)
{
	int number = open_by(&alice), descriptor = number_of(&alice, number);

	(void)state;
	assert_int_equal(number_of(&bob, number), -1);
	assert_int_equal(number_of(&bob, STDERR_FILENO), STDERR_FILENO);
	assert_int_equal(close_by(&alice, number), 0);
	assert_false(is_open(descriptor));
}

static void a_thread_has_what_its_process_has(void **state)
{
	const int *ends = *state;
	struct snarl_actor thread;

	assert_int_equal(close_by(NULL, ends[0]), 0);
	actor_thread_make(&thread, &bob, NULL);
	actor_self = &thread;
	assert_int_equal(process_descriptor(ends[0]), number_of(&bob, ends[0]));
	actor_self = NULL;
	assert_int_equal(process_descriptor(ends[0]), -1);
}

static void dup2_over_an_inherited_number(void **state)
{
	const int *ends = *state;
	int null = open_by(&alice), before;
	struct stat here, there;

	before = number_of(&alice, ends[0]);
	null = number_of(&alice, null);
	actor_self = &alice;
	assert_int_equal(custom_dup2(null, ends[0]), ends[0]);
	assert_false(is_open(before));
	assert_int_equal(fstat(process_descriptor(ends[0]), &here), 0);
	assert_int_equal(fstat(null, &there), 0);
	assert_int_equal(here.st_rdev, there.st_rdev);
	assert_int_equal(custom_dup2(process_descriptor(ends[0]), ends[0]), ends[0]);
	assert_int_equal(custom_dup3(process_descriptor(ends[0]), ends[0], 0), -1);
	assert_int_equal(custom_dup3(null, ends[1], O_CLOEXEC), ends[1]);
	assert_int_equal(fcntl(process_descriptor(ends[1]), F_GETFD), FD_CLOEXEC);
	assert_int_equal(custom_dup2(null, -1), -1);
	assert_int_equal(custom_dup2(-1, ends[0]), -1);
	actor_self = NULL;
	assert_true(is_open(number_of(&bob, ends[0])));
}

static void dup2_over_a_number_of_ones_own(void **state)
{
	int own[2], null = open_by(&alice), reads;
	char byte;

	(void)state;
	assert_int_equal(pipe(own), 0);
	reads = own[0];
	null = number_of(&alice, null);
	actor_self = &alice;
	process_opened_pair(own);
	assert_int_equal(custom_dup2(null, own[1]), own[1]);
	actor_self = NULL;
	assert_int_equal(read(reads, &byte, 1), 0); /* no process can write there any more */
}

static void sweeping_leaves_nothing_open(void **state)
{
	unsigned before;

	(void)state;
	process_sweep();
	before = descriptors_open();
	for (int i = 0; i < 100; i++) {
		int ends[2], own[2];

		assert_int_equal(pipe(ends), 0);
		process_opened_pair(ends);
		process_fork(2);
		assert_int_equal(pipe(own), 0);
		actor_self = &bob;
		process_opened_pair(own);
		custom_dup2(process_descriptor(own[0]), ends[1]);
		actor_self = NULL;
		if (i % 2)
			close_by(&alice, ends[0]);
		if (i % 3)
			close_by(NULL, ends[1]);
		if (i % 5)
			process_end(0);
		process_sweep();
		assert_int_equal(descriptors_open(), before);
	}
}

/* --- memory -------------------------------------------------------------------------------- */

enum { BYTES = 8192 };

static int object_make(void)
{
	int object = memfd_create("object", MFD_CLOEXEC);

	assert_int_equal(ftruncate(object, BYTES), 0);
	return object;
}

static void one_object_has_one_address(void **state)
{
	int object = object_make(), other = object_make();
	char *first, *second, *half, *apart;

	(void)state;
	first = mapping_make(NULL, BYTES, PROT_READ, MAP_SHARED, object, 0);
	second = mapping_make(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, object, 0);
	half = mapping_make(NULL, BYTES / 2, PROT_READ, MAP_SHARED, object, BYTES / 2);
	apart = mapping_make(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, other, 0);
	assert_ptr_equal(first, second);
	assert_ptr_not_equal(first, apart);
	assert_ptr_not_equal(first, half);
	second[0] = 'x'; /* both may do what either may */
	assert_int_equal(apart[0], 0);
	assert_true(mapping_has(first) && mapping_has(half) && mapping_has(apart));
	assert_false(mapping_has(first + 1));
	mapping_sweep();
	assert_false(mapping_has(first));
	close(object);
	close(other);
}

static void what_cannot_be_mapped_is_told(void **state)
{
	int object = object_make();

	(void)state;
	assert_ptr_equal(mapping_make(NULL, BYTES, PROT_READ, MAP_SHARED, -1, 0), MAP_FAILED);
	assert_int_equal(errno, EBADF);
	assert_ptr_equal(mapping_make(NULL, BYTES, PROT_READ, MAP_SHARED, object, 1), MAP_FAILED);
	assert_int_equal(errno, EINVAL);
	assert_false(mapping_has(MAP_FAILED));
	mapping_sweep();
	close(object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_has_a_copy, begin, sweep),
		cmocka_unit_test_setup_teardown(closing_is_private, begin, sweep),
		cmocka_unit_test_setup_teardown(the_lowest_free_number_is_next, begin, sweep),
		cmocka_unit_test_setup_teardown(
			a_number_stands_for_its_descriptor_only, begin, sweep),
		cmocka_unit_test_setup_teardown(
			the_standard_streams_are_each_actors_own, begin, sweep),
		cmocka_unit_test_setup_teardown(close_on_exec_is_inherited, begin, sweep),
		cmocka_unit_test_setup_teardown(nobody_has_what_another_opened, begin, sweep),
		cmocka_unit_test_setup_teardown(a_thread_has_what_its_process_has, begin, sweep),
		cmocka_unit_test_setup_teardown(dup2_over_an_inherited_number, begin, sweep),
		cmocka_unit_test_setup_teardown(dup2_over_a_number_of_ones_own, begin, sweep),
		cmocka_unit_test(sweeping_leaves_nothing_open),
		cmocka_unit_test(one_object_has_one_address),
		cmocka_unit_test(what_cannot_be_mapped_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
