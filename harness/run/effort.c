/* effort.c - how many executions a case without a bug has to make, from its broken twins. */
#include "effort.h"

#include <stdlib.h>

#include "field.h"
#include "text.h"

/*
 * If one execution in m fails, 4.6 m of them all pass in one run of 100. If one in ten m fails, the
 * 20 × 4.6 m that a calibrated case makes all pass in one run of 10,000.
 */
static const double SURE = 4.6;

static const double BROKEN_SECONDS = 0.15; /* until a broken variant is caught, on the average */

bool effort_calibrated(const struct subject *subject, const char *engine)
{
	return subject_is_correct(subject) ||
	       subject_expectation(subject, engine).detection == SNARL_CANNOT_SEE;
}

/* The execution, counted from 1, with a detector's first report; 0: none, or not known. */
static uint64_t report_first(const struct result *result)
{
	uint64_t first = 0;
	json_t *race;
	size_t i;

	json_array_foreach(result_part(result, "races"), i, race) {
		const json_t *execution = json_object_get(race, "execution");
		uint64_t at = (uint64_t)json_integer_value(execution) + 1;

		if (json_is_integer(execution) && at && (!first || at < first))
			first = at;
	}
	return first;
}

uint64_t effort_of(const struct result *caught)
{
	uint64_t report = report_first(caught);
	uint64_t failure = (uint64_t)(caught->first_failure_execution + 1); /* 0: none is known */
	uint64_t first = report && (!failure || report < failure) ? report : failure;
	double mean = (double)(first ? first : caught->executions);
	uint64_t sure;

	if (caught->failures)
		mean = (double)caught->executions / (double)caught->failures;
	/* A detector reports a race once, however often it happens: one report is all there is. */
	if (report && (double)report < mean)
		mean = (double)report;
	sure = (uint64_t)(SURE * mean + 1);
	return sure > first ? sure : first;
}

double effort_usual(const struct subject *subject, const char *engine)
{
	if (!subject->declaration)
		return EFFORT_MS_MAX * 1e-3;
	if (subject_expectation(subject, engine).detection == SNARL_NOT_RUN)
		return 0;
	return effort_calibrated(subject, engine) ? EFFORT_MS_FIXED * 1e-3 : BROKEN_SECONDS;
}

void effort_plan(struct plan *plan, const struct subject *subject, uint64_t twin_executions)
{
	if (!subject->declaration) {
		plan->budget_ms = EFFORT_MS_MAX;
		return;
	}
	if (!effort_calibrated(subject, plan->engine)) {
		if (subject_expectation(subject, plan->engine).detection == SNARL_MAY_SEE)
			plan->budget_ms = EFFORT_MS_FIXED;
		return;
	}
	plan->budget_ms = twin_executions ? EFFORT_MS_MAX : EFFORT_MS_FIXED;
	plan->effort.executions = EFFORT_TIMES * twin_executions;
	plan->effort.ms = EFFORT_MS_MIN;
}

void effort_note(struct result *result, const char *twin, uint64_t twin_executions)
{
	double times;

	if (!twin || result->outcome != OUTCOME_CLEAN || result->verdict || *result->message)
		return;
	/* A search that was complete had nothing left to try. */
	if (field_true(result->detail, "exhausted"))
		return;
	times = (double)result->executions / (double)twin_executions;
	times = times < EFFORT_TIMES ? times : EFFORT_TIMES;
	result_put(result, "effort", json_pack("{s:s, s:f}", "twin", twin, "times", times));
	free(result->message);
	result->message = format(
		"clean: %.*f × the executions that caught %s", times < EFFORT_TIMES, times, twin);
}
