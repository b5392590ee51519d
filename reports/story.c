/* story.c - which steps of a trace tell how it failed, and what is said of the others. */
#define _GNU_SOURCE
#include "story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "field.h"
#include "text.h"

/* How much a step tells; 0: it is folded. */
enum {
	TELLS_CULPRIT = 100,
	TELLS_LINK = 80, /* a step that the culprit's note is about */
	TELLS_FAULT = 50,
	TELLS_RACE = 40,
	TELLS_PREEMPTION = 30,
	TELLS_VALUE = 20, /* an access to the failing variable */
	TELLS_ORDER = 10, /* a synchronisation between the actors concerned */
	TELLS_NEAR = 5,	  /* what the culprit's actor did just before it */
	TELLS_END = 1,	  /* the end, if nothing else is known */
};

enum {
	NEAR = 2, /* steps before the culprit */
	FEW_PREEMPTIONS = 3,
	FOLD_LEAST = 2, /* steps: fewer are shown, a fold would not be shorter */
	END_SHOWN = 8,	/* steps at the end, if nothing is known of the failure */
	PARTS_TOLD = 3, /* turns, or actors, that a fold describes */
	VARIABLES_MAX = 16,
	INDEX_MAX = 1000000,
};

struct telling {
	const json_t *trace;
	const struct culprit *culprit;
	struct span drawn, concern; /* between the first and the last step that the note is about */
	unsigned *tells;	    /* by step */
	size_t preemptions;
};

static const json_t *step_at(const struct telling *telling, size_t i)
{
	return json_array_get(telling->trace, i);
}

/* --- what matters -------------------------------------------------------------------------- */

static struct span concern_of(const struct culprit *culprit, size_t count)
{
	struct span concern = {culprit->step, culprit->step + 1};

	if (!culprit->known)
		return (struct span){0, count};
	for (unsigned i = 0; i < culprit->link_count; i++) {
		size_t step = culprit->links[i];

		concern.from = step < concern.from ? step : concern.from;
		concern.to = step >= concern.to ? step + 1 : concern.to;
	}
	return concern;
}

/* Whether the culprit or a step that its note is about is of this actor. */
static bool is_concerned(const struct telling *telling, const char *actor)
{
	const struct culprit *culprit = telling->culprit;

	if (!culprit->known || field_is(step_at(telling, culprit->step), "actor", actor))
		return true;
	for (unsigned i = 0; i < culprit->link_count; i++)
		if (field_is(step_at(telling, culprit->links[i]), "actor", actor))
			return true;
	return false;
}

static void tell(struct telling *telling, size_t i, unsigned tells)
{
	if (span_has(telling->drawn, i) && telling->tells[i] < tells)
		telling->tells[i] = tells;
}

static bool accesses(const json_t *step)
{
	return field_is(step, "op", "read") || field_is(step, "op", "write") ||
	       field_is(step, "op", "update");
}

/* Whether the step accesses what the culprit accesses. */
static bool same_value(const struct telling *telling, const json_t *step)
{
	const json_t *culprit = step_at(telling, telling->culprit->step);
	const char *variable = field_text(culprit, "variable");

	return telling->culprit->known && *variable && accesses(culprit) && accesses(step) &&
	       field_is(step, "variable", variable);
}

/* The two sides of each race of the failing variable, between actors concerned; of each race, if
 * those are not known. */
static void races_tell(struct telling *telling, size_t i)
{
	const json_t *step = step_at(telling, i), *with;
	size_t k;

	if (telling->culprit->known &&
		(!same_value(telling, step) || !is_concerned(telling, field_text(step, "actor"))))
		return;
	json_array_foreach(field_array(step, "races_with"), k, with) {
		json_int_t other = json_integer_value(with) - 1;

		if (other >= 0 && !is_concerned(telling,
					  field_text(step_at(telling, (size_t)other), "actor")))
			continue;
		tell(telling, i, TELLS_RACE);
		if (other >= 0)
			tell(telling, (size_t)other, TELLS_RACE);
	}
}

/* A release and its acquire, both of actors concerned. */
static void order_tells(struct telling *telling, size_t i)
{
	const json_t *after = field_array(step_at(telling, i), "happens_after"), *one;
	size_t k;

	json_array_foreach(after, k, one) {
		json_int_t before = json_integer_value(one) - 1;

		if (before < 0 || !span_has(telling->concern, (size_t)before) ||
			!is_concerned(
				telling, field_text(step_at(telling, (size_t)before), "actor")))
			continue;
		tell(telling, i, TELLS_ORDER);
		tell(telling, (size_t)before, TELLS_ORDER);
	}
}

