/* shards.c - the folder of a campaign that several processes run. */
#define _GNU_SOURCE
#include "shards.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "campaign.h"
#include "exit.h"
#include "field.h"
#include "merge.h"
#include "report.h"
#include "spawn.h"
#include "text.h"

enum { TRIES_MAX = 3, ID_BYTES = 4 };

/* --- files --------------------------------------------------------------------------------- */

char *shards_path(const struct shards *shards, const char *name, ...)
{
	char *file, *path;
	va_list arguments;

	va_start(arguments, name);
	if (vasprintf(&file, name, arguments) < 0)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	va_end(arguments);
	path = format("%s/%s", shards->folder, file);
	free(file);
	return path;
}

static FILE *file_make(const char *path)
{
	FILE *file = fopen(path, "we");

	if (!file)
		die(EXIT_COULD_NOT_RUN, "cannot write %s: %s", path, strerror(errno));
	return file;
}

static void file_end(FILE *file, const char *path)
{
	bool failed = ferror(file);

	if (fclose(file) != 0 || failed)
		die(EXIT_COULD_NOT_RUN, "cannot write %s: %s", path, strerror(errno));
}

static void text_write(const struct shards *shards, const char *name, const char *text)
{
	char *path = shards_path(shards, "%s", name);
	FILE *file = file_make(path);

	fputs(text, file);
	file_end(file, path);
	free(path);
}

/* All of a file, to be freed; NULL: it is not there. */
static char *text_read(const struct shards *shards, const char *name)
{
	char *path = shards_path(shards, "%s", name), *text = NULL;
	FILE *file = fopen(path, "re");
	size_t capacity = 0;

	if (file && getdelim(&text, &capacity, '\0', file) < 0 && text)
		*text = '\0';
	if (file)
		fclose(file);
	free(path);
	return text;
}

static void folder_make(const char *path)
{
	if (mkdir(path, 0777) != 0 && errno != EEXIST)
		die(EXIT_COULD_NOT_RUN, "cannot make the folder %s: %s", path, strerror(errno));
}

static char *absolute(const char *path)
{
	char *real = realpath(path, NULL);

	if (!real)
		die(EXIT_USAGE, "there is no %s", path);
	return real;
}

/* --- commands ------------------------------------------------------------------------------ */

/* Write a word as the shell reads it. */
static void word_quote(FILE *file, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-+=./:,@%";

	if (*word && strspn(word, plain) == strlen(word)) {
		fputs(word, file);
		return;
	}
	putc('\'', file);
	for (; *word; word++) {
		if (*word == '\'')
			fputs("'\\''", file);
		else
			putc(*word, file);
	}
	putc('\'', file);
}

char *shards_command(const struct shards *shards, const char *arguments)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	word_quote(file, field_text(shards->how, "snarl"));
	fprintf(file, " %s", arguments);
	fclose(file);
	return text;
}

/* Other machines get the files of a task, and have a folder of their own. */
static bool is_remote(const struct shards *shards)
{
	return *field_text(shards->how, "sshlogin") != '\0';
}

/* Let a line begin with the folder and the build that the campaign was started with. */
static void surroundings_write(FILE *file, const struct shards *shards)
{
	const char *build = field_text(shards->how, "build");

	if (!is_remote(shards)) {
		fputs("cd ", file);
		word_quote(file, field_text(shards->how, "started_in"));
		fputs(" && ", file);
	}
	if (*build) {
		fputs("SNARL_BUILD=", file);
		word_quote(file, build);
		putc(' ', file);
	}
}

/* Which shard it is, and where its results go. */
static void own_options_write(FILE *file, const struct shards *shards, unsigned number)
{
	const char *folder = is_remote(shards) ? "." : shards->folder;
	char *db = format("%s/shard-%u.db", folder, number);
	char *weights = format("%s/weights.db", folder);

	fprintf(file, " --shard %u/%u --campaign %s --db ", number, shards->count, shards->id);
	word_quote(file, db);
	if (json_is_true(json_object_get(shards->how, "weights"))) {
		fputs(" --weights ", file);
		word_quote(file, weights);
	}
	free(db);
	free(weights);
}

