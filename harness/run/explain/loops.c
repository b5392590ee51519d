/*
 * loops.c - why a waiting loop does not end.
 *
 * Only what holds for every program is said: the value that was read last and not written since,
 * its last writer, and that no other actor is left to write it, if all others have ended. That an
 * actor that still runs or waits never writes it is not known. Steps that a trace leaves out, since
 * they repeat others or are too many, may have written it: explore says whether they have, and
 * which actors have ended; of a loop that it has not seen nothing is said.
 */
#include "loops.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "field.h"
#include "text.h"
#include "waits.h"

enum { VALUE_MAX = 24 /* bytes of a value that a sentence shows */ };

static bool writes(const json_t *step)
{
	return field_is(step, "op", "write") ||
	       (field_is(step, "op", "update") && field_true(step, "write"));
}

static bool reads(const json_t *step)
{
	return field_is(step, "op", "read") || field_is(step, "op", "update");
}

/* The number, from 1, of the last step that does this to the variable; 0: none. */
static size_t last_access(
	const json_t *trace, const char *variable, bool (*does)(const json_t *), const char *actor)
{
	for (size_t i = json_array_size(trace); *variable && i-- > 0;) {
		const json_t *step = json_array_get(trace, i);

		if (does(step) && field_is(step, "variable", variable) &&
			(!actor || field_is(step, "actor", actor)))
			return i + 1;
	}
	return 0;
}

/* Whether this is the only actor that has not ended: one that has not is in the graph. */
static bool is_alone(const json_t *waits, const char *self)
{
	const json_t *actor;
	size_t i;

	json_array_foreach(field_array(waits, "actors"), i, actor) {
		if (!field_is(actor, "actor", self) && !field_is(actor, "state", "ended"))
			return false;
	}
	return json_array_size(field_array(waits, "actors")) < WAITS_ACTORS_MAX;
}

/* The only other actor of the trace; NULL: there are several, or none. */
static const char *only_other(const json_t *trace, const char *self)
{
	const char *other = NULL;
	const json_t *step;
	size_t i;

	json_array_foreach(trace, i, step) {
		const char *name = field_text(step, "actor");

		if (!*name || is(name, self) || (other && is(name, other)))
			continue;
		if (other)
			return NULL;
		other = name;
	}
	return other;
}

/* "which is 1 since bob's step 2"; NULL: the value is not known. */
static char *value_text(const json_t *trace, const char *self, const char *variable)
{
	size_t read = last_access(trace, variable, reads, self);
	size_t written = last_access(trace, variable, writes, NULL);
	const json_t *step = json_array_get(trace, read - 1);
	const char *value = field_text(step, field_is(step, "op", "read") ? "old" : "new");
	const json_t *write = json_array_get(trace, written - 1);
	const char *writer = field_text(write, "actor");

	if (!read || written > read || !*value || strlen(value) > VALUE_MAX)
		return NULL;
	/* Another value came by what is no step at the variable: of a part or the whole, say. */
	if (written && !is(writer, self) && field_is(write, "new", value))
		return format("which is %s since %s's step %zu", value, writer, written);
	return format("which is %s", value);
}

static char *loop_text(const json_t *waits, const json_t *trace, const json_t *actor)
{
	const char *self = field_text(actor, "actor"), *other = only_other(trace, self);
	char *value = field_true(actor, "steady")
			      ? value_text(trace, self, field_text(actor, "for"))
			      : NULL;
	char *text, *whole;

	if (!is_alone(waits, self))
		return value;
	text = other ? format("and %s has ended: no other actor is left to write it", other)
		     : format("%s", "and no other actor is left to write it");
	whole = value ? format("%s, %s", value, text) : format("%s", text);
	free(text);
	free(value);
	return whole;
}

void loops_explain(json_t *waits, const json_t *trace)
{
	json_t *actor;
	size_t i;

	json_array_foreach(field_array(waits, "actors"), i, actor) {
		char *text = json_object_get(actor, "steady") && !*field_text(actor, "why") &&
					     json_array_size(trace)
				     ? loop_text(waits, trace, actor)
				     : NULL;

		if (text)
			json_object_set_new(actor, "why", json_string(text));
		free(text);
	}
}
