/*
 * declaration.c - what is wrong with the linked scenario's declaration.
 *
 * A mistake in a declaration would otherwise be seen late or never: an entry behind a gap is left
 * out, and a bug that nothing can report is missed. What needs debug information is checked by
 * run/explain/declared.c.
 */
#include "declaration.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "engine.h"
#include "inject.h"
#include "kind.h"
#include "ledger.h"
#include "snarl.h"
#include "text.h"

enum {
	NAME_MAX_HERE = 15, /* characters of a thread's name */
	KINDS_TEXT_MAX = 256,
	MISUSE_MAX = 600,
	/* Engines see crashes, leaks, data races and standstills; these only a check reports. */
	KINDS_OF_CHECKS = SNARL_LOST_UPDATE | SNARL_OVERWRITE | SNARL_LOST_ITEM |
			  SNARL_DUPLICATE_ITEM | SNARL_STALE_READ | SNARL_TORN_MESSAGE |
			  SNARL_OUT_OF_ORDER,
};

static char misuse[MISUSE_MAX]; /* the first one; "": none so far */

static void misuse_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void misuse_note(const char *format, ...)
{
	va_list arguments;

	if (*misuse)
		return;
	va_start(arguments, format);
	vsnprintf(misuse, sizeof misuse, format, arguments);
	va_end(arguments);
}

static void actors_check(void)
{
	unsigned count = 0;

	while (count < SNARL_ACTORS_MAX && scenario.actors[count].run)
		count++;
	if (!count)
		misuse_note(".actors is empty: give each actor a name and a function");
	for (unsigned i = count; i < SNARL_ACTORS_MAX; i++)
		if (scenario.actors[i].run || scenario.actors[i].name)
			misuse_note("actor %u of .actors has no function: remove it or give it one",
				count + 1);
	for (unsigned i = 0; i < count; i++) {
		const char *name = scenario.actors[i].name;

		if (!name || !*name || strlen(name) > NAME_MAX_HERE) {
			misuse_note("actor %u has no name of 1 to %d characters: give it one",
				i + 1, NAME_MAX_HERE);
			return;
		}
		for (unsigned k = 0; k < i; k++)
			if (is(name, scenario.actors[k].name))
				misuse_note("two actors are named '%s': give each a name of its "
					    "own",
					name);
	}
}

/* The entries of a list end at the first that is NULL. */
static void gap_check(const char *member, const char *const *words, unsigned most)
{
	unsigned count = 0;

	while (count < most && words[count])
		count++;
	for (unsigned i = count; i < most; i++)
		if (words[i])
			misuse_note("%s has '%s' behind a gap: move it to entry %u", member,
				words[i], count + 1);
}

bool declaration_rule(const char *text)
{
	char why[RULE_ERROR_MAX];
	struct rule rule;

	return strlen(text) < PLAN_RULE_MAX && rule_parse(text, &rule, why) == 0;
}

/* Explore has no points of calls that it does not model. */
static bool has_point(const struct rule *rule)
{
	bool found = engine.choose;

	for (struct snarl_point *const *at = point_begin(); at < point_end(); at++)
		found |= rule_names(rule, (*at)->name);
	return found;
}

static void rules_check(void)
{
	char why[RULE_ERROR_MAX];
	struct rule rule;

	for (unsigned i = 0; i < SNARL_INJECTIONS_MAX && scenario.inject[i]; i++) {
		const char *text = scenario.inject[i];

		if (strlen(text) >= PLAN_RULE_MAX)
			misuse_note("a rule in .inject is too long: use at most %d characters",
				PLAN_RULE_MAX - 1);
		else if (rule_parse(text, &rule, why) != 0)
			misuse_note("'%s' in .inject is not a rule: %s", text, why);
		else if (!has_point(&rule))
			misuse_note("no point matches the rule '%s' in .inject: name one that "
				    "'snarl points' lists",
				text);
	}
}

/* A rule has to be able to name the point. */
static void points_check(void)
{
	for (struct snarl_point *const *at = point_begin(); at < point_end(); at++) {
		const char *name = (*at)->name ? (*at)->name : "";
		size_t length = 0;

		while (isalnum((unsigned char)name[length]) ||
			(name[length] && strchr("_/.-", name[length])))
			length++;
		if (!length || name[length])
			misuse_note("no rule can name the point '%s' in line %d: use letters, "
				    "digits, '_', '.', '-' and '/', as in \"put/checked\"",
				name, (*at)->line);
	}
}

