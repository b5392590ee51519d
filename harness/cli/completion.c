/*
 * completion.c - snarl completion: what a shell needs to complete snarl's command lines, made from
 * the tables of commands and options; and the words that only the build knows, when a shell asks.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "command.h"
#include "exit.h"
#include "own.h"
#include "refuse.h"
#include "select.h"
#include "text.h"

#define KINDS "bash|zsh|fish|names|engines|profiles"

/* What can stand for an argument. */
enum values {
	VALUES_ANY,
	VALUES_CHOICE, /* the words in the argument */
	VALUES_ASKED,  /* what snarl completion WORD prints */
	VALUES_FILES,
	VALUES_FOLDERS,
};

/* The word of an asked argument: "engines" for ENGINE. */
static const char *asked_word(const char *argument)
{
	return is(argument, "ENGINE") ? "engines" : is(argument, "PROFILE") ? "profiles" : NULL;
}

static enum values values_of(const char *argument)
{
	return choice_words(argument).count ? VALUES_CHOICE
	       : asked_word(argument)	    ? VALUES_ASKED
	       : strstr(argument, "FILE")   ? VALUES_FILES
	       : is(argument, "DIR")	    ? VALUES_FOLDERS
					    : VALUES_ANY;
}

/* The words of a choice, with blanks between them. */
static void choice_print(const char *argument)
{
	struct string_list words = choice_words(argument);

	for (unsigned i = 0; i < words.count; i++)
		printf(i ? " %s" : "%s", words.word[i]);
}

/* Text in single quotes of a shell; `also` is escaped by a backslash. */
static void quoted_print(const char *text, const char *also)
{
	putchar('\'');
	for (; *text; text++)
		if (*text == '\'')
			printf("'\\''");
		else
			printf(strchr(also, *text) ? "\\%c" : "%c", *text);
	putchar('\'');
}

static bool takes(const struct command *command, const char *what)
{
	return strstr(command->arguments, what);
}

static void commands_print(const char *between)
{
	for (const struct command *const *at = commands_begin; at < commands_end; at++)
		printf("%s%s", at == commands_begin ? "" : between, (*at)->name);
}

/* --- bash ---------------------------------------------------------------------------------- */

static void bash_option_print(const struct command *command, const struct option_row *row)
{
	if (!row->argument || !*row->name || values_of(row->argument) == VALUES_ANY)
		return;
	printf("\t%s/--%s) ", command ? command->name : "*", option_name(row));
	switch (values_of(row->argument)) {
	case VALUES_CHOICE:
		printf("words='");
		choice_print(row->argument);
		printf("' ;;\n");
		return;
	case VALUES_ASKED:
		printf("words=$(\"$1\" completion %s 2>/dev/null) ;;\n", asked_word(row->argument));
		return;
	default:
		printf("compopt -o %s; return ;;\n",
			values_of(row->argument) == VALUES_FILES ? "default" : "dirnames");
		return;
	}
}

static void bash_options_print(const struct option_row *row)
{
	for (; row && row->name; row++)
		if (*row->name)
			printf(" --%s", option_name(row));
}

/* What a command takes besides options. */
static void bash_plain_print(const struct command *command)
{
	printf("\t%s/*) words='", command->name);
	choice_print(command->arguments);
	if (takes(command, "COMMAND"))
		commands_print(" ");
	printf("' ;;\n");
}

