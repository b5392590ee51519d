/*
 * jsonl.c - results as JSON Lines: the object that `snarl run --json` prints for a case, with all
 * else that the store has of it. results.schema.json beside this file describes both.
 */
#include <stdio.h>

#include "event.h"
#include "exports.h"

/* What is only of use to snarl stays out: the whole catalogue line of the variant. */
static const char *const kept[] = {"run", "scenario", "variant", "engine", "summary", "refs",
	"verdict", "expected", "outcome", "executions", "failures", "seconds",
	"first_failure_execution", "token", "message", "seed", "rules", "outcomes", "injections",
	"races", "observed", "trace", "shape", "waits", "effort", "arm", "coverage", "exhausted",
	"steps", "peak_kb", "output", "traits", "misuse"};

static json_t *line_make(const json_t *one)
{
	json_t *line = json_pack("{s:i, s:s}", "v", EVENT_VERSION, "type", "case");

	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		json_t *value = json_object_get(one, kept[i]);

		if (value)
			json_object_set(line, kept[i], value);
	}
	return line;
}

void jsonl_write(struct store *store, const json_t *cases, FILE *file)
{
	const json_t *one;
	size_t i;

	(void)store;
	json_array_foreach(cases, i, one) {
		json_t *line = line_make(one);

		json_dumpf(line, file, JSON_COMPACT);
		fputc('\n', file);
		json_decref(line);
	}
}
