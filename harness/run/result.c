/* result.c - what became of one case. */
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
	};

	return names[outcome];
}

json_t *result_json(const struct result *result)
{
	char expected[256], oracle[256];
	json_t *object =
		json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:f, s:o, s:s, s:s}",
			"v", EVENT_VERSION, "type", "case", "scenario", result->plan.scenario,
			"variant", result->plan.variant, "engine", result->plan.engine, "verdict",
			kind_name(result->verdict), "expected",
			kind_names(result->expected, expected, sizeof expected), "outcome",
			outcome_name(result->outcome), "executions", (json_int_t)result->executions,
			"failures", (json_int_t)result->failures, "seconds", result->seconds,
			"first_failure_execution",
			result->first_failure_execution < 0
				? json_null()
				: json_integer((json_int_t)result->first_failure_execution),
			"token", result->token, "message", result->message ? result->message : "");

	json_object_set_new(object, "seed", json_integer((json_int_t)result->plan.seed));
	json_object_set_new(object, "witnesses",
		json_pack("{s:s, s:i}", "oracle", kind_names(result->oracle, oracle, sizeof oracle),
			"tsan_reports", (int)json_array_size(result->races)));
	json_object_set(object, "outcomes", result->outcomes);
	json_object_set(object, "injections", result->injections);
	if (json_object_size(result->waits))
		json_object_set(object, "waits", result->waits);
	if (json_object_size(result->shape))
		json_object_set(object, "shape", result->shape);
	if (result->twin)
		json_object_set_new(object, "effort",
			json_pack("{s:s, s:f}", "twin", result->twin, "times", result->times));
	if (result->coverage)
		json_object_set_new(object, "coverage", json_string(result->coverage));
	if (json_array_size(result->trace))
		json_object_set(object, "trace", result->trace);
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

/* Rows of the same name are one, with the sum of their counts. */
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
		.output = format("%s", ""),
		.outcomes = json_array(),
		.races = json_array(),
		.injections = json_array(),
		.observed = json_array(),
		.trace = json_array(),
		.waits = json_object(),
		.shape = json_object()};
}

void result_stop(struct result *result)
{
	json_t *rows = json_array();

	json_array_append_new(rows,
		json_pack("{s:s, s:s, s:s, s:i}", "label", kind_name(result->verdict), "kinds",
			kind_name(result->verdict), "message", result->message, "count", 1));
	rows_add(result->outcomes, rows, "label");
	json_decref(rows);
	result->failures++;
	result->executions++;
}

void result_join(struct result *into, const struct result *later)
{
	rows_add(into->outcomes, later->outcomes, "label");
	rows_add(into->injections, later->injections, "rule");
	json_array_extend(into->races, later->races);
	into->executions += later->executions;
	into->failures += later->failures;
	into->oracle |= later->oracle;
	into->seconds += later->seconds;
}

void result_free(struct result *result)
{
	json_decref(result->outcomes);
	json_decref(result->races);
	json_decref(result->injections);
	json_decref(result->observed);
	json_decref(result->trace);
	json_decref(result->shape);
	json_decref(result->waits);
	free(result->twin);
	free(result->coverage);
	free(result->message);
	free(result->arm);
	free(result->output);
	memset(result, 0, sizeof *result);
}
