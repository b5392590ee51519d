/* races.h - what ThreadSanitizer reported, as a section of a failure page. */
#ifndef SNARL_REPORTS_RACES_H
#define SNARL_REPORTS_RACES_H

#include "page.h"
#include "source.h"

/* Write the section; nothing if there was no report. */
void races_write(struct html *html, const struct case_view *case_view,
	const struct sources *sources, bool open);

#endif
