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
 * Cases whose names are given ("SCENARIO", "SCENARIO/VARIANT" or globs of them; none: all), on the
 * given engines (none: all that were built). Ends the program with 2 on an unknown name.
 */
struct selection select_cases(const struct catalog *catalog, const struct string_list *names,
	const struct string_list *engines);

/* Keep the cases of variants that have one of the globs in their names; all if there is none. */
void select_filter(struct selection *selection, const struct string_list *globs);

/*
 * Keep the cases whose newest result in the store was not as expected. A store that does not exist
 * yet has none.
 */
void select_failed(struct selection *selection, const char *db);

/* The one variant that `name` stands for; ends the program with 2 otherwise. */
const struct subject *select_variant(const struct catalog *catalog, const char *name);

/* The profiles of a kit. */
struct string_list profile_names(const char *kit);

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

/* Give the plan the variant's own rules and those of `rules` that name one of its points. */
void plan_add_rules(struct plan *plan, const struct subject *subject, const struct rules *rules);

#endif
