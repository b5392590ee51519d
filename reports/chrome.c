/*
 * chrome.c - interleavings in Chrome's trace event format, for ui.perfetto.dev.
 *
 * A case is a process, an actor a thread, a step a slice: step i begins at 10 i microseconds and
 * lasts 8, because a trace has an order and no clock. Observed variables are counters, and what a
 * step acquired from another actor's release is an arrow (a flow) between the two.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "exports.h"
#include "field.h"
#include "rows.h"
#include "text.h"

enum { STEP_US = 10, SLICE_US = 8, MIDDLE_US = SLICE_US / 2, ACTORS_MAX = 256 };

/* The trace of one case, while its events are added. */
struct traced {
	json_t *events;
	const json_t *trace;
	json_int_t process;
	unsigned actor_count;
	const char *actors[ACTORS_MAX]; /* by thread, from 1 */
};

/* The number of flows in the file: an arrow is found by its number in all processes. */
struct chrome {
	json_t *events;
	json_int_t processes, flows;
};

static void event_add(const struct traced *traced, json_int_t thread, json_t *event)
{
	json_object_set_new(event, "pid", json_integer(traced->process));
	json_object_set_new(event, "tid", json_integer(thread));
	json_array_append_new(traced->events, event);
}

static void name_add(const struct traced *traced, json_int_t thread, const char *what, char *name)
{
	event_add(traced, thread,
		json_pack("{s:s, s:s, s:{s:s}}", "ph", "M", "name", what, "args", "name", name));
	free(name);
}

/* The thread of an actor, which gets its name when it is first needed. */
static json_int_t thread_of(struct traced *traced, const char *actor)
{
	unsigned i = 0;

	while (i < traced->actor_count && !is(traced->actors[i], actor))
		i++;
	if (i == traced->actor_count && i < ACTORS_MAX) {
		traced->actors[traced->actor_count++] = actor;
		name_add(traced, i + 1, "thread_name", format("%s", actor));
	}
	return i + 1;
}

static json_int_t step_us(size_t step)
{
	return (json_int_t)(step * STEP_US);
}

/* What a step has besides its sentence. */
static json_t *step_args(const json_t *step, size_t number)
{
	static const char *const kept[] = {"call", "variable", "old", "new", "function", "file",
		"line", "preempted", "waits_for", "held_by", "injected", "races_with"};
	json_t *args = json_pack("{s:I}", "step", (json_int_t)number);

	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		json_t *value = json_object_get(step, kept[i]);

		if (value && !json_is_null(value))
			json_object_set(args, kept[i], value);
	}
	return args;
}

static void slice_add(struct traced *traced, const json_t *step, size_t at)
{
	const char *op = field_text(step, "op");

	event_add(traced, thread_of(traced, field_text(step, "actor")),
		json_pack("{s:s, s:s, s:s, s:I, s:i, s:o}", "ph", "X", "name",
			field_text(step, "sentence"), "cat", *op ? op : "step", "ts", step_us(at),
			"dur", SLICE_US, "args", step_args(step, at + 1)));
}

/* The value as a number; false: it is none. */
static bool number_of(const char *text, double *number)
{
	char *end;

	*number = strtod(text, &end);
	return (isdigit((unsigned char)*text) || *text == '-') && !*end && isfinite(*number);
}

/* The values after a step that differ from those after the step before. */
static void counters_add(struct traced *traced, const json_t *step, size_t at)
{
	const json_t *observed = field_array(step, "observed"), *one;
	size_t i;

	json_array_foreach(observed, i, one) {
		const char *name = field_text(one, "name"), *value = field_text(one, "value");
		const char *before =
			at ? step_value(json_array_get(traced->trace, at - 1), name) : NULL;
		double number;

		if (!number_of(value, &number) || (before && is(before, value)))
			continue;
		event_add(traced, 0,
			json_pack("{s:s, s:s, s:I, s:{s:f}}", "ph", "C", "name", name, "ts",
				step_us(at), "args", "value", number));
	}
}

/* One end of an arrow. "bp": it belongs to the slice around it, not to the next one. */
static void arrow_end(struct traced *traced, json_int_t id, size_t step, const char *phase)
{
	const json_t *json = json_array_get(traced->trace, step);

	event_add(traced, thread_of(traced, field_text(json, "actor")),
		json_pack("{s:s, s:I, s:s, s:s, s:s, s:I}", "ph", phase, "id", id, "cat",
			"happens-before", "name", "happens before", "bp", "e", "ts",
			step_us(step) + MIDDLE_US));
}

static void arrows_add(struct chrome *chrome, struct traced *traced, size_t at)
{
	const json_t *released = field_array(json_array_get(traced->trace, at), "happens_after");
	const json_t *one;
	size_t i;

	json_array_foreach(released, i, one) {
		json_int_t step = json_integer_value(one);

		if (step < 1 || (size_t)step > at)
			continue;
		chrome->flows++;
		arrow_end(traced, chrome->flows, (size_t)step - 1, "s");
		arrow_end(traced, chrome->flows, at, "f");
	}
}

static void trace_add(struct chrome *chrome, const json_t *one)
{
	struct traced traced = {
		chrome->events, field_array(one, "trace"), ++chrome->processes, 0, {0}};
	const json_t *step;
	size_t i;

	name_add(&traced, 0, "process_name",
		format("%s/%s %s: %s", field_text(one, "scenario"), field_text(one, "variant"),
			field_text(one, "engine"), field_text(one, "verdict")));
	json_array_foreach(traced.trace, i, step) {
		slice_add(&traced, step, i);
		counters_add(&traced, step, i);
		arrows_add(chrome, &traced, i);
	}
}

void chrome_write(struct store *store, const json_t *cases, FILE *file)
{
	struct chrome chrome = {json_array(), 0, 0};
	const json_t *one;
	json_t *log;
	size_t i;

	(void)store;
	json_array_foreach(cases, i, one) {
		if (json_array_size(field_array(one, "trace")))
			trace_add(&chrome, one);
	}
	log = json_pack("{s:s, s:o}", "displayTimeUnit", "ns", "traceEvents", chrome.events);
	json_dumpf(log, file, JSON_COMPACT);
	fputc('\n', file);
	json_decref(log);
}
