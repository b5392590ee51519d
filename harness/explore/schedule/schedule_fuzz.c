/*
 * schedule_fuzz.c - no text breaks the decoder, and any schedule it accepts survives encoding and
 * decoding.
 */
#include <stdlib.h>
#include <string.h>

#include "schedule.h"
#include "snarl.h"

const struct snarl_scenario scenario = {0};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same(const struct schedule *a, const struct schedule *b)
{
	bool same = a->count == b->count;

	for (unsigned i = 0; same && i < a->count; i++)
		same = a->deviations[i].count == b->deviations[i].count &&
		       a->deviations[i].actor == b->deviations[i].actor &&
		       a->deviations[i].kind == b->deviations[i].kind &&
		       a->deviations[i].to == b->deviations[i].to;
	return same;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* As long as the input: a number has many texts; the encoder writes the shortest. */
	char *text = calloc(1, size + 1), *again = calloc(1, size + 1);
	static struct schedule schedule, back;

	memcpy(text, data, size);
	if (schedule_decode(text, &schedule) == 0 &&
		(schedule_encode(&schedule, again, size + 1) != 0 ||
			schedule_decode(again, &back) != 0 || !same(&schedule, &back)))
		abort();
	free(again);
	free(text);
	return 0;
}
