/* export.c - snarl export: what failed, for other tools. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campaign.h"
#include "command.h"
#include "exit.h"
#include "sarif.h"
#include "store.h"
#include "text.h"

static struct {
	const char *format, *db, *out;
} options;

#define AT(field) offsetof(__typeof__(options), field)

static const struct option_row rows[] = {
	{"format", "NAME", "output format: sarif (SARIF 2.1.0, one result per case with a finding)",
		OPTION_TEXT, AT(format)},
	{"db", "FILE", "store; default: snarl.db in the build's folder", OPTION_TEXT, AT(db)},
	{"out", "FILE", "file to write; default: standard output", OPTION_TEXT, AT(out)},
	{0},
};

static void format_check(const char *name)
{
	static const char *const planned[] = {"junit", "trace", "json"};

	if (!name)
		die(EXIT_USAGE, "give a format: snarl export --format sarif");
	for (size_t i = 0; i < sizeof planned / sizeof *planned; i++)
		if (strcmp(name, planned[i]) == 0)
			die(EXIT_USAGE, "--format %s does not exist yet; valid: sarif", name);
	if (strcmp(name, "sarif") != 0)
		die(EXIT_USAGE, "--format %s is unknown; valid: sarif", name);
}

static int log_write(const json_t *log, const char *path)
{
	FILE *file = path ? fopen(path, "we") : stdout;
	int error = 0;

	errno = 0;
	if (!file || json_dumpf(log, file, JSON_INDENT(2)) != 0 || fputc('\n', file) == EOF)
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
	struct string_list plain;
	struct store *store;
	json_t *log;
	char *db;
	int error;

	options_parse(command, argc, argv, &options, &plain);
	if (plain.count)
		die(EXIT_USAGE, "snarl export takes no arguments, only options");
	format_check(options.format);
	db = options.db ? format("%s", options.db) : campaign_default_db(catalog_load(NULL));
	store = store_read(db);
	log = sarif_make(store);
	store_close(store);
	error = log_write(log, options.out);
	json_decref(log);
	free(db);
	return error ? EXIT_COULD_NOT_RUN : 0;
}

COMMAND(export) = {"export", "", "Write what failed as a file for other tools", rows, export_run};
