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

static const char *const keys[] = {"sources", "cflags", "libs"};

struct place {
	const char *folder, *path;
	unsigned line;
};

static void refuse(const struct place *at, const char *what, const char *text)
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

/* Split the text as a shell would that is in the folder. */
static int words_split(const struct place *at, const char *text, wordexp_t *words)
{
	int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC), error;

	if (here < 0 || chdir(at->folder) != 0)
		refuse(at, "its folder cannot be entered", at->folder);
	error = wordexp(text, words, WRDE_NOCMD | WRDE_UNDEF);
	if (fchdir(here) != 0)
		refuse(at, "the working directory cannot be entered again", strerror(errno));
	close(here);
	return error;
}

/* Refuse a file that the folder does not have. */
static void file_check(const struct place *at, const char *what, const char *name)
{
	char *path =
		format("%s%s%s", *name == '/' ? "" : at->folder, *name == '/' ? "" : "/", name);

	if (access(path, R_OK) != 0)
		refuse(at, what, name);
	free(path);
}

static void words_add(
	const struct place *at, const char *key, const char *text, struct string_list *arguments)
{
	wordexp_t words;

	if (words_split(at, text, &words) != 0)
		refuse(at, "these words cannot be split: quote what a shell would interpret", text);
	for (size_t i = 0; i < words.we_wordc; i++) {
		if (is(key, "sources"))
			file_check(at, "there is no such source", words.we_wordv[i]);
		word_add(arguments, format("%s", words.we_wordv[i]));
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
static void value_read(const struct place *at, char *line, const char *file, bool concerns,
	struct string_list *arguments)
{
	char *equals = strchr(line, '='), *key;

	if (!equals)
		refuse(at, "neither [FILE.c] nor KEY = WORDS", line);
	*equals = '\0';
	key = trimmed(line);
	if (!key_is_known(key))
		refuse(at, "unknown key; valid: sources cflags libs", key);
	if (concerns && (file || is(key, "sources")))
		words_add(at, key, trimmed(equals + 1), arguments);
}

bool conf_read(const char *folder, const char *file, struct string_list *arguments)
{
	char *path = format("%s/snarl.conf", folder), *line = NULL;
	FILE *conf = fopen(path, "r");
	struct place at = {.folder = folder, .path = path};
	bool concerns = true, is_there = conf;
	size_t room = 0;

	if (!conf && errno != ENOENT)
		die(EXIT_USAGE, "%s cannot be read: %s", path, strerror(errno));
	while (conf && getline(&line, &room, conf) > 0) {
		char *text = trimmed(line), *end = text + strlen(text);

		at.line++;
		if (!*text || *text == '#')
			continue;
		if (*text != '[') {
			value_read(&at, text, file, concerns, arguments);
			continue;
		}
		if (end[-1] != ']')
			refuse(&at, "a section needs its ]", text);
		end[-1] = '\0';
		file_check(&at, "there is no such file for a section", trimmed(text + 1));
		concerns = !file || is(trimmed(text + 1), file);
	}
	free(line);
	free(path);
	if (conf)
		fclose(conf);
	return is_there;
}
