/* rule_fuzz.c - no text breaks the rule parser, and what it accepts has sane bounds. */
#include <stdlib.h>
#include <string.h>

#include "rule.h"
#include "snarl.h"

const struct snarl_scenario scenario = {0};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = calloc(1, size + 1), why[RULE_ERROR_MAX];
	struct rule rule;

	memcpy(text, data, size);
	if (rule_parse(text, &rule, why) == 0 &&
		(!(rule.probability >= 0 && rule.probability <= 1) ||
			rule.delay_us_max < rule.delay_us_min ||
			rule.delay_us_max > RULE_DELAY_US_MAX ||
			(rule.delay_us_max && rule.action != RULE_DELAY &&
				rule.action != RULE_PAUSE)))
		abort();
	free(text);
	return 0;
}