/* Write the K-th line of the plan. Its own options come last of all options, so they count. */
static void line_write(FILE *file, const struct shards *shards, unsigned number)
{
	const json_t *arguments = json_object_get(shards->how, "arguments");
	size_t count = json_array_size(arguments), at = 0;

	surroundings_write(file, shards);
	word_quote(file, field_text(shards->how, "snarl"));
	fputs(" run", file);
	for (; at < count && !is(json_string_value(json_array_get(arguments, at)), "--"); at++) {
		putc(' ', file);
		word_quote(file, json_string_value(json_array_get(arguments, at)));
	}
	own_options_write(file, shards, number);
	for (; at < count; at++) {
		putc(' ', file);
		word_quote(file, json_string_value(json_array_get(arguments, at)));
	}
	putc('\n', file);
}

static void plan_write(const struct shards *shards)
{
	char *path = shards_path(shards, "plan");
	FILE *file = file_make(path);

	for (unsigned number = 1; number <= shards->count; number++)
		line_write(file, shards, number);
	file_end(file, path);
	free(path);
}

/*
 * The store that comes back from another machine is a copy that merge made, because the store of a
 * killed process is two files. It has its name only once it is whole: merge may be killed as well,
 * or be at work when its connection ends and parallel fetches what is there.
 */
static void task_write(const struct shards *shards)
{
	char *path = shards_path(shards, "task");
	FILE *file = file_make(path);

	fprintf(file,
		"#!/bin/sh\n"
		"#SBATCH --job-name=snarl-%s\n"
		"#SBATCH --output=logs/%%a\n"
		"#SBATCH --open-mode=append\n"
		"#SBATCH --requeue\n"
		"# Runs a shard in this folder: number $1, or that of Slurm's array.\n"
		"k=${SLURM_ARRAY_TASK_ID:-$1}\n"
		"mkdir -p logs\n"
		"sh -c \"$(sed -n \"${k}p\" plan)\" >>\"logs/$k\" 2>&1 </dev/null\n"
		"echo $? >\"exit-$k\"\n",
		shards->id);
	if (is_remote(shards)) {
		char *merge = shards_command(shards,
			"merge \"back-$k.new\" \"shard-$k.db\" >>\"logs/$k\" 2>&1 &&"
			" mv \"back-$k.new\" \"back-$k.db\"");

		fprintf(file, "%s\n", merge);
		free(merge);
	}
	file_end(file, path);
	free(path);
}

/* The cases that the words select, one per line; ends the program with the status of snarl run. */
static char *cases_of(const struct shards *shards)
{
	struct string_list words = {0};
	const json_t *word;
	char *cases;
	size_t i;
	int code;

	word_add(&words, "/proc/self/exe");
	word_add(&words, "run");
	word_add(&words, "--dry-run");
	word_add(&words, "--shard=1/1"); /* without one, --split-seeds is refused */
	json_array_foreach(json_object_get(shards->how, "arguments"), i, word) {
		word_add(&words, json_string_value(word));
	}
	code = spawn(&words, field_text(shards->how, "started_in"), &cases);
	if (code)
		exit(code);
	return cases;
}

/* --- beginning ----------------------------------------------------------------------------- */

/* A name that no other campaign has. */
static char *id_new(void)
{
	unsigned char bytes[ID_BYTES];
	time_t now = time(NULL);
	struct tm day;
	char date[16];

	if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
		die(EXIT_COULD_NOT_RUN, "the system gives no random numbers");
	gmtime_r(&now, &day);
	strftime(date, sizeof date, "%Y%m%d", &day);
	return format("%s-%02x%02x%02x%02x", date, bytes[0], bytes[1], bytes[2], bytes[3]);
}

static struct shards shards_open(const char *folder, json_t *how)
{
	struct shards shards = {.folder = absolute(folder),
		.how = how,
		.id = field_text(how, "campaign"),
		.count = (unsigned)field_integer(how, "shards", 0)};

