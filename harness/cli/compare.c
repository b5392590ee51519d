/* compare.c - snarl compare: what differs between the results of two stores. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chart.h"
#include "command.h"
#include "exit.h"
#include "field.h"
#include "result.h"
#include "compare.h"
#include "store.h"
#include "terminal.h"
#include "text.h"

static struct {
	const char *format;
} options = {.format = "text"};

#define AT(field) offsetof(__typeof__(options), field)

static const struct option_row rows[] = {
	{"format", "text|json|markdown", "how to print it (default: text)", OPTION_TEXT,
		AT(format)},
	{0},
};

enum {
	TIMES_MIN = 5, /* results of each store, before their times are compared */
};

static const double SLOWER = 1.25; /* times as slow at least, to be worth a line */

/* The results that a store has of one case. */
struct history {
	unsigned results, alarms;
	struct sample failures; /* among executions, of results that made any */
	unsigned times;
	double time[TIMES_MIN]; /* seconds per execution: of the newest results, in a ring */
	const json_t *newest;
};

enum change { SAME, NEW, FIXED, FLAKY, RARER, SLOW, GONE, CHANGES };

static const char *const change_names[] = {
	"same", "new", "fixed", "flaky", "rarer", "slower", "gone"};

struct compared {
	const char *scenario, *variant, *engine;
	struct history before, after;
	enum change change;
};

static bool alarms(const json_t *result)
{
	for (int word = 0; word < OUTCOME_WORDS; word++)
		if (field_is(result, "outcome", outcome_name(word)))
			return outcome_alarms(word);
	return true; /* a word of another version */
}

static void history_add(struct history *history, const json_t *result)
{
	double executions = (double)field_integer(result, "executions", 0);

	history->results++;
	history->alarms += alarms(result);
	history->newest = result;
	if (executions <= 0)
		return;
	sample_add(&history->failures, (double)field_integer(result, "failures", 0), executions);
	history->time[history->times++ % TIMES_MIN] = field_real(result, "seconds") / executions;
}

static int order(const json_t *one, const json_t *other)
{
	static const char *const fields[] = {"scenario", "variant", "engine"};
	int order = 0;

	for (size_t i = 0; i < 3 && !order; i++)
		order = strcmp(field_text(one, fields[i]), field_text(other, fields[i]));
	return order;
}

/* Add the results of the array's next case, which begins at `*at`, and go past them. */
static void history_take(struct history *history, const json_t *results, size_t *at)
{
	const json_t *first = json_array_get(results, *at), *one;

	while ((one = json_array_get(results, *at)) && order(first, one) == 0) {
		history_add(history, one);
		++*at;
	}
}

/* Whether a failure shows in fewer executions: the intervals of the rates do not meet. */
static bool is_rarer(const struct history *before, const struct history *after)
{
	return before->failures.runs >= SAMPLE_RUNS_MIN &&
	       after->failures.runs >= SAMPLE_RUNS_MIN &&
	       sample_interval(&after->failures).high < sample_interval(&before->failures).low;
}

/* Whether executions take longer: the middle halves of both samples do not meet. */
static bool is_slower(const struct history *before, const struct history *after)
{
	struct history a = *before, b = *after;
	struct spread was, is;

	if (a.times < TIMES_MIN || b.times < TIMES_MIN)
		return false;
	was = spread_of(a.time, TIMES_MIN);
	is = spread_of(b.time, TIMES_MIN);
	return is.low > was.high && is.median > was.median * SLOWER;
}

static enum change change_of(const struct history *before, const struct history *after)
{
	if (!after->results)
		return GONE;
	if (after->alarms && !before->alarms)
		return NEW;
	if (before->alarms && !after->alarms)
		return FIXED;
	if (after->alarms && after->alarms < after->results)
		return FLAKY;
	if (is_rarer(before, after))
		return RARER;
	return is_slower(before, after) ? SLOW : SAME;
}

