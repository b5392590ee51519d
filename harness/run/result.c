/* result.c - the result of one case. */
#include "result.h"

#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "kind.h"
#include "snarl.h"
#include "text.h"

const char *outcome_name(enum outcome_word outcome)
{
	static const char *const names[] = {
		[OUTCOME_CAUGHT] = "caught",
		[OUTCOME_CLEAN] = "clean",
		[OUTCOME_BLIND] = "blind",
		[OUTCOME_MISSED] = "MISSED",
		[OUTCOME_FALSE_ALARM] = "FALSE ALARM",
		[OUTCOME_SKIPPED] = "skipped",
		[OUTCOME_FOUND] = "FOUND",
		[OUTCOME_NOTHING] = "nothing found",
		[OUTCOME_ERROR] = "ERROR",
	};

	return names[outcome];
}

bool outcome_alarms(enum outcome_word outcome)
{
	return outcome == OUTCOME_MISSED || outcome == OUTCOME_FALSE_ALARM ||
	       outcome == OUTCOME_FOUND || outcome == OUTCOME_ERROR;
}

bool outcome_named_alarms(const char *name)
{
	for (int i = 0; i < OUTCOME_WORDS; i++)
		if (is(outcome_name(i), name))
			return outcome_alarms(i);
	return false;
}

/* The parts of the detail that --json shows; the first SHOWN_ALWAYS even if they are empty. */
enum { SHOWN_ALWAYS = 2 };
static const char *const shown[] = {
	"outcomes", "injections", "waits", "shape", "effort", "coverage", "trace", "misuse"};

static size_t part_size(const json_t *part)
{
	return json_is_string(part) ? json_string_length(part)
				    : json_array_size(part) + json_object_size(part);
}

json_t *result_expected(const struct result *result)
{
	char kinds[256];

	return result->question ? json_null()
				: json_string(kind_names(result->expected, kinds, sizeof kinds));
}

json_t *result_json(const struct result *result)
{
	char oracle[256];
	json_t *object =
		json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:I, s:I, s:f, s:o, s:s, s:s}",
			"v", EVENT_VERSION, "type", "case", "scenario", result->plan.scenario,
			"variant", result->plan.variant, "engine", result->plan.engine, "verdict",
			kind_name(result->verdict), "expected", result_expected(result), "outcome",
			outcome_name(result->outcome), "executions", (json_int_t)result->executions,
			"failures", (json_int_t)result->failures, "seconds", result->seconds,
			"first_failure_execution",
			result->first_failure_execution < 0
				? json_null()
				: json_integer((json_int_t)result->first_failure_execution),
			"token", result->token, "message", result->message ? result->message : "");

	if (result->failed_to_run)
		json_object_set_new(object, "could_not_run", json_true());
	json_object_set_new(object, "seed", json_integer((json_int_t)result->plan.seed));
	json_object_set_new(object, "witnesses",
		json_pack("{s:s, s:i}", "oracle", kind_names(result->oracle, oracle, sizeof oracle),
			"tsan_reports", (int)json_array_size(result_part(result, "races"))));
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
		if (part_size(result_part(result, shown[i])) || i < SHOWN_ALWAYS)
			json_object_set(object, shown[i], result_part(result, shown[i]));
	return object;
}

static json_t *row_named(json_t *rows, const char *key, const char *name)
{
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) {
		if (strcmp(json_string_value(json_object_get(row, key)), name) == 0)
			return row;
	}
	return NULL;
}

/* Merge rows of the same name into one, with the sum of their counts. */
static void rows_add(json_t *into, json_t *rows, const char *key)
{
	json_t *row, *same;
	size_t i;

	json_array_foreach(rows, i, row) {
		same = row_named(into, key, json_string_value(json_object_get(row, key)));
		if (same)
			json_object_set_new(same, "count",
				json_integer(json_integer_value(json_object_get(same, "count")) +
					     json_integer_value(json_object_get(row, "count"))));
		else
			json_array_append(into, row);
	}
}

struct result result_empty(const struct plan *plan)
{
	return (struct result){.plan = *plan,
		.first_failure_execution = -1,
		.message = format("%s", ""),
		.detail = json_pack("{s:[], s:[], s:[], s:[], s:[], s:{}, s:{}, s:s}", "outcomes",
			"races", "injections", "observed", "trace", "waits", "shape", "output",
			"")};
}

json_t *result_part(const struct result *result, const char *name)
{
	return json_object_get(result->detail, name);
}

void result_put(struct result *result, const char *name, json_t *value)
{
	json_object_set_new(result->detail, name, value);
}

void result_stop(struct result *result)
{
	json_t *rows = json_array();

	json_array_append_new(rows,
		json_pack("{s:s, s:s, s:s, s:i}", "label", kind_name(result->verdict), "kinds",
			kind_name(result->verdict), "message", result->message, "count", 1));
	rows_add(result_part(result, "outcomes"), rows, "label");
	json_decref(rows);
	result->failures++;
	result->executions++;
}

void result_join(struct result *into, const struct result *later)
{
	rows_add(result_part(into, "outcomes"), result_part(later, "outcomes"), "label");
	rows_add(result_part(into, "injections"), result_part(later, "injections"), "rule");
	json_array_extend(result_part(into, "races"), result_part(later, "races"));
	into->executions += later->executions;
	into->failures += later->failures;
	into->oracle |= later->oracle;
	into->seconds += later->seconds;
}

void result_free(struct result *result)
{
	json_decref(result->detail);
	free(result->message);
	memset(result, 0, sizeof *result);
}
