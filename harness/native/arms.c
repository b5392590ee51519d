/* arms.c - which settings the next batch gets: a bandit, whose arms are settings. */
#include "workers.h"
#include "prng.h"

enum {
	BATCH_NS = 4 * 1000 * 1000, /* what one batch should take */
	STATES_FIRST = 32,	    /* of the first batch with an arm, until its speed is known */
	TRIALS = 4,		    /* batches with each arm before any is preferred */
	EXPLORE_PERCENT = 8,	    /* of the time goes to other arms than the best so far */
};

/* Executions per nanosecond; 0 for a rehearsal, which runs only once and first. */
static double arm_speed(unsigned arm)
{
	if (workers.config->arms[arm].turn_us)
		return 0;
	return workers.records[arm].executions / (workers.records[arm].ns + 1);
}

/* A random arm, weighted by speed: while nothing fails, only the number of executions counts. */
static unsigned arm_by_speed(void)
{
	double all = 0, at;
	unsigned last = workers.config->arm_count - 1;

	for (unsigned i = 0; i <= last; i++)
		all += arm_speed(i);
	at = (double)(prng_next(&workers.choice) >> 11) * 0x1p-53 * all;
	for (unsigned i = 0; i < last; i++) {
		at -= arm_speed(i);
		if (at < 0)
			return i;
	}
	return last;
}

unsigned arm_best(void)
{
	unsigned best = workers.config->arm_count;
	double best_rate = 0;

	for (unsigned i = 0; i < workers.config->arm_count; i++) {
		double rate = workers.records[i].failures / (workers.records[i].ns + 1);

		if (workers.config->arms[i].turn_us)
			continue;
		if (rate > best_rate) {
			best_rate = rate;
			best = i;
		}
	}
	return best;
}

/* Prefer the arm that fails most; now and then try another, which may do better by now. */
unsigned arm_choose(unsigned best)
{
	unsigned count = workers.config->arm_count;

	if (workers.config->plan->arm != PLAN_ARM_AUTO)
		return (unsigned)workers.config->plan->arm % count;
	for (unsigned i = 0; i < count; i++)
		if (workers.records[i].batches < (workers.config->arms[i].turn_us ? 1 : TRIALS))
			return i;
	if (best < count && workers.explored_ns * 100 >= workers.explored_of_ns * EXPLORE_PERCENT)
		return best;
	return arm_by_speed();
}

uint32_t arm_count_first(void)
{
	if (!workers.each_ns)
		return 1;
	return workers.each_ns < BATCH_NS / STATES_FIRST
		       ? STATES_FIRST
		       : (uint32_t)(BATCH_NS / workers.each_ns + 1);
}

void arm_learn(uint32_t walked, uint64_t failures, uint64_t took_ns)
{
	struct arm_record *record = &workers.records[workers.arm - workers.config->arms];
	uint64_t each = took_ns / (walked + 1) + 1;

	workers.each_ns = each;
	record->batches++;
	workers.explored_of_ns += (double)took_ns;
	workers.explored_ns += workers.exploring ? (double)took_ns : 0;
	record->executions = record->executions / 2 + walked;
	record->failures = record->failures / 2 + (double)failures;
	record->ns = record->ns / 2 + (double)took_ns;
	record->count = (uint32_t)(BATCH_NS / each < UINT32_MAX ? BATCH_NS / each + 1 : UINT32_MAX);
	/* Grow in steps, because the first batch says little about the thousandth. */
	record->count = least(record->count, workers.count * 8);
}