static void bash_print(void)
{
	printf("# Completion of snarl for bash, printed by snarl completion bash.\n"
	       "_snarl()\n{\n"
	       "\tlocal cur=$2 prev=$3 command=${COMP_WORDS[1]} words=''\n\n"
	       "\tCOMPREPLY=()\n"
	       "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
	       "\t\tCOMPREPLY=($(compgen -W '");
	commands_print(" ");
	printf(" --help --version' -- \"$cur\"))\n\t\treturn\n\tfi\n"
	       "\tcase $command/$prev in\n");
	for (const struct command *const *at = commands_begin; at < commands_end; at++)
		for (const struct option_row *row = (*at)->options; row && row->name; row++)
			bash_option_print(*at, row);
	for (const struct option_row *row = common_rows; row->name; row++)
		bash_option_print(NULL, row);
	printf("\t*) case $command/$cur in\n");
	for (const struct command *const *at = commands_begin; at < commands_end; at++) {
		printf("\t%s/-*) words='", (*at)->name);
		bash_options_print((*at)->options);
		bash_options_print(common_rows);
		printf("' ;;\n");
		if (takes(*at, "SCENARIO"))
			printf("\t%s/*) words=$(\"$1\" completion names 2>/dev/null); compopt -o "
			       "default ;;\n",
				(*at)->name);
		else
			bash_plain_print(*at);
	}
	printf("\tesac ;;\n\tesac\n"
	       "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\n"
	       "complete -F _snarl snarl\n");
}

/* --- zsh ----------------------------------------------------------------------------------- */

/* The action of _arguments that completes the argument. */
static void zsh_action_print(const char *argument)
{
	switch (values_of(argument)) {
	case VALUES_CHOICE:
		printf("(");
		choice_print(argument);
		printf(")");
		return;
	case VALUES_ASKED:
		printf("{compadd -- $(snarl completion %s 2>/dev/null)}", asked_word(argument));
		return;
	case VALUES_FILES:
		printf("_files");
		return;
	case VALUES_FOLDERS:
		printf("_files -/");
		return;
	case VALUES_ANY:
		return;
	}
}

static void zsh_option_print(const char *dashes, const char *name, const struct option_row *row)
{
	printf(" \\\n\t\t'%s%s%s%s['", row->type == OPTION_STRINGS ? "*" : "", dashes, name,
		row->argument && is(dashes, "--") ? "=" : "");
	quoted_print(row->help, ":[]");
	if (row->argument) {
		printf("']:value:");
		zsh_action_print(row->argument);
		printf("'");
	} else
		printf("']'");
}

static void zsh_options_print(const struct option_row *row)
{
	for (; row && row->name; row++) {
		char letter[] = {option_letter(row), '\0'};

		if (!*row->name)
			continue;
		zsh_option_print("--", option_name(row), row);
		if (*letter)
			zsh_option_print("-", letter, row);
	}
}

static void zsh_plain_print(const struct command *command)
{
	if (takes(command, "SCENARIO"))
		printf(" \\\n\t\t'*:case:_snarl_names'");
	else if (takes(command, "COMMAND")) {
		printf(" \\\n\t\t'*:command:(");
		commands_print(" ");
		printf(")'");
	} else if (choice_words(command->arguments).count) {
		printf(" \\\n\t\t'*:word:");
		zsh_action_print(command->arguments);
		printf("'");
	} else if (*command->arguments)
		printf(" \\\n\t\t'*:argument:_files'");
}

static void zsh_print(void)
{
	printf("#compdef snarl\n# Completion of snarl for zsh, printed by snarl completion zsh.\n"
	       "_snarl_names() {\n\tcompadd -- $(snarl completion names 2>/dev/null)\n\t_files\n}\n"
	       "_snarl() {\n\tlocal -a commands\n\n\tcommands=(");
	for (const struct command *const *at = commands_begin; at < commands_end; at++) {
		char *line = format("%s:%s", (*at)->name, (*at)->summary);

		printf("\n\t\t");
		quoted_print(line, "");
		free(line);
	}
	printf("\n\t)\n\tif (( CURRENT == 2 )); then\n\t\t_describe command commands\n"
	       "\t\tcompadd -- --help --version\n\t\treturn\n\tfi\n"
	       "\tshift words\n\t(( CURRENT-- ))\n\tcase $words[1] in\n");
	for (const struct command *const *at = commands_begin; at < commands_end; at++) {
		printf("\t%s) _arguments -s", (*at)->name);
		zsh_options_print((*at)->options);
		zsh_options_print(common_rows);
		zsh_plain_print(*at);
		printf(" ;;\n");
	}
	printf("\tesac\n}\n_snarl \"$@\"\n");
}

