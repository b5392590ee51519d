/* diff.c - snarl diff: broken variants beside their nearest correct ones, as the report has it. */
#define _GNU_SOURCE
#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "event.h"
#include "exit.h"
#include "nearest.h"
#include "path.h"
#include "select.h"
#include "terminal.h"
#include "text.h"

/* {"path","text"} of a variant's source. */
static json_t *source_read(const struct catalog *catalog, const struct subject *subject)
{
	char *name = format("%s.c", subject->name), *path = source_path(catalog, subject, name);
	char *file_path = path_plain(catalog->root, path), *text = NULL;
	FILE *file = fopen(file_path, "r");
	size_t capacity = 0;
	json_t *source;

	if (!file || getdelim(&text, &capacity, '\0', file) < 0)
		die(EXIT_COULD_NOT_RUN, "%s cannot be read: %s", file_path,
			errno ? strerror(errno) : "it is empty");
	fclose(file);
	source = json_pack("{s:s, s:o}", "path", path, "text", event_text(text));
	free(text);
	free(file_path);
	free(path);
	free(name);
	return source;
}

/* The sources of the correct variants of the same scenario. */
static json_t *correct_read(const struct catalog *catalog, const struct subject *subject)
{
	json_t *sources = json_array();

	for (size_t i = 0; i < catalog->count; i++) {
		const struct subject *other = &catalog->subjects[i];

		if (is(other->scenario, subject->scenario) && subject_is_correct(other))
			json_array_append_new(sources, source_read(catalog, other));
	}
	return sources;
}

/* A line in the colour of its first character; tabs are all that it may make a terminal do. */
static void line_print(const char *line, size_t length, bool colored)
{
	const char *color = *line == '+' ? "32" : *line == '-' ? "31" : *line == '@' ? "36" : NULL;
	char *copy = format("%.*s", (int)length, line), *rest = copy, *part;

	if (colored && color)
		printf("\033[%sm", color);
	while ((part = strsep(&rest, "\t")))
		printf("%s%s", text_tame(part), rest ? "\t" : "");
	printf(colored && color ? "\033[0m\n" : "\n");
	free(copy);
}

static void subject_diff(const struct catalog *catalog, const struct subject *subject)
{
	json_t *source = source_read(catalog, subject), *correct = correct_read(catalog, subject);
	struct nearest nearest = nearest_find(json_string_value(json_object_get(source, "path")),
		json_string_value(json_object_get(source, "text")), correct);
	bool colored = terminal_colored(STDOUT_FILENO);

	if (!json_array_size(correct))
		die(EXIT_USAGE, "%s has no correct variant to compare %s with", subject->scenario,
			subject->name);
	if (!nearest.diff)
		die(EXIT_COULD_NOT_RUN, "diff did not run: install diffutils");
	for (const char *at = nearest.diff; *at;) {
		size_t length = strcspn(at, "\n");

		line_print(at, length, colored);
		at += length + (at[length] == '\n');
	}
	free(nearest.diff);
	json_decref(correct);
	json_decref(source);
}

static int diff_run(const struct command *command, int argc, char **argv)
{
	struct string_list names;
	struct selection selection;
	struct catalog *catalog;
	unsigned compared = 0;

	options_parse(command, argc, argv, NULL, &names);
	if (!names.count)
		die(EXIT_USAGE, "name a broken variant: snarl diff SCENARIO/VARIANT");
	catalog = catalog_load(NULL);
	selection = select_cases(catalog, &names, &(struct string_list){0});
	for (unsigned i = 0; i < selection.count; i++) {
		const struct subject *subject = selection.cases[i].subject;

		if ((i && selection.cases[i - 1].subject == subject) || subject_is_correct(subject))
			continue;
		subject_diff(catalog, subject);
		compared++;
	}
	if (!compared)
		die(EXIT_USAGE, "'%s' is correct: name a broken variant; see snarl list",
			names.word[0]);
	return EXIT_AS_EXPECTED;
}

COMMAND(diff) = {"diff", "SCENARIO[/VARIANT]...",
	"Show what is wrong in a broken variant: its difference to the nearest correct one", NULL,
	diff_run};
