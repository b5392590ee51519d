/* fix.h - the difference from a broken variant to the nearest correct one. */
#ifndef SNARL_REPORTS_FIX_H
#define SNARL_REPORTS_FIX_H

#include "nearest.h"
#include "page.h"
#include "source.h"

struct fix {
	json_t *correct;	/* the sources of all correct variants */
	struct nearest nearest; /* in `correct` */
};

/* Find it; nothing for a correct variant, or if the scenario has no correct one. */
struct fix fix_load(const struct report *report, const struct case_view *case_view,
	const struct sources *sources);
void fix_free(struct fix *fix);

/* Whether there is a difference to show, in an element with the id "twin". */
bool fix_has(const struct fix *fix);

/* Write the section; nothing if there is nothing to compare with. */
void fix_write(struct html *html, const struct fix *fix, const struct sources *sources);

/* The same as a fold, from a source to the nearest of those (see store_correct_sources). */
void fix_details_write(
	struct html *html, const char *path, const char *text, const json_t *correct);

#endif
