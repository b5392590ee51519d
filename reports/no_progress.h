/* no_progress.h - who waited for whom when progress stopped, as a section of a page. */
#ifndef SNARL_REPORTS_STANDSTILL_H
#define SNARL_REPORTS_STANDSTILL_H

#include "page.h"
#include "source.h"

/* Whether an actor got stuck. */
bool no_progress_has(const struct case_view *case_view);

/* Write the section: as a drawing, in words, and with all stacks; nothing if nothing got stuck. */
void no_progress_write(struct html *html, const struct case_view *case_view,
	const struct sources *sources, bool open);

#endif
