/* rule.c - parsing of rules. */
#define _GNU_SOURCE
#include "rule.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ERRNO_MAX = 134 /* the last number Linux uses is 133, EHWPOISON */ };

static int errno_parse(const char *text, int *error)
{
	for (int number = 1; number < ERRNO_MAX; number++) {
		const char *name = strerrorname_np(number);

		if (name && strcmp(name, text) == 0) {
			*error = number;
			return 0;
		}
	}
	return -EINVAL;
}

static const struct {
	const char *name;
	enum rule_action action;
	uint32_t us_max; /* by default; 0: it takes no time */
} words[] = {
	{"delay", RULE_DELAY, 50},
	{"yield", RULE_YIELD, 0},
	{"short", RULE_SHORT, 0},
	{"wakeup", RULE_WAKEUP, 0},
	{"signal", RULE_SIGNAL, 0},
	{"crash", RULE_CRASH, 0},
	{"pause", RULE_PAUSE, 1000}, /* long enough for another process to run */
	{"drop", RULE_DROP, 0},
	{"duplicate", RULE_DUPLICATE, 0},
	{"reorder", RULE_REORDER, 0},
	{"truncate", RULE_TRUNCATE, 0},
};

static bool takes_time(const struct rule *rule)
{
	return rule->action == RULE_DELAY || rule->action == RULE_PAUSE;
}

static void append(char why[RULE_ERROR_MAX], const char *word, const char *mark)
{
	size_t used = strlen(why);

	snprintf(why + used, RULE_ERROR_MAX - used, " %s%s", word, mark);
}

static int action_parse(const char *text, struct rule *rule, char why[RULE_ERROR_MAX])
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(text, words[i].name) != 0)
			continue;
		rule->action = words[i].action;
		rule->delay_us_min = words[i].us_max ? 1 : 0;
		rule->delay_us_max = words[i].us_max;
		return 0;
	}
	if (strncmp(text, "errno=", 6) == 0) {
		rule->action = RULE_ERRNO;
		if (errno_parse(text + 6, &rule->error) == 0)
			return 0;
		snprintf(why, RULE_ERROR_MAX,
			"unknown errno '%.40s'; valid: EINTR, EAGAIN, ENOMEM "
			"and every other name of errno(3)",
			text + 6);
		return -EINVAL;
	}
	snprintf(why, RULE_ERROR_MAX, "unknown action '%.40s'; valid:", text);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		append(why, words[i].name, ",");
	append(why, "errno=NAME", " (errno=EINTR)");
	return -EINVAL;
}

/* A whole number of decimal digits, nothing else: strtoul would accept signs and blanks. */
static int number_parse(const char *text, char **end, uint32_t most, uint32_t *number)
{
	unsigned long value;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	value = strtoul(text, end, 10);
	if (errno || value > most)
		return -EINVAL;
	*number = (uint32_t)value;
	return 0;
}

static int range_parse(const char *text, struct rule *rule)
{
	char *end;

	if (number_parse(text, &end, RULE_DELAY_US_MAX, &rule->delay_us_min))
		return -EINVAL;
	rule->delay_us_max = rule->delay_us_min;
	if (strncmp(end, "..", 2) == 0 &&
		number_parse(end + 2, &end, RULE_DELAY_US_MAX, &rule->delay_us_max))
		return -EINVAL;
	return *end || rule->delay_us_max < rule->delay_us_min ? -EINVAL : 0;
}

static int probability_parse(const char *text, double *probability)
{
	char *end;

	if (!*text || strspn(text, "0123456789.") != strlen(text))
		return -EINVAL;
	*probability = strtod(text, &end);
	return *end || *probability > 1 ? -EINVAL : 0;
}

static int key_parse(char *text, struct rule *rule, char why[RULE_ERROR_MAX])
{
	char *value = strchr(text, '='), *end;

	if (!value && strcmp(text, "once") == 0) {
		rule->once = true;
		return 0;
	}
	if (value) {
		*value++ = '\0';
		if (strcmp(text, "p") == 0 && probability_parse(value, &rule->probability) == 0)
			return 0;
		if (strcmp(text, "us") == 0 && takes_time(rule) && range_parse(value, rule) == 0)
			return 0;
		if (strcmp(text, "nth") == 0 &&
			number_parse(value, &end, UINT32_MAX, &rule->nth) == 0 && !*end &&
			rule->nth)
			return 0;
	}
	snprintf(why, RULE_ERROR_MAX, "bad key '%.40s%s%.20s'; valid: p=0..1, nth=N, once%s", text,
		value ? "=" : "", value ? value : "",
		takes_time(rule) ? ", us=A..B (microseconds, at most 1000000)" : "");
	return -EINVAL;
}

int rule_parse(const char *text, struct rule *rule, char why[RULE_ERROR_MAX])
{
	char copy[256], *rest = copy, *points, *action, *key;

	memset(rule, 0, sizeof *rule);
	rule->probability = 1;
	snprintf(why, RULE_ERROR_MAX,
		"a rule has the form POINTS:ACTION[:key=value,...], "
		"for example put/*:delay:p=0.2,us=1..50");
	if (strlen(text) >= sizeof copy)
		return -EINVAL;
	strcpy(copy, text);
	points = strsep(&rest, ":");
	action = strsep(&rest, ":");
	if (!*points || strlen(points) >= sizeof rule->points || !action)
		return -EINVAL;
	strcpy(rule->points, points);
	if (action_parse(action, rule, why))
		return -EINVAL;
	while ((key = strsep(&rest, ",")))
		if (key_parse(key, rule, why))
			return -EINVAL;
	return 0;
}

static bool is_one_of(const char *const *calls, const char *point)
{
	for (; *calls; calls++)
		if (strcmp(*calls, point) == 0)
			return true;
	return false;
}

bool action_fits(enum rule_action action, const char *point)
{
	switch (action) {
	case RULE_ERRNO:
		return is_one_of(calls_that_fail, point);
	case RULE_SHORT:
		return is_one_of(calls_that_transfer, point);
	case RULE_WAKEUP:
		return is_one_of(calls_that_wake, point);
	case RULE_SIGNAL:
		return is_one_of(calls_that_signals_interrupt, point);
	case RULE_DROP:
	case RULE_DUPLICATE:
	case RULE_REORDER:
	case RULE_TRUNCATE:
		return is_one_of(calls_that_send, point);
	default:
		return true;
	}
}

bool rule_names(const struct rule *rule, const char *point)
{
	return action_fits(rule->action, point) && fnmatch(rule->points, point, 0) == 0;
}
