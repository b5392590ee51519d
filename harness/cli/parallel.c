/* parallel.c - shards run by GNU parallel, on this machine or through ssh. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "exit.h"
#include "field.h"
#include "launch.h"
#include "spawn.h"
#include "store.h"
#include "text.h"

enum { FAILED = 255 }; /* the status of parallel if it could not work; to 101: failed tasks */

/* The file of the numbers that are to be run. */
static void pending_write(const struct shards *shards, const unsigned *numbers, unsigned count)
{
	char *path = shards_path(shards, "pending");
	FILE *file = fopen(path, "we");

	for (unsigned i = 0; file && i < count; i++)
		fprintf(file, "%u\n", numbers[i]);
	if (!file || fclose(file) != 0)
		die(EXIT_COULD_NOT_RUN, "cannot write %s", path);
	free(path);
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

/* Tasks on other machines work in folders that are made for them. */
static void remote_add(struct string_list *words, const struct shards *shards)
{
	const char *const fixed[] = {"--filter-hosts", "--workdir", "...", "--cleanup",
		"--basefile", "plan", "--basefile", "task", "--transferfile", "shard-{}.db",
		"--return", "back-{}.db", "--return", "exit-{}", "--return", "logs/{}"};
	const json_t *file;
	size_t i;

	word_add(words, "--sshloginfile");
	word_add(words, field_text(shards->how, "sshlogin"));
	for (i = 0; i < sizeof fixed / sizeof *fixed; i++)
		word_add(words, fixed[i]);
	if (json_is_true(json_object_get(shards->how, "weights"))) {
		word_add(words, "--basefile");
		word_add(words, "weights.db");
	}
	json_array_foreach(json_object_get(shards->how, "send"), i, file) {
		word_add(words, "--basefile");
		word_add(words, json_string_value(file));
	}
}

static void parallel_run(const struct shards *shards)
{
	const char *tasks = field_text(shards->how, "tasks");
	struct string_list words = {0};
	int code;

	word_add(&words, "parallel");
	word_add(&words, "--plain");
	word_add(&words, "--will-cite");
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
		if (*field_text(shards->how, "sshlogin"))
			stores_make(shards, numbers, count);
		pending_write(shards, numbers, count);
		parallel_run(shards);
		for (unsigned i = 0; i < count; i++) {
			shards->states[numbers[i]].tries++;
			shards_look(shards, numbers[i]);
		}
	}
	free(numbers);
}