/* Whether a preemption is one of few, or has to do with the actors concerned. */
static bool preemption_counts(const struct telling *telling, size_t i)
{
	const json_t *step = step_at(telling, i);

	return telling->preemptions <= FEW_PREEMPTIONS || !telling->culprit->known ||
	       (span_has(telling->concern, i) &&
		       (is_concerned(telling, field_text(step, "actor")) ||
			       is_concerned(telling, field_text(step, "preempted"))));
}

static void step_tells(struct telling *telling, size_t i)
{
	const json_t *step = step_at(telling, i);
	bool concerned =
		span_has(telling->concern, i) && is_concerned(telling, field_text(step, "actor"));

	races_tell(telling, i);
	if (*field_text(step, "injected"))
		tell(telling, i, TELLS_FAULT);
	if (*field_text(step, "preempted") && preemption_counts(telling, i))
		tell(telling, i, TELLS_PREEMPTION);
	if (concerned && telling->culprit->known && same_value(telling, step))
		tell(telling, i, TELLS_VALUE);
	if (concerned && telling->culprit->known)
		order_tells(telling, i);
}

/* What the culprit's actor did before it, and the next read of the value by another. */
static void around_tells(struct telling *telling)
{
	const struct culprit *culprit = telling->culprit;
	const char *actor = field_text(step_at(telling, culprit->step), "actor");
	unsigned near = 0;

	for (size_t i = culprit->step; i-- > telling->drawn.from && near < NEAR;)
		if (field_is(step_at(telling, i), "actor", actor)) {
			tell(telling, i, TELLS_NEAR);
			near++;
		}
	for (size_t i = culprit->step + 1; i < telling->drawn.to; i++)
		if (same_value(telling, step_at(telling, i)) &&
			!field_is(step_at(telling, i), "actor", actor)) {
			tell(telling, i, TELLS_VALUE);
			return;
		}
}

static bool anything_tells(const struct telling *telling)
{
	for (size_t i = telling->drawn.from; i < telling->drawn.to; i++)
		if (telling->tells[i])
			return true;
	return false;
}

static void weigh(struct telling *telling)
{
	const struct culprit *culprit = telling->culprit;

	for (size_t i = telling->drawn.from; i < telling->drawn.to; i++)
		telling->preemptions += *field_text(step_at(telling, i), "preempted") != '\0';
	for (size_t i = telling->drawn.from; i < telling->drawn.to; i++)
		step_tells(telling, i);
	for (unsigned i = 0; culprit->known && i < culprit->link_count; i++)
		tell(telling, culprit->links[i], TELLS_LINK);
	if (culprit->known) {
		tell(telling, culprit->step, TELLS_CULPRIT);
		around_tells(telling);
	}
	if (anything_tells(telling))
		return;
	for (size_t i = telling->drawn.to; i-- > telling->drawn.from;)
		if (i + END_SHOWN >= telling->drawn.to)
			tell(telling, i, TELLS_END);
}

/* --- which are shown ----------------------------------------------------------------------- */

static size_t distance(size_t a, size_t b)
{
	return a < b ? b - a : a - b;
}

/* Whether step `a` is to be shown rather than `b`: of equally telling ones, that near the culprit.
 */
static bool tells_more(const struct telling *telling, size_t a, size_t b)
{
	size_t near = telling->culprit->known ? telling->culprit->step : telling->drawn.to;

	if (telling->tells[a] != telling->tells[b])
		return telling->tells[a] > telling->tells[b];
	return distance(a, near) < distance(b, near);
}

/* Mark the steps that are shown, at most so many. */
static bool *steps_choose(const struct telling *telling, size_t most)
{
	size_t count = telling->drawn.to - telling->drawn.from;
	bool *shown = calloc(telling->drawn.to + 1, sizeof *shown);

	if (!shown)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	for (size_t i = telling->drawn.from; i < telling->drawn.to; i++)
		shown[i] = count <= most;
	for (size_t n = 0; n < most && count > most; n++) {
		size_t best = telling->drawn.to;

		for (size_t i = telling->drawn.from; i < telling->drawn.to; i++)
			if (telling->tells[i] && !shown[i] &&
				(best == telling->drawn.to || tells_more(telling, i, best)))
				best = i;
		if (best == telling->drawn.to)
			break;
		shown[best] = true;
	}
	return shown;
}

