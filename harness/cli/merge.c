/* merge.c - snarl merge: the stores of several processes or machines into one. */
#include "merge.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "command.h"
#include "exit.h"
#include "field.h"
#include "terminal.h"
#include "store.h"
#include "text.h"

static struct {
	bool json;
} options;

#define AT(field) offsetof(__typeof__(options), field)

static const struct option_row rows[] = {
	{"json", NULL, "print one JSON object per store and campaign", OPTION_FLAG, AT(json)},
	{0},
};

static bool same_file(const char *one, const char *other)
{
	char *a = realpath(one, NULL), *b = realpath(other, NULL);
	bool same = a && b && is(a, b);

	free(a);
	free(b);
	return same;
}

static void merged_print(const char *from, struct merged merged)
{
	if (options.json) {
		json_t *object = json_pack("{s:i, s:s, s:s, s:I, s:I}", "v", 1, "type", "merged",
			"store", from, "runs", (json_int_t)merged.runs, "results",
			(json_int_t)merged.results);

		json_print(object);
		json_decref(object);
	} else {
		printf("%s: %" PRId64 " runs and %" PRId64 " results added\n", from, merged.runs,
			merged.results);
	}
}

/* Say of each campaign how many of its shards are there, and which are not. */
static void campaigns_print(struct store *store)
{
	json_t *campaigns = store_campaigns(store), *one;
	size_t i;

	json_array_foreach(campaigns, i, one) {
		const char *missing = field_text(one, "missing");

		if (options.json) {
			json_object_set_new(one, "v", json_integer(1));
			json_object_set_new(one, "type", json_string("campaign"));
			json_print(one);
		} else {
			printf("campaign %s: %" PRId64 " of %" PRId64 " shards%s%s\n",
				field_text(one, "campaign"), field_integer(one, "done", 0),
				field_integer(one, "shards", 0), *missing ? "; not complete: " : "",
				missing);
		}
	}
	json_decref(campaigns);
}

static int merge_run(const struct command *command, int argc, char **argv)
{
	struct string_list files;
	struct store *store;

	options_parse(command, argc, argv, &options, &files);
	if (files.count < 2)
		die(EXIT_USAGE,
			"name the store to write, and those to read: snarl merge all.db 1.db "
			"2.db");
	for (unsigned i = 1; i < files.count; i++) {
		if (access(files.word[i], R_OK) != 0)
			die(EXIT_COULD_NOT_RUN, "there is no store %s", files.word[i]);
		if (same_file(files.word[0], files.word[i]))
			die(EXIT_USAGE, "%s cannot be merged into itself", files.word[i]);
	}
	for (unsigned i = 1; i < files.count; i++)
		merged_print(files.word[i], store_merge(files.word[0], files.word[i]));
	store = store_read(files.word[0]);
	campaigns_print(store);
	store_close(store);
	return 0;
}

COMMAND(merge) = {"merge", "OUT.db FILE.db...", "Join the stores of several runs", rows, merge_run};
