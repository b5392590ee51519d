/*
 * token.c - a plan in one word:
 *
 *   engine.scenario.variant.seed.arm.first[.rules][.+args][.build:schedule].check
 *
 * Above the number of the arm are bits for what else is a failure, and above those the place.
 *
 * Numbers are hexadecimal; the rules are joined by newlines and written in base64url (RFC 4648,
 * section 5), because they are full of characters that a shell interprets; so are the arguments of
 * a program's main, each with its NUL. The check is a 24-bit FNV-1a hash of everything before it:
 * it detects a token that was cut short by a paste.
 */
#include "hash.h"
#include "plan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	TOKEN_RULES_MAX = PLAN_RULES_MAX * PLAN_RULE_MAX,
	TOKEN_CHECK_DIGITS = 6,
	STATUS_MATTERS = 1 << 8,
	LEAKS_MATTER = 1 << 9,
	PLACE_SHIFT = 10,
};

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static unsigned hash24(const char *text, size_t length)
{
	uint32_t hash = hash32(HASH32_BEGIN, text, length);

	return (hash >> 24 ^ hash) & 0xffffff;
}

static size_t base64_encode(const char *text, size_t length, char *out)
{
	size_t used = 0;

	for (size_t i = 0; i < length; i += 3) {
		uint32_t bits = 0;
		size_t bytes = length - i < 3 ? length - i : 3;

		for (size_t k = 0; k < 3; k++)
			bits = bits << 8 | (k < bytes ? (unsigned char)text[i + k] : 0);
		for (size_t k = 0; k <= bytes; k++)
			out[used++] = alphabet[bits >> (18 - 6 * k) & 63];
	}
	out[used] = '\0';
	return used;
}

/* Decode in one pass; returns the length or -1. `out` holds 3/4 of the text and a NUL. */
static long base64_decode(const char *text, size_t length, char *out)
{
	uint32_t bits = 0;
	unsigned have = 0;
	long used = 0;

	for (size_t i = 0; i < length; i++) {
		const char *at = text[i] ? strchr(alphabet, text[i]) : NULL;

		if (!at)
			return -1;
		bits = bits << 6 | (uint32_t)(at - alphabet);
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[used++] = (char)(bits >> have & 255);
		}
	}
	out[used] = '\0';
	return used;
}

int token_encode(const struct plan *plan, char *token, size_t size)
{
	char rules[TOKEN_RULES_MAX + 1] = "", encoded[TOKEN_RULES_MAX * 4 / 3 + 8] = "";
	char args[ARGS_MAX * 4 / 3 + 8] = "";
	size_t length = 0;
	int used;

	for (unsigned i = 0; i < plan->rule_count; i++)
		length += (size_t)snprintf(rules + length, sizeof rules - length, "%s%s",
			i ? "\n" : "", plan->rules[i]);
	base64_encode(rules, length, encoded);
	base64_encode(plan->args.text, plan->args.size, args);
	used = snprintf(token, size, "%s.%s.%s.%" PRIx64 ".%" PRIx64 ".%" PRIx64 "%s%s%s%s",
		plan->engine, plan->scenario, plan->variant, plan->seed,
		(uint64_t)(plan->arm + 1) | (plan->status_matters ? STATUS_MATTERS : 0) |
			(plan->leaks_matter ? LEAKS_MATTER : 0) |
			(uint64_t)plan->place << PLACE_SHIFT,
		plan->first, length ? "." : "", encoded, *args ? ".+" : "", args);
	if (plan->replay && used > 0 && (size_t)used < size)
		used += snprintf(
			token + used, size - (size_t)used, ".%x:%s", plan->build, plan->schedule);
	if (used < 0 || (size_t)used + TOKEN_CHECK_DIGITS + 2 > size)
		return -ENOSPC;
	sprintf(token + used, ".%06x", hash24(token, (size_t)used));
	return 0;
}

static int hex_read(const char *text, uint64_t *value)
{
	char *end;

	if (!strchr("0123456789abcdef", *text) || !*text || strlen(text) > 16)
		return -EINVAL;
	*value = strtoull(text, &end, 16);
	return *end ? -EINVAL : 0;
}

