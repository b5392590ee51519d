/* plan.c - a plan as JSON, for the child. */
#include "plan.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

char *plan_encode(const struct plan *plan)
{
	json_t *rules = json_array();
	json_t *object;
	char *line;

	for (unsigned i = 0; i < plan->rule_count; i++)
		json_array_append_new(rules, json_string(plan->rules[i]));
	object = json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:i, s:i, s:b, s:b, s:o}", "scenario",
		plan->scenario, "variant", plan->variant, "engine", plan->engine, "seed",
		(json_int_t)plan->seed, "executions", (json_int_t)plan->executions, "first",
		(json_int_t)plan->first, "budget_ms", (int)plan->budget_ms, "arm", plan->arm,
		"keep_going", plan->keep_going, "commands", plan->commands, "rules", rules);
	if (object)
		json_object_update_new(object, json_pack("{s:I, s:i}", "effort_executions",
						       (json_int_t)plan->effort.executions,
						       "effort_ms", (int)plan->effort.ms));
	if (object)
		json_object_update_new(
			object, json_pack("{s:I, s:b, s:b, s:b, s:o}", "place",
					(json_int_t)plan->place, "alone", plan->alone,
					"status_matters", plan->status_matters, "leaks_matter",
					plan->leaks_matter, "args", args_json(&plan->args)));
	if (object)
		json_object_update_new(object,
			json_pack("{s:s, s:I, s:b, s:b, s:b, s:b, s:I, s:I, s:s}", "strategy",
				plan->strategy, "preemptions_max",
				(json_int_t)plan->preemptions_max, "sampled", plan->sampled,
				"races_off", plan->races_off, "first_only", plan->first_only,
				"replay", plan->replay, "build", (json_int_t)plan->build, "stop_at",
				(json_int_t)plan->stop_at, "schedule", plan->schedule));
	line = object ? json_dumps(object, JSON_COMPACT) : NULL;
	json_decref(object);
	return line;
}

static int name_copy(char *name, const char *text)
{
	if (strlen(text) >= PLAN_NAME_MAX)
		return -EINVAL;
	strcpy(name, text);
	return 0;
}

static int explore_decode(const json_t *object, struct plan *plan)
{
	const char *strategy = "", *schedule = "";
	json_int_t preemptions_max = 0, build = 0, stop_at = 0;
	int sampled = 0, races_off = 0, first_only = 0, replay = 0;

	if (json_unpack((json_t *)object, "{s?s, s?I, s?b, s?b, s?b, s?b, s?I, s?I, s?s}",
		    "strategy", &strategy, "preemptions_max", &preemptions_max, "sampled", &sampled,
		    "races_off", &races_off, "first_only", &first_only, "replay", &replay, "build",
		    &build, "stop_at", &stop_at, "schedule", &schedule) != 0 ||
		strlen(schedule) >= sizeof plan->schedule)
		return -EINVAL;
	plan->preemptions_max = (unsigned)preemptions_max;
	plan->sampled = sampled;
	plan->races_off = races_off;
	plan->first_only = first_only;
	plan->replay = replay;
	plan->build = (uint32_t)build;
	plan->stop_at = (uint64_t)stop_at;
	strcpy(plan->schedule, schedule);
	return name_copy(plan->strategy, strategy);
}

static int sources_decode(const json_t *object, struct plan *plan)
{
	int alone = 0, status = 0, leaks = 0, error;
	json_int_t place = 0;
	json_t *args = NULL;

	error = json_unpack((json_t *)object, "{s?I, s?b, s?b, s?b, s?o}", "place", &place, "alone",
		&alone, "status_matters", &status, "leaks_matter", &leaks, "args", &args);
	plan->place = (uint32_t)place;
	plan->alone = alone;
	plan->status_matters = status;
	plan->leaks_matter = leaks;
	return error ? -EINVAL : args_read(args, &plan->args);
}

int plan_decode(const char *json, struct plan *plan)
{
	json_t *object = json_loads(json, 0, NULL);
	const char *scenario, *variant, *engine;
	json_int_t seed, executions, first, effort;
	int budget_ms, effort_ms, keep_going, commands, error = -EINVAL;
	json_t *rules, *rule;
	size_t i;

	memset(plan, 0, sizeof *plan);
	if (json_unpack(object, "{s:s, s:s, s:s, s:I, s:I, s:I, s:i, s:I, s:i, s:i, s:b, s:b, s:o}",
		    "scenario", &scenario, "variant", &variant, "engine", &engine, "seed", &seed,
		    "executions", &executions, "first", &first, "budget_ms", &budget_ms,
		    "effort_executions", &effort, "effort_ms", &effort_ms, "arm", &plan->arm,
		    "keep_going", &keep_going, "commands", &commands, "rules", &rules) != 0)
		goto out;
	if (name_copy(plan->scenario, scenario) || name_copy(plan->variant, variant) ||
		name_copy(plan->engine, engine) || explore_decode(object, plan) ||
		sources_decode(object, plan) || json_array_size(rules) > PLAN_RULES_MAX)
		goto out;
	json_array_foreach(rules, i, rule) {
		const char *text = json_string_value(rule);

		if (!text || strlen(text) >= PLAN_RULE_MAX)
			goto out;
		strcpy(plan->rules[plan->rule_count++], text);
	}
	plan->seed = (uint64_t)seed;
	plan->executions = (uint64_t)executions;
	plan->first = (uint64_t)first;
	plan->budget_ms = (unsigned)budget_ms;
	plan->effort.executions = (uint64_t)effort;
	plan->effort.ms = (unsigned)effort_ms;
	plan->keep_going = keep_going;
	plan->commands = commands;
	error = 0;
out:
	json_decref(object);
	return error;
}

bool rate_known(uint64_t failures, uint64_t since_ns, bool steered)
{
	if (steered)
		return since_ns > (uint64_t)COMMANDS_MS * 1000000;
	return failures >= HISTOGRAM_FAILURES || since_ns > (uint64_t)HISTOGRAM_MS * 1000000;
}

bool effort_made(const struct effort *effort, uint64_t executions, uint64_t elapsed_ns)
{
	return effort->executions && executions >= effort->executions &&
	       elapsed_ns >= (uint64_t)effort->ms * 1000000;
}
