/*
 * lock_table_test.c - the locks that explore lets actors have, against those of the system: the
 * same random calls, through open files of their own, must succeed and fail in both.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "engine.h"
#include "lock_table.h"
#include "prng.h"
#include "scheduler.h"
#include "snarl.h"

enum { CALLS = 20000, HOLDERS = 3, BYTES = 12 };

/* What a case links besides. */
const struct engine engine = {.name = "explore"};
const struct snarl_scenario scenario = {.summary = "none"};

static struct lockable on[LOCK_KINDS];

static int files_open(int files[HOLDERS])
{
	char name[] = "/tmp/snarl-locks-XXXXXX", again[64];

	files[0] = mkstemp(name);
	assert_true(files[0] >= 0);
	snprintf(again, sizeof again, "/proc/self/fd/%d", files[0]);
	for (int i = 1; i < HOLDERS; i++)
		assert_true((files[i] = open(again, O_RDWR)) >= 0);
	return unlink(name);
}

static void files_close(const int files[HOLDERS])
{
	for (int i = 0; i < HOLDERS; i++)
		close(files[i]);
}

/* What the table says to a call that does not wait. */
static bool granted(const struct file_lock *wanted, short type)
{
	if (type == F_UNLCK) {
		lock_release(NULL, wanted, NULL);
		return true;
	}
	if (lock_conflict(wanted))
		return false;
	lock_take(NULL, wanted, NULL);
	return true;
}

static void ranges_are_locked_as_by_the_system(void **unused)
{
	static const short types[] = {F_RDLCK, F_WRLCK, F_UNLCK};
	uint64_t prng = 7;
	int files[HOLDERS], failed = 0;

	(void)unused;
	assert_int_equal(files_open(files), 0);
	locks_renew();
	for (int i = 0; i < CALLS; i++) {
		unsigned holder = (unsigned)prng_below(&prng, HOLDERS);
		short type = types[prng_below(&prng, 3)];
		off_t from = (off_t)prng_below(&prng, BYTES),
		      length = 1 + (off_t)prng_below(&prng, BYTES - (uint64_t)from);
		struct file_lock wanted = {.on = &on[LOCK_RANGE],
			.holder = holder,
			.actor = NOBODY,
			.exclusive = type == F_WRLCK,
			.from = from,
			.to = from + length};
		struct flock lock = {
			.l_type = type, .l_whence = SEEK_SET, .l_start = from, .l_len = length};
		bool system = fcntl(files[holder], F_OFD_SETLK, &lock) == 0;

		assert_int_equal(granted(&wanted, type), system);
		failed += !system;
	}
	assert_in_range(failed, CALLS / 10, CALLS * 9 / 10);
	files_close(files);
}

/* The caller of the table releases a lock of the other mode first, as the system does. */
static void whole_files_are_locked_as_by_the_system(void **unused)
{
	static const int operations[] = {LOCK_SH, LOCK_EX, LOCK_UN};
	uint64_t prng = 8;
	int files[HOLDERS], failed = 0;

	(void)unused;
	assert_int_equal(files_open(files), 0);
	locks_renew();
	for (int i = 0; i < CALLS; i++) {
		unsigned holder = (unsigned)prng_below(&prng, HOLDERS);
		int operation = operations[prng_below(&prng, 3)];
		struct file_lock wanted = {.on = &on[LOCK_FILE],
			.holder = holder,
			.actor = NOBODY,
			.exclusive = operation == LOCK_EX,
			.to = 1};
		const struct file_lock *own = lock_own(&wanted);
		bool system = flock(files[holder], operation | LOCK_NB) == 0;

		if (own && own->exclusive != wanted.exclusive)
			lock_release(NULL, &wanted, NULL);
		assert_int_equal(
			granted(&wanted, operation == LOCK_UN ? F_UNLCK : F_RDLCK), system);
		failed += !system;
	}
	assert_in_range(failed, CALLS / 10, CALLS * 9 / 10);
	files_close(files);
}

static bool is_of(const struct file_lock *lock, const void *holder)
{
	return lock->holder == *(const unsigned *)holder;
}

static void a_holder_that_is_gone_keeps_out_nobody(void **unused)
{
	struct file_lock first = {.on = &on[LOCK_FILE], .holder = 1, .actor = NOBODY, .to = 1},
			 second = {.on = &on[LOCK_FILE],
				 .holder = 2,
				 .actor = NOBODY,
				 .exclusive = true,
				 .to = 1};

	(void)unused;
	locks_renew();
	lock_take(NULL, &first, NULL);
	assert_non_null(lock_conflict(&second));
	locks_release(NULL, &on[LOCK_FILE], "close", NULL, is_of, &second.holder);
	assert_non_null(lock_conflict(&second));
	locks_release(NULL, &on[LOCK_FILE], "close", NULL, is_of, &first.holder);
	assert_null(lock_conflict(&second));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges_are_locked_as_by_the_system),
		cmocka_unit_test(whole_files_are_locked_as_by_the_system),
		cmocka_unit_test(a_holder_that_is_gone_keeps_out_nobody),
	};

	return cmocka_run_group_tests_name("lock_table", tests, NULL, NULL);
}
