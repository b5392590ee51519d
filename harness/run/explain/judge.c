/* judge.c - a verdict against its expectation. */
#define _GNU_SOURCE
#include "judge.h"

#include <stdlib.h>
#include <string.h>

#include "culprit.h"
#include "field.h"
#include "kind.h"
#include "text.h"
#include "waits.h"

enum { KINDS_TEXT_MAX = 256 };

static bool stack_has(const json_t *stack, const char *function)
{
	const json_t *frame;
	size_t i;

	json_array_foreach(stack, i, frame) {
		const char *name = json_string_value(json_object_get(frame, "function"));

		if (name && strcmp(name, function) == 0)
			return true;
	}
	return false;
}

/* Whether the engine has this trait, as in the event "engine". */
static bool has_trait(const struct result *result, const char *trait, const char *word)
{
	return field_is(result_part(result, "traits"), trait, word);
}

/*
 * Whether a race was reported with one of its accesses in the function. Of a race with one access
 * (DRD names no other) the unnamed one may be there.
 */
static bool race_in(const struct result *result, const char *function)
{
	const json_t *race, *access;
	size_t i, k;

	json_array_foreach(result_part(result, "races"), i, race) {
		if (json_array_size(json_object_get(race, "accesses")) == 1)
			return true;
		json_array_foreach(json_object_get(race, "accesses"), k, access) {
			if (stack_has(json_object_get(access, "stack"), function))
				return true;
		}
	}
	return false;
}

static void message_set(struct result *result, char *message)
{
	free(result->message);
	result->message = message;
}

/* The innermost frame of a stack whose line is known; NULL: there is none. */
static const json_t *frame_known(const json_t *stack)
{
	const json_t *frame;
	size_t i;

	json_array_foreach(stack, i, frame) {
		if (*field_text(frame, "file"))
			return frame;
	}
	return NULL;
}

/* "bounded.c:12"; where no line is known, the innermost function. */
static char *place_of(const json_t *stack)
{
	const json_t *frame = frame_known(stack);
	const char *function = field_text(json_array_get(stack, 0), "function");

	if (frame)
		return format("%s:%d", basename(field_text(frame, "file")),
			(int)json_integer_value(json_object_get(frame, "line")));
	return format("%s", *function ? function : "?");
}

/* To ThreadSanitizer the end of a block is a write by free. */
static const char *access_verb(const json_t *access)
{
	const json_t *innermost = json_array_get(json_object_get(access, "stack"), 0);

	if (!json_is_true(json_object_get(access, "write")))
		return "reads";
	return is(field_text(innermost, "function"), "free") && !*field_text(innermost, "file")
		       ? "frees"
		       : "writes";
}

/* "producer writes counter (bounded.c:12) while consumer reads it (bounded.c:30)" */
static char *race_sentence(const json_t *race)
{
	const json_t *accesses = json_object_get(race, "accesses");
	char *side[2] = {NULL, NULL}, *sentence;

	for (size_t i = 0; i < 2; i++) {
		const json_t *access = json_array_get(accesses, i);
		char *place = place_of(json_object_get(access, "stack"));
		const char *actor = json_string_value(json_object_get(access, "actor"));
		const char *variable = json_string_value(json_object_get(access, "variable"));

		side[i] = format("%s %s %s (%s)", actor ? actor : "?", access_verb(access),
			i	   ? "it"
			: variable ? variable
				   : "memory",
			place);
		free(place);
	}
	if (json_array_size(accesses) < 2)
		sentence = format("%s in a race whose other access is not named", side[0]);
	else
		sentence = format("%s while %s", side[0], side[1]);
	free(side[0]);
	free(side[1]);
	return sentence;
}

/* "ThreadSanitizer reports mutex-bad-unlock: lock (transfer.c:12)", with what else it knows. */
static char *report_sentence(const struct result *result, const json_t *race)
{
	const char *engine = result->plan.engine;
	const char *detector = is(engine, "tsan") ? "ThreadSanitizer" : engine;
	const char *what = field_text(race, "description");
	const json_t *lock = json_array_get(json_object_get(race, "locks"), 0);
	const char *name = json_string_value(json_object_get(lock, "variable"));
	const json_t *frame = frame_known(json_array_get(json_object_get(race, "stacks"), 0));
	char *sentence, *accesses;

	if (json_array_size(json_object_get(race, "accesses")) >= 2) {
		accesses = race_sentence(race);
		sentence = format("%s reports %s: %s", detector, what, accesses);
		free(accesses);
		return sentence;
	}
	if (!frame)
		return format("%s reports %s", detector, what);
	return format("%s reports %s: %s (%s:%d)", detector, what, name ? name : "a lock",
		basename(field_text(frame, "file")),
		(int)json_integer_value(json_object_get(frame, "line")));
}

