/* shard.c - which cases of a selection one of several processes runs. */
#include "shard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "effort.h"
#include "exit.h"
#include "field.h"
#include "text.h"

enum { SHARDS_MAX = 100000 };

/* Cases that stay together. */
struct unit {
	const struct selected *first; /* names the unit */
	double seconds;
	unsigned shard; /* from 1 */
};

struct shard shard_read(const char *text)
{
	struct shard shard = {0};
	char end;

	if (sscanf(text, "%u/%u%c", &shard.number, &shard.count, &end) != 2 || !shard.number ||
		shard.number > shard.count || shard.count > SHARDS_MAX)
		die(EXIT_USAGE, "--shard needs K/N with K from 1 to N, like 3/8, not '%s'", text);
	return shard;
}

static int by_name(const struct selected *one, const struct selected *other, bool whole)
{
	int order = strcmp(one->subject->scenario, other->subject->scenario);

	if (!order)
		order = strcmp(one->engine, other->engine);
	return order || !whole ? order : strcmp(one->subject->name, other->subject->name);
}

static int selected_compare(const void *one, const void *other)
{
	return by_name(
		*(const struct selected *const *)one, *(const struct selected *const *)other, true);
}

/* The heaviest first. */
static int units_compare(const void *one, const void *other)
{
	const struct unit *a = one, *b = other;

	if (a->seconds != b->seconds)
		return a->seconds < b->seconds ? 1 : -1;
	return by_name(a->first, b->first, true);
}

static double seconds_of(const struct selected *one, const json_t *seconds)
{
	char *name = format("%s/%s/%s", one->subject->scenario, one->subject->name, one->engine);
	const json_t *known = json_object_get(seconds, name);

	free(name);
	return known ? json_number_value(known) : effort_usual(one->subject, one->engine);
}

/* The units of the selection; returns how many. */
static unsigned units_make(struct unit *units, const struct selection *selection,
	const json_t *seconds, bool calibrate)
{
	const struct selected **sorted = calloc(selection->count, sizeof *sorted);
	unsigned count = 0;

	if (!sorted)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	for (unsigned i = 0; i < selection->count; i++)
		sorted[i] = &selection->cases[i];
	qsort(sorted, selection->count, sizeof *sorted, selected_compare);
	for (unsigned i = 0; i < selection->count; i++) {
		if (!count || by_name(units[count - 1].first, sorted[i], !calibrate) != 0)
			units[count++] = (struct unit){.first = sorted[i]};
		units[count - 1].seconds += seconds_of(sorted[i], seconds);
	}
	free(sorted);
	return count;
}

static unsigned emptiest(const double *sums, unsigned count)
{
	unsigned least = 0;

	for (unsigned i = 1; i < count; i++)
		if (sums[i] < sums[least])
			least = i;
	return least;
}

/* Each unit, from the heaviest to the lightest, goes to the shard that has least so far. */
static void units_share(
	struct unit *units, unsigned count, struct shard shard, double *most, double *least)
{
	double *sums = calloc(shard.count, sizeof *sums);

	if (!sums)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	qsort(units, count, sizeof *units, units_compare);
	for (unsigned i = 0; i < count; i++) {
		unsigned next = emptiest(sums, shard.count);

		units[i].shard = next + 1;
		sums[next] += units[i].seconds;
	}
	*least = sums[emptiest(sums, shard.count)];
	*most = 0;
	for (unsigned i = 0; i < shard.count; i++)
		*most = sums[i] > *most ? sums[i] : *most;
	free(sums);
}

void shard_select(struct selection *selection, struct shard shard, const json_t *seconds,
	bool calibrate, double *most, double *least)
{
	struct unit *units = calloc(selection->count, sizeof *units);
	struct selected *kept = calloc(selection->count, sizeof *kept);
	unsigned count, left = 0;

	if (!units || !kept)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	count = units_make(units, selection, seconds, calibrate);
	units_share(units, count, shard, most, least);
	for (unsigned i = 0; i < selection->count; i++) {
		unsigned at = 0;

		while (by_name(units[at].first, &selection->cases[i], !calibrate) != 0)
			at++;
		if (units[at].shard == shard.number)
			kept[left++] = selection->cases[i];
	}
	free(units);
	free(selection->cases);
	*selection = (struct selection){left, kept};
}
