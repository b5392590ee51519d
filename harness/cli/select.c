/* select.c - which cases, and with which rules. */
#define _GNU_SOURCE
#include "select.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cpus.h"
#include "exit.h"
#include "rule.h"
#include "text.h"

static bool name_known(const struct catalog *catalog, const char *name)
{
	for (size_t i = 0; i < catalog->count; i++)
		if (subject_matches(&catalog->subjects[i], name))
			return true;
	return false;
}

/*
 * Refuse an unknown name, and print the valid ones: the scenario's variants if the scenario is
 * known, otherwise the scenarios.
 */
static void name_refuse(const struct catalog *catalog, const char *name)
{
	size_t length = strcspn(name, "/");
	const char *last = "";
	bool in_scenario = false;

	for (size_t i = 0; i < catalog->count; i++)
		in_scenario |= strlen(catalog->subjects[i].scenario) == length &&
			       strncmp(name, catalog->subjects[i].scenario, length) == 0;
	fprintf(stderr, "snarl: unknown %s '%s'; valid:", in_scenario ? "variant" : "scenario",
		name);
	for (size_t i = 0; i < catalog->count; i++) {
		const struct subject *subject = &catalog->subjects[i];

		if (in_scenario && strncmp(name, subject->scenario, length) == 0 &&
			!subject->scenario[length])
			fprintf(stderr, " %s/%s", subject->scenario, subject->name);
		if (!in_scenario && strcmp(last, subject->scenario) != 0)
			fprintf(stderr, " %s", subject->scenario);
		last = subject->scenario;
	}
	fprintf(stderr, access(name, F_OK) == 0 ? " (the folder is ./%s)\n" : "\n", name);
	exit(EXIT_USAGE);
}

static void engine_check(const struct catalog *catalog, const char *name)
{
	for (const char **engine = catalog->engines; *engine; engine++)
		if (strcmp(*engine, name) == 0)
			return;
	fprintf(stderr, "snarl: unknown engine '%s'; valid:", name);
	for (const char **engine = catalog->engines; *engine; engine++)
		fprintf(stderr, " %s", *engine);
	fprintf(stderr, "\n");
	exit(EXIT_USAGE);
}

static bool word_in(const struct string_list *words, const char *word)
{
	for (unsigned i = 0; i < words->count; i++)
		if (strcmp(words->word[i], word) == 0)
			return true;
	return words->count == 0;
}

bool subject_named(const struct string_list *names, const struct subject *subject)
{
	for (unsigned i = 0; i < names->count; i++)
		if (subject_matches(subject, names->word[i]))
			return true;
	return names->count == 0;
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

const struct subject *select_variant(const struct catalog *catalog, const char *name)
{
	const struct subject *found = NULL;

	for (size_t i = 0; i < catalog->count; i++)
		if (strchr(name, '/') && subject_matches(&catalog->subjects[i], name))
			found = &catalog->subjects[i];
	if (!found && strchr(name, '/'))
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
	fprintf(stderr, "snarl: no point matches '%s'%s; valid:", rule->points,
		action_wants(rule->action));
	for (unsigned i = 0; i < selection->count; i++) {
		json_t *point;
		size_t k;

		json_array_foreach(
			json_object_get(selection->cases[i].subject->json, "points"), k, point) {
			const char *name = json_string_value(json_object_get(point, "name"));

			if (action_fits(rule->action, name) &&
				!point_seen_before(selection, i, k, name))
				fprintf(stderr, " %s", name);
		}
	}
	fprintf(stderr, "\n");
	exit(EXIT_USAGE);
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

static int word_compare(const void *one, const void *other)
{
	return strcmp(*(const char *const *)one, *(const char *const *)other);
}

struct string_list profile_names(const struct catalog *catalog)
{
	char *folder = format("%s/profiles", catalog->kit);
	DIR *directory = opendir(folder);
	struct string_list names = {0};
	struct dirent *entry;

	while (directory && (entry = readdir(directory)))
		if (entry->d_name[0] != '.')
			word_add(&names, format("%s", entry->d_name));
	if (directory)
		closedir(directory);
	qsort(names.word, names.count, sizeof *names.word, word_compare);
	free(folder);
	return names;
}

static void profile_refuse(const struct catalog *catalog, const char *name)
{
	struct string_list names = profile_names(catalog);

	fprintf(stderr, "snarl: unknown profile '%s'; valid:", name);
	for (unsigned i = 0; i < names.count; i++)
		fprintf(stderr, " %s", names.word[i]);
	fprintf(stderr, "\n");
	exit(EXIT_USAGE);
}

/* Add the rules of a profile: one rule per line, # begins a comment. */
static void profile_add(struct rules *rules, const struct catalog *catalog, const char *name)
{
	char *path = format("%s/profiles/%s", catalog->kit, name), *line = NULL;
	bool plain = *name && *name != '.' && !strchr(name, '/');
	FILE *file = plain ? fopen(path, "r") : NULL;
	struct rule rule;
	size_t room = 0;

	if (!file)
		profile_refuse(catalog, name);
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