/* What is said of the change; to be freed. */
static char *change_text(const struct compared *one)
{
	const struct history *before = &one->before, *after = &one->after;
	struct interval was = sample_interval(&before->failures);
	struct interval is = sample_interval(&after->failures);
	struct history a = *before, b = *after;

	switch (one->change) {
	case RARER:
		return format("fails in %.3g to %.3g %% of executions, before in %.3g to %.3g %%",
			100 * is.low, 100 * is.high, 100 * was.low, 100 * was.high);
	case SLOW:
		return format("%.3g µs per execution, before %.3g µs (medians of %d)",
			1e6 * spread_of(b.time, TIMES_MIN).median,
			1e6 * spread_of(a.time, TIMES_MIN).median, TIMES_MIN);
	case GONE:
		return format("only the older store has it");
	default:
		return format("%s%s%s in %u of %u results, before in %u of %u",
			field_text(after->newest, "outcome"),
			field_is(after->newest, "verdict", "clean") ? "" : " ",
			field_is(after->newest, "verdict", "clean")
				? ""
				: field_text(after->newest, "verdict"),
			after->alarms, after->results, before->alarms, before->results);
	}
}

static void row_print(const struct compared *one)
{
	char *text = change_text(one);

	if (is(options.format, "json")) {
		json_t *object = json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s}", "v", 1, "type",
			"change", "change", change_names[one->change], "scenario", one->scenario,
			"variant", one->variant, "engine", one->engine, "text", text);

		json_print(object);
		json_decref(object);
	} else if (is(options.format, "markdown")) {
		printf("| %s | `%s/%s` | %s | %s |\n", change_names[one->change], one->scenario,
			one->variant, one->engine, text);
	} else {
		printf("%-7s %s/%s on %s: %s\n", change_names[one->change], one->scenario,
			one->variant, one->engine, text);
	}
	free(text);
}

static void summary_print(const unsigned counts[CHANGES], unsigned cases)
{
	const char *separator = ": ";

	if (is(options.format, "json"))
		return;
	printf("%s%u cases", is(options.format, "markdown") ? "\n" : "", cases);
	for (int change = NEW; change < CHANGES; change++) {
		if (!counts[change])
			continue;
		printf("%s%u %s", separator, counts[change], change_names[change]);
		separator = ", ";
	}
	printf("%s\n", separator[0] == ':' ? ": no difference" : "");
}

/* Both arrays are in the order of cases. Returns how many failures are new. */
static unsigned all_print(const json_t *before, const json_t *after)
{
	unsigned counts[CHANGES] = {0}, cases = 0;
	size_t a = 0, b = 0;
	const json_t *old, *new;

	if (is(options.format, "markdown"))
		printf("| change | case | engine | what |\n| --- | --- | --- | --- |\n");
	while ((old = json_array_get(before, a)), (new = json_array_get(after, b)), old || new) {
		int side = !old ? 1 : !new ? -1 : order(old, new);
		const json_t *names = side > 0 ? new : old;
		struct compared one = {field_text(names, "scenario"), field_text(names, "variant"),
			field_text(names, "engine"), {0}, {0}, SAME};

		if (side <= 0)
			history_take(&one.before, before, &a);
		if (side >= 0)
			history_take(&one.after, after, &b);
		one.change = change_of(&one.before, &one.after);
		counts[one.change]++;
		cases++;
		if (one.change != SAME)
			row_print(&one);
	}
	summary_print(counts, cases);
	return counts[NEW];
}

static json_t *results_read(const char *path)
{
	struct store *store;
	json_t *results;

	if (access(path, R_OK) != 0)
		die(EXIT_COULD_NOT_RUN, "there is no store %s", path);
	store = store_read(path);
	results = store_results_newest(store);
	store_close(store);
	return results;
}

static int compare_run(const struct command *command, int argc, char **argv)
{
	struct string_list files;
	json_t *before, *after;
	unsigned new;

	options_parse(command, argc, argv, &options, &files);
	if (files.count != 2)
		die(EXIT_USAGE,
			"name the older store and the newer one: snarl compare main.db my.db");
	before = results_read(files.word[0]);
	after = results_read(files.word[1]);
	new = all_print(before, after);
	json_decref(before);
	json_decref(after);
	return new ? EXIT_UNEXPECTED : 0;
}

COMMAND(compare) = {"compare", "OLD.db NEW.db",
	"Say which failures are new, fixed, flaky, rarer or slower", rows, compare_run};
