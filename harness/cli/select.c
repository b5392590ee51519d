/* select.c - which cases, and with which rules. */
#define _GNU_SOURCE
#include "select.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cpus.h"
#include "exit.h"
#include "field.h"
#include "named.h"
#include "refuse.h"
#include "result.h"
#include "rule.h"
#include "store.h"
#include "text.h"
#include "unbuilt.h"

static bool name_known(const struct catalog *catalog, const char *name)
{
	for (size_t i = 0; i < catalog->count; i++)
		if (subject_fits(&catalog->subjects[i], name))
			return true;
	return false;
}

/* The variants of the scenario that the name begins with; none if it is unknown. */
static struct string_list variants_beside(const struct catalog *catalog, const char *name)
{
	size_t length = strcspn(name, "/");
	struct string_list variants = {0};

	for (size_t i = 0; i < catalog->count; i++) {
		const struct subject *subject = &catalog->subjects[i];

		if (strlen(subject->scenario) == length &&
			strncmp(name, subject->scenario, length) == 0)
			word_add(&variants, subject_full_name(subject));
	}
	return variants;
}

/* All scenarios, and first those variants that are called like the name. */
static struct string_list scenarios_for(const struct catalog *catalog, const char *name)
{
	struct string_list scenarios = {0};
	const char *last = "";

	for (size_t i = 0; i < catalog->count; i++)
		if (is(catalog->subjects[i].name, name))
			word_add(&scenarios, subject_full_name(&catalog->subjects[i]));
	for (size_t i = 0; i < catalog->count; i++) {
		if (!is(last, catalog->subjects[i].scenario))
			word_add(&scenarios, catalog->subjects[i].scenario);
		last = catalog->subjects[i].scenario;
	}
	return scenarios;
}

/*
 * Refuse an unknown name: with the variants of its scenario if the scenario is known, otherwise
 * with the scenarios.
 */
static void name_refuse(const struct catalog *catalog, const char *name)
{
	struct string_list valid = variants_beside(catalog, name);
	const char *kind = valid.count ? "variant" : "scenario";
	char *reasons = unbuilt_reasons(
		catalog, &(struct string_list){1, {name}}, &(struct string_list){0});

	if (reasons)
		die(EXIT_COULD_NOT_RUN, "%s", reasons);
	if (!valid.count)
		valid = scenarios_for(catalog, name);
	word_refuse(
		format("unknown %s '%s'%s%s%s", kind, name,
			access(name, F_OK) == 0 ? " (the folder is ./" : "",
			access(name, F_OK) == 0 ? name : "", access(name, F_OK) == 0 ? ")" : ""),
		name, &valid);
}

static void engine_check(const struct catalog *catalog, const char *name)
{
	struct string_list valid = {0};

	for (const char **engine = catalog->engines; *engine; engine++)
		word_add(&valid, *engine);
	word_check("engine", name, &valid);
}

static bool word_in(const struct string_list *words, const char *word)
{
	for (unsigned i = 0; i < words->count; i++)
		if (strcmp(words->word[i], word) == 0)
			return true;
	return words->count == 0;
}

struct selection select_cases(const struct catalog *catalog, const struct string_list *names,
	const struct string_list *engines)
{
	struct selection selection = {0};

	for (unsigned i = 0; i < names->count; i++)
		if (!name_known(catalog, names->word[i]))
			name_refuse(catalog, names->word[i]);
	for (unsigned i = 0; i < engines->count; i++)
		engine_check(catalog, engines->word[i]);
	for (size_t i = 0; i < catalog->count; i++) {
		const struct subject *subject = &catalog->subjects[i];

		for (const char **engine = catalog->engines; *engine; engine++) {
			struct selected *more;

			if (!subject_named(names, subject) || !word_in(engines, *engine) ||
				!case_exists(catalog, subject, *engine))
				continue;
			more = realloc(selection.cases, (selection.count + 1) * sizeof *more);
			if (!more)
				die(EXIT_COULD_NOT_RUN, "out of memory");
			selection.cases = more;
			more[selection.count++] = (struct selected){subject, *engine};
		}
	}
	return selection;
}

