/* describe.c - the linked scenario as JSON. */
#include "describe.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "event.h"
#include "exit.h"
#include "inject.h"
#include "kind.h"
#include "ledger.h"
#include "snarl.h"

static void refuse(const char *variant, const char *format, ...)
	__attribute__((format(printf, 2, 3), noreturn));

static void refuse(const char *variant, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fprintf(stderr, "%s: ", variant);
	vfprintf(stderr, format, arguments);
	fprintf(stderr, "\n");
	va_end(arguments);
	exit(EXIT_USAGE);
}

static const char *const detections[] = {[SNARL_MUST_SEE] = "must",
	[SNARL_MAY_SEE] = "may",
	[SNARL_CANNOT_SEE] = "cannot",
	[SNARL_NOT_RUN] = "skipped"};

static json_t *text_or_null(const char *text)
{
	return text ? event_text(text) : json_null();
}

static json_t *expected_describe(const char *variant, const char *engine,
	const struct snarl_expected *expected, unsigned bug)
{
	char names[256];

	if (expected->detection > SNARL_NOT_RUN ||
		(expected->detection != SNARL_MUST_SEE && !expected->why))
		refuse(variant, ".expect.%s needs a reason unless the engine must see the bug",
			engine);
	return json_pack("{s:s, s:s, s:o}", "detection", detections[expected->detection], "bug",
		kind_names(expected->bug ? expected->bug : bug, names, sizeof names), "why",
		text_or_null(expected->why));
}

static json_t *points_describe(void)
{
	json_t *points = json_array();

	for (struct snarl_point *const *at = point_begin(); at < point_end(); at++)
		json_array_append_new(
			points, json_pack("{s:o, s:s, s:i}", "name", event_text((*at)->name),
					"file", (*at)->file, "line", (*at)->line));
	return points;
}

static json_t *words_describe(const char *const *words, unsigned most)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < most && words[i]; i++)
		json_array_append_new(array, event_text(words[i]));
	return array;
}

static void check_consistent(const char *variant)
{
	if (!scenario.actors[0].run)
		refuse(variant, ".actors is empty");
	for (unsigned i = 0; i < SNARL_ACTORS_MAX && scenario.actors[i].run; i++)
		if (!scenario.actors[i].name || strlen(scenario.actors[i].name) > 15)
			refuse(variant, "actor %u needs a name of at most 15 characters", i + 1);
	if (scenario.started && scenario.isolation != SNARL_PROCESSES)
		refuse(variant, ".started needs .isolation = SNARL_PROCESSES");
	if (scenario.ledger_items > LEDGER_ITEMS_MAX)
		refuse(variant, ".ledger_items is above %d", LEDGER_ITEMS_MAX);
}

/* The variant's own rules have to name points that it has. */
static void check_rules(const char *variant)
{
	char why[RULE_ERROR_MAX];
	struct rule rule;

	for (unsigned i = 0; i < SNARL_INJECTIONS_MAX && scenario.inject[i]; i++) {
		bool hits = false;

		if (strlen(scenario.inject[i]) >= PLAN_RULE_MAX ||
			rule_parse(scenario.inject[i], &rule, why) != 0)
			refuse(variant, "bad rule in .inject: '%s'", scenario.inject[i]);
		for (struct snarl_point *const *at = point_begin(); at < point_end(); at++)
			hits |= rule_names(&rule, (*at)->name);
		if (!hits)
			refuse(variant, "no point matches the rule '%s' in .inject",
				scenario.inject[i]);
	}
}

json_t *describe(const char *scenario_name, const char *variant_name)
{
	const struct snarl_expectation *expect = &scenario.expect;
	unsigned witnessed = expect->race_in ? SNARL_DATA_RACE : expect->bug;
	/* ThreadSanitizer reports a deadlock before it happens. */
	unsigned ordered = witnessed & SNARL_DEADLOCK ? SNARL_LOCK_ORDER : 0;
	json_t *actors = json_array(), *object;
	char names[256];

	check_consistent(variant_name);
	check_rules(variant_name);
	for (unsigned i = 0; i < SNARL_ACTORS_MAX && scenario.actors[i].run; i++)
		json_array_append_new(actors, event_text(scenario.actors[i].name));
	object = json_pack("{s:i, s:s, s:s, s:s, s:o, s:o, s:I, s:i, s:s, s:o, s:o, s:o, s:o}", "v",
		EVENT_VERSION, "type", "variant", "scenario", scenario_name, "variant",
		variant_name, "summary", event_text(scenario.summary ? scenario.summary : ""),
		"refs", text_or_null(scenario.refs), "state_size", (json_int_t)scenario.state_size,
		"ledger_items", (int)scenario.ledger_items, "isolation",
		scenario.isolation == SNARL_PROCESSES ? "processes" : "threads", "actors", actors,
		"points", points_describe(), "observe",
		words_describe(scenario.observe, SNARL_OBSERVED_MAX), "inject",
		words_describe(scenario.inject, SNARL_INJECTIONS_MAX));
	json_object_set_new(object, "expect",
		json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "bug",
			kind_names(expect->bug, names, sizeof names), "race_in",
			text_or_null(expect->race_in), "cycle", text_or_null(expect->cycle),
			"stress",
			expected_describe(variant_name, "stress", &expect->stress, expect->bug),
			"tsan",
			expected_describe(variant_name, "tsan", &expect->tsan, witnessed | ordered),
			"explore",
			expected_describe(variant_name, "explore", &expect->explore,
				expect->bug | witnessed)));
	return object;
}

json_t *describe_engine(void)
{
	json_t *strategies = json_array();
	const char *name;

	for (unsigned i = 0; engine.strategy && (name = engine.strategy(i)); i++)
		json_array_append_new(strategies, json_string(name));
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:o}", "name", engine.name, "replays",
		engine.replays, "witness", engine.witness, "order", engine.order, "memory_model",
		engine.memory_model, "shares_cores", engine.shares_cores, "strategies", strategies);
}