static int rules_read(const char *text, struct plan *plan)
{
	char rules[TOKEN_RULES_MAX + 1];
	long length;

	if (strlen(text) > TOKEN_RULES_MAX * 4 / 3)
		return -EINVAL;
	length = base64_decode(text, strlen(text), rules);
	if (length <= 0 || memchr(rules, '\0', (size_t)length))
		return -EINVAL;
	for (char *rule = rules, *next; rule; rule = next) {
		next = strchr(rule, '\n');
		if (next)
			*next++ = '\0';
		if (plan->rule_count == PLAN_RULES_MAX || strlen(rule) >= PLAN_RULE_MAX)
			return -EINVAL;
		strcpy(plan->rules[plan->rule_count++], rule);
	}
	return 0;
}

static int args_decode(const char *text, struct args *args)
{
	char words[ARGS_MAX + 1];
	long length, at = 0;

	if (strlen(text) > ARGS_MAX * 4 / 3 + 1)
		return -EINVAL;
	length = base64_decode(text, strlen(text), words);
	if (length <= 0 || length > ARGS_MAX || words[length - 1])
		return -EINVAL;
	while (at < length) {
		if (args_add(args, words + at) != 0)
			return -EINVAL;
		at += (long)strlen(words + at) + 1;
	}
	return 0;
}

static int schedule_read(char *text, struct plan *plan)
{
	char *schedule = strchr(text, ':');
	uint64_t build;

	*schedule++ = '\0';
	if (hex_read(text, &build) || build > UINT32_MAX ||
		strlen(schedule) >= sizeof plan->schedule ||
		strspn(schedule, alphabet) != strlen(schedule))
		return -EINVAL;
	plan->build = (uint32_t)build;
	plan->replay = true;
	strcpy(plan->schedule, schedule);
	return 0;
}

int token_decode(const char *token, struct plan *plan, const char **why)
{
	enum { ENGINE, SCENARIO, VARIANT, SEED, ARM, FIRST, RULES, ARGS, SCHEDULE, FIELDS_MAX };
	char text[PLAN_TOKEN_MAX], *field[FIELDS_MAX] = {NULL}, *check, *rest = text;
	char *const names[] = {plan->engine, plan->scenario, plan->variant};
	uint64_t want, arm;
	int fields = 0;

	memset(plan, 0, sizeof *plan);
	*why = "it is too long to be a token";
	if (strlen(token) >= sizeof text)
		return -EINVAL;
	strcpy(text, token);
	*why = "it is not a token: engine.scenario.variant.seed.arm.first[...].check";
	check = strrchr(text, '.');
	if (!check)
		return -EINVAL;
	*check++ = '\0';
	if (strlen(check) != TOKEN_CHECK_DIGITS || hex_read(check, &want))
		return -EINVAL;
	*why = "its checksum does not match: was it copied completely?";
	if (hash24(text, strlen(text)) != want)
		return -EINVAL;
	*why = "its fields cannot be read";
	while (rest && fields < FIELDS_MAX)
		field[fields++] = strsep(&rest, ".");
	if (rest || fields < RULES)
		return -EINVAL;
	for (int i = ENGINE; i <= VARIANT; i++) {
		if (!*field[i] || strlen(field[i]) >= PLAN_NAME_MAX)
			return -EINVAL;
		strcpy(names[i], field[i]);
	}
	if (hex_read(field[SEED], &plan->seed) || hex_read(field[ARM], &arm) ||
		arm >> PLACE_SHIFT > UINT32_MAX || hex_read(field[FIRST], &plan->first))
		return -EINVAL;
	plan->arm = (int)(arm & 255) - 1;
	plan->status_matters = arm & STATUS_MATTERS;
	plan->leaks_matter = arm & LEAKS_MATTER;
	plan->place = (uint32_t)(arm >> PLACE_SHIFT);
	/* A schedule differs from rules by its colon, and comes last; arguments begin with a plus.
	 */
	if (fields > RULES && strchr(field[fields - 1], ':') &&
		schedule_read(field[--fields], plan) != 0)
		return -EINVAL;
	if (fields > RULES && *field[fields - 1] == '+' &&
		args_decode(field[--fields] + 1, &plan->args) != 0)
		return -EINVAL;
	if (fields > RULES + 1)
		return -EINVAL;
	return fields > RULES ? rules_read(field[RULES], plan) : 0;
}
