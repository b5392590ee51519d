/* schedule_fuzz.c - no text breaks the decoder, and what it accepts comes back from its own text. */
#include <stdlib.h>
#include <string.h>

#include "schedule.h"
#include "snarl.h"

const struct snarl_scenario scenario = {0};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* As long as given: who decodes a text that is not in normal form writes a shorter one. */
	char *text = calloc(1, size + 1), *again = calloc(1, size + 1);
	static struct schedule schedule, back;

	memcpy(text, data, size);
	if (schedule_decode(text, &schedule) == 0 &&
		(schedule_encode(&schedule, again, size + 1) != 0 ||
			schedule_decode(again, &back) != 0 || schedule.count != back.count))
		abort();
	for (unsigned i = 0; i < schedule.count && i < back.count; i++)
		if (schedule.deviations[i].count != back.deviations[i].count)
			abort();
	free(again);
	free(text);
	return 0;
}
