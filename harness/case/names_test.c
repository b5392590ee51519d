/* names_test.c - words have names unique to their case, and the named objects are removed. */
#define _GNU_SOURCE
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

#include "engine.h"
#include "names.h"
#include "snarl.h"

/* The core needs both to be linked; nothing here uses them. */
const struct engine engine;
const struct snarl_scenario scenario;

static void the_same_word_has_the_same_name(void **state)
{
	(void)state;
	assert_string_equal(snarl_name("queue"), snarl_name("queue"));
	assert_ptr_equal(snarl_path("queue"), snarl_path("queue"));
	assert_string_not_equal(snarl_name("queue"), snarl_name("memory"));
	assert_int_equal(strncmp(snarl_name("queue"), "/snarl-", 7), 0);
	assert_null(strchr(snarl_name("queue") + 1, '/'));
	assert_string_equal(strrchr(snarl_path("queue"), '/'), "/queue");
}

/* Whether a child that asks for the name exits normally. */
static bool is_a_word(const char *what)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (!freopen("/dev/null", "w", stdout))
			_exit(1);
		snarl_name(what);
		_exit(0);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void bad_words_are_refused(void **state)
{
	(void)state;
	assert_true(is_a_word("abcdefghijklmnopqrstuvw"));
	assert_false(is_a_word("abcdefghijklmnopqrstuvwx"));
	assert_false(is_a_word("a/b"));
	assert_false(is_a_word(".hidden"));
	assert_false(is_a_word(""));
}

static void what_has_a_name_is_swept(void **state)
{
	int object = shm_open(snarl_name("swept"), O_CREAT | O_EXCL | O_RDWR, 0600);

	(void)state;
	assert_true(object >= 0);
	close(object);
	assert_int_equal(mkfifo(snarl_path("swept"), 0600), 0);
	names_sweep();
	assert_int_equal(shm_open(snarl_name("swept"), O_RDWR, 0), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(access(snarl_path("swept"), F_OK), -1);
}

static void the_folder_is_locked(void **state)
{
	char folder[NAMES_TEXT_MAX];
	int file;

	(void)state;
	strcpy(folder, snarl_path("word"));
	*strrchr(folder, '/') = '\0';
	file = open(folder, O_RDONLY | O_DIRECTORY);
	assert_true(file >= 0);
	assert_int_equal(flock(file, LOCK_EX | LOCK_NB), -1);
	close(file);
}

/* All tests are one case: its folder is in this one, which is removed at the end. */
static char root[] = "/tmp/snarl-names-test-XXXXXX";

static int names_begin(void **state)
{
	(void)state;
	if (!mkdtemp(root))
		return -1;
	setenv("SNARL_FOLDER", root, 1);
	names_open();
	return 0;
}

static int names_end(void **state)
{
	char *command;
	int status;

	(void)state;
	names_sweep();
	if (asprintf(&command, "rm -r %s", root) < 0)
		return -1;
	status = system(command);
	free(command);
	return status;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_word_has_the_same_name),
		cmocka_unit_test(bad_words_are_refused),
		cmocka_unit_test(what_has_a_name_is_swept),
		cmocka_unit_test(the_folder_is_locked),
	};

	return cmocka_run_group_tests(tests, names_begin, names_end);
}
