/* race_log.c - the races that a search has seen. */
#include "race_log.h"

#include "strategies.h"

/* Overlapping locations of one word count as the same race. */
static bool same(uint64_t a, uint64_t b)
{
	return a >> 8 == b >> 8 && a & b & 0xff;
}

static struct races {
	unsigned count;
	unsigned kept; /* races below this index have their schedules */
	struct race_seen seen[RACES_MAX];
	uint32_t here; /* bit set of the races that the running execution showed */
	uint32_t here_execution;
} races;

void race_log_forget(void)
{
	races.count = races.kept = 0;
	races.here = 0;
}

void race_log_note(uint64_t key)
{
	unsigned i = 0;

	if (races.here_execution != scheduler.execution)
		races.here = 0;
	races.here_execution = scheduler.execution;
	while (i < races.count && !same(races.seen[i].key, key))
		i++;
	if (i == RACES_MAX)
		return;
	if (i == races.count)
		races.seen[races.count++].key = key;
	races.here |= 1u << i;
}

bool race_log_here(uint64_t key)
{
	for (unsigned i = 0; i < races.count; i++)
		if (same(races.seen[i].key, key))
			return races.here_execution == scheduler.execution && races.here & 1u << i;
	return false;
}

void race_log_keep(uint64_t execution)
{
	for (; races.kept < races.count; races.kept++) {
		races.seen[races.kept].execution = execution;
		races.seen[races.kept].strategy = scheduler.strategy->kind->name;
		races.seen[races.kept].shape = scheduler_shape();
		schedule_copy(&races.seen[races.kept].schedule, &scheduler.schedule);
	}
}

unsigned race_log_count(void)
{
	return races.kept;
}

const struct race_seen *race_log_at(unsigned index)
{
	return &races.seen[index];
}
