/* agenda.c - which case of a campaign runs next, with how much effort; how long the rest takes. */
#include "agenda.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "cpus.h"
#include "effort.h"
#include "exit.h"
#include "field.h"
#include "supervise.h"
#include "text.h"

struct agenda {
	const struct campaign *campaign;
	unsigned cpus, running;
	unsigned running_alone; /* running cases that share the cores with no other */
	struct entry {
		unsigned index; /* in the campaign */
		const struct subject *subject;
		const char *engine;
		bool shares;	 /* the cores with others */
		bool calibrated; /* waits for its twins, which set its effort */
		enum { WAITING, RUNNING, DONE } state;
		uint64_t caught; /* executions that catch it, see effort_of; 0: not caught */
		uint64_t began_ns;
		double seconds; /* that it took, once it is done */
	} entries[];
};

static int entries_compare(const void *one, const void *other)
{
	const struct entry *a = one, *b = other;
	int scenarios = strcmp(a->subject->scenario, b->subject->scenario);

	if (a->shares != b->shares)
		return a->shares - b->shares;
	if (scenarios)
		return scenarios;
	if (a->calibrated != b->calibrated)
		return a->calibrated - b->calibrated;
	return a->index < b->index ? -1 : a->index > b->index;
}

struct agenda *agenda_open(const struct campaign *campaign)
{
	unsigned count = campaign->count, cpus = cpu_count();
	struct agenda *agenda = calloc(1, sizeof *agenda + count * sizeof *agenda->entries);

	if (!agenda)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	agenda->campaign = campaign;
	agenda->cpus = cpus < SUPERVISE_JOBS_MAX ? cpus : SUPERVISE_JOBS_MAX;
	for (unsigned i = 0; i < count; i++) {
		struct entry *entry = &agenda->entries[i];

		entry->index = i;
		entry->subject = campaign->subjects[i];
		entry->engine = campaign->plans[i].engine;
		entry->shares =
			field_true(engine_traits(campaign->catalog, entry->engine), "shares_cores");
		entry->calibrated =
			campaign->calibrate && effort_calibrated(entry->subject, entry->engine);
	}
	qsort(agenda->entries, count, sizeof *agenda->entries, entries_compare);
	return agenda;
}

void agenda_close(struct agenda *agenda)
{
	free(agenda);
}

/* Whether one is a broken variant of the other's scenario, on the same engine. */
static bool is_twin(const struct entry *entry, const struct entry *other)
{
	return !other->calibrated && strcmp(other->engine, entry->engine) == 0 &&
	       strcmp(other->subject->scenario, entry->subject->scenario) == 0;
}

/* The twin that took most executions to be caught; NULL: none was caught. */
static const struct entry *slowest_twin(const struct agenda *agenda, const struct entry *entry)
{
	const struct entry *slowest = NULL;

	for (unsigned i = 0; entry->calibrated && i < agenda->campaign->count; i++) {
		const struct entry *other = &agenda->entries[i];

		if (is_twin(entry, other) && other->caught > (slowest ? slowest->caught : 0))
			slowest = other;
	}
	return slowest;
}

static bool twins_done(const struct agenda *agenda, const struct entry *entry)
{
	for (unsigned i = 0; entry->calibrated && i < agenda->campaign->count; i++)
		if (is_twin(entry, &agenda->entries[i]) && agenda->entries[i].state != DONE)
			return false;
	return true;
}

/* Whether the case may run beside those that are running. */
static bool fits(const struct agenda *agenda, const struct entry *entry)
{
	if (agenda->campaign->jobs)
		return agenda->running < agenda->campaign->jobs;
	if (!entry->shares)
		return !agenda->running;
	return !agenda->running_alone && agenda->running < agenda->cpus;
}

int agenda_next(struct agenda *agenda)
{
	for (unsigned i = 0; i < agenda->campaign->count; i++) {
		struct entry *entry = &agenda->entries[i];
		const struct entry *twin;

		if (entry->state != WAITING || !fits(agenda, entry) || !twins_done(agenda, entry))
			continue;
		entry->state = RUNNING;
		entry->began_ns = clock_ns();
		agenda->running++;
		agenda->running_alone += !entry->shares;
		twin = slowest_twin(agenda, entry);
		if (agenda->campaign->calibrate)
			effort_plan(&agenda->campaign->plans[entry->index], entry->subject,
				twin ? twin->caught : 0);
		return (int)entry->index;
	}
	return AGENDA_NONE;
}

unsigned agenda_index(
	const struct agenda *agenda, const struct subject *subject, const char *engine)
{
	for (unsigned i = 0; i < agenda->campaign->count; i++) {
		const struct entry *entry = &agenda->entries[i];

		if (entry->state == RUNNING && entry->subject == subject &&
			strcmp(entry->engine, engine) == 0)
			return entry->index;
	}
	die(EXIT_COULD_NOT_RUN, "got a result of %s/%s on %s, which is not running",
		subject->scenario, subject->name, engine);
}

static struct entry *entry_of(struct agenda *agenda, unsigned index)
{
	struct entry *entry = agenda->entries;

	while (entry->index != index)
		entry++;
	return entry;
}

void agenda_done(struct agenda *agenda, unsigned index, struct result *result)
{
	struct entry *entry = entry_of(agenda, index);
	const struct entry *twin = slowest_twin(agenda, entry);

	entry->state = DONE;
	entry->seconds = (double)(clock_ns() - entry->began_ns) * 1e-9;
	agenda->running--;
	agenda->running_alone -= !entry->shares;
	if (result->outcome == OUTCOME_CAUGHT && !entry->calibrated)
		entry->caught = effort_of(result);
	result_put(result, "took", json_real(entry->seconds));
	if (twin)
		effort_note(result, twin->subject->name, twin->caught);
}

/*
 * Mean time of the finished cases that are like this one, in seconds; of all, if none is like it.
 */
static double seconds_like(const struct agenda *agenda, const struct entry *entry)
{
	double like = 0, all = 0;
	unsigned like_count = 0, all_count = 0;

	for (unsigned i = 0; i < agenda->campaign->count; i++) {
		const struct entry *other = &agenda->entries[i];

		if (other->state != DONE)
			continue;
		all += other->seconds;
		all_count++;
		if (other->shares != entry->shares || other->calibrated != entry->calibrated)
			continue;
		like += other->seconds;
		like_count++;
	}
	return like_count ? like / like_count : all_count ? all / all_count : 0;
}

double agenda_left(const struct agenda *agenda)
{
	unsigned jobs = agenda->campaign->jobs;
	double left = 0;

	for (unsigned i = 0; i < agenda->campaign->count; i++) {
		const struct entry *entry = &agenda->entries[i];
		unsigned beside = jobs ? jobs : entry->shares ? agenda->cpus : 1;

		if (entry->state == WAITING)
			left += seconds_like(agenda, entry) / beside;
	}
	return left;
}