void select_filter(struct selection *selection, const struct string_list *globs)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < selection->count; i++)
		if (subject_has(globs, selection->cases[i].subject))
			selection->cases[kept++] = selection->cases[i];
	selection->count = kept;
}

/* Whether a row of the store is this case, and not as expected. */
static bool row_failed(const json_t *row, const struct selected *one)
{
	return outcome_named_alarms(field_text(row, "outcome")) &&
	       field_is(row, "scenario", one->subject->scenario) &&
	       field_is(row, "variant", one->subject->name) && field_is(row, "engine", one->engine);
}

void select_failed(struct selection *selection, const char *db)
{
	struct store *store = access(db, F_OK) == 0 ? store_read(db) : NULL;
	json_t *rows = store ? store_outcomes_after(store, INT64_MAX) : json_array(), *row;
	unsigned kept = 0;
	size_t k;

	for (unsigned i = 0; i < selection->count; i++) {
		bool failed = false;

		json_array_foreach(rows, k, row) {
			failed |= row_failed(row, &selection->cases[i]);
		}
		if (failed)
			selection->cases[kept++] = selection->cases[i];
	}
	selection->count = kept;
	json_decref(rows);
	if (store)
		store_close(store);
}

const struct subject *select_variant(const struct catalog *catalog, const char *name)
{
	const struct subject *found = NULL;

	for (size_t i = 0; i < catalog->count; i++)
		if (strchr(name, '/') && subject_matches(&catalog->subjects[i], name))
			found = &catalog->subjects[i];
	if (!found && (strchr(name, '/') || !name_known(catalog, name)))
		name_refuse(catalog, name);
	if (!found)
		die(EXIT_USAGE,
			"'%s' is not a variant: name one as SCENARIO/VARIANT; see snarl list",
			name);
	return found;
}

static bool rule_hits(const struct rule *rule, const struct subject *subject)
{
	json_t *point;
	size_t i;

	json_array_foreach(json_object_get(subject->json, "points"), i, point) {
		if (rule_names(rule, json_string_value(json_object_get(point, "name"))))
			return true;
	}
	return false;
}

static bool point_seen_before(
	const struct selection *selection, unsigned index, size_t before, const char *name)
{
	for (unsigned i = 0; i <= index; i++) {
		json_t *point;
		size_t k;

		json_array_foreach(
			json_object_get(selection->cases[i].subject->json, "points"), k, point) {
			if (i == index && k == before)
				return false;
			if (strcmp(json_string_value(json_object_get(point, "name")), name) == 0)
				return true;
		}
	}
	return false;
}

/* What an action needs of a point; "" if it needs nothing. */
static const char *action_wants(enum rule_action action)
{
	switch (action) {
	case RULE_ERRNO:
		return " (an errno needs a wrapped call)";
	case RULE_SHORT:
		return " (short needs a call that transfers bytes)";
	case RULE_WAKEUP:
		return " (wakeup needs a wait for a condition)";
	case RULE_SIGNAL:
		return " (signal needs a call that a signal can interrupt)";
	case RULE_DROP:
	case RULE_DUPLICATE:
	case RULE_REORDER:
	case RULE_TRUNCATE:
		return " (drop, duplicate, reorder and truncate need a call that sends a message)";
	default:
		return "";
	}
}

static void points_refuse(const struct selection *selection, const struct rule *rule)
{
	struct string_list valid = {0};

	for (unsigned i = 0; i < selection->count; i++) {
		json_t *point;
		size_t k;

		json_array_foreach(
			json_object_get(selection->cases[i].subject->json, "points"), k, point) {
			const char *name = json_string_value(json_object_get(point, "name"));

			if (action_fits(rule->action, name) &&
				!point_seen_before(selection, i, k, name))
				word_add(&valid, name);
		}
	}
	word_refuse(format("no point matches '%s'%s", rule->points, action_wants(rule->action)),
		rule->points, &valid);
}