/* One row for each shown step, and one for all between two of them. */
static void rows_make(struct story *story, const bool *shown, struct span drawn)
{
	size_t i = drawn.from, end;

	story->rows = calloc(drawn.to - drawn.from + 1, sizeof *story->rows);
	if (!story->rows)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	while (i < drawn.to) {
		for (end = i; end < drawn.to && !shown[end]; end++)
			;
		if (end - i >= FOLD_LEAST) {
			story->rows[story->row_count++] = (struct story_row){{i, end}, true};
			i = end;
			continue;
		}
		end = end < drawn.to ? end + 1 : end;
		for (; i < end; i++, story->shown++)
			story->rows[story->row_count++] = (struct story_row){{i, i + 1}, false};
	}
}

struct story story_make(
	unsigned verdict, const char *message, const json_t *detail, struct span drawn, size_t most)
{
	const json_t *trace = field_array(detail, "trace");
	struct story story = {.culprit = culprit_find(verdict, message, detail)};
	struct telling telling = {.trace = trace,
		.culprit = &story.culprit,
		.drawn = drawn,
		.concern = concern_of(&story.culprit, json_array_size(trace))};
	bool *shown;

	telling.tells = calloc(drawn.to + 1, sizeof *telling.tells);
	if (!telling.tells)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	weigh(&telling);
	shown = steps_choose(&telling, most);
	rows_make(&story, shown, drawn);
	free(shown);
	free(telling.tells);
	return story;
}

void story_free(struct story *story)
{
	culprit_free(&story->culprit);
	free(story->rows);
}

bool story_folds(const struct story *story, size_t step)
{
	for (size_t i = 0; i < story->row_count; i++)
		if (span_has(story->rows[i].steps, step))
			return story->rows[i].folded;
	return false;
}

json_t *story_steps(const struct story *story, const json_t *trace)
{
	const struct culprit *culprit = &story->culprit;
	json_t *steps = json_array();

	if (culprit->known)
		json_array_append(steps, json_array_get(trace, culprit->step));
	for (unsigned i = 0; culprit->known && i < culprit->link_count; i++)
		if (!story_folds(story, culprit->links[i]))
			json_array_append(steps, json_array_get(trace, culprit->links[i]));
	for (size_t i = 0; i < story->row_count; i++)
		if (!story->rows[i].folded)
			json_array_append(steps, json_array_get(trace, story->rows[i].steps.from));
	return steps;
}

/* --- what a fold says ---------------------------------------------------------------------- */

/* Whether two steps are the same place of a program. */
static bool same_place(const json_t *a, const json_t *b)
{
	return is(field_text(a, "op"), field_text(b, "op")) &&
	       is(field_text(a, "function"), field_text(b, "function")) &&
	       is(field_text(a, "file"), field_text(b, "file")) &&
	       field_integer(a, "line", 0) == field_integer(b, "line", 0);
}

static bool repeats(const json_t *trace, struct span run, size_t period)
{
	for (size_t i = run.from + period; i < run.to; i++)
		if (!same_place(json_array_get(trace, i), json_array_get(trace, i - period)))
			return false;
	return true;
}

/* How often the same steps come round in a run of one actor; 1: they do not. */
static size_t rounds_of(const json_t *trace, struct span run)
{
	size_t length = run.to - run.from;

	for (size_t period = 1; period <= length / 2; period++)
		if (repeats(trace, run, period))
			return length / period;
	return 1;
}

/* Variables by name; elements of one array become one with the range of their indices. */
struct variables {
	struct {
		const char *name;
		size_t length; /* of the name without its index */
		long first, last;
	} all[VARIABLES_MAX];
	unsigned count;
};

static void variable_add(struct variables *variables, const char *name)
{
	size_t length = strcspn(name, "[");
	char *end;
	long index = name[length] ? strtol(name + length + 1, &end, 10) : -1;

	/* "a[1].b" and the like stay as they are. */
	if (index < 0 || index > INDEX_MAX || !is(end, "]")) {
		index = -1;
		length = strlen(name);
	}
	for (unsigned i = 0; i < variables->count; i++) {
		if (variables->all[i].length != length ||
			strncmp(variables->all[i].name, name, length) != 0)
			continue;
		if (index < variables->all[i].first)
			variables->all[i].first = index;
		if (index > variables->all[i].last)
			variables->all[i].last = index;
		return;
	}
	if (variables->count < VARIABLES_MAX) {
		variables->all[variables->count].name = name;
		variables->all[variables->count].length = length;
		variables->all[variables->count].first = index;
		variables->all[variables->count++].last = index;
	}
}

