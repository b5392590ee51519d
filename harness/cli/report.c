/* report.c - snarl report: the store as pages. */
#include "report.h"

#include <stdio.h>
#include <stdlib.h>

#include "campaign.h"
#include "command.h"
#include "exit.h"
#include "store.h"
#include "text.h"

static struct {
	const char *db, *out;
	uint64_t run;
} options;

#define AT(field) offsetof(__typeof__(options), field)

static const struct option_row rows[] = {
	{"db", "FILE", "store; default: snarl.db in the build's folder", OPTION_TEXT, AT(db)},
	{"out", "DIR", "folder for the pages; default: report in the build's folder", OPTION_TEXT,
		AT(out)},
	{"run", "N", "a run of the store; default: the newest result of every case", OPTION_NUMBER,
		AT(run)},
	{0},
};

static int report_run(const struct command *command, int argc, char **argv)
{
	struct catalog *catalog;
	struct string_list plain;
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
	error = report_write(store, out, (int64_t)options.run, db, &index);
	store_close(store);
	if (!error)
		printf("report: %s\n", index);
	free(index);
	free(db);
	free(out);
	return error ? EXIT_COULD_NOT_RUN : 0;
}

COMMAND(report) = {"report", "", "Write the HTML report of stored results", rows, report_run};
