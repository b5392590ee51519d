/* collector.c - turns a child's events into a result. */
#define _GNU_SOURCE
#include "collector.h"

#include <stdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "declared.h"
#include "event.h"
#include "event_check.h"
#include "field.h"
#include "kind.h"
#include "loops.h"
#include "steps.h"
#include "symbols.h"
#include "text.h"
#include "waits.h"

enum {
	EVENT_LINE_MAX = 1 << 20,
	EVENTS_KEPT_MAX = 64 << 20, /* bytes; the next ones are dropped */
	READ_BYTES = 4096,
	REFUSED_MAX = 200, /* bytes of a refused event that are shown */
	PATIENCE_MS_MAX = 60 * 1000,
};

static int64_t json_number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

uint64_t collector_executions(const struct collector *collector)
{
	uint64_t least = UINT64_MAX, first = collector->result.plan.first;
	json_t *at;
	size_t i;

	json_array_foreach(collector->at, i, at) {
		if ((uint64_t)json_integer_value(at) < least)
			least = (uint64_t)json_integer_value(at);
	}
	/* An actor that has not begun yet counts as being one execution before the first. */
	return least != UINT64_MAX && least > first ? least - first : 0;
}

void collector_say(struct collector *collector, char *message)
{
	if (collector->result.misused) { /* the remedy stays, whatever follows from it */
		free(message);
		return;
	}
	free(collector->result.message);
	collector->result.message = message;
}

static void event_failure(struct collector *collector, const json_t *event)
{
	struct result *result = &collector->result;

	kind_parse(field_text(event, "kind"), &result->verdict);
	collector_say(collector, format("%s", field_text(event, "message")));
	result->first_failure_execution = json_number(event, "execution");
	result_put(result, "arm", json_incref(json_object_get(event, "arm_name")));
	result->plan.arm = (int)json_number(event, "arm");
	result->plan.first = (uint64_t)json_number(event, "first");
	if (json_is_true(json_object_get(event, "replay")) &&
		strlen(field_text(event, "schedule")) < sizeof result->plan.schedule) {
		result->plan.replay = true;
		result->plan.build = (uint32_t)json_number(event, "build");
		strcpy(result->plan.schedule, field_text(event, "schedule"));
	}
	json_decref(collector->state);
	collector->state = json_incref(json_object_get(event, "state"));
}

/* Keep an event among others of its part, unless there is no room for its `length` bytes. */
static void part_add(json_t *part, json_t *event, size_t *bytes, size_t length)
{
	if (*bytes + length > EVENTS_KEPT_MAX)
		return;
	*bytes += length;
	json_array_append(part, event);
}

static void event_outcome(struct collector *collector, json_t *event, size_t length)
{
	unsigned kinds;

	if (kind_parse(field_text(event, "kinds"), &kinds) == 0)
		collector->result.oracle |= kinds;
	part_add(result_part(&collector->result, "outcomes"), event, &collector->counted_bytes,
		length);
}

static void event_crashed(struct collector *collector, const json_t *event)
{
	const char *actor = field_text(event, "actor"), *point = field_text(event, "point");
	const char *who = *actor ? actor : "the set-up or the check";
	int number = (int)json_number(event, "signal");
	int64_t execution = field_integer(event, "execution", -1);
	char *in = execution < 0 ? format("%s", "")
				 : format(" in execution %lld", (long long)execution);

	collector->crashed = true;
	collector->result.first_failure_execution = execution;
	if (*point)
		collector_say(collector,
			format("%s crashed at %s%s, injected by a rule", actor, point, in));
	else if (json_is_integer(json_object_get(event, "address")))
		collector_say(collector,
			format("%s crashed (%s)%s, at address 0x%llx", who, strsignal(number), in,
				(unsigned long long)json_number(event, "address")));
	else if (number == SIGABRT)
		collector_say(collector, format("%s was aborted (SIGABRT)%s", who, in));
	else
		collector_say(collector, format("%s crashed (%s)%s", who, strsignal(number), in));
	free(in);
}

/* The ledger belongs to the execution; it is kept in the shape of its schedule. */
static void ledger_take(struct collector *collector, json_t *event, size_t length)
{
	json_t *ledger = json_object_get(result_part(&collector->result, "shape"), "ledger");

	json_object_del(event, "v");
	json_object_del(event, "type");
	if (!ledger) {
		ledger = json_array();
		json_object_set_new(result_part(&collector->result, "shape"), "ledger", ledger);
	}
	part_add(ledger, event, &collector->kept, length);
}

