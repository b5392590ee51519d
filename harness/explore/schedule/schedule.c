/* schedule.c - schedules as text. */
#include "schedule.h"

#include <errno.h>
#include <string.h>

enum { CHOICE_BITS = 5, ACTORS = 16 };

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void schedule_copy(struct schedule *to, const struct schedule *from)
{
	unsigned kept = from->count < SCHEDULE_MAX ? from->count : SCHEDULE_MAX;

	to->count = from->count;
	memcpy(to->deviations, from->deviations, kept * sizeof *to->deviations);
}

/* Five bits a letter, the sixth says that more follow. */
static int number_write(char **text, const char *end, uint32_t number)
{
	do {
		if (*text + 1 >= end)
			return -ENOSPC;
		*(*text)++ = alphabet[(number & 31) | (number > 31 ? 32 : 0)];
		number >>= 5;
	} while (number);
	return 0;
}

static int number_read(const char **text, uint32_t *number)
{
	unsigned shift = 0;
	const char *letter;

	*number = 0;
	do {
		letter = **text ? strchr(alphabet, **text) : NULL;
		if (!letter || shift > 30)
			return -EINVAL;
		*number |= (uint32_t)((letter - alphabet) & 31) << shift;
		shift += 5;
		(*text)++;
	} while ((letter - alphabet) & 32);
	return 0;
}

int schedule_encode(const struct schedule *schedule, char *text, size_t size)
{
	uint32_t last[ACTORS] = {0};
	const char *end = text + size;

	if (schedule->count > SCHEDULE_MAX || !size)
		return -ENOSPC;
	for (unsigned i = 0; i < schedule->count; i++) {
		const struct deviation *deviation = &schedule->deviations[i];
		uint32_t both = (uint32_t)deviation->actor << CHOICE_BITS | deviation->to;

		if (number_write(&text, end, both) != 0 ||
			number_write(&text, end, deviation->count - last[deviation->actor]) != 0)
			return -ENOSPC;
		last[deviation->actor] = deviation->count;
	}
	*text = '\0';
	return 0;
}

int schedule_decode(const char *text, struct schedule *schedule)
{
	uint32_t last[ACTORS] = {0};

	schedule->count = 0;
	while (*text) {
		uint32_t both, more;
		unsigned actor, to;

		if (number_read(&text, &both) != 0 || number_read(&text, &more) != 0)
			return -EINVAL;
		actor = both >> CHOICE_BITS;
		to = both & ((1 << CHOICE_BITS) - 1);
		if (actor >= ACTORS || (to >= ACTORS && to != DEVIATION_FAULT) ||
			schedule->count == SCHEDULE_MAX)
			return -EINVAL;
		last[actor] += more;
		schedule_add(schedule, actor, last[actor], to);
	}
	return 0;
}
