/* select.h - which cases, and with which rules: what run, replay and bench have in common. */
#ifndef SNARL_CLI_SELECT_H
#define SNARL_CLI_SELECT_H

#include "catalog.h"
#include "command.h"
#include "plan.h"

/* One selected case. */
struct selected {
	const struct subject *subject;
	const char *engine;
};

struct selection {
	unsigned count;
	struct selected *cases;
};

/*
 * Cases whose names are given ("SCENARIO" or "SCENARIO/VARIANT"; none: all), on the given engines
 * (none: all that were built). Ends the program with 2 on an unknown name, listing the valid ones.
 */
struct selection select_cases(const struct catalog *catalog, const struct string_list *names,
	const struct string_list *engines);

/* Whether the subject is among those named; all are if none is. */
bool subject_named(const struct string_list *names, const struct subject *subject);

/* The one variant that `name` stands for; ends the program with 2 otherwise. */
const struct subject *select_variant(const struct catalog *catalog, const char *name);

/* Rules of profiles and of --inject, checked against the points of all selected cases. */
struct rules {
	unsigned count;
	struct given_rule {
		char text[PLAN_RULE_MAX];
	} rules[PLAN_RULES_MAX];
};

/*
 * If none is given and there is one CPU to use, adds a rule that yields at every point. Ends the
 * program with 2 on a bad rule, an unknown profile, or a point that no case has.
 */
struct rules select_rules(const struct catalog *catalog, const struct selection *selection,
	const struct string_list *profiles, const struct string_list *inject);

/* The names of all profiles, in order. */
struct string_list profile_names(const struct catalog *catalog);

/* Give the plan the variant's own rules and those of `rules` that name one of its points. */
void plan_add_rules(struct plan *plan, const struct subject *subject, const struct rules *rules);

#endif
