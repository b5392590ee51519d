/* token_fuzz.c - no text breaks the token decoder, and what it accepts encodes to the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "plan.h"
#include "snarl.h"

const struct snarl_scenario scenario = {0};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The checksum of token.c, which no fuzzer guesses: without it the fields would never be read. */
static unsigned hash24(const char *text)
{
	uint32_t hash = hash32(HASH32_BEGIN, text, strlen(text));

	return (hash >> 24 ^ hash) & 0xffffff;
}

static void comes_back(const char *text)
{
	char again[PLAN_TOKEN_MAX];
	struct plan plan, back;
	const char *why;

	if (token_decode(text, &plan, &why) == 0 &&
		(token_encode(&plan, again, sizeof again) != 0 ||
			token_decode(again, &back, &why) != 0 ||
			memcmp(&plan, &back, sizeof plan) != 0))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = calloc(1, size + sizeof ".123456");
	struct plan plan;

	memcpy(text, data, size);
	plan_decode(text, &plan);
	comes_back(text);
	sprintf(text + strlen(text), ".%06x", hash24(text));
	comes_back(text);
	free(text);
	return 0;
}