	shards.states = calloc(shards.count + 1, sizeof *shards.states);
	if (!shards.states)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	return shards;
}

/* Only when all other files are there: whatever lacks this one is no campaign. */
static void how_write(const struct shards *shards)
{
	char *text = json_dumps(shards->how, JSON_INDENT(2));
	char *path = shards_path(shards, "campaign.json"), *new = shards_path(shards, ".new");

	text_write(shards, ".new", text);
	if (rename(new, path) != 0)
		die(EXIT_COULD_NOT_RUN, "cannot write %s: %s", path, strerror(errno));
	free(new);
	free(path);
	free(text);
}

/* A copy, so that the shards stay the same when the campaign is resumed. */
static void weights_copy(const struct shards *shards)
{
	const char *from = field_text(shards->how, "weights");
	char *into = shards_path(shards, "weights.db");

	if (*from) {
		if (access(from, R_OK) != 0)
			die(EXIT_USAGE, "there is no store %s for --weights", from);
		store_merge(into, from);
		store_thin(into);
		json_object_set_new(shards->how, "weights", json_true());
	}
	free(into);
}

struct shards shards_make(const char *folder, json_t *how, const struct string_list *words)
{
	json_t *arguments = json_array();
	char *id = id_new(), *logs, *cases, *here = absolute(".");
	struct shards shards;

	for (unsigned i = 0; i < words->count; i++)
		json_array_append_new(arguments, json_string(words->word[i]));
	json_object_set_new(how, "campaign", json_string(id));
	json_object_set_new(how, "started_in", json_string(here));
	json_object_set_new(how, "arguments", arguments);
	folder_make(folder);
	shards = shards_open(folder, how);
	logs = shards_path(&shards, "logs");
	folder_make(logs);
	cases = cases_of(&shards);
	text_write(&shards, "cases", cases);
	weights_copy(&shards);
	plan_write(&shards);
	task_write(&shards);
	how_write(&shards);
	free(logs);
	free(cases);
	free(here);
	free(id);
	return shards;
}

struct shards shards_resume(const char *folder)
{
	char *path = format("%s/campaign.json", folder), *before, *now;
	json_t *how = json_load_file(path, 0, NULL);
	struct shards shards;

	if (!how)
		die(EXIT_USAGE, "there is no campaign in %s", folder);
	shards = shards_open(folder, how);
	if (*field_text(how, "build"))
		setenv("SNARL_BUILD", field_text(how, "build"), 1);
	before = text_read(&shards, "cases");
	now = cases_of(&shards);
	if (!before || !is(before, now))
		die(EXIT_COULD_NOT_RUN,
			"the cases are not those that the campaign in %s began with: see its file "
			"cases",
			folder);
	free(path);
	free(before);
	free(now);
	return shards;
}

void shards_free(struct shards *shards)
{
	free(shards->folder);
	free(shards->states);
	json_decref(shards->how);
}

/* --- running ------------------------------------------------------------------------------- */

static struct store_part part_of(const struct shards *shards, unsigned number)
{
	return (struct store_part){
		.campaign = shards->id, .number = number, .count = shards->count};
}

/* Take what came back from another machine. */
static void returned_merge(const struct shards *shards, unsigned number, const char *db)
{
	char *back = shards_path(shards, "back-%u.db", number);

	if (access(back, F_OK) == 0) {
		store_merge(db, back);
		unlink(back);
	}
	free(back);
}

void shards_look(struct shards *shards, unsigned number)
{
	struct shard_state *state = &shards->states[number];
	struct store_part part = part_of(shards, number);
	char *db = shards_path(shards, "shard-%u.db", number);
	struct store *store;
	json_t *results;

	returned_merge(shards, number, db);
	if (access(db, F_OK) == 0) {
		store = store_open(db); /* a task may have been killed before it made the tables */
		results = store_part_results(store, &part);
		if (json_array_size(results) > state->results)
			state->tries = 0;
		state->results = json_array_size(results);
		state->done = store_part_done(store, &part);
		json_decref(results);
		store_close(store);
	}
	free(db);
}