static void expected_check(const char *engine_name, const struct snarl_expected *expected)
{
	if (expected->detection > SNARL_NOT_RUN)
		misuse_note(".expect.%s.detection is %d: use one of enum snarl_detection",
			engine_name, (int)expected->detection);
	else if (expected->detection != SNARL_MUST_SEE && (!expected->why || !*expected->why))
		misuse_note(".expect.%s needs a reason unless the engine must see the bug: set "
			    ".why",
			engine_name);
	if (expected->bug && !kinds_known(expected->bug))
		misuse_note(".expect.%s.bug has kinds that do not exist, 0x%x: use those of enum "
			    "snarl_kind",
			engine_name, expected->bug);
}

/* "alice -> right -> bob -> left -> alice": it begins and ends with one actor, or its thread. */
static bool is_cycle(const char *cycle)
{
	static const char arrow[] = " -> ";
	const char *second = strstr(cycle, arrow);
	size_t first = second ? (size_t)(second - cycle) : 0, length = strlen(cycle);
	bool actor = false;

	for (unsigned i = 0; i < SNARL_ACTORS_MAX && scenario.actors[i].run; i++) {
		const char *name = scenario.actors[i].name;
		size_t size = strlen(name);

		actor |= strncmp(cycle, name, size) == 0 && (size == first || cycle[size] == '\'');
	}
	return actor && length >= 2 * first + 2 * strlen(arrow) &&
	       strncmp(cycle + length - first, cycle, first) == 0 &&
	       strncmp(cycle + length - first - strlen(arrow), arrow, strlen(arrow)) == 0;
}

static void cycle_check(void)
{
	const struct snarl_expectation *expect = &scenario.expect;
	unsigned kinds = expect->bug | expect->stress.bug | expect->tsan.bug | expect->explore.bug;

	if (!expect->cycle)
		return;
	if (!(kinds & (SNARL_DEADLOCK | SNARL_LOCK_ORDER)))
		misuse_note(".expect.cycle is of a deadlock, and .expect.bug is none: add "
			    "SNARL_DEADLOCK to it");
	else if (!is_cycle(expect->cycle))
		misuse_note(".expect.cycle is '%s': begin and end it with one actor's name, as in "
			    "\"alice -> right -> bob -> left -> alice\"",
			expect->cycle);
}

/* A bug that the engine must see has to be one that something reports. */
static void reported_check(const char *engine_name, const struct snarl_expected *expected)
{
	const struct snarl_expectation *expect = &scenario.expect;
	unsigned kinds = expected->bug ? expected->bug : expect->bug;
	char names[KINDS_TEXT_MAX];

	if (!expected->bug && expect->race_in && !is(engine_name, "stress"))
		kinds |= SNARL_DATA_RACE;
	if (is(engine.name, engine_name) && expected->detection == SNARL_MUST_SEE && kinds &&
		!(kinds & ~KINDS_OF_CHECKS) && !scenario.check)
		misuse_note("%s must see %s, which only a check reports: add a .check", engine_name,
			kind_names(kinds, names, sizeof names));
}

static void expectation_check(void)
{
	const struct snarl_expectation *expect = &scenario.expect;
	const struct {
		const char *engine;
		const struct snarl_expected *expected;
	} each[] = {{"stress", &expect->stress}, {"tsan", &expect->tsan},
		{"explore", &expect->explore}};

	if (expect->bug && !kinds_known(expect->bug))
		misuse_note(".expect.bug has kinds that do not exist, 0x%x: use those of enum "
			    "snarl_kind",
			expect->bug);
	if (expect->race_in && !expect->bug)
		misuse_note(".expect.race_in names a race, and .expect.bug is SNARL_NO_BUG: set "
			    "it to what goes wrong, or to SNARL_DATA_RACE");
	for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
		expected_check(each[i].engine, each[i].expected);
		reported_check(each[i].engine, each[i].expected);
	}
	cycle_check();
}

const char *declaration_misuse(void)
{
	actors_check();
	if (*misuse)
		return misuse;
	if (scenario.isolation > SNARL_FRESH_PROCESS)
		misuse_note(".isolation is %d: use one of enum snarl_isolation",
			(int)scenario.isolation);
	if (scenario.started && scenario.isolation != SNARL_PROCESSES)
		misuse_note(".started is for processes: set .isolation = SNARL_PROCESSES");
	if (scenario.ledger_items > LEDGER_ITEMS_MAX)
		misuse_note(".ledger_items is %u: set it to at most %d", scenario.ledger_items,
			LEDGER_ITEMS_MAX);
	gap_check(".observe", scenario.observe, SNARL_OBSERVED_MAX);
	gap_check(".inject", scenario.inject, SNARL_INJECTIONS_MAX);
	points_check();
	if (!*misuse)
		rules_check();
	expectation_check();
	return *misuse ? misuse : NULL;
}
