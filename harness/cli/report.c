/* report.c - snarl report: the store as pages. */
#include "report.h"

#include <stdio.h>
#include <stdlib.h>

#include "browse.h"
#include "campaign.h"
#include "command.h"
#include "exit.h"
#include "store.h"
#include "text.h"

static struct {
	const char *db, *out;
	uint64_t run, since;
	bool open;
} options;

#define AT(field) offsetof(__typeof__(options), field)

static const struct option_row rows[] = {
	{"db", "FILE", HELP_DB, OPTION_TEXT, AT(db)},
	{"out", "DIR", "folder for the pages (default: report in the build's folder)", OPTION_TEXT,
		AT(out)},
	{"run", "N", "a run of the store (default: the newest result of every case)", OPTION_NUMBER,
		AT(run)},
	{"since", "N", "what changed since run N (default: since the last comparable one)",
		OPTION_NUMBER, AT(since)},
	{"open", NULL, "show the index in a browser", OPTION_FLAG, AT(open)},
	{0},
};

static int report_run(const struct command *command, int argc, char **argv)
{
	struct catalog *catalog;
	struct string_list plain;
	struct report_choice choice;
	struct store *store;
	char *db, *out, *index = NULL;
	int error;

	options_parse(command, argc, argv, &options, &plain);
	if (plain.count)
		die(EXIT_USAGE, "snarl report takes no arguments, only options");
	catalog = options.db && options.out ? NULL : catalog_load(NULL);
	db = options.db ? format("%s", options.db) : campaign_default_db(catalog);
	out = options.out ? format("%s", options.out) : format("%s/report", catalog->build);
	store = store_read(db);
	choice = (struct report_choice){.run = (int64_t)options.run,
		.since = (int64_t)options.since,
		.db = db,
		.catalog = options.db ? NULL : catalog};
	error = report_write(store, out, &choice, &index);
	store_close(store);
	if (!error)
		printf("report: %s\n", index);
	if (!error && options.open)
		page_open(index);
	free(index);
	free(db);
	free(out);
	return error ? EXIT_COULD_NOT_RUN : 0;
}

COMMAND(report) = {"report", "", "Write the HTML report of stored results", rows, report_run};
