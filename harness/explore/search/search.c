/* search.c - executions one after another. */
#include "search.h"

#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "clock.h"
#include "descriptor.h"
#include "system_v.h"
#include "signals.h"
#include "heap.h"
#include "object.h"
#include "location.h"
#include "prng.h"
#include "race_log.h"
#include "snarl.h"
#include "strategies.h"
#include "stream.h"
#include "stuck.h"

enum {
	WITNESS_MS = 200,	/* after a race, to see whether it also changes an outcome */
	LOOK_STEPS = 20 * 1000, /* between two checks of the clock */
	LOOK_EXECUTIONS = 256,
	LONG_STEPS = 100 * 1000, /* in an execution that ends the search if it fails */
};

/* The outcome of an execution in which the scheduler recorded a failure. */
static const struct outcome *scheduler_outcome(void)
{
	static struct outcome outcome;

	outcome =
		(struct outcome){.kinds = scheduler.failure.kind, .first = scheduler.failure.kind};
	strncpy(outcome.message, scheduler.failure.message, sizeof outcome.message - 1);
	return &outcome;
}

/* Reset everything that belongs to the last execution. */
static void all_renew(struct strategy *strategy)
{
	scheduler_begin(strategy);
	location_renew(scheduler.execution);
	objects_renew(scheduler.execution);
	descriptors_renew(scheduler.execution);
	regions_renew();
	system_v_renew();
	heap_renew();
}

int search_open(unsigned actor_count, void *state, size_t state_size)
{
	location_reset();
	address_provide(region_name);
	address_provide(descriptor_name);
	address_provide(system_v_name);
	address_provide(stream_name);
	address_provide(heap_name);
	process_over_provide(system_v_process_over);
	program_over_provide(program_finish);
	return scheduler_open(actor_count, state, state_size);
}

void search_close(void)
{
	system_v_renew();
}

const struct outcome *search_execute(
	const struct program *program, struct strategy *strategy, uint64_t execution)
{
	const struct outcome *volatile outcome = NULL;

	all_renew(strategy);
	/* Set-up and check may crash as well; then the schedule up to there is reported. */
	if (signals_enter() == 0) {
		program->begin(execution);
		signals_leave();
		scheduler_run();
		if (scheduler.stuck)
			stuck_explain();
		else if (!scheduler.aborted)
			stuck_left();
		if (!scheduler.aborted && signals_enter() == 0)
			outcome = program->end();
	}
	signals_leave();
	strategy_end(strategy);
	if (!outcome || (!outcome->kinds && scheduler.failure.kind))
		return scheduler_outcome();
	return outcome;
}

const struct outcome *search_repeat(
	const struct program *program, const struct schedule *schedule, uint64_t execution)
{
	static struct strategy replay;
	const struct strategy_config config = {.schedule = schedule};

	if (!replay.kind)
		replay = strategy_make(&strategy_replay, &config);
	strategy_open(&replay, &config);
	strategy_begin(&replay, 0);
	return search_execute(program, &replay, execution);
}

static void finding_take(struct finding *finding, const struct outcome *outcome, uint64_t execution)
{
	finding->any = true;
	finding->outcome = *outcome;
	outcome_complete(&finding->outcome);
	finding->crashed_in_library =
		outcome->kinds & SNARL_CRASH && scheduler.failure.crashed_in_library;
	finding->execution = execution;
	finding->strategy = scheduler.strategy->kind->name;
	finding->found = finding->shape = scheduler_shape();
	schedule_copy(&finding->schedule, &scheduler.schedule);
}

/* Only a race was found: the finding is its first schedule. */
static void race_take(struct finding *finding)
{
	const struct race_seen *race = race_log_at(0);

	finding->any = true;
	finding->race = race->key;
	finding->outcome = (struct outcome){0};
	finding->execution = race->execution;
	finding->strategy = race->strategy;
	finding->found = finding->shape = race->shape;
	schedule_copy(&finding->schedule, &race->schedule);
}

static bool enough(const struct search *search, const struct search_result *result,
	uint64_t began_ns, uint64_t *seen_ns)
{
	uint64_t now = clock_ns();

	if (search->program->pause(result->histogram.executions) ||
		now - began_ns >= search->budget_ns)
		return true;
	if (!result->finding.any && !race_log_count())
		return effort_made(&search->effort, result->histogram.executions, now - began_ns);
	if (search->keep_going || search->first_only)
		return false;
	if (!*seen_ns || (result->finding.any && *seen_ns & 1)) {
		/* The lowest bit records what was seen then: 1 for only a race. */
		*seen_ns = (now | 1) - result->finding.any;
		return false;
	}
	if (!result->finding.any)
		return now - *seen_ns > (uint64_t)WITNESS_MS * 1000000;
	return rate_known(result->histogram.failures, now - *seen_ns, false);
}

void search_run(const struct search *search, struct search_result *result)
{
	uint64_t began_ns = clock_ns(), seen_ns = 0, looked_steps = 0, looked = 0;

	memset(result, 0, sizeof *result);
	scheduler.ended_steps = 0;
	/* Forget what an earlier search has learned. */
	location_reset();
	race_log_forget();
	scheduler.races_wanted = search->races_wanted;
	for (uint64_t n = search->first;
		!search->executions || n < search->first + search->executions; n++) {
		const struct outcome *outcome;

		if (!strategy_begin(search->strategy, prng_stream(search->seed, n + 1))) {
			result->exhausted = true;
			/* Some can continue, and do if a number of executions was requested. */
			if (!search->executions ||
				!strategy_begin(search->strategy, prng_stream(search->seed, n + 1)))
				break;
		}
		outcome = search_execute(search->program, search->strategy, n);
		histogram_add(&result->histogram, outcome, n);
		result->steps += scheduler.steps;
		result->racing += scheduler.racing > 0;
		race_log_keep(n);
		if (outcome->kinds && !result->finding.any)
			finding_take(&result->finding, outcome, n);
		if (search->first_only && result->finding.any)
			break;
		/*
		 * Another hang or very long execution would only take as long again. A crash inside
		 * a library may have left its locks held.
		 */
		if (outcome->kinds & SNARL_HANG || result->finding.crashed_in_library ||
			(outcome->kinds && scheduler.steps > LONG_STEPS && !search->keep_going))
			break;
		if (result->steps - looked_steps < LOOK_STEPS && n - looked < LOOK_EXECUTIONS &&
			!signals_ticked)
			continue;
		signals_ticked = 0;
		looked_steps = result->steps;
		looked = n;
		if (enough(search, result, began_ns, &seen_ns))
			break;
	}
	result->seconds = (double)(clock_ns() - began_ns) * 1e-9;
	if (!result->finding.any && race_log_count())
		race_take(&result->finding);
}
