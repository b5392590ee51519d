/*
 * command.h - the subcommands: one file each, found through a linker section, never listed.
 *
 * One table of options makes a command's parsing and its help (and later its man page and
 * completion).
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
	const char *name;
	const char *argument; /* NULL for a flag */
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

/* Add a word; ends the program with 2 if there are WORDS_MAX. */
void word_add(struct string_list *words, const char *word);

/* End the program with 2 and the list of valid words, unless `value` is one; NULL ends the list. */
void option_one_of(const char *option, const char *value, const char *const *valid);

/* Options that every command has. */
extern struct common_options {
	const char *color;    /* auto, always, never */
	const char *progress; /* auto, bar, plain, never */
} common_options;

#endif
