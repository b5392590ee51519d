/* ending.c - what stands at the end of a campaign. */
#include "ending.h"

#include <stdio.h>
#include <stdlib.h>

#include "exit.h"
#include "kind.h"
#include "screen.h"
#include "text.h"

enum { SLOWEST = 5, SECONDS_WIDTH = 10 };

struct ending {
	unsigned failures;
	struct failed {
		struct result result;
		char *page;
	} * failed;
	unsigned slow;
	struct slow {
		double seconds;
		char name[3 * PLAN_NAME_MAX];
	} slowest[SLOWEST]; /* the slowest first */
};

struct ending *ending_open(unsigned cases)
{
	struct ending *ending = calloc(1, sizeof *ending);

	if (ending)
		ending->failed = calloc(cases, sizeof *ending->failed);
	if (!ending || !ending->failed)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	return ending;
}

void ending_close(struct ending *ending)
{
	for (unsigned i = 0; i < ending->failures; i++) {
		result_free(&ending->failed[i].result);
		free(ending->failed[i].page);
	}
	free(ending->failed);
	free(ending);
}

static void slow_note(struct ending *ending, const struct result *result)
{
	unsigned at = ending->slow;

	while (at > 0 && ending->slowest[at - 1].seconds < result->seconds)
		at--;
	if (at == SLOWEST)
		return;
	ending->slow += ending->slow < SLOWEST;
	for (unsigned i = ending->slow - 1; i > at; i--)
		ending->slowest[i] = ending->slowest[i - 1];
	ending->slowest[at].seconds = result->seconds;
	snprintf(ending->slowest[at].name, sizeof ending->slowest[at].name, "%s/%s %s",
		result->plan.scenario, result->plan.variant, result->plan.engine);
}

void ending_take(struct ending *ending, struct result *result, char *page)
{
	slow_note(ending, result);
	if (outcome_alarms(result->outcome)) {
		ending->failed[ending->failures++] = (struct failed){*result, page};
		return;
	}
	result_free(result);
	free(page);
}

void ending_failures_print(const struct ending *ending)
{
	if (ending->failures)
		printf("%u failed:\n", ending->failures);
	for (unsigned i = 0; i < ending->failures; i++) {
		const struct result *result = &ending->failed[i].result;

		printf("    %s %s/%s %s%s%s\n", outcome_name(result->outcome),
			result->plan.scenario, result->plan.variant, result->plan.engine,
			result->verdict ? " " : "",
			result->verdict ? kind_name(result->verdict) : "");
		screen_message(result);
		screen_replay(result, ending->failed[i].page);
	}
}

void ending_slowest_print(const struct ending *ending)
{
	char seconds[TEXT_NUMBER_MAX];

	printf("slowest:\n");
	for (unsigned i = 0; i < ending->slow; i++)
		printf("%*s  %s\n", SECONDS_WIDTH,
			seconds_text(ending->slowest[i].seconds, seconds), ending->slowest[i].name);
}
