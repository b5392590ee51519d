/*
 * shrink.c - reduces the schedule that was found to one that a person can read.
 *
 * A change to the schedule is tried by running it. It is kept if the execution fails in the same
 * way (the same first kind, or a race at the same location) and costs no more: preemptions count
 * first, then faults, steps and switches. The kept schedule is the one that the execution made, so
 * deviations that had no effect drop out. Four phases follow each other:
 *
 * 1. Deviations are removed, half of them at a time down to single ones (delta debugging: Zeller,
 * Hildebrandt, "Simplifying and isolating failure-inducing input", TSE 2002), and moved by a few
 * steps where that reduces the cost, until neither changes anything.
 *
 * 2. If more than FEW preemptions are left, up to CHANGES_MAX random changes at a time are tried,
 * because often two deviations can only be removed together, or one has to move before another can
 * be removed. The phase ends after IN_VAIN attempts in a row without progress.
 *
 * 3. dfs runs all schedules with fewer preemptions, fewest first, each bound in a part (DFS_SHARE)
 * of the time that is left. After a hit, phase 1 is repeated.
 *
 * 4. dfs runs all schedules with as many preemptions, in such a part again, for one with fewer
 * steps: without rounds of loops that the failure does not need.
 *
 * Shrinking ends at the deadline, or when the program's pause asks for it. If the schedule that was
 * found fails again, the result is always one that was run and failed in the same way, at no
 * greater cost. It has the fewest preemptions possible if phase 3 completed every bound below its
 * own, within the limits of dfs.c (faults, fairness, yields, length of a path), and the fewest
 * steps if it completed phase 4 as well.
 */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "prng.h"
#include "race_log.h"
#include "search.h"
#include "strategies.h"

enum {
	DFS_SHARE = 4,	 /* one part in so many of the time that is left, for each bound */
	FEW = 2,	 /* preemptions: so few are soon shown to be minimal */
	IN_VAIN = 20000, /* random attempts in a row that reduced nothing */
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

/* Run a schedule. If it fails in the same way and costs no more, it becomes the finding's. */
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
	/* Keep the schedule as it was run: deviations without an effect are dropped. */
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

/* Remove deviations, many at a time, then fewer. Returns whether any could be removed. */
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

/* Move each deviation somewhat earlier or later, which may save steps in between. */
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

/* Try random changes, as long as one of them reduces the cost now and then. */
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

/*
 * Run all schedules with at most so many preemptions. Returns whether one that fails in the same
 * way, at less cost, was kept: the first of them, or with `all` the cheapest.
 */
static bool bounded(unsigned preemptions, struct schedule *trial, uint64_t until_ns, bool all)
{
	static struct strategy dfs;
	const struct strategy_config config = {.preemptions_max = preemptions};
	const struct finding *finding = shrinking.finding;
	bool any = false;

	if (!dfs.kind)
		dfs = strategy_make(&strategy_dfs, &config);
	strategy_open(&dfs, &config);
	while (strategy_begin(&dfs, 0) && !time_over() && clock_ns() < until_ns) {
		const struct outcome *outcome =
			search_execute(shrinking.search->program, &dfs, finding->execution);

		if (!same_failure(outcome) || !smaller(scheduler_shape(), finding->shape))
			continue;
		schedule_copy(trial, &scheduler.schedule);
		any |= try(trial, true);
		if (any && !all)
			return true;
	}
	return any;
}

/* Phase 1, until nothing changes. */
static void reduce(struct schedule *trial)
{
	while ((thin_out(trial) || shift(trial)) && !time_over())
		;
}

/* The end of the part of the time left that a run of dfs may take. */
static uint64_t dfs_until_ns(void)
{
	uint64_t now = clock_ns(), deadline = shrinking.deadline_ns;

	return deadline > now ? now + (deadline - now) / DFS_SHARE : now;
}

bool search_shrink(const struct search *search, struct finding *finding, uint64_t deadline_ns)
{
	static struct schedule trial;

	if (finding->schedule.count > SCHEDULE_MAX)
		return true; /* too long to be replayed */
	shrinking = (struct shrinking){search, finding, deadline_ns};
	scheduler.races_wanted = finding->race != 0;
	/* First as it was found: that failure is the one to keep. */
	finding->shape = (struct shape){UINT32_MAX, 0, 0, 0};
	if (!try(&finding->schedule, false)) {
		finding->shape = finding->found;
		return false;
	}
	reduce(&trial);
	wander(&trial);
	for (unsigned bound = 0; bound < finding->shape.preemptions && !time_over(); bound++)
		if (bounded(bound, &trial, dfs_until_ns(), false))
			reduce(&trial);
	if (!time_over() && bounded(finding->shape.preemptions, &trial, dfs_until_ns(), true))
		reduce(&trial);
	return true;
}