/* Map TSan's own kinds of report to ours. */
static unsigned race_kind(const json_t *race)
{
	const char *description = json_string_value(json_object_get(race, "description"));

	if (!description)
		return SNARL_ASSERTION;
	if (strncmp(description, "data-race", 9) == 0 || strstr(description, "race"))
		return SNARL_DATA_RACE;
	if (strstr(description, "lock-order"))
		return SNARL_LOCK_ORDER;
	if (strstr(description, "heap-use-after-free"))
		return SNARL_CRASH;
	if (strstr(description, "leak"))
		return SNARL_LEAK;
	return SNARL_ASSERTION;
}

static char *inversion_sentence(const json_t *race)
{
	json_t *waits = waits_from_race(race);
	char *sentence = waits ? waits_sentence(waits) : format("a lock-order inversion");

	json_decref(waits);
	return sentence;
}

/*
 * TSan's report takes precedence over the oracle's, since it says where; and over a hang or crash
 * that came after it, if the report was expected and that end was not.
 */
static void witness_tsan(struct result *result)
{
	const json_t *race = json_array_get(result_part(result, "races"), 0);
	bool ended = result->verdict & (SNARL_CRASH | KINDS_OF_STANDSTILL);
	char *sentence, *then;

	/* If a race led to something else, the trace shows that, and the race in it. */
	if (!race ||
		(ended && (result->expected & result->verdict ||
				  !(result->expected & race_kind(race)))) ||
		(has_trait(result, "order", "measured") && result->verdict & ~SNARL_DATA_RACE))
		return;
	result->verdict = race_kind(race);
	if (result->verdict == SNARL_DATA_RACE)
		sentence = race_sentence(race);
	else if (result->verdict == SNARL_LOCK_ORDER &&
		 json_object_size(result_part(result, "waits")))
		sentence = inversion_sentence(race);
	else
		sentence = report_sentence(result, race);
	then = format("%s%s%s", sentence, ended ? "; then " : "", ended ? result->message : "");
	message_set(result, then);
	free(sentence);
}

/* What led to it goes before what was found, if the trace shows it. */
static void cause_add(struct result *result)
{
	struct culprit culprit = culprit_find(
		result->verdict, result->message ? result->message : "", result->detail);

	if (culprit.cause)
		message_set(result, format("%s: %s", culprit.cause, result->message));
	culprit_free(&culprit);
}

/*
 * A deadlock, reached or potential, with another cycle than the one that was declared. A foreign
 * detector's report of lock orders does not name one.
 */
static bool cycle_differs(const struct result *result, const struct declaration *declared)
{
	bool named =
		result->verdict & SNARL_DEADLOCK || json_object_size(result_part(result, "waits"));

	return declared && declared->cycle && named &&
	       result->verdict & (SNARL_DEADLOCK | SNARL_LOCK_ORDER) &&
	       !waits_cycle_is(result_part(result, "waits"), declared->cycle);
}

/* Whether TSan reported the race that is declared; anywhere, if it is without a place. */
static bool race_declared(const struct result *result, const struct declaration *declared)
{
	return has_trait(result, "witness", "tsan") && result->expected & SNARL_DATA_RACE &&
	       (declared->race_in ? race_in(result, declared->race_in)
				  : result->verdict == SNARL_DATA_RACE);
}

static bool any_data_race(const struct result *result)
{
	const json_t *race;
	size_t i;

	json_array_foreach(result_part(result, "races"), i, race) {
		if (race_kind(race) == SNARL_DATA_RACE)
			return true;
	}
	return false;
}

/* A data race was reported, but none in the function that was declared. */
static bool race_differs(const struct result *result, const struct declaration *declared)
{
	return declared && declared->race_in && any_data_race(result) &&
	       !race_in(result, declared->race_in);
}

static bool engine_saw(const struct result *result, const struct declaration *declared)
{
	unsigned seen = result->verdict | result->oracle;

	if (!has_trait(result, "witness", "tsan") || !(result->expected & SNARL_DATA_RACE))
		return seen & result->expected;
	if (race_declared(result, declared))
		return true;
	/*
	 * Another declared kind may be seen instead of the race: any that this engine is to see,
	 * and, unless a race elsewhere was reported, any that the subject is for.
	 */
	return seen & ~SNARL_DATA_RACE &
	       (result->expected | (race_differs(result, declared) ? 0 : declared->bug));
}

/*
 * Why what was seen is not what was declared; to be freed. `ended`: a crash or hang that was not,
 * and may have come after what a detector reports.
 */
static char *mismatch(
	const struct result *result, const struct declaration *declared, unsigned ended)
{
	char wanted[KINDS_TEXT_MAX], seen[KINDS_TEXT_MAX];

	if (cycle_differs(result, declared))
		return format("the declared cycle is %s", declared->cycle);
	if (race_differs(result, declared))
		return format(
			"the declared data race is in %s, where none was seen", declared->race_in);
	return format("declared: %s, seen: %s",
		kind_names(declared->bug | result->expected, wanted, sizeof wanted),
		kind_names(result->verdict | ended, seen, sizeof seen));
}

