/* fix.h - the difference from a broken variant to the nearest correct one. */
#ifndef SNARL_REPORTS_FIX_H
#define SNARL_REPORTS_FIX_H

#include "page.h"
#include "source.h"

/* Write the section; nothing for a correct variant, or if the scenario has no correct one. */
void fix_write(struct html *html, const struct report *report, const struct case_view *case_view,
	const struct sources *sources);

/* The same as a fold, from a source to the nearest of those (see store_correct_sources). */
void fix_details_write(
	struct html *html, const char *path, const char *text, const json_t *correct);

#endif
