/* token_fuzz.c - no text breaks the token decoder, and what it accepts encodes to the same. */
#include <stdlib.h>
#include <string.h>

#include "plan.h"
#include "snarl.h"

const struct snarl_scenario scenario = {0};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = calloc(1, size + 1), again[PLAN_TOKEN_MAX];
	struct plan plan, back;
	const char *why;

	memcpy(text, data, size);
	if (token_decode(text, &plan, &why) == 0 &&
		(token_encode(&plan, again, sizeof again) != 0 ||
			token_decode(again, &back, &why) != 0 ||
			memcmp(&plan, &back, sizeof plan) != 0))
		abort();
	plan_decode(text, &plan);
	free(text);
	return 0;
}
