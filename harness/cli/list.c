/* list.c - snarl list: what the build found. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "command.h"
#include "exit.h"
#include "kind.h"
#include "own.h"
#include "part.h"
#include "select.h"
#include "terminal.h"
#include "text.h"

static struct {
	bool json, cases;
	const char *shard, *weights;
	struct string_list build;
} options;

static const struct option_row rows[] = {
	{"json", NULL, "print one JSON object per variant", OPTION_FLAG,
		offsetof(__typeof__(options), json)},
	{"cases", NULL, "one line per case, for scripts: name, engine, expected kinds", OPTION_FLAG,
		offsetof(__typeof__(options), cases)},
	{"shard", "K/N", "with --cases: only those of this shard, as in snarl run", OPTION_TEXT,
		offsetof(__typeof__(options), shard)},
	{"weights", "FILE", "store whose times balance the shards", OPTION_TEXT,
		offsetof(__typeof__(options), weights)},
	{"", "WORD...", "further sources, flags and libraries for FILE.c and FOLDER", OPTION_REST,
		offsetof(__typeof__(options), build)},
	{0},
};

static const char *detection_word(const struct expectation *expected, bool correct)
{
	/* A detector may be known to be wrong about a correct variant. */
	if (correct && expected->detection == SNARL_MUST_SEE)
		return "clean";
	return expected->detection == SNARL_MUST_SEE  ? "sees"
	       : expected->detection == SNARL_MAY_SEE ? "may"
						      : "blind";
}

static void subject_print(const struct catalog *catalog, const struct subject *subject)
{
	const struct declaration *declared = subject->declaration;
	char kinds[256], *about;

	printf("  %-24s %-*s", subject->name, declared ? 24 : 0,
		subject_is_correct(subject) ? "correct"
		: declared		    ? kind_names(declared->bug, kinds, sizeof kinds)
					    : "a question");
	for (const char **engine = catalog->engines; declared && *engine; engine++) {
		struct expectation expected = subject_expectation(subject, *engine);

		printf(" %s:%-6s", *engine, detection_word(&expected, subject_is_correct(subject)));
	}
	about = text_tame(format("%s%s%s%s", subject->summary, *subject->refs ? " (" : "",
		subject->refs, *subject->refs ? ")" : ""));
	printf(*about ? "\n    %s\n" : "\n", about);
	free(about);
}

static void cases_print(const struct selection *selection)
{
	for (unsigned i = 0; i < selection->count; i++) {
		const struct selected *one = &selection->cases[i];
		struct expectation expected = subject_expectation(one->subject, one->engine);
		char kinds[256];

		printf("%s/%s %s %s\n", one->subject->scenario, one->subject->name, one->engine,
			kind_names(expected.bug, kinds, sizeof kinds));
	}
}

static int list_run(const struct command *command, int argc, char **argv)
{
	struct string_list names;
	struct string_list all = {0};
	const char *last = "";
	unsigned failed = 0;
	struct catalog *catalog;
	struct selection selection;

	options_parse(command, argc, argv, &options, &names);
	catalog = own_or_tree(&names, &all, &options.build, &failed);
	selection = select_cases(catalog, &names, &all);
	if (!options.cases && options.shard)
		die(EXIT_USAGE, "--shard is about cases: add --cases");
	if (options.cases) {
		struct part part = part_select(
			&(struct part_options){.shard = options.shard, .weights = options.weights},
			&selection, NULL, true, true);

		cases_print(&selection);
		part_free(&part);
		return 0;
	}
	for (unsigned i = 0; i < selection.count; i++) {
		const struct subject *subject = selection.cases[i].subject;

		if (i && selection.cases[i - 1].subject == subject)
			continue;
		if (options.json) {
			json_print(subject->json);
			continue;
		}
		if (strcmp(last, subject->scenario) != 0)
			printf("%s%s\n", *last ? "\n" : "", subject->scenario);
		last = subject->scenario;
		subject_print(catalog, subject);
	}
	return failed ? EXIT_COULD_NOT_RUN : EXIT_AS_EXPECTED;
}

COMMAND(list) = {"list", "[SCENARIO[/VARIANT]|FILE.c|FOLDER]...",
	"List scenarios, their variants and what each engine sees", rows, list_run};
