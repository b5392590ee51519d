/* export.c - snarl export: results for other tools. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campaign.h"
#include "command.h"
#include "exit.h"
#include "exports.h"
#include "field.h"
#include "named.h"
#include "select.h"
#include "store.h"
#include "text.h"

static struct {
	const char *format, *db, *out;
	uint64_t run;
} options;

#define AT(field) offsetof(__typeof__(options), field)

static const struct option_row rows[] = {
	{"format", "NAME", "sarif, junit, chrome or jsonl", OPTION_TEXT, AT(format)},
	{"db", "FILE", "store; default: snarl.db in the build's folder", OPTION_TEXT, AT(db)},
	{"run", "N", "a run of the store; default: the newest result of every case", OPTION_NUMBER,
		AT(run)},
	{"out", "FILE", "file to write; default: standard output", OPTION_TEXT, AT(out)},
	{0},
};

/* The format of that name; NULL: none was given. Ends the program with 2 and the list otherwise. */
static const struct export_format *format_find(const char *name)
{
	const struct export_format *one = export_formats;

	while (one->name && !(name && is(one->name, name)))
		one++;
	if (one->name)
		return one;
	if (name)
		fprintf(stderr, "snarl: --format %s is unknown; valid:", name);
	else
		fprintf(stderr, "snarl: give a --format:");
	for (one = export_formats; one->name; one++)
		fprintf(stderr, " %s", one->name);
	fprintf(stderr, "\n");
	exit(EXIT_USAGE);
}

/* The cases that are named, SCENARIO or SCENARIO/VARIANT, or all of them. */
static json_t *cases_named(struct store *store, const struct string_list *names)
{
	json_t *all = store_cases(store, (int64_t)options.run), *named = json_array(), *one;
	size_t i;

	json_array_foreach(all, i, one) {
		const struct subject subject = {.scenario = field_text(one, "scenario"),
			.name = field_text(one, "variant")};

		if (subject_named(names, &subject))
			json_array_append(named, one);
	}
	json_decref(all);
	if (names->count && !json_array_size(named))
		die(EXIT_USAGE, "the store has no result of '%s'", names->word[0]);
	return named;
}

static int cases_write(const struct export_format *format, struct store *store, const json_t *cases,
	const char *path)
{
	FILE *file = path ? fopen(path, "we") : stdout;
	int error = 0;

	errno = 0;
	if (file)
		format->write(store, cases, file);
	if (!file || ferror(file))
		error = errno ? -errno : -EIO;
	/* fclose writes what is still in the buffer, so a full disk may show only now. */
	if (path && file && fclose(file) != 0 && !error)
		error = errno ? -errno : -EIO;
	if (error && path)
		fprintf(stderr, "snarl: cannot write %s: %s; name another file with --out\n", path,
			strerror(-error));
	return path ? error : 0; /* main.c checks the standard output */
}

static int export_run(const struct command *command, int argc, char **argv)
{
	const struct export_format *chosen;
	struct string_list names;
	struct store *store;
	json_t *cases;
	char *db;
	int error;

	options_parse(command, argc, argv, &options, &names);
	chosen = format_find(options.format);
	db = options.db ? format("%s", options.db) : campaign_default_db(catalog_load(NULL));
	store = store_read(db);
	cases = cases_named(store, &names);
	error = cases_write(chosen, store, cases, options.out);
	json_decref(cases);
	store_close(store);
	free(db);
	return error ? EXIT_COULD_NOT_RUN : 0;
}

COMMAND(export) = {"export", "[SCENARIO[/VARIANT]]...", "Write results as a file for other tools",
	rows, export_run};