static void event_take(struct collector *collector, json_t *event, size_t length)
{
	const char *type = field_text(event, "type");
	struct result *result = &collector->result;

	if (strcmp(type, "engine") == 0) {
		json_object_del(event, "v");
		json_object_del(event, "type");
		result_put(result, "traits", json_incref(event));
	} else if (strcmp(type, "progress") == 0) {
		json_decref(collector->at);
		json_decref(collector->waiting);
		json_decref(collector->phase);
		collector->phase = json_incref(json_object_get(event, "phase"));
		collector->at = json_incref(json_object_get(event, "at"));
		collector->waiting = json_incref(json_object_get(event, "waiting"));
		collector->counted = false;
	} else if (strcmp(type, "snapshot") == 0) {
		result->failures = (uint64_t)json_number(event, "failures");
		result->oracle = SNARL_NO_BUG;
		json_array_clear(result_part(result, "outcomes"));
		json_array_clear(result_part(result, "injections"));
		collector->counted_bytes = 0;
		collector->counted = true;
	} else if (strcmp(type, "outcome") == 0) {
		event_outcome(collector, event, length);
	} else if (strcmp(type, "failure") == 0) {
		event_failure(collector, event);
	} else if (strcmp(type, "race") == 0) {
		part_add(result_part(result, "races"), event, &collector->kept, length);
	} else if (strcmp(type, "stuck") == 0) {
		json_decref(collector->stuck);
		collector->stuck = json_incref(event);
	} else if (strcmp(type, "patience") == 0) {
		int64_t ms = json_number(event, "ms");

		collector->patience_ms = ms > 0 && ms < PATIENCE_MS_MAX ? (unsigned)ms : 0;
	} else if (strcmp(type, "step") == 0) {
		part_add(result_part(result, "trace"), event, &collector->kept, length);
	} else if (strcmp(type, "shape") == 0) {
		json_object_del(event, "v");
		json_object_del(event, "type");
		json_object_update(result_part(result, "shape"), event);
	} else if (strcmp(type, "ledger") == 0) {
		ledger_take(collector, event, length);
	} else if (strcmp(type, "coverage") == 0) {
		result_put(result, "coverage", json_incref(json_object_get(event, "sentence")));
		result_put(result, "exhausted", json_incref(json_object_get(event, "exhausted")));
	} else if (strcmp(type, "injection") == 0) {
		part_add(result_part(result, "injections"), event, &collector->counted_bytes,
			length);
	} else if (strcmp(type, "control") == 0) {
		collector->listens = true;
	} else if (strcmp(type, "crash") == 0) {
		event_crashed(collector, event);
	} else if (strcmp(type, "skip") == 0) {
		result->skipped = true;
		collector_say(collector, format("%s", field_text(event, "reason")));
	} else if (strcmp(type, "error") == 0) {
		result->failed_to_run = true;
		collector_say(collector, format("%s", field_text(event, "message")));
		if (!collector->misused_at)
			collector->misused_at = json_incref(json_object_get(event, "stack"));
		result->misused |= field_true(event, "misuse");
	} else if (strcmp(type, "end") == 0) {
		collector->ended = true;
		result->executions = (uint64_t)json_number(event, "executions");
		result->failures = (uint64_t)json_number(event, "failures");
		result_put(result, "steps", json_incref(json_object_get(event, "steps")));
		result_put(result, "peak_kb", json_incref(json_object_get(event, "peak_kb")));
		result->seconds = json_real_value(json_object_get(event, "seconds"));
	}
}

/* A case with an event that does not match the table of events cannot run. */
static bool event_refused(struct collector *collector, const json_t *event)
{
	char *problem = event_problem(event), *line;

	if (!problem)
		return false;
	line = json_dumps(event, JSON_COMPACT);
	collector->result.failed_to_run = true;
	collector_say(collector,
		format("%s (harness/protocol/events): %s", problem, text_cut(line, REFUSED_MAX)));
	free(problem);
	free(line);
	return true;
}

/* Counts that arrive during a silence are no sign of life. */
static bool is_life(const json_t *event)
{
	const char *type = field_text(event, "type");

	return strcmp(type, "snapshot") != 0 && strcmp(type, "outcome") != 0 &&
	       strcmp(type, "injection") != 0;
}

/*
 * Take a line; returns whether it is a sign of life. The scenario may have written in front of an
 * event.
 */
