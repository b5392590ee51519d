/* help.c - snarl help: all commands, one of them, or the man page's part about them. */
#define _GNU_SOURCE
#include "help.h"

#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "exit.h"
#include "refuse.h"
#include "terminal.h"
#include "text.h"

static struct {
	bool man;
} options;

static const struct option_row rows[] = {
	{"man", NULL, "print the man page's sections on commands and exit codes, as roff",
		OPTION_FLAG, offsetof(__typeof__(options), man)},
	{0},
};

/* The exit codes of exit.h that a user meets. */
static const struct {
	int code;
	const char *meaning;
} exits[] = {
	{EXIT_AS_EXPECTED, "all as expected, or nothing found"},
	{EXIT_UNEXPECTED, "a bug was found, or an outcome was not as declared"},
	{EXIT_USAGE, "wrong usage"},
	{EXIT_COULD_NOT_RUN, "something could not be run, built, read or written"},
	{EXIT_NOTHING_SELECTED, "nothing was selected"},
	{EXIT_ALL_SKIPPED, "everything selected was skipped"},
	{EXIT_INTERRUPTED, "interrupted"},
};

enum { EXITS = sizeof exits / sizeof *exits, COLUMN = 14, WIDTH = 80 };

void help_print(FILE *out)
{
	fprintf(out, "usage: snarl COMMAND [ARGUMENT]... [OPTION]...\n"
		     "Provoke, detect and explain race conditions and deadlocks in C.\n\n");
	for (const struct command *const *at = commands_begin; at < commands_end; at++) {
		fprintf(out, "  %-*s", COLUMN - 2, (*at)->name);
		words_print(out, (*at)->summary, COLUMN, COLUMN, WIDTH);
	}
	fprintf(out, "\nRun 'snarl help COMMAND' for details.\n\nexit status:\n");
	for (int i = 0; i < EXITS; i++)
		fprintf(out, "  %-*d%s\n", COLUMN - 2, exits[i].code, exits[i].meaning);
}

const struct command *command_find(const char *name)
{
	struct string_list names = {0};

	for (const struct command *const *at = commands_begin; at < commands_end; at++) {
		if (is((*at)->name, name))
			return *at;
		word_add(&names, (*at)->name);
	}
	word_refuse(format("unknown command '%s'", name), name, &names);
}

/* --- the man page -------------------------------------------------------------------------- */

/* Text as roff shows it, to be freed: a minus that can be searched for, no word that is a request.
 */
static char *roff_text(const char *text)
{
	char *roff = NULL;
	size_t size;
	FILE *to = open_memstream(&roff, &size);
	bool begins = true; /* a word, which may come to stand at the start of a line */

	for (; to && *text; begins = *text++ == ' ') {
		if (begins && (*text == '.' || *text == '\''))
			fputs("\\&", to);
		if (*text == '-' || *text == '\\')
			fputs(*text == '-' ? "\\-" : "\\e", to);
		else
			fputc(*text, to);
	}
	if (!to || fclose(to) != 0)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	return roff;
}

static void roff_print(const char *text)
{
	char *roff = roff_text(text);

	words_print(stdout, roff, 0, 0, WIDTH);
	free(roff);
}

/* An argument's words in italics, what is to be typed in bold. */
static void roff_option_print(const struct option_row *row)
{
	char *name = roff_text(option_name(row));
	char *argument = roff_text(row->argument ? row->argument : "");

	printf(".TP\n");
	if (option_letter(row))
		printf("\\fB\\-%c\\fR, ", option_letter(row));
	printf("\\fB\\-\\-%s\\fR%s%s%s\n", name, *argument ? " \\fI" : "", argument,
		*argument ? "\\fR" : "");
	roff_print(row->help);
	free(argument);
	free(name);
}

static void roff_command_print(const struct command *command)
{
	char *arguments = roff_text(command->arguments), *summary = format("%s.", command->summary);

	printf(".SS snarl %s%s%s\n", command->name, *arguments ? " " : "", arguments);
	roff_print(summary);
	for (const struct option_row *row = command->options; row && row->name; row++)
		roff_option_print(row);
	free(summary);
	free(arguments);
}

static void man_print(void)
{
	printf(".SH COMMANDS\n");
	for (const struct command *const *at = commands_begin; at < commands_end; at++)
		roff_command_print(*at);
	printf(".SS Options of every command\n");
	for (const struct option_row *row = common_rows; row->name; row++)
		roff_option_print(row);
	printf(".SH EXIT STATUS\n");
	for (int i = 0; i < EXITS; i++)
		printf(".TP\n.B %d\n%s\n", exits[i].code, exits[i].meaning);
}

static int help_run(const struct command *command, int argc, char **argv)
{
	struct string_list names;

	options_parse(command, argc, argv, &options, &names);
	if (names.count > 1)
		die(EXIT_USAGE, "name one command: snarl help COMMAND");
	if (options.man)
		man_print();
	else if (names.count)
		command_help_print(command_find(names.word[0]));
	else
		help_print(stdout);
	return EXIT_AS_EXPECTED;
}

COMMAND(help) = {"help", "[COMMAND]", "Explain snarl, or one of its commands", rows, help_run};
