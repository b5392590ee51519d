/* page.h - what the index and the pages of one rendering share. */
#ifndef SNARL_REPORTS_PAGE_H
#define SNARL_REPORTS_PAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "html.h"
#include "plan.h"
#include "rows.h"
#include "store.h"

enum {
	PAGE_RUNS_MAX = 12,		       /* runs, or results of one case, that are compared */
	PAGE_TEXT_MAX = 1000,		       /* bytes of a message or a label */
	PAGE_WORD_MAX = 200,		       /* bytes of a name, a path or a rule */
	PAGE_OUTPUT_MAX = 4000,		       /* bytes of the child's output */
	PAGE_NAME_MAX = 3 * PLAN_NAME_MAX + 8, /* bytes of a page's file name, with the NUL */
};

/* A case as it is shown. `json` owns all strings; a string is "" if the store has none. */
struct case_view {
	const json_t *json;
	int64_t run, executions, failures;
	int64_t first; /* execution of the first failure; -1: none, or not known */
	double seconds;
	bool correct; /* the variant declares no bug */
	const char *scenario, *variant, *engine;
	const char *verdict, *expected, *outcome, *message;
	const json_t *catalog; /* the catalogue's line of the variant */
	const json_t *traits;  /* what the engine's findings are worth: the event "engine" */
};

/* One rendering. */
struct report {
	struct store *store;
	const char *folder;
	int64_t run;   /* 0: the newest result of every case */
	int64_t since; /* the run to compare with; 0: the last comparable one */
	json_t *runs;  /* newest first */
	size_t count;
	struct case_view *cases; /* by scenario, correct variants first; no case twice */
	json_t *ipc;		 /* results of snarl bench ipc (see bench/ipc.h); NULL: none */
	json_t *detection;	 /* of snarl bench detection (bench/detection.h); NULL: none */
};

/* The index past the last case of the scenario, or of the variant, that case `i` belongs to. */
size_t scenario_end(const struct report *report, size_t i);
size_t variant_end(const struct report *report, size_t i);

/* Whether a case has something to show beyond its line in the index. */
bool case_view_has_page(const struct case_view *case_view);

/*
 * The file name of a case's page, SCENARIO-VARIANT-ENGINE.html, into `buffer`, which it returns.
 * Letters that are not valid in a file name or an address become '_'.
 */
const char *page_name(char buffer[static PAGE_NAME_MAX], const char *scenario, const char *variant,
	const char *engine);

/* The file name of a scenario's page, scenario.SCENARIO.html, likewise. */
const char *scenario_page_name(char buffer[static PAGE_NAME_MAX], const char *scenario);

/* The anchor of a scenario in the index, or of a variant in its scenario's page, likewise. */
const char *name_id(char buffer[static PAGE_NAME_MAX], const char *name);

/* The number of an actor in the catalogue, from 0: it determines the actor's colour and border. */
unsigned actor_number(const struct case_view *case_view, const char *actor);
struct html_markup actor_class(unsigned number);

/* Write the number of a step, from 1; as a link if its row is drawn. */
void step_number_write(struct html *html, struct span drawn, size_t step);

/* The run of that number, or NULL. */
const json_t *report_run(const struct report *report, int64_t run);

/*
 * The glyph of an outcome: a shape of its own, so that colour is never needed to distinguish them.
 */
struct html_markup outcome_glyph(const char *outcome);

/* Whether the outcome is not what the variant declares, or is a bug that a test found. */
bool case_view_alarms(const struct case_view *case_view);

/* The class of an outcome in style.css. */
struct html_markup outcome_class(const char *outcome);

/* The glyph and the word of an outcome. */
void outcome_write(struct html *html, const char *outcome);

/* A time as the store has it, with its zone. */
void time_write(struct html *html, const char *time);

/* "SCENARIO/VARIANT, ENGINE", a link if it has a page. */
void case_link_write(struct html *html, const struct case_view *case_view);

/* A run's environment as a table. */
void environment_write(struct html *html, const json_t *environment);

/* "showing 48 of 112 outcomes" as a paragraph, unless all are shown. */
void showing_write(struct html *html, size_t case_view, size_t all, struct html_markup things);

/*
 * A section that is folded under its title, and the words behind the title say what is in it. A
 * link to anything inside opens it.
 */
void fold_begin(struct html *html, struct html_markup id, struct html_markup title,
	const char *words, bool open);
void fold_end(struct html *html);

/* A table's box that scrolls on its own on a narrow screen; `label` is what a screen reader says.
 */
void scroll_begin(struct html *html, const char *label);
void scroll_end(struct html *html);

#endif
