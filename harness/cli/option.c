/* option.c - option tables to getopt_long and to help. */
#define _GNU_SOURCE
#include "command.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "text.h"

enum { OPTIONS_MAX = 32, HELP_COLUMN = 26 };

struct common_options common_options = {"auto", "auto"};

static const struct option_row common_rows[] = {
	{"color", "WHEN", "auto, always or never; honours NO_COLOR", OPTION_TEXT,
		offsetof(struct common_options, color)},
	{"show-progress", "HOW", "progress on stderr: auto, bar, plain or never", OPTION_TEXT,
		offsetof(struct common_options, progress)},
	{"help", NULL, "print this text", OPTION_FLAG, 0},
	{0},
};

static void rows_print(const struct option_row *row)
{
	char left[64];

	for (; row->name; row++) {
		snprintf(left, sizeof left, "--%s%s%s", row->name, row->argument ? " " : "",
			row->argument ? row->argument : "");
		printf("  %-*s%s\n", HELP_COLUMN, left, row->help);
	}
}

static void help_print(const struct command *command)
{
	printf("usage: snarl %s%s%s [OPTION]...\n%s.\n\n", command->name,
		*command->arguments ? " " : "", command->arguments, command->summary);
	if (command->options)
		rows_print(command->options);
	rows_print(common_rows);
}

static int number_read(const char *text, uint64_t *number)
{
	char *end;

	errno = 0;
	if (*text < '0' || *text > '9')
		return -EINVAL;
	*number = strtoull(text, &end, strncmp(text, "0x", 2) == 0 ? 16 : 10);
	return errno || *end ? -EINVAL : 0;
}

static int duration_read(const char *text, unsigned *ms)
{
	static const struct {
		const char *unit;
		double ms;
	} units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};
	char *end;
	double value;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	value = strtod(text, &end);
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		double product = value * units[i].ms;

		if (strcmp(end, units[i].unit) != 0)
			continue;
		if (product < 1 || product > 1e9)
			return -EINVAL;
		*ms = (unsigned)product;
		return 0;
	}
	return -EINVAL;
}

void word_add(struct string_list *words, const char *word)
{
	if (words->count == WORDS_MAX)
		die(EXIT_USAGE, "more than %d arguments are given", WORDS_MAX);
	words->word[words->count++] = word;
}

static void value_set(const struct option_row *row, const char *text, void *values)
{
	void *at = (char *)values + row->offset;

	switch (row->type) {
	case OPTION_FLAG:
		*(bool *)at = true;
		return;
	case OPTION_TEXT:
		*(const char **)at = text;
		return;
	case OPTION_STRINGS:
	case OPTION_REST:
		word_add(at, text);
		return;
	case OPTION_NUMBER:
		if (number_read(text, at) != 0)
			die(EXIT_USAGE, "--%s needs a whole number, not '%s'", row->name, text);
		return;
	case OPTION_DURATION:
		if (duration_read(text, at) != 0)
			die(EXIT_USAGE, "--%s needs a time like 500ms, 5s or 2m, not '%s'",
				row->name, text);
		return;
	}
}

void option_one_of(const char *option, const char *value, const char *const *valid)
{
	for (const char *const *word = valid; *word; word++)
		if (strcmp(value, *word) == 0)
			return;
	fprintf(stderr, "snarl: --%s %s is unknown; valid:", option, value);
	for (const char *const *word = valid; *word; word++)
		fprintf(stderr, " %s", *word);
	fprintf(stderr, "\n");
	exit(EXIT_USAGE);
}

static void common_check(void)
{
	static const char *const colors[] = {"auto", "always", "never", NULL};
	static const char *const ways[] = {"auto", "bar", "plain", "never", NULL};

	option_one_of("color", common_options.color, colors);
	option_one_of("show-progress", common_options.progress, ways);
}

/* Take the words behind "--" away; returns how many arguments are left. */
static int rest_take(const struct command *command, int argc, char **argv, void *values)
{
	const struct option_row *row = command->options;
	int count = 1;

	while (row && row->name && row->type != OPTION_REST)
		row++;
	while (count < argc && !is(argv[count], "--"))
		count++;
	if (count + 1 < argc && (!row || !row->name))
		die(EXIT_USAGE, "snarl %s takes nothing behind --", command->name);
	for (int i = count + 1; i < argc; i++)
		value_set(row, argv[i], values);
	return count;
}

void options_parse(const struct command *command, int argc, char **argv, void *values,
	struct string_list *plain)
{
	const struct option_row *rows[OPTIONS_MAX];
	void *into[OPTIONS_MAX];
	struct option longs[OPTIONS_MAX + 1] = {0};
	int count = 0, index;

	for (const struct option_row *row = command->options; row && row->name; row++) {
		rows[count] = row;
		into[count++] = values;
	}
	for (const struct option_row *row = common_rows; row->name; row++) {
		rows[count] = row;
		into[count++] = &common_options;
	}
	for (int i = 0; i < count; i++)
		longs[i] = (struct option){*rows[i]->name ? rows[i]->name : "-",
			rows[i]->argument ? required_argument : no_argument, NULL, 1};
	opterr = 0;
	argc = rest_take(command, argc, argv, values);
	for (int code; (code = getopt_long(argc, argv, ":h", longs, &index)) != -1;) {
		if (code == 'h' || (code == 1 && strcmp(longs[index].name, "help") == 0)) {
			help_print(command);
			exit(0);
		}
		if (code == ':')
			die(EXIT_USAGE, "%s needs a value; see snarl %s --help", argv[optind - 1],
				command->name);
		if (code != 1)
			die(EXIT_USAGE, "unknown option %s; see snarl %s --help", argv[optind - 1],
				command->name);
		value_set(rows[index], optarg, into[index]);
	}
	common_check();
	plain->count = 0;
	while (optind < argc)
		word_add(plain, argv[optind++]);
}