static bool line_take(struct collector *collector, char *line, size_t length)
{
	char *begin = memmem(line, length, collector->prefix, strlen(collector->prefix));
	size_t before = begin ? (size_t)(begin - line) : length;
	json_t *event = begin ? json_loadb(begin, length - before, 0, NULL) : NULL;
	bool life = false;

	collector->foreign_bytes += json_is_object(event) ? before : length + 1;
	if (json_is_object(event)) {
		json_object_del(event, "key");
		if (!event_refused(collector, event)) {
			event_take(collector, event, length);
			life = is_life(event);
		}
	}
	json_decref(event);
	return life;
}

static unsigned lines_take(struct collector *collector)
{
	char *line = collector->buffer, *search = line + collector->searched, *end;
	unsigned events = 0;

	while ((end = memchr(
			search, '\n', collector->used - (size_t)(search - collector->buffer)))) {
		events += line_take(collector, line, (size_t)(end - line));
		line = search = end + 1;
	}
	collector->used -= (size_t)(line - collector->buffer);
	collector->searched = collector->used;
	memmove(collector->buffer, line, collector->used);
	return events;
}

char *collector_space(struct collector *collector, size_t *size)
{
	if (collector->capacity - collector->used < READ_BYTES) {
		size_t capacity = collector->capacity ? collector->capacity * 2 : 4 * READ_BYTES;
		char *more =
			capacity <= EVENT_LINE_MAX ? realloc(collector->buffer, capacity) : NULL;

		if (more) {
			collector->buffer = more;
			collector->capacity = capacity;
		} else {
			/* No event is that long. */
			collector->foreign_bytes += collector->used;
			collector->used = collector->searched = 0;
		}
	}
	*size = collector->capacity - collector->used;
	return collector->buffer + collector->used;
}

unsigned collector_took(struct collector *collector, size_t count)
{
	collector->used += count;
	return lines_take(collector);
}

/* Replace addresses by names in an access or lock. */
static void part_symbolise(struct symbols *symbols, json_t *part)
{
	json_t *place = json_object_get(part, "place");
	json_t *in_state = json_object_get(place, "state_offset");
	char *name;

	if (in_state)
		name = symbols_member(symbols, (size_t)json_integer_value(in_state));
	else
		name = symbols_global(symbols, (uint64_t)json_number(place, "program_offset"));
	json_object_set_new(part, "variable", name ? json_string(name) : json_null());
	json_object_set_new(part, "stack", steps_stack(symbols, json_object_get(part, "stack")));
	json_object_del(part, "place");
	free(name);
}

static void races_symbolise(struct symbols *symbols, json_t *races)
{
	json_t *race, *part;
	size_t i, k;

	json_array_foreach(races, i, race) {
		json_t *stacks = json_object_get(race, "stacks");

		json_array_foreach(json_object_get(race, "accesses"), k, part) {
			part_symbolise(symbols, part);
		}
		json_array_foreach(json_object_get(race, "locks"), k, part) {
			part_symbolise(symbols, part);
		}
		json_array_foreach(stacks, k, part) {
			json_array_set_new(stacks, k, steps_stack(symbols, part));
		}
	}
}

static void outcomes_symbolise(struct symbols *symbols, json_t *outcomes)
{
	json_t *outcome;
	size_t i;

	json_array_foreach(outcomes, i, outcome) {
		char *message = steps_sentence(symbols, field_text(outcome, "message"));

		json_object_set_new(outcome, "message", event_text(message));
		free(message);
	}
}

/* The wait-for graph of the first lock-order inversion that was reported. */
static void inversion_explain(struct collector *collector)
{
	json_t *race, *waits;
	size_t i;

	json_array_foreach(result_part(&collector->result, "races"), i, race) {
		waits = waits_from_race(race);
		if (!waits)
			continue;
		result_put(&collector->result, "waits", waits);
		return;
	}
}

const char *collector_phase(const struct collector *collector)
{
	const char *phase = json_string_value(collector->phase);

	return phase ? phase : "";
}

/*
 * The kind of a standstill. Actors that run may get somewhere yet: it is a livelock, or they starve
 * the others, only if a standstill is what the subject declares.
 */
static unsigned standstill_kind(const struct collector *collector)
{
	unsigned kind = waits_kind(result_part(&collector->result, "waits"));
	bool declared = subject_declares(
		collector->subject, collector->result.plan.engine, KINDS_OF_STANDSTILL);

	return kind & (SNARL_LIVELOCK | SNARL_STARVATION) && !declared ? SNARL_HANG : kind;
}