/* --- fish ---------------------------------------------------------------------------------- */

static void fish_values_print(const char *argument)
{
	switch (values_of(argument)) {
	case VALUES_CHOICE:
		printf(" -x -a '");
		choice_print(argument);
		printf("'");
		return;
	case VALUES_ASKED:
		printf(" -x -a '(snarl completion %s 2>/dev/null)'", asked_word(argument));
		return;
	case VALUES_FILES:
		printf(" -r -F");
		return;
	case VALUES_FOLDERS:
		printf(" -x -a '(__fish_complete_directories)'");
		return;
	case VALUES_ANY:
		printf(" -x");
		return;
	}
}

/* `where` is a condition of fish, "" for everywhere. */
static void fish_options_print(const char *where, const struct option_row *row)
{
	for (; row && row->name; row++) {
		if (!*row->name)
			continue;
		printf("complete -c snarl%s -l %s", where, option_name(row));
		if (option_letter(row))
			printf(" -s %c", option_letter(row));
		if (row->argument)
			fish_values_print(row->argument);
		printf(" -d ");
		quoted_print(row->help, "\\");
		printf("\n");
	}
}

static void fish_plain_print(const struct command *command, const char *where)
{
	if (takes(command, "SCENARIO"))
		printf("complete -c snarl%s -F -a '(snarl completion names 2>/dev/null)'\n", where);
	else if (takes(command, "COMMAND")) {
		printf("complete -c snarl%s -a '", where);
		commands_print(" ");
		printf("'\n");
	} else if (choice_words(command->arguments).count) {
		printf("complete -c snarl%s", where);
		fish_values_print(command->arguments);
		printf("\n");
	}
}

static void fish_print(void)
{
	printf("# Completion of snarl for fish, printed by snarl completion fish.\n"
	       "complete -c snarl -f\n"
	       "complete -c snarl -n __fish_use_subcommand -l version -d 'print the version'\n");
	for (const struct command *const *at = commands_begin; at < commands_end; at++) {
		char *where = format(" -n '__fish_seen_subcommand_from %s'", (*at)->name);

		printf("complete -c snarl -n __fish_use_subcommand -a %s -d ", (*at)->name);
		quoted_print((*at)->summary, "\\");
		printf("\n");
		fish_options_print(where, (*at)->options);
		fish_plain_print(*at, where);
		free(where);
	}
	fish_options_print("", common_rows);
}

/* --- words that only the build knows -------------------------------------------------------- */

static void names_print(void)
{
	const struct catalog *catalog = catalog_load(NULL);
	const char *last = "";

	for (size_t i = 0; i < catalog->count; i++) {
		const struct subject *subject = &catalog->subjects[i];

		if (!is(last, subject->scenario))
			puts(subject->scenario);
		printf("%s/%s\n", subject->scenario, subject->name);
		last = subject->scenario;
	}
}

static void list_print(const struct string_list *words)
{
	for (unsigned i = 0; i < words->count; i++)
		puts(words->word[i]);
}

static int completion_run(const struct command *command, int argc, char **argv)
{
	const struct string_list valid = choice_words(command->arguments);
	struct string_list words, known;
	const char *word;

	options_parse(command, argc, argv, NULL, &words);
	if (words.count != 1)
		die(EXIT_USAGE, "give one word: snarl completion " KINDS);
	word = words.word[0];
	word_check("word", word, &valid);
	if (is(word, "bash"))
		bash_print();
	else if (is(word, "zsh"))
		zsh_print();
	else if (is(word, "fish"))
		fish_print();
	else if (is(word, "names"))
		names_print();
	else {
		known = is(word, "engines") ? own_engines() : profile_names(kit_folder());
		list_print(&known);
	}
	return EXIT_AS_EXPECTED;
}

COMMAND(completion) = {"completion", KINDS,
	"Print what a shell needs to complete command lines of snarl, or words that it asks for",
	NULL, completion_run};
