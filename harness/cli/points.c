/* points.c - snarl points: where a variant can be injected. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "command.h"
#include "exit.h"
#include "field.h"
#include "own.h"
#include "select.h"
#include "terminal.h"
#include "text.h"

static struct {
	bool json;
	struct string_list build;
} options;

static const struct option_row rows[] = {
	{"json", NULL, "print one JSON object per point", OPTION_FLAG,
		offsetof(__typeof__(options), json)},
	{"", "WORD...", "further sources, flags and libraries for FILE.c and FOLDER", OPTION_REST,
		offsetof(__typeof__(options), build)},
	{0},
};

static int points_run(const struct command *command, int argc, char **argv)
{
	const struct subject *subject;
	struct catalog *catalog;
	struct string_list names;
	unsigned failed = 0;
	json_t *point;
	char *name;
	size_t i;

	options_parse(command, argc, argv, &options, &names);
	if (names.count != 1)
		die(EXIT_USAGE, "name one variant: snarl points SCENARIO/VARIANT");
	catalog = own_or_tree(&names, &(struct string_list){0}, &options.build, &failed);
	if (names.count != 1)
		die(EXIT_USAGE, "the folder has %u sources: name one", names.count);
	subject = select_variant(catalog, names.word[0]);
	json_array_foreach(json_object_get(subject->json, "points"), i, point) {
		if (options.json) {
			json_print(point);
			continue;
		}
		name = text_tame(format("%s", field_text(point, "name")));
		printf("%-28s %s:%d\n", name, field_text(point, "file"),
			(int)json_integer_value(json_object_get(point, "line")));
		free(name);
	}
	return failed ? EXIT_COULD_NOT_RUN : EXIT_AS_EXPECTED;
}

COMMAND(points) = {"points", "SCENARIO/VARIANT|FILE.c",
	"List the points of a variant that a rule can name", rows, points_run};
