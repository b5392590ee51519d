/* schedule.c - schedules as text. */
#include "schedule.h"

#include <errno.h>
#include <string.h>

enum { KIND_BITS = 2, TO_MAX = UINT16_MAX };

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void schedule_copy(struct schedule *to, const struct schedule *from)
{
	unsigned kept = from->count < SCHEDULE_MAX ? from->count : SCHEDULE_MAX;

	to->count = from->count;
	memcpy(to->deviations, from->deviations, kept * sizeof *to->deviations);
}

/* Five bits per letter; the sixth is set if more letters follow. */
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
	uint32_t last[SCHEDULE_ACTORS_MAX] = {0};
	const char *end = text + size;

	if (schedule->count > SCHEDULE_MAX || number_write(&text, end, SCHEDULE_VERSION) != 0)
		return -ENOSPC;
	for (unsigned i = 0; i < schedule->count; i++) {
		const struct deviation *deviation = &schedule->deviations[i];
		uint32_t where = (uint32_t)deviation->to << KIND_BITS | deviation->kind;

		if (number_write(&text, end, where) != 0 ||
			number_write(&text, end, deviation->actor) != 0 ||
			number_write(&text, end, deviation->count - last[deviation->actor]) != 0)
			return -ENOSPC;
		last[deviation->actor] = deviation->count;
	}
	*text = '\0';
	return 0;
}

static int deviation_read(const char **text, struct schedule *schedule, uint32_t *last)
{
	uint32_t where, actor, more, kind;

	if (number_read(text, &where) != 0 || number_read(text, &actor) != 0 ||
		number_read(text, &more) != 0)
		return -EINVAL;
	kind = where & ((1 << KIND_BITS) - 1);
	where >>= KIND_BITS;
	if (actor >= SCHEDULE_ACTORS_MAX || kind >= DEVIATION_KINDS || where > TO_MAX ||
		(kind == DEVIATION_SWITCH && where >= SCHEDULE_ACTORS_MAX) ||
		schedule->count == SCHEDULE_MAX)
		return -EINVAL;
	last[actor] += more;
	schedule_add(schedule, actor, last[actor], kind, where);
	return 0;
}

int schedule_decode(const char *text, struct schedule *schedule)
{
	uint32_t last[SCHEDULE_ACTORS_MAX] = {0}, version;

	schedule->count = 0;
	if (number_read(&text, &version) != 0)
		return -EINVAL;
	if (version != SCHEDULE_VERSION)
		return -EPROTO;
	while (*text)
		if (deviation_read(&text, schedule, last) != 0)
			return -EINVAL;
	return 0;
}
