/*
 * story.h - the steps of a trace that tell how it failed, and folds for the rest: on a page and on
 * the terminal alike.
 */
#ifndef SNARL_REPORTS_STORY_H
#define SNARL_REPORTS_STORY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "culprit.h"
#include "rows.h"

enum { STORY_MOST = 9 /* steps that a page shows before folds are opened */ };

struct story_row {
	struct span steps;
	bool folded; /* otherwise it is one step */
};

struct story {
	struct culprit culprit;
	struct story_row *rows;
	size_t row_count;
	size_t shown; /* steps that are not folded */
};

/*
 * Tell the steps `drawn` of a failure's trace (see culprit_find for the arguments) in at most
 * `most` steps and the folds between them; the culprit is always among the steps. To be freed.
 */
struct story story_make(unsigned verdict, const char *message, const json_t *detail,
	struct span drawn, size_t most);
void story_free(struct story *story);

/* Whether the step is in a fold. */
bool story_folds(const struct story *story, size_t step);

/* The steps that are not folded: the culprit, those that its note is about, then the others; a new
 * reference. */
json_t *story_steps(const struct story *story, const json_t *trace);

/* What happens in these steps: "18 steps: producer × 4 rounds of put, writes slots[0-3]"; to be
 * freed. */
char *story_fold_text(const json_t *trace, struct span steps);

#endif
