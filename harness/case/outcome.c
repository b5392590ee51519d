/* outcome.c - outcomes and their histogram: nothing in it knows a scenario. */
#include <stdio.h>

#include "kind.h"
#include "oracle.h"
#include "snarl.h"

static bool outcome_same(const struct outcome *a, const struct outcome *b)
{
	if (a->kinds != b->kinds || a->count != b->count)
		return false;
	for (unsigned i = 0; i < a->count; i++)
		if (a->values[i].name != b->values[i].name ||
			a->values[i].value != b->values[i].value)
			return false;
	return true;
}

static struct histogram_row *row_find(struct histogram *in, const struct outcome *outcome)
{
	for (unsigned i = 0; i < in->used; i++)
		if (outcome_same(&in->rows[i].outcome, outcome))
			return &in->rows[i];
	return NULL;
}

void outcome_complete(struct outcome *outcome)
{
	if (outcome->expect_name)
		snprintf(outcome->message, sizeof outcome->message, "%s is %ld, expected %ld",
			outcome->expect_name, outcome->expect_got, outcome->expect_expected);
}

static void row_fill(struct histogram_row *row, const struct outcome *outcome, uint64_t execution,
	uint64_t count)
{
	row->outcome = *outcome;
	row->count = count;
	row->first_execution = execution;
	outcome_complete(&row->outcome);
}

static void row_count(
	struct histogram *into, const struct outcome *outcome, uint64_t execution, uint64_t count)
{
	struct histogram_row *row = row_find(into, outcome);

	if (row) {
		row->count += count;
		if (execution < row->first_execution)
			row_fill(row, outcome, execution, row->count);
	} else if (into->used < HISTOGRAM_MAX) {
		row_fill(&into->rows[into->used++], outcome, execution, count);
	} else {
		into->other += count;
		into->other_failures += outcome->kinds ? count : 0;
		into->other_kinds |= outcome->kinds;
	}
}

static void failure_note(
	struct histogram *into, const struct outcome *outcome, uint64_t execution, bool any_before)
{
	if (!any_before || execution < into->first_failure.first_execution)
		row_fill(&into->first_failure, outcome, execution, 1);
}

void histogram_add(struct histogram *into, const struct outcome *outcome, uint64_t execution)
{
	into->executions++;
	row_count(into, outcome, execution, 1);
	if (!outcome->kinds)
		return;
	failure_note(into, outcome, execution, into->failures);
	into->failures++;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
	if (from->failures)
		failure_note(into, &from->first_failure.outcome,
			from->first_failure.first_execution, into->failures);
	into->executions += from->executions;
	into->failures += from->failures;
	into->other += from->other;
	into->other_failures += from->other_failures;
	into->other_kinds |= from->other_kinds;
	for (unsigned i = 0; i < from->used; i++)
		row_count(into, &from->rows[i].outcome, from->rows[i].first_execution,
			from->rows[i].count);
}

const char *outcome_label(const struct outcome *outcome, char *buffer, size_t size)
{
	size_t used = 0;

	if (outcome->kinds && !outcome->count)
		return kind_names(outcome->kinds, buffer, size);
	snprintf(buffer, size, "as expected");
	for (unsigned i = 0; i < outcome->count && used < size; i++)
		used += (size_t)snprintf(buffer + used, size - used, "%s%s = %ld", i ? ", " : "",
			outcome->values[i].name, outcome->values[i].value);
	return buffer;
}
