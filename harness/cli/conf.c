/* conf.c - reading a snarl.conf. */
#define _GNU_SOURCE
#include "conf.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wordexp.h>

#include "exit.h"
#include "text.h"

static const char *const keys[] = {"sources", "cflags", "libs", "args"};

/* A snarl.conf that is being read. */
struct conf {
	const char *folder, *path;
	unsigned line;
	const char *file; /* whose words are wanted; NULL: only the sources of all */
	bool concerns;	  /* this section does */
	struct string_list *arguments;
	struct args *args;
};

static void refuse(const struct conf *at, const char *what, const char *text)
{
	die(EXIT_USAGE, "%s:%u: %s: '%s'", at->path, at->line, what, text);
}

/* Cut the spaces at both ends. */
static char *trimmed(char *text)
{
	char *end = text + strlen(text);

	while (end > text && isspace((unsigned char)end[-1]))
		*--end = '\0';
	while (isspace((unsigned char)*text))
		text++;
	return text;
}

/* Split the text as a shell would that is in the folder. Returns NULL, or what is wrong with it. */
static const char *words_split(const char *folder, const char *text, wordexp_t *words)
{
	int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC), error;

	if (here < 0 || chdir(folder) != 0)
		return "its folder cannot be entered";
	error = wordexp(text, words, WRDE_NOCMD | WRDE_UNDEF);
	if (fchdir(here) != 0)
		die(EXIT_COULD_NOT_RUN, "cannot go back to the working directory: %s",
			strerror(errno));
	close(here);
	return error ? "these words cannot be split: quote what a shell would interpret" : NULL;
}

const char *conf_args(const char *folder, const char *text, struct args *args)
{
	wordexp_t words;
	const char *wrong = words_split(folder, text, &words);

	if (wrong)
		return wrong;
	for (size_t i = 0; i < words.we_wordc && !wrong; i++) {
		int error = args_add(args, words.we_wordv[i]);

		wrong = error == -ENOSPC ? "these arguments are too long"
			: error		 ? "arguments have to be UTF-8"
					 : NULL;
	}
	wordfree(&words);
	return wrong;
}

/* Refuse a file that the folder does not have. */
static void file_check(const struct conf *at, const char *what, const char *name)
{
	char *path =
		format("%s%s%s", *name == '/' ? "" : at->folder, *name == '/' ? "" : "/", name);

	if (access(path, R_OK) != 0)
		refuse(at, what, name);
	free(path);
}

static void words_add(const struct conf *at, const char *key, const char *text)
{
	wordexp_t words;
	const char *wrong = words_split(at->folder, text, &words);

	if (wrong)
		refuse(at, wrong, text);
	for (size_t i = 0; i < words.we_wordc; i++) {
		if (is(key, "sources"))
			file_check(at, "there is no such source", words.we_wordv[i]);
		word_add(at->arguments, format("%s", words.we_wordv[i]));
	}
	wordfree(&words);
}

static bool key_is_known(const char *key)
{
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (is(key, keys[i]))
			return true;
	return false;
}

/* Read a line that is neither empty nor a section. */
static void value_read(const struct conf *at, char *line)
{
	char *equals = strchr(line, '='), *key, *text;
	const char *wrong;

	if (!equals)
		refuse(at, "neither [FILE.c] nor KEY = WORDS", line);
	*equals = '\0';
	key = trimmed(line);
	text = trimmed(equals + 1);
	if (!key_is_known(key))
		refuse(at, "unknown key; valid: sources cflags libs args", key);
	if (!at->concerns || (!at->file && !is(key, "sources")))
		return;
	if (!is(key, "args"))
		words_add(at, key, text);
	else if ((wrong = conf_args(at->folder, text, at->args)))
		refuse(at, wrong, text);
}

bool conf_read(
	const char *folder, const char *file, struct string_list *arguments, struct args *args)
{
	char *path = format("%s/snarl.conf", folder), *line = NULL;
	FILE *conf = fopen(path, "r");
	struct conf at = {folder, path, 0, file, true, arguments, args};
	bool is_there = conf;
	size_t room = 0;

	if (!conf && errno != ENOENT)
		die(EXIT_USAGE, "%s cannot be read: %s", path, strerror(errno));
	while (conf && getline(&line, &room, conf) > 0) {
		char *text = trimmed(line), *end = text + strlen(text);

		at.line++;
		if (!*text || *text == '#')
			continue;
		if (*text != '[') {
			value_read(&at, text);
			continue;
		}
		if (end[-1] != ']')
			refuse(&at, "a section needs its ]", text);
		end[-1] = '\0';
		file_check(&at, "there is no such file for a section", trimmed(text + 1));
		at.concerns = !file || is(trimmed(text + 1), file);
	}
	free(line);
	free(path);
	if (conf)
		fclose(conf);
	return is_there;
}
