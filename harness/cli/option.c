/* option.c - option tables to getopt_long and to help. */
#define _GNU_SOURCE
#include "command.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "refuse.h"
#include "terminal.h"
#include "text.h"

enum { OPTIONS_MAX = 48, HELP_COLUMN = 28, HELP_WIDTH = 80 };

const struct option_row common_rows[] = {
	{"color", "auto|always|never", "colours; honours NO_COLOR (default: auto)", OPTION_TEXT,
		offsetof(struct common_options, color)},
	{"show-progress", "auto|bar|plain|never", "progress on stderr (default: auto)", OPTION_TEXT,
		offsetof(struct common_options, progress)},
	{"h,help", NULL, "print this text", OPTION_FLAG, 0},
	{0},
};

char option_letter(const struct option_row *row)
{
	return *row->name && row->name[1] == ',' ? *row->name : '\0';
}

const char *option_name(const struct option_row *row)
{
	return option_letter(row) ? row->name + strlen("q,") : row->name;
}

struct string_list choice_words(const char *argument)
{
	struct string_list words = {0};
	char *rest, *word;

	if (!argument || !strchr(argument, '|') ||
		argument[strspn(argument, "abcdefghijklmnopqrstuvwxyz|")])
		return words;
	rest = format("%s", argument); /* the words stay valid */
	while ((word = strsep(&rest, "|")))
		word_add(&words, word);
	return words;
}

static void rows_print(const struct option_row *row)
{
	for (; row->name; row++) {
		char letter = option_letter(row);
		int used = letter ? printf("  -%c, ", letter) : printf("  ");

		used += printf("--%s%s%s", option_name(row), row->argument ? " " : "",
			row->argument ? row->argument : "");
		if (used < HELP_COLUMN)
			printf("%*s", HELP_COLUMN - used, "");
		else
			printf("\n%*s", HELP_COLUMN, "");
		words_print(stdout, row->help, HELP_COLUMN, HELP_COLUMN, HELP_WIDTH);
	}
}

void command_help_print(const struct command *command)
{
	char *usage = format("usage: snarl %s%s%s [OPTION]...", command->name,
		*command->arguments ? " " : "", command->arguments);
	char *summary = format("%s.", command->summary);

	words_print(stdout, usage, 0, HELP_COLUMN / 2, HELP_WIDTH);
	words_print(stdout, summary, 0, 0, HELP_WIDTH);
	printf("\n");
	if (command->options)
		rows_print(command->options);
	rows_print(common_rows);
	free(summary);
	free(usage);
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

/* Refuse a word that is none of the option's choice. */
static void choice_check(const struct option_row *row, const char *text)
{
	struct string_list valid = choice_words(row->argument);
	char *what;

	for (unsigned i = 0; i < valid.count; i++)
		if (is(text, valid.word[i]))
			return;
	if (!valid.count)
		return;
	what = format("--%s %s is unknown", option_name(row), text);
	word_refuse(what, text, &valid);
}

static void value_set(const struct option_row *row, const char *text, void *values)
{
	void *at = (char *)values + row->offset;

	if (text)
		choice_check(row, text);
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
			die(EXIT_USAGE, "--%s needs a whole number, not '%s'", option_name(row),
				text);
		return;
	case OPTION_DURATION:
		if (duration_read(text, at) != 0)
			die(EXIT_USAGE, "--%s needs a time like 500ms, 5s or 2m, not '%s'",
				option_name(row), text);
		return;
	}
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

/* All options of a command, with getopt's tables. */
struct parsed {
	int count;
	const struct option_row *rows[OPTIONS_MAX];
	void *into[OPTIONS_MAX];
	struct option longs[OPTIONS_MAX + 1];
	char letters[OPTIONS_MAX + 2]; /* behind the colon */
};

static void rows_take(struct parsed *parsed, const struct option_row *row, void *values)
{
	for (; row && row->name; row++) {
		const char *name = option_name(row);
		char letter[] = {option_letter(row), '\0'};

		if (parsed->count == OPTIONS_MAX)
			die(EXIT_COULD_NOT_RUN, "a command has more than %d options", OPTIONS_MAX);
		parsed->rows[parsed->count] = row;
		parsed->into[parsed->count] = values;
		parsed->longs[parsed->count++] = (struct option){*name ? name : "-",
			row->argument ? required_argument : no_argument, NULL, 1};
		strcat(parsed->letters, letter);
	}
}

/* Refuse an option; getopt has just met it. */
static void option_refuse(const struct command *command, const struct parsed *parsed, char **argv)
{
	struct string_list valid = {0};
	char *what, *given = format("%s", argv[optind - 1]);

	for (int i = 0; i < parsed->count; i++)
		if (*parsed->rows[i]->name)
			word_add(&valid, format("--%s", option_name(parsed->rows[i])));
	if (optopt == 1)
		die(EXIT_USAGE, "%s: this option takes no value", given);
	if (optopt)
		die(EXIT_USAGE, "unknown option -%c; see snarl %s --help", optopt, command->name);
	given[strcspn(given, "=")] = '\0';
	what = format("unknown option %s", given);
	if (word_near(given, &valid))
		word_refuse(what, given, &valid);
	die(EXIT_USAGE, "%s; see snarl %s --help", what, command->name);
}

/* The number of the option that a letter stands for. */
static int letter_index(const struct parsed *parsed, int letter)
{
	int index = 0;

	while (option_letter(parsed->rows[index]) != letter)
		index++;
	return index;
}

void options_parse(const struct command *command, int argc, char **argv, void *values,
	struct string_list *plain)
{
	struct parsed parsed = {.letters = ":"};

	rows_take(&parsed, command->options, values);
	rows_take(&parsed, common_rows, &common_options);
	opterr = 0;
	argc = rest_take(command, argc, argv, values);
	for (int code, index;
		(code = getopt_long(argc, argv, parsed.letters, parsed.longs, &index)) != -1;) {
		if (code == ':')
			die(EXIT_USAGE, "%s needs a value; see snarl %s --help", argv[optind - 1],
				command->name);
		if (code == '?')
			option_refuse(command, &parsed, argv);
		if (code != 1)
			index = letter_index(&parsed, code);
		if (is(option_name(parsed.rows[index]), "help")) {
			command_help_print(command);
			exit(0);
		}
		value_set(parsed.rows[index], optarg, parsed.into[index]);
	}
	plain->count = 0;
	while (optind < argc)
		word_add(plain, argv[optind++]);
}