unsigned shards_left(const struct shards *shards, unsigned *numbers)
{
	unsigned count = 0;

	for (unsigned number = 1; number <= shards->count; number++)
		if (!shards->states[number].done && shards->states[number].tries < TRIES_MAX)
			numbers[count++] = number;
	return count;
}

/* --- the end ------------------------------------------------------------------------------- */

/* Keep one result per case; shards that differ in their seeds count as one search. */
static void results_keep(json_t *cases, const json_t *results)
{
	json_t *one;
	size_t i;

	json_array_foreach(results, i, one) {
		char *name = format("%s/%s/%s", field_text(one, "scenario"),
			field_text(one, "variant"), field_text(one, "engine"));
		const json_t *known = json_object_get(cases, name);

		if (!known || field_is(known, "verdict", "clean"))
			json_object_set(cases, name, one);
		free(name);
	}
}

/* Add the store of a shard to all, and its results to the cases. */
static void shard_add(const struct shards *shards, unsigned number, const char *all, json_t *cases)
{
	struct store_part part = part_of(shards, number);
	char *db = shards_path(shards, "shard-%u.db", number);
	struct store *store;
	json_t *results;

	if (access(db, F_OK) == 0) {
		store_merge(all, db);
		store = store_read(db);
		results = store_part_results(store, &part);
		results_keep(cases, results);
		json_decref(results);
		store_close(store);
	}
	free(db);
}

static void cases_count(json_t *cases, unsigned outcomes[OUTCOME_WORDS])
{
	json_t *results = json_array(), *one;
	const char *name;

	json_object_foreach(cases, name, one) {
		json_array_append(results, one);
	}
	outcomes_count(results, outcomes);
	json_decref(results);
}

static bool could_not_run(const struct shards *shards, unsigned number)
{
	char *name = format("exit-%u", number), *text = text_read(shards, name);
	bool could_not = text && atoi(text) == EXIT_COULD_NOT_RUN;

	free(name);
	free(text);
	return could_not;
}

static size_t lines(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

/* Say how much there is; returns whether it is all. */
static bool totals_print(
	const struct shards *shards, size_t results, const unsigned outcomes[OUTCOME_WORDS])
{
	char *cases = text_read(shards, "cases"), text[OUTCOMES_TEXT_MAX];
	unsigned done = 0;

	for (unsigned number = 1; number <= shards->count; number++)
		done += shards->states[number].done;
	printf("campaign %s: %u of %u shards", shards->id, done, shards->count);
	for (unsigned number = 1, named = 0; number <= shards->count; number++)
		if (!shards->states[number].done)
			printf("%s%u", named++ ? ", " : "; not complete: ", number);
	outcomes_text(outcomes, text);
	printf("\n%zu of %zu cases%s\n", results, cases ? lines(cases) : 0, text);
	free(cases);
	return done == shards->count;
}

static int report_make(const struct shards *shards, const char *all)
{
	char *folder = shards_path(shards, "report"), *index = NULL;
	struct store *store = store_read(all);
	int error = report_write(store, folder, &(struct report_choice){0}, &index);

	if (!error)
		printf("report: %s\n", index);
	store_close(store);
	free(index);
	free(folder);
	return error;
}

int shards_end(struct shards *shards)
{
	char *all = shards_path(shards, "all.db");
	unsigned outcomes[OUTCOME_WORDS] = {0};
	json_t *cases = json_object();
	bool failed = false;

	for (unsigned number = 1; number <= shards->count; number++) {
		shard_add(shards, number, all, cases);
		failed |= could_not_run(shards, number);
	}
	cases_count(cases, outcomes);
	failed |= !totals_print(shards, json_object_size(cases), outcomes);
	json_decref(cases);
	if (access(all, F_OK) == 0)
		failed |= report_make(shards, all) != 0;
	free(all);
	return failed ? EXIT_COULD_NOT_RUN : outcomes_code(outcomes);
}
