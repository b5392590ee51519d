/* bench_ipc.c - snarl bench ipc: shared memory and messages, compared. */
#include "bench_ipc.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "channel.h"
#include "command.h"
#include "compare.h"
#include "exit.h"
#include "terminal.h"
#include "text.h"

enum { TEXT_MAX = 24, MICRO = 1000 };

static void progress_print(unsigned done, unsigned all, const char *title)
{
	bool bar = strcmp(common_options.progress, "bar") == 0 ||
		   (strcmp(common_options.progress, "auto") == 0 && isatty(STDERR_FILENO));

	if (bar)
		fprintf(stderr, "\r\033[Kipc %3u %%  %s%s", 100 * done / (all ? all : 1), title,
			done == all ? "\r\033[K" : "");
}

/* --- for programs -------------------------------------------------------------------------- */

static json_t *object_make(
	const json_t *mechanism, const char *rest, double value, const char *unit)
{
	char name[IPC_NAME_MAX];

	snprintf(name, sizeof name, "ipc/%s%s",
		json_string_value(json_object_get(mechanism, "name")), rest);
	return json_pack("{s:i, s:s, s:s, s:o, s:s}", "v", 1, "type", "bench", "name", name,
		"value", value > 0 ? json_real(value) : json_null(), "unit", unit);
}