/* The kinds that this engine may report falsely, as a correct subject declares. */
static unsigned forgiven(const struct expectation *expected)
{
	return expected->detection == SNARL_MAY_SEE ? expected->bug : SNARL_NO_BUG;
}

/* Every kind that was seen: the verdict is only that of the first report. */
static unsigned all_kinds(const struct result *result)
{
	unsigned kinds = result->verdict | result->oracle;
	const json_t *race;
	size_t i;

	json_array_foreach(result_part(result, "races"), i, race) {
		kinds |= race_kind(race);
	}
	return kinds;
}

/* For a subject that declares a bug. `ended`: crashes and hangs that it does not declare. */
static enum outcome_word broken_outcome(const struct result *result,
	const struct declaration *declared, const struct expectation *expected, unsigned ended)
{
	if (!declared->race_in && !(declared->bug & SNARL_DATA_RACE) &&
		result->verdict == SNARL_DATA_RACE)
		return OUTCOME_FALSE_ALARM; /* declared to have no data race at all */
	/* After a race a crash may follow that no one could declare. */
	if (ended == SNARL_CRASH && race_declared(result, declared))
		ended = 0;
	if (ended || cycle_differs(result, declared))
		return OUTCOME_MISSED; /* what happened is not what is declared */
	if (expected->detection == SNARL_CANNOT_SEE && has_trait(result, "witness", "tsan"))
		return json_array_size(result_part(result, "races")) ? OUTCOME_CAUGHT
								     : OUTCOME_BLIND;
	/* Seeing more than was promised is no failure, but it is not blindness either. */
	if (expected->detection == SNARL_CANNOT_SEE)
		return result->verdict ? OUTCOME_CAUGHT : OUTCOME_BLIND;
	if (engine_saw(result, declared))
		return OUTCOME_CAUGHT;
	return !result->verdict && expected->detection == SNARL_MAY_SEE ? OUTCOME_CLEAN
									: OUTCOME_MISSED;
}

static enum outcome_word outcome_of(const struct result *result, const struct subject *subject,
	const struct expectation *expected, unsigned ended)
{
	if (!subject->declaration)
		return all_kinds(result) ? OUTCOME_FOUND : OUTCOME_NOTHING;
	if (subject_is_correct(subject))
		return all_kinds(result) & ~forgiven(expected) ? OUTCOME_FALSE_ALARM
							       : OUTCOME_CLEAN;
	return broken_outcome(result, subject->declaration, expected, ended);
}

void judge(struct result *result, const struct subject *subject)
{
	const struct declaration *declared = subject->declaration;
	struct expectation expected = subject_expectation(subject, result->plan.engine);
	/* A crash or hang that is not declared is a bug beyond the one that the subject is for. */
	unsigned ended = result->verdict & (SNARL_CRASH | KINDS_OF_STANDSTILL) &
			 ~((declared ? declared->bug : 0) | expected.bug);

	result->question = !declared;
	result->expected = expected.detection == SNARL_CANNOT_SEE ? SNARL_NO_BUG : expected.bug;
	if (!result->failed_to_run && !result->skipped && !result->verdict && !result->executions) {
		result->failed_to_run = true;
		message_set(result, format("no execution fitted into the budget: raise --budget"));
	}
	if (result->failed_to_run || result->skipped) {
		result->outcome = result->misused ? OUTCOME_ERROR : OUTCOME_SKIPPED;
		if (result->misused)
			result->verdict = SNARL_NO_BUG; /* what it seemed to show is its own */
		return;
	}
	witness_tsan(result);
	cause_add(result);
	result->outcome = outcome_of(result, subject, &expected, ended);
	if (result->outcome == OUTCOME_NOTHING && *field_text(result->detail, "coverage"))
		message_set(result, format("%s", field_text(result->detail, "coverage")));
	/* The detector is known to be wrong here. */
	if (result->outcome == OUTCOME_CLEAN && result->verdict)
		message_set(result, format("%s: %s", expected.why, result->message));
	if (result->outcome == OUTCOME_BLIND)
		message_set(result,
			format("%s%s%s", expected.why, result->message[0] ? "; seen anyway: " : "",
				result->message));
	if (result->outcome == OUTCOME_FALSE_ALARM)
		message_set(
			result, format("%s; declared: %s", result->message,
					subject_is_correct(subject) ? "correct" : "no data race"));
	if (result->outcome == OUTCOME_MISSED && result->verdict) {
		char *why = mismatch(result, declared, ended);

		message_set(result, format("%s; %s", result->message, why));
		free(why);
	}
	if (result->outcome == OUTCOME_MISSED && !result->verdict)
		message_set(result, format("nothing seen in %llu executions",
					    (unsigned long long)result->executions));
}
