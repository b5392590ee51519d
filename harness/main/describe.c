/* describe.c - the linked scenario as JSON. */
#include "describe.h"

#include <stdbool.h>

#include "declaration.h"
#include "engine.h"
#include "event.h"
#include "inject.h"
#include "kind.h"
#include "snarl.h"

static const char *const detections[] = {[SNARL_MUST_SEE] = "must",
	[SNARL_MAY_SEE] = "may",
	[SNARL_CANNOT_SEE] = "cannot",
	[SNARL_NOT_RUN] = "skipped"};

static json_t *text_or_null(const char *text)
{
	return text ? event_text(text) : json_null();
}

static json_t *expected_describe(const struct snarl_expected *expected, unsigned bug)
{
	bool valid = expected->detection <= SNARL_NOT_RUN;
	char names[256];

	return json_pack("{s:s, s:s, s:o}", "detection",
		detections[valid ? expected->detection : SNARL_MUST_SEE], "bug",
		kind_names(expected->bug ? expected->bug : bug, names, sizeof names), "why",
		text_or_null(expected->why));
}

static json_t *points_describe(void)
{
	json_t *points = json_array();

	for (struct snarl_point *const *at = point_begin(); at < point_end(); at++)
		json_array_append_new(points, json_pack("{s:o, s:s, s:i}", "name",
						      event_text((*at)->name ? (*at)->name : ""),
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

/* The variant's own rules, except those that cannot be used. */
static json_t *rules_describe(void)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < SNARL_INJECTIONS_MAX && scenario.inject[i]; i++)
		if (declaration_rule(scenario.inject[i]))
			json_array_append_new(array, event_text(scenario.inject[i]));
	return array;
}

json_t *describe(const char *scenario_name, const char *variant_name)
{
	const struct snarl_expectation *expect = &scenario.expect;
	unsigned witnessed = expect->race_in ? SNARL_DATA_RACE : expect->bug;
	/* ThreadSanitizer reports a deadlock before it happens. */
	unsigned ordered = witnessed & SNARL_DEADLOCK ? SNARL_LOCK_ORDER : 0;
	json_t *actors = json_array(), *object;
	char names[256];

	for (unsigned i = 0; i < SNARL_ACTORS_MAX && scenario.actors[i].run; i++) {
		const char *name = scenario.actors[i].name;

		json_array_append_new(actors, event_text(name ? name : ""));
	}
	object = json_pack("{s:i, s:s, s:s, s:s, s:o, s:o, s:I, s:I, s:s, s:o, s:o, s:o, s:o}", "v",
		EVENT_VERSION, "type", "variant", "scenario", scenario_name, "variant",
		variant_name, "summary", event_text(scenario.summary ? scenario.summary : ""),
		"refs", text_or_null(scenario.refs), "state_size", (json_int_t)scenario.state_size,
		"ledger_items", (json_int_t)scenario.ledger_items, "isolation",
		scenario.isolation == SNARL_PROCESSES ? "processes" : "threads", "actors", actors,
		"points", points_describe(), "observe",
		words_describe(scenario.observe, SNARL_OBSERVED_MAX), "inject", rules_describe());
	json_object_set_new(object, "expect",
		json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "bug",
			kind_names(expect->bug, names, sizeof names), "race_in",
			text_or_null(expect->race_in), "cycle", text_or_null(expect->cycle),
			"stress", expected_describe(&expect->stress, expect->bug), "tsan",
			expected_describe(&expect->tsan, witnessed | ordered), "explore",
			expected_describe(&expect->explore, expect->bug | witnessed)));
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
