/*
 * command.h - the subcommands: one file each, found through a linker section, never listed.
 *
 * One table of options makes a command's parsing, its help, its part of the man page and its
 * completion in shells.
 */
#ifndef SNARL_CLI_COMMAND_H
#define SNARL_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WORDS_MAX = 1024 };

/* Values given to an option that may be repeated, or the plain arguments. */
struct string_list {
	unsigned count;
	const char *word[WORDS_MAX];
};

enum option_type {
	OPTION_FLAG,	 /* bool */
	OPTION_TEXT,	 /* const char * */
	OPTION_STRINGS,	 /* struct string_list: may be repeated */
	OPTION_NUMBER,	 /* uint64_t, decimal or 0x */
	OPTION_DURATION, /* unsigned, milliseconds: 500ms, 5s, 2m */
	OPTION_REST,	 /* struct string_list: all words behind "--"; the row's name is "" */
};

struct option_row {
	const char *name;     /* "quiet", or "q,quiet" if one letter stands for it */
	const char *argument; /* NULL for a flag; "auto|always|never": only these are valid */
	const char *help;
	enum option_type type;
	size_t offset; /* of the value in the command's struct of values */
};

struct command {
	const char *name;
	const char *arguments; /* plain arguments in the usage line, or "" */
	const char *summary;
	const struct option_row *options; /* ended by a row without a name */
	int (*run)(const struct command *command, int argc, char **argv);
};

#define COMMAND(symbol)                                                                            \
	static const struct command symbol;                                                        \
	static const struct command *const symbol##_entry                                          \
		__attribute__((used, section("snarl_commands"))) = &symbol;                        \
	static const struct command symbol

/*
 * Parse the command's options into `values` and its plain arguments into `plain`. Ends the program:
 * with 0 after --help, with 2 and a sentence on a bad option.
 */
void options_parse(const struct command *command, int argc, char **argv, void *values,
	struct string_list *plain);

/* Print the usage, the summary and the options of a command on stdout. */
void command_help_print(const struct command *command);

/* Add a word; ends the program with 2 if there are WORDS_MAX. */
void word_add(struct string_list *words, const char *word);

/* The long name of an option. */
const char *option_name(const struct option_row *row);

/* The letter that stands for an option; 0: there is none. */
char option_letter(const struct option_row *row);

/* The words of a choice like "auto|always|never"; none if the text is no choice. */
struct string_list choice_words(const char *argument);

/* All commands: from the first of them to below the end. */
extern const struct command *const commands_begin[] __asm__("__start_snarl_commands");
extern const struct command *const commands_end[] __asm__("__stop_snarl_commands");

/* The table of the options that every command has; terminal.h has their values. */
extern const struct option_row common_rows[];

#endif