static void variables_print(FILE *out, const char *verb, const struct variables *variables)
{
	for (unsigned i = 0; i < variables->count; i++) {
		fprintf(out, "%s%.*s", i ? ", " : verb, (int)variables->all[i].length,
			variables->all[i].name);
		if (variables->all[i].first < 0)
			continue;
		fprintf(out, "[%ld", variables->all[i].first);
		if (variables->all[i].last > variables->all[i].first)
			fprintf(out, "-%ld", variables->all[i].last);
		fputs("]", out);
	}
}

/*
 * "writes slots[0-3], in"; if it writes nothing, what it synchronises at, or reads. An actor's, or,
 * without one, those of all: "write slots[0-3], in".
 */
static void effects_print(FILE *out, const json_t *trace, struct span run, const char *actor)
{
	struct variables written = {.count = 0}, used = {.count = 0}, read = {.count = 0};

	for (size_t i = run.from; i < run.to; i++) {
		const json_t *step = json_array_get(trace, i);
		const char *variable = field_text(step, "variable");

		if (!*variable || (actor && !field_is(step, "actor", actor)))
			continue;
		variable_add(field_is(step, "op", "write") || field_is(step, "op", "update")
				     ? &written
			     : field_is(step, "op", "read") ? &read
							    : &used,
			variable);
	}
	if (written.count)
		variables_print(out, actor ? " writes " : " write ", &written);
	else if (used.count)
		variables_print(out, actor ? " uses " : " use ", &used);
	else
		variables_print(out, actor ? " reads " : " read ", &read);
}

/* The steps of one actor from `from`. */
static struct span run_of(const json_t *trace, size_t from, size_t to)
{
	struct span run = {from, from + 1};
	const char *actor = field_text(json_array_get(trace, from), "actor");

	while (run.to < to && field_is(json_array_get(trace, run.to), "actor", actor))
		run.to++;
	return run;
}

static void run_print(FILE *out, const json_t *trace, struct span run)
{
	const json_t *first = json_array_get(trace, run.from);
	size_t rounds = rounds_of(trace, run);

	fputs(field_text(first, "actor"), out);
	effects_print(out, trace, run, field_text(first, "actor"));
	if (rounds > 1 && *field_text(first, "function"))
		fprintf(out, " (× %zu rounds of %s)", rounds, field_text(first, "function"));
	else if (rounds > 1)
		fprintf(out, " (× %zu)", rounds);
}

static size_t runs_count(const json_t *trace, struct span steps)
{
	size_t runs = 0;

	for (size_t at = steps.from; at < steps.to; at = run_of(trace, at, steps.to).to)
		runs++;
	return runs;
}

/* Whether no step before this one is of the same actor. */
static bool is_first(const json_t *trace, struct span steps, size_t at)
{
	const char *actor = field_text(json_array_get(trace, at), "actor");

	for (size_t i = steps.from; i < at; i++)
		if (field_is(json_array_get(trace, i), "actor", actor))
			return false;
	return true;
}

static size_t actors_count(const json_t *trace, struct span steps)
{
	size_t actors = 0;

	for (size_t at = steps.from; at < steps.to; at++)
		actors += is_first(trace, steps, at);
	return actors;
}

/* What each actor does, if they take too many turns to tell them one by one. */
static void actors_print(FILE *out, const json_t *trace, struct span steps)
{
	size_t count = actors_count(trace, steps), told = 0;

	if (count > PARTS_TOLD) {
		fprintf(out, "%zu actors", count);
		effects_print(out, trace, steps, NULL);
		return;
	}
	for (size_t at = steps.from; at < steps.to; at++) {
		const char *actor = field_text(json_array_get(trace, at), "actor");

		if (!is_first(trace, steps, at))
			continue;
		fprintf(out, "%s%s", told++ ? "; " : "", actor);
		effects_print(out, trace, steps, actor);
	}
}

char *story_fold_text(const json_t *trace, struct span steps)
{
	size_t at = steps.from, size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	fprintf(out, "%zu steps: ", steps.to - steps.from);
	if (runs_count(trace, steps) > PARTS_TOLD) {
		actors_print(out, trace, steps);
		at = steps.to;
	}
	while (at < steps.to) {
		struct span run = run_of(trace, at, steps.to);

		fputs(at > steps.from ? "; " : "", out);
		run_print(out, trace, run);
		at = run.to;
	}
	fclose(out);
	return text;
}
