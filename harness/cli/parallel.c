/* parallel.c - shards run by GNU parallel, on this machine or through ssh. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "field.h"
#include "launch.h"
#include "spawn.h"
#include "store.h"
#include "text.h"

/* The exit status of parallel if it could not work, and of ssh; smaller ones count failed tasks. */
enum { FAILED = 255 };

static FILE *file_open(const struct shards *shards, const char *name, const char *mode)
{
	char *path = shards_path(shards, "%s", name);
	FILE *file = fopen(path, mode);

	if (!file)
		die(EXIT_COULD_NOT_RUN, "cannot open %s", path);
	free(path);
	return file;
}

/* The file of the numbers that are to be run. */
static void pending_write(const struct shards *shards, const unsigned *numbers, unsigned count)
{
	FILE *file = file_open(shards, "pending", "we");

	for (unsigned i = 0; i < count; i++)
		fprintf(file, "%u\n", numbers[i]);
	if (fclose(file) != 0)
		die(EXIT_COULD_NOT_RUN, "cannot write the file pending in %s", shards->folder);
}

/* What a shard on another machine begins with: its store, even if it has nothing yet. */
static void stores_make(const struct shards *shards, const unsigned *numbers, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		char *db = shards_path(shards, "shard-%u.db", numbers[i]);

		store_close(store_open(db));
		free(db);
	}
}

/* --- other machines ------------------------------------------------------------------------ */

static void parallel_words(struct string_list *words)
{
	word_add(words, "parallel");
	word_add(words, "--plain");
	word_add(words, "--will-cite");
}

/* Run a command that needs snarl on each machine; parallel writes in `machines.log` how it went. */
static void machines_try(const struct shards *shards)
{
	struct string_list words = {0};
	char *command = shards_command(shards, "help >/dev/null");

	parallel_words(&words);
	word_add(&words, "--nonall");
	word_add(&words, "--sshloginfile");
	word_add(&words, field_text(shards->how, "sshlogin"));
	word_add(&words, "--joblog");
	word_add(&words, "machines.log");
	word_add(&words, command);
	if (spawn(&words, shards->folder, NULL) == SPAWN_NONE)
		die(EXIT_COULD_NOT_RUN, "--parallel needs GNU parallel: install it");
	free(command);
}

/* Columns of parallel's log. */
enum { LOG_MACHINE = 1, LOG_STATUS = 6, LOG_COLUMNS };

/*
 * Choose the machines that can be reached and have snarl. Another one would take most of the tasks,
 * because it fails at once.
 */
static void machines_choose(const struct shards *shards)
{
	FILE *log = file_open(shards, "machines.log", "re");
	FILE *chosen = file_open(shards, "machines", "we");
	char *line = NULL;
	size_t capacity = 0;
	unsigned count = 0;

	while (getline(&line, &capacity, log) > 0) {
		char *column[LOG_COLUMNS] = {0}, *rest = line;

		for (unsigned i = 0; i < LOG_COLUMNS; i++)
			column[i] = strsep(&rest, "\t");
		if (!column[LOG_STATUS] || is(column[LOG_STATUS], "Exitval"))
			continue;
		if (atoi(column[LOG_STATUS]) == 0) {
			fprintf(chosen, "%s\n", column[LOG_MACHINE]);
			count++;
		} else if (!interrupted()) {
			fprintf(stderr, "snarl: %s %s\n", column[LOG_MACHINE],
				atoi(column[LOG_STATUS]) == FAILED ? "cannot be reached"
								   : "has no snarl that starts");
		}
	}
	free(line);
	fclose(log);
	if (fclose(chosen) != 0)
		die(EXIT_COULD_NOT_RUN, "cannot write the file machines in %s", shards->folder);
	if (!count && !interrupted())
		die(EXIT_COULD_NOT_RUN, "no machine in %s can run snarl",
			field_text(shards->how, "sshlogin"));
}

/* Tasks on other machines work in folders that are made for them. */
static void remote_add(struct string_list *words, const struct shards *shards)
{
	const char *const fixed[] = {"--sshloginfile", "machines", "--workdir", "...", "--cleanup",
		"--transferfile", "plan", "--transferfile", "task", "--transferfile", "shard-{}.db",
		"--return", "back-{}.db", "--return", "exit-{}", "--return", "logs/{}"};
	const json_t *file;
	size_t i;

	for (i = 0; i < sizeof fixed / sizeof *fixed; i++)
		word_add(words, fixed[i]);
	if (json_is_true(json_object_get(shards->how, "weights"))) {
		word_add(words, "--transferfile");
		word_add(words, "weights.db");
	}
	json_array_foreach(json_object_get(shards->how, "send"), i, file) {
		word_add(words, "--transferfile");
		word_add(words, json_string_value(file));
	}
}

/* --- running ------------------------------------------------------------------------------- */

static void parallel_run(const struct shards *shards)
{
	const char *tasks = field_text(shards->how, "tasks");
	struct string_list words = {0};
	int code;

	parallel_words(&words);
	word_add(&words, "--joblog");
	word_add(&words, "+joblog");
	if (*tasks) {
		word_add(&words, "--jobs");
		word_add(&words, tasks);
	}
	if (*field_text(shards->how, "sshlogin"))
		remote_add(&words, shards);
	word_add(&words, "sh");
	word_add(&words, "task");
	word_add(&words, "{}");
	word_add(&words, "::::");
	word_add(&words, "pending");
	code = spawn(&words, shards->folder, NULL);
	if (code == SPAWN_NONE)
		die(EXIT_COULD_NOT_RUN, "--parallel needs GNU parallel: install it");
	if (code == FAILED && !interrupted())
		die(EXIT_COULD_NOT_RUN, "parallel could not run the tasks");
}

void launch_parallel(struct shards *shards)
{
	unsigned *numbers = calloc(shards->count, sizeof *numbers), count;

	if (!numbers)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	for (unsigned number = 1; number <= shards->count; number++)
		shards_look(shards, number);
	while (!interrupted() && (count = shards_left(shards, numbers))) {
		if (*field_text(shards->how, "sshlogin")) {
			stores_make(shards, numbers, count);
			machines_try(shards);
			machines_choose(shards);
		}
		pending_write(shards, numbers, count);
		parallel_run(shards);
		for (unsigned i = 0; i < count; i++) {
			shards->states[numbers[i]].tries++;
			shards_look(shards, numbers[i]);
		}
	}
	free(numbers);
}
