/* slurm.c - shards run as a job array of Slurm. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "field.h"
#include "launch.h"
#include "spawn.h"
#include "text.h"

/* --- the queue ----------------------------------------------------------------------------- */

/*
 * Note which shards have a task in the queue, waiting or running, whoever submitted it: the name of
 * the job is the campaign's. Returns whether the queue could be read.
 */
static bool queue_read(const struct shards *shards, bool *queued)
{
	char *name = format("--name=snarl-%s", shards->id), *text = NULL, *rest, *line;
	struct string_list words = {0};
	int code;

	word_add(&words, "squeue");
	word_add(&words, "--noheader");
	word_add(&words, "--array");
	word_add(&words, "--format=%K");
	word_add(&words, name);
	code = spawn(&words, NULL, &text);
	if (code == SPAWN_NONE)
		die(EXIT_COULD_NOT_RUN, "--slurm needs squeue and sbatch: install Slurm's client");
	memset(queued, 0, (shards->count + 1) * sizeof *queued);
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		unsigned long number = strtoul(line, NULL, 10);

		if (number && number <= shards->count)
			queued[number] = true;
	}
	free(text);
	free(name);
	return code == 0;
}

/* --- submitting ---------------------------------------------------------------------------- */

/* "--array=1-4,7", to be freed. */
static char *array_option(const unsigned *numbers, unsigned count)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);
	const char *separator = "--array=";

	if (!file)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	for (unsigned i = 0, last; i < count; i = last + 1) {
		last = i;
		while (last + 1 < count && numbers[last + 1] == numbers[last] + 1)
			last++;
		fprintf(file, "%s%u", separator, numbers[i]);
		if (last > i)
			fprintf(file, "-%u", numbers[last]);
		separator = ",";
	}
	fclose(file);
	return text;
}

/* For people: the queue is asked by name. */
static void job_note(const struct shards *shards, const char *job, const char *array)
{
	char *path = shards_path(shards, "jobs");
	FILE *file = fopen(path, "ae");

	if (!file)
		die(EXIT_COULD_NOT_RUN, "cannot write %s", path);
	fprintf(file, "%.*s %s\n", (int)strcspn(job, "\n"), job, array);
	fclose(file);
	free(path);
}

static void submit(struct shards *shards, const unsigned *numbers, unsigned count)
{
	char *array = array_option(numbers, count), *job;
	struct string_list words = {0};
	const json_t *option;
	size_t i;

	word_add(&words, "sbatch");
	word_add(&words, "--parsable");
	word_add(&words, array);
	json_array_foreach(json_object_get(shards->how, "sbatch"), i, option) {
		word_add(&words, json_string_value(option));
	}
	word_add(&words, "task");
	if (spawn(&words, shards->folder, &job) != 0) {
		if (interrupted())
			return;
		die(EXIT_COULD_NOT_RUN,
			"sbatch does not take the job; to go on: "
			"snarl campaign --resume %s",
			shards->folder);
	}
	for (i = 0; i < count; i++)
		shards->states[numbers[i]].tries++;
	job_note(shards, job, array);
	printf("submitted: job %.*s, %s\n", (int)strcspn(job, "\n"), job, array + 2);
	fflush(stdout);
	free(job);
	free(array);
}

/* --- waiting ------------------------------------------------------------------------------- */

/*
 * Look at the shards whose tasks have left the queue, and submit those again that are not done. A
 * store is not opened while its task may run on another machine: a shared file system may have no
 * locks. Returns whether there is anything to wait for.
 */
static bool shards_tend(struct shards *shards, bool *queued, unsigned *numbers)
{
	unsigned count, free_count = 0;
	bool any = false;

	for (unsigned number = 1; number <= shards->count; number++) {
		any |= queued[number];
		if (!queued[number] && !shards->states[number].done)
			shards_look(shards, number);
	}
	count = shards_left(shards, numbers);
	for (unsigned i = 0; i < count; i++)
		if (!queued[numbers[i]])
			numbers[free_count++] = numbers[i];
	if (free_count)
		submit(shards, numbers, free_count);
	return any || free_count;
}

/* Say how far it is, if that has changed: a job may be held, or wait for long. */
static void progress_print(const struct shards *shards, const bool *queued, unsigned *known)
{
	unsigned done = 0, waiting = 0;

	for (unsigned number = 1; number <= shards->count; number++) {
		done += shards->states[number].done;
		waiting += queued[number];
	}
	if (done * (shards->count + 1) + waiting != *known)
		printf("%u of %u shards are done, %u in the queue\n", done, shards->count, waiting);
	*known = done * (shards->count + 1) + waiting;
	fflush(stdout);
}

void launch_slurm(struct shards *shards)
{
	unsigned *numbers = calloc(shards->count, sizeof *numbers);
	bool *queued = calloc(shards->count + 1, sizeof *queued), waiting = true;
	unsigned poll_ms = (unsigned)field_integer(shards->how, "poll_ms", 0), known = 0;

	if (!numbers || !queued)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	while (waiting && !interrupted()) {
		if (queue_read(shards, queued) && !interrupted()) {
			waiting = shards_tend(shards, queued, numbers);
			progress_print(shards, queued, &known);
		}
		if (waiting)
			interruption_sleep(poll_ms);
	}
	if (interrupted())
		fprintf(stderr,
			"snarl: what was submitted goes on; to end it: "
			"scancel --name=snarl-%s\n",
			shards->id);
	free(numbers);
	free(queued);
}