static void rule_add(struct rules *rules, const char *text, struct rule *rule)
{
	char why[RULE_ERROR_MAX];

	if (rule_parse(text, rule, why) != 0)
		die(EXIT_USAGE, "bad rule '%s': %s", text, why);
	if (rules->count == PLAN_RULES_MAX || strlen(text) >= PLAN_RULE_MAX)
		die(EXIT_USAGE, "more than %d rules, or a rule of more than %d characters",
			PLAN_RULES_MAX, PLAN_RULE_MAX - 1);
	strcpy(rules->rules[rules->count++].text, text);
}

static int names_compare(const void *one, const void *other)
{
	return strcmp(*(const char *const *)one, *(const char *const *)other);
}

struct string_list profile_names(const char *kit)
{
	char *folder = format("%s/profiles", kit);
	DIR *directory = opendir(folder);
	struct string_list names = {0};
	struct dirent *entry;

	while (directory && (entry = readdir(directory)))
		if (*entry->d_name != '.')
			word_add(&names, format("%s", entry->d_name));
	if (directory)
		closedir(directory);
	free(folder);
	qsort(names.word, names.count, sizeof *names.word, names_compare);
	return names;
}

/* Add the rules of a profile: one rule per line, # begins a comment. */
static void profile_add(struct rules *rules, const struct catalog *catalog, const char *name)
{
	struct string_list valid = profile_names(catalog->kit);
	char *path = format("%s/profiles/%s", catalog->kit, name), *line = NULL;
	struct rule rule;
	size_t room = 0;
	FILE *file;

	word_check("profile", name, &valid);
	file = fopen(path, "r");
	if (!file)
		die(EXIT_COULD_NOT_RUN, "%s cannot be read: %s", path, strerror(errno));
	while (getline(&line, &room, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (*line && *line != '#')
			rule_add(rules, line, &rule);
	}
	fclose(file);
	free(line);
	free(path);
}

/* With one CPU, actors interleave only where one of them yields: add at least that. */
static void one_cpu_add(struct rules *rules)
{
	struct rule rule;

	if (cpu_count() == 1)
		rule_add(rules, "*:yield:p=0.3", &rule);
}

struct rules select_rules(const struct catalog *catalog, const struct selection *selection,
	const struct string_list *profiles, const struct string_list *inject)
{
	struct rules rules = {0};
	struct rule rule;

	for (unsigned i = 0; i < profiles->count; i++)
		profile_add(&rules, catalog, profiles->word[i]);
	for (unsigned i = 0; i < inject->count; i++) {
		bool hits = false;

		rule_add(&rules, inject->word[i], &rule);
		for (unsigned k = 0; k < selection->count; k++)
			hits |= rule_hits(&rule, selection->cases[k].subject);
		if (!hits)
			points_refuse(selection, &rule);
	}
	if (!rules.count)
		one_cpu_add(&rules);
	return rules;
}

void plan_add_rules(struct plan *plan, const struct subject *subject, const struct rules *rules)
{
	char why[RULE_ERROR_MAX];
	struct rule rule;
	json_t *own;
	size_t k;

	json_array_foreach(json_object_get(subject->json, "inject"), k, own) {
		if (plan->rule_count + rules->count == PLAN_RULES_MAX)
			die(EXIT_USAGE, "more than %d rules, including those of %s/%s",
				PLAN_RULES_MAX, subject->scenario, subject->name);
		snprintf(plan->rules[plan->rule_count++], PLAN_RULE_MAX, "%s",
			json_string_value(own));
	}
	for (unsigned i = 0; i < rules->count; i++)
		if (rule_parse(rules->rules[i].text, &rule, why) == 0 && rule_hits(&rule, subject))
			strcpy(plan->rules[plan->rule_count++], rules->rules[i].text);
}
