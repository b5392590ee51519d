/* compare.c - what measured figures say when they are held against each other. */
#include "compare.h"

#include <stdlib.h>

static int less(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

static double quantile(const double *sorted, size_t count, double share)
{
	double place = share * (double)(count - 1);
	size_t below = (size_t)place;

	if (below + 1 >= count)
		return sorted[count - 1];
	return sorted[below] + (sorted[below + 1] - sorted[below]) * (place - (double)below);
}

struct spread spread_of(double *values, size_t count)
{
	if (!count)
		return (struct spread){0, 0, 0};
	qsort(values, count, sizeof *values, less);
	return (struct spread){quantile(values, count, .25), quantile(values, count, .5),
		quantile(values, count, .75)};
}

struct crossing crossing_find(const struct spread *a, const struct spread *b, size_t count)
{
	struct crossing crossing = {.kind = CROSSING_NOTHING};
	size_t common = 0, least = 0, most = 0;

	for (size_t i = 0; i < count; i++) {
		if (a[i].median <= 0 || b[i].median <= 0)
			continue;
		least = common++ ? least : i;
		most = i;
		if (a[i].high < b[i].low) {
			crossing.first = crossing.below++ ? crossing.first : i;
			crossing.last = i;
		} else if (b[i].high < a[i].low) {
			crossing.above++;
		} else {
			crossing.even++;
		}
	}
	if (!common)
		return crossing;
	if (!crossing.below)
		crossing.kind = CROSSING_NEVER;
	else if (crossing.below == common)
		crossing.kind = CROSSING_ALWAYS;
	else if (crossing.last - crossing.first + 1 > crossing.below)
		crossing.kind = CROSSING_AT;
	else if (crossing.last == most)
		crossing.kind = CROSSING_FROM;
	else
		crossing.kind = crossing.first == least ? CROSSING_UP_TO : CROSSING_AT;
	return crossing;
}

double messages_until_repaid(double setup, double message, double other_setup, double other_message)
{
	double messages;

	if (setup <= other_setup)
		return 0;
	if (message >= other_message)
		return -1;
	messages = (setup - other_setup) / (other_message - message);
	/* Round up to whole messages; above 2^53 doubles are integers already. */
	return messages > 1e15 || (double)(long long)messages >= messages
		       ? messages
		       : (double)((long long)messages + 1);
}
