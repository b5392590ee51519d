/*
 * shrink.c - from the schedule that was found to one that a person can read.
 *
 * First whatever deviation can go is taken away (delta debugging: Zeller, Hildebrandt, "Simplifying
 * and isolating failure-inducing input", TSE 2002). Then small random changes are tried, since
 * often two deviations can only go together, or one has to come elsewhere before another can go. At
 * last all schedules with fewer preemptions are tried, fewest first, as long as the time lasts:
 * where it does, what is left is the least there is.
 */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "prng.h"
#include "race_log.h"
#include "search.h"
#include "strategies.h"

enum {
	DFS_SHARE = 4,	 /* of the time that is left, one part for each bound */
	FEW = 2,	 /* preemptions: so few are soon proved to be the least */
	IN_VAIN = 20000, /* random changes in a row that made nothing smaller */
	CHANGES_MAX = 4, /* at a time */
	SHIFT_MAX = 12,
};

static struct shrinking {
	const struct search *search;
	struct finding *finding;
	uint64_t deadline_ns;
} shrinking;

static bool time_over(void)
{
	if (shrinking.search->program->pause(shrinking.search->executions))
		shrinking.deadline_ns = 0;
	return clock_ns() >= shrinking.deadline_ns;
}

static bool smaller(struct shape a, struct shape b)
{
	if (a.preemptions != b.preemptions)
		return a.preemptions < b.preemptions;
	if (a.faults != b.faults)
		return a.faults < b.faults;
	if (a.steps != b.steps)
		return a.steps < b.steps;
	return a.switches < b.switches;
}

/* Whether the execution just run failed as the finding did. */
static bool same_failure(const struct outcome *outcome)
{
	const struct finding *finding = shrinking.finding;

	if (finding->race)
		return race_log_here(finding->race);
	return outcome->first == finding->outcome.first;
}

/* Run a schedule; if it fails in the same way and is not larger, it is the finding's from now on.
 */
static bool try(const struct schedule *schedule, bool must_shrink)
{
	struct finding *finding = shrinking.finding;
	const struct outcome *outcome;
	struct shape shape;

	outcome = search_repeat(shrinking.search->program, schedule, finding->execution);
	shape = scheduler_shape();
	if (!same_failure(outcome) || smaller(finding->shape, shape) ||
		(must_shrink && !smaller(shape, finding->shape)))
		return false;
	finding->shape = shape;
	finding->outcome = *outcome;
	outcome_complete(&finding->outcome);
	/* As it went: deviations that came to nothing are gone. */
	schedule_copy(&finding->schedule, &scheduler.schedule);
	return true;
}

static void without(
	struct schedule *to, const struct schedule *from, unsigned begin, unsigned count)
{
	to->count = from->count - count;
	memmove(to->deviations, from->deviations, begin * sizeof *to->deviations);
	memmove(to->deviations + begin, from->deviations + begin + count,
		(to->count - begin) * sizeof *to->deviations);
}

/* Take deviations away, many at a time, then fewer. Whether anything went. */
static bool thin_out(struct schedule *trial)
{
	struct schedule *schedule = &shrinking.finding->schedule;
	bool any = false;

	for (unsigned chunk = schedule->count / 2 + 1; chunk && !time_over();
		chunk = chunk > 1 ? (chunk + 1) / 2 : 0) {
		for (unsigned at = schedule->count; at && !time_over();) {
			unsigned count = at < chunk ? at : chunk;

			without(trial, schedule, at - count, count);
			at -= count;
			if (try(trial, false)) {
				any = true;
				at = at < schedule->count ? at : schedule->count;
			}
		}
	}
	return any;
}

/* Let each deviation happen somewhat earlier or later: steps in between may then be saved. */
static bool shift(struct schedule *trial)
{
	static const int by[] = {-1, 1, -2, 2, -4, 4};
	struct schedule *schedule = &shrinking.finding->schedule;
	bool any = false;

	for (unsigned i = 0; i < schedule->count; i++)
		for (size_t k = 0; k < sizeof by / sizeof *by && !time_over(); k++) {
			schedule_copy(trial, schedule);
			if (i >= trial->count || (int64_t)trial->deviations[i].count + by[k] < 1)
				continue;
			trial->deviations[i].count += (uint32_t)by[k];
			any |= try(trial, true);
		}
	return any;
}

/* One small change at a random place. */
static void change(struct schedule *trial, uint64_t *random)
{
	unsigned at = trial->count ? (unsigned)prng_below(random, trial->count) : 0;
	struct deviation *deviation = &trial->deviations[at];
	int by = (int)prng_below(random, 2 * SHIFT_MAX + 1) - SHIFT_MAX;

	if (!trial->count)
		return;
	switch (prng_below(random, 4)) {
	case 0:
	case 1:
		without(trial, trial, at, 1);
		break;
	case 2:
		if ((int64_t)deviation->count + by > 0)
			deviation->count += (uint32_t)by;
		break;
	default:
		if (deviation->kind == DEVIATION_SWITCH)
			deviation->to = (uint16_t)prng_below(random, scheduler.actor_count);
	}
}

/* Random changes, as long as now and then one of them makes the schedule smaller. */
static void wander(struct schedule *trial)
{
	struct finding *finding = shrinking.finding;
	uint64_t random = prng_stream(shrinking.search->seed, finding->execution);

	for (unsigned vain = 0; vain < IN_VAIN && finding->shape.preemptions > FEW && !time_over();
		vain++) {
		struct shape before = finding->shape;

		schedule_copy(trial, &finding->schedule);
		for (uint64_t i = prng_below(&random, CHANGES_MAX) + 1; i; i--)
			change(trial, &random);
		if (try(trial, false) && smaller(finding->shape, before))
			vain = 0;
	}
}

/* Look through all schedules with at most so many preemptions. Whether one fails alike. */
static bool bounded(unsigned preemptions, struct schedule *trial, uint64_t until_ns)
{
	static struct strategy dfs;
	const struct strategy_config config = {.preemptions_max = preemptions};
	const struct finding *finding = shrinking.finding;

	if (!dfs.kind)
		dfs = strategy_make(&strategy_dfs, &config);
	strategy_open(&dfs, &config);
	while (strategy_begin(&dfs, 0) && !time_over() && clock_ns() < until_ns) {
		const struct outcome *outcome =
			search_execute(shrinking.search->program, &dfs, finding->execution);

		if (same_failure(outcome)) {
			schedule_copy(trial, &scheduler.schedule);
			if (try(trial, true))
				return true;
		}
	}
	return false;
}

bool search_shrink(const struct search *search, struct finding *finding, uint64_t deadline_ns)
{
	static struct schedule trial;

	if (finding->schedule.count > SCHEDULE_MAX)
		return true; /* too long to be tried at all */
	shrinking = (struct shrinking){search, finding, deadline_ns};
	scheduler.races_wanted = finding->race != 0;
	/* As it was found, first: that is what is to be kept. */
	finding->shape = (struct shape){UINT32_MAX, 0, 0, 0};
	if (!try(&finding->schedule, false)) {
		finding->shape = finding->found;
		return false;
	}
	while ((thin_out(&trial) || shift(&trial)) && !time_over())
		;
	wander(&trial);
	for (unsigned bound = 0; bound < finding->shape.preemptions && !time_over(); bound++) {
		uint64_t now = clock_ns();

		if (bounded(bound, &trial, now + (deadline_ns - now) / DFS_SHARE))
			while ((thin_out(&trial) || shift(&trial)) && !time_over())
				;
	}
	return true;
}