static void object_print(json_t *object)
{
	json_dumpf(object, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(object);
}

static json_t *spread_object(const json_t *mechanism, const char *rest, struct spread spread,
	const char *unit, const json_t *rounds)
{
	json_t *object = object_make(mechanism, rest, spread.median, unit);

	json_object_set_new(object, "low", json_real(spread.low));
	json_object_set_new(object, "high", json_real(spread.high));
	json_object_set(object, "rounds", (json_t *)rounds);
	return object;
}

static void skipped_print(const json_t *mechanism, const char *rest, json_t *why)
{
	json_t *object = object_make(mechanism, rest, 0, "ns/message");

	json_object_set(object, "skipped", why);
	object_print(object);
}

static void point_objects_print(const json_t *mechanism, const json_t *point, const json_t *rounds)
{
	json_t *why = json_object_get(point, "skipped"), *calls, *object;
	long long size = json_integer_value(json_object_get(point, "size"));
	char rest[IPC_NAME_MAX];

	snprintf(rest, sizeof rest, "/%lld", size);
	if (why) {
		skipped_print(mechanism, rest, why);
		return;
	}
	object = spread_object(mechanism, rest, ipc_spread(point, "time"), "ns/message", rounds);
	json_object_set(object, "copies", json_object_get(mechanism, "copies"));
	object_print(object);
	snprintf(rest, sizeof rest, "/%lld/throughput", size);
	object_print(
		spread_object(mechanism, rest, ipc_spread(point, "throughput"), "bytes/s", rounds));
	calls = json_object_get(point, "calls");
	if (!calls)
		return;
	snprintf(rest, sizeof rest, "/%lld/calls", size);
	object = object_make(mechanism, rest, 1, "system calls/message");
	json_object_set(object, "value", json_object_get(calls, "ping"));
	json_object_set(object, "stream", json_object_get(calls, "stream"));
	object_print(object);
}

static void objects_print(const json_t *result)
{
	const json_t *rounds = json_object_get(result, "rounds"), *mechanism, *point;
	size_t i, p;

	json_array_foreach(json_object_get(result, "mechanisms"), i, mechanism) {
		json_t *why = json_object_get(mechanism, "skipped");

		if (why) {
			skipped_print(mechanism, "", why);
			continue;
		}
		object_print(spread_object(
			mechanism, "/setup", ipc_spread(mechanism, "setup"), "ns", NULL));
		json_array_foreach(json_object_get(mechanism, "points"), p, point) {
			point_objects_print(mechanism, point, rounds);
		}
	}
}

/* --- for people ---------------------------------------------------------------------------- */

/* Three significant digits, in at most five characters: 0.412, 41.2, 4120. */
static const char *digits(char text[static TEXT_MAX], double value)
{
	snprintf(text, TEXT_MAX, "%.*f",
		value < 1     ? 3
		: value < 10  ? 2
		: value < 100 ? 1
			      : 0,
		value);
	return text;
}

static void spread_print(struct spread spread, double unit)
{
	char median[TEXT_MAX], low[TEXT_MAX], high[TEXT_MAX], both[2 * TEXT_MAX + 4];

	snprintf(both, sizeof both, "%s - %s", digits(low, spread.low / unit),
		digits(high, spread.high / unit));
	printf(" %8s  %-15s", digits(median, spread.median / unit), both);
}

static void point_print(const json_t *point)
{
	const char *why = json_string_value(json_object_get(point, "skipped"));
	const json_t *calls = json_object_get(point, "calls");
	char text[TEXT_NUMBER_MAX];

	printf("%8s",
		text_size((uint64_t)json_integer_value(json_object_get(point, "size")), text));
	if (why) {
		printf("  skipped: %s\n", why);
		return;
	}
	spread_print(ipc_spread(point, "time"), MICRO);
	spread_print(ipc_spread(point, "throughput"), 1e6);
	if (calls)
		printf(" %8s %7s", digits(text, json_number_value(json_object_get(calls, "ping"))),
			digits((char[TEXT_MAX]){0},
				json_number_value(json_object_get(calls, "stream"))));
	putchar('\n');
}

static void mechanism_print(const json_t *mechanism)
{
	const char *why = json_string_value(json_object_get(mechanism, "skipped"));
	struct spread setup = ipc_spread(mechanism, "setup");
	char median[TEXT_MAX], low[TEXT_MAX], high[TEXT_MAX];
	const json_t *point;
	size_t p;

	printf("\n%s (ipc/%s)\n", json_string_value(json_object_get(mechanism, "title")),
		json_string_value(json_object_get(mechanism, "name")));
	if (why) {
		printf("  skipped: %s\n", why);
		return;
	}
	printf("  set up in %s us (%s - %s)\n", digits(median, setup.median / MICRO),
		digits(low, setup.low / MICRO), digits(high, setup.high / MICRO));
	printf("  copies: %lld, %s\n", json_integer_value(json_object_get(mechanism, "copies")),
		json_string_value(json_object_get(mechanism, "copied")));
	why = json_string_value(json_object_get(mechanism, "calls_skipped"));
	if (why)
		printf("  system calls skipped: %s\n", why);
	json_array_foreach(json_object_get(mechanism, "points"), p, point) {
		point_print(point);
	}
}

static void result_print(const json_t *result)
{
	struct spread copy = ipc_spread(result, "copy");
	char text[TEXT_MAX];
	const json_t *mechanism;
	size_t i;

	printf("Two processes; medians and quartiles of %lld rounds of %s ms. time: half of a\n"
	       "round trip; throughput: one message after the other; calls: system calls of\n"
	       "both sides per message, in a round trip / one after the other.\n"
	       "Copies are stated; all else is measured. A memcpy takes %.3f ns/byte.\n",
		json_integer_value(json_object_get(result, "rounds")),
		digits(text, json_number_value(json_object_get(result, "slot_us")) / 1000),
		copy.median);
	printf("\n%8s %8s  %-15s %8s  %-15s %16s\n", "message", "time us", "quartiles", "MB/s",
		"quartiles", "calls / message");
	json_array_foreach(json_object_get(result, "mechanisms"), i, mechanism) {
		mechanism_print(mechanism);
	}
}

/* Only a whole result is stored: a partial one would replace it on the page of the report. */
static int result_store(const json_t *result, const char *db, bool json)
{
	char *path;
	int error;

	if (!json_is_true(json_object_get(result, "whole")))
		return 0;
	path = ipc_path(db);
	error = ipc_store(result, path);
	if (error)
		fprintf(stderr, "snarl: cannot write %s (%s): choose another place with --db\n",
			path, strerror(-error));
	else if (!json)
		printf("\nresult: %s (snarl report makes a page of it)\n", path);
	free(path);
	return error;
}

int bench_ipc(const struct catalog *catalog, struct ipc_plan *plan, bool json, const char *db)
{
	json_t *result;
	int error;

	plan->progress = progress_print;
	result = ipc_measure(catalog, plan);
	if (!result)
		return EXIT_INTERRUPTED;
	json ? objects_print(result) : result_print(result);
	fflush(stdout);
	error = result_store(result, db, json);
	json_decref(result);
	return error ? EXIT_COULD_NOT_RUN : 0;
}

void bench_ipc_names(FILE *out)
{
	size_t count;
	const struct mechanism *const *all = mechanisms_all(&count);

	for (size_t i = 0; i < count; i++)
		fprintf(out, " ipc/%s", all[i]->name);
}