/* Replace the engine's message by the wait-for graph in words. */
static void no_progress_explain(struct collector *collector, struct symbols *symbols)
{
	const char *phase = collector_phase(collector);
	char *sentence;

	if (!collector->stuck || collector->result.verdict & ~KINDS_OF_STANDSTILL) {
		inversion_explain(collector);
		return;
	}
	result_put(&collector->result, "waits", waits_from_stuck(symbols, collector->stuck));
	loops_explain(
		result_part(&collector->result, "waits"), result_part(&collector->result, "trace"));
	/* An engine that detects hangs itself has reported the kind. */
	if (collector->result.verdict == SNARL_HANG)
		collector->result.verdict = standstill_kind(collector);
	sentence = waits_sentence(result_part(&collector->result, "waits"));
	if (*phase)
		collector_say(collector, format("the %s does not end: %s", phase, sentence));
	else
		collector_say(collector, format("%s", sentence));
	free(sentence);
}

/*
 * Whether the declaration has names to be held against the program, or what happened has addresses.
 */
static bool needs_symbols(const struct collector *collector)
{
	const struct result *result = &collector->result;
	const struct declaration *declared = collector->subject->declaration;

	return result->misused || (declared && declared->race_in) ||
	       json_array_size(json_object_get(collector->subject->json, "observe")) ||
	       json_array_size(result_part(result, "races")) || json_is_string(collector->state) ||
	       json_array_size(result_part(result, "trace")) || collector->stuck;
}

/* Write where the misuse is in front of what is wrong: "queue.c:40: ...". */
static void misuse_symbolise(struct collector *collector, struct symbols *symbols)
{
	json_t *stack = steps_stack(symbols, collector->misused_at);
	const json_t *frame = json_array_get(stack, 0);
	char *message = collector->result.message;
	json_t *place = *field_text(frame, "file")
				? json_pack("{s:O, s:O}", "file", json_object_get(frame, "file"),
					  "line", json_object_get(frame, "line"))
				: symbols_scenario_place(symbols);

	if (place) {
		collector->result.message = format("%s:%lld: %s", field_text(place, "file"),
			(long long)field_integer(place, "line", 0), message);
		free(message);
		result_put(&collector->result, "misuse", place);
	}
	json_decref(stack);
}

static void misuse_explain(struct collector *collector, struct symbols *symbols)
{
	struct result *result = &collector->result;
	char *misuse = result->failed_to_run || result->skipped
			       ? NULL
			       : declared_misuse(symbols, collector->subject);

	if (misuse) {
		collector_say(collector, misuse);
		result->misused = result->failed_to_run = true;
	}
	if (result->misused)
		misuse_symbolise(collector, symbols);
}

void collector_symbolise(struct collector *collector, const struct catalog *catalog)
{
	const struct subject *subject = collector->subject;
	struct result *result = &collector->result;
	char *program = case_program(catalog, subject, result->plan.engine);
	char *file = format("%s.c", subject->name);
	char *source = source_path(catalog, subject, file);
	struct symbols *symbols = NULL;

	if (needs_symbols(collector))
		symbols = symbols_open(program, catalog->root, source, subject->state_size,
			json_object_get(subject->json, "observe"));
	if (symbols) {
		races_symbolise(symbols, result_part(result, "races"));
		if (json_is_string(collector->state)) {
			result_put(result, "observed",
				steps_observed(
					symbols, subject, json_string_value(collector->state)));
		}
		steps_symbolise(symbols, subject, result_part(result, "trace"));
		collector_say(collector, steps_sentence(symbols, result->message));
		outcomes_symbolise(symbols, result_part(result, "outcomes"));
	}
	no_progress_explain(collector, symbols);
	if (symbols) {
		misuse_explain(collector, symbols);
		symbols_close(symbols);
	}
	free(program);
	free(file);
	free(source);
}

void collector_begin(struct collector *collector, const struct subject *subject,
	const struct plan *plan, const char *key)
{
	*collector = (struct collector){.subject = subject, .result = result_empty(plan)};
	snprintf(collector->key, sizeof collector->key, "%s", key);
	event_prefix(collector->prefix, key);
}

void collector_end(struct collector *collector)
{
	json_decref(collector->at);
	json_decref(collector->phase);
	json_decref(collector->waiting);
	json_decref(collector->state);
	json_decref(collector->stuck);
	json_decref(collector->misused_at);
	free(collector->buffer);
}
