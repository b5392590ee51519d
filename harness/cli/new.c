/* new.c - snarl new: a scenario to start from, and a snarl.conf for the library that it tests. */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog.h"
#include "command.h"
#include "exit.h"
#include "text.h"

static struct {
	struct string_list libraries;
} options;

static const struct option_row rows[] = {
	{"library", "FILE.c", "a source of the library to test; may be repeated", OPTION_STRINGS,
		offsetof(__typeof__(options), libraries)},
	{0},
};

/* Open a file that must not exist. */
static FILE *file_make(const char *path)
{
	int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);
	FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");

	if (!file)
		die(EXIT_USAGE, "cannot write %s: %s", path, strerror(errno));
	return file;
}

static void file_end(FILE *file, const char *path)
{
	if (fclose(file) != 0)
		die(EXIT_COULD_NOT_RUN, "cannot write %s: %s", path, strerror(errno));
	printf("%s\n", path);
}

/* Write a line of the template with the scenario's name in it. */
static void line_write(FILE *file, const char *line, const char *name)
{
	static const char word[] = "NAME";
	const char *at;

	for (; (at = strstr(line, word)); line = at + strlen(word))
		fprintf(file, "%.*s%s", (int)(at - line), line, name);
	fputs(line, file);
}

static void scenario_write(const char *path, const char *name)
{
	char *kit = kit_folder(), *from = format("%s/new.c", kit), *line = NULL;
	FILE *template = fopen(from, "r"), *file;
	size_t room = 0;

	if (!template)
		die(EXIT_COULD_NOT_RUN, "%s cannot be read: %s", from, strerror(errno));
	file = file_make(path);
	while (getline(&line, &room, template) > 0)
		line_write(file, line, name);
	fclose(template);
	file_end(file, path);
	free(line);
	free(from);
	free(kit);
}

/* The folder of the scenario and of its snarl.conf, which need not be there yet. */
static void folder_make(const char *folder, const struct string_list *libraries)
{
	for (unsigned i = 0; i < libraries->count; i++)
		if (access(libraries->word[i], R_OK) != 0)
			die(EXIT_USAGE, "%s cannot be read: %s", libraries->word[i],
				strerror(errno));
	if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		die(EXIT_USAGE, "cannot make the folder %s: %s", folder, strerror(errno));
}

/* The path as seen from the folder; both exist. To be freed. */
static char *path_from(const char *folder, const char *path)
{
	char from[PATH_MAX], to[PATH_MAX], *up = format("%s", "");
	size_t same = 0;

	if (!realpath(folder, from) || !realpath(path, to))
		die(EXIT_USAGE, "%s cannot be read: %s", path, strerror(errno));
	for (size_t i = 0; from[i] == to[i] && to[i]; i++)
		if (to[i] == '/' || (to[i + 1] == '/' && !from[i + 1]))
			same = to[i] == '/' ? i : i + 1;
	for (const char *at = from + same; *at; at++) {
		char *longer = *at == '/' ? format("../%s", up) : NULL;

		if (!longer)
			continue;
		free(up);
		up = longer;
	}
	path = format("%s%s", up, to + same + 1);
	free(up);
	return (char *)path;
}

/* Write a word that snarl.conf reads as one. */
static void word_write(FILE *file, const char *before, const char *word)
{
	fprintf(file, " %s'", before);
	for (; *word; word++)
		fprintf(file, *word == '\'' ? "'\\'%c" : "%c", *word);
	fprintf(file, "'");
}

/* Look for headers of the library beside it, and where projects have them. */
static void includes_write(FILE *file, const char *folder, const char *library)
{
	static const char *const places[] = {"", "../include"};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		const char *slash = strrchr(library, '/');
		char *path = format("%.*s%s%s", slash ? (int)(slash - library) : 1,
			slash ? library : ".", *places[i] ? "/" : "", places[i]);
		char *whole = format("%s/%s", folder, path);

		if (access(whole, F_OK) == 0)
			word_write(file, "-I", path);
		free(whole);
		free(path);
	}
}

/* What the sources in the folder are built with: `libraries` as seen from there. */
static void conf_write(const char *folder, const struct string_list *libraries)
{
	char *path = format("%s/snarl.conf", folder);
	FILE *file = file_make(path);

	fprintf(file, "# What the scenarios in this folder are built with.\nsources =");
	for (unsigned i = 0; i < libraries->count; i++)
		word_write(file, "", libraries->word[i]);
	fprintf(file, "\ncflags =");
	for (unsigned i = 0; i < libraries->count; i++)
		includes_write(file, folder, libraries->word[i]);
	fprintf(file, "\nlibs =\n");
	file_end(file, path);
	free(path);
}

static int new_run(const struct command *command, int argc, char **argv)
{
	struct string_list names, libraries = {0};
	char *path, *folder, *slash;
	const char *name, *conf;
	size_t length;

	options_parse(command, argc, argv, &options, &names);
	if (names.count != 1)
		die(EXIT_USAGE, "give one name: snarl new races/queue");
	length = strlen(names.word[0]);
	if (length > 2 && is(names.word[0] + length - 2, ".c"))
		length -= 2;
	path = format("%.*s.c", (int)length, names.word[0]);
	slash = strrchr(path, '/');
	folder = slash ? format("%.*s", (int)(slash - path), path) : format(".");
	name = format("%.*s", (int)strlen(slash ? slash + 1 : path) - 2, slash ? slash + 1 : path);
	if (!isalnum((unsigned char)*name))
		die(EXIT_USAGE, "'%s' is no name for a scenario: give a word, races/queue", name);
	conf = format("%s/snarl.conf", folder);
	if (options.libraries.count && access(conf, F_OK) == 0)
		die(EXIT_USAGE, "%s exists: add the library to its line 'sources ='", conf);
	folder_make(folder, &options.libraries);
	for (unsigned i = 0; i < options.libraries.count; i++)
		word_add(&libraries, path_from(folder, options.libraries.word[i]));
	scenario_write(path, name);
	if (libraries.count)
		conf_write(folder, &libraries);
	printf("now: snarl run %s%s\n", *path == '/' || *path == '.' ? "" : "./", path);
	return 0;
}

COMMAND(new) = {"new", "NAME", "Write a scenario to start from", rows, new_run};
