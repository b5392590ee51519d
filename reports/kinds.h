/*
 * kinds.h - which engine sees which kind of bug: counted from the results, for the index and, the
 * same numbers in Markdown, for a README.
 */
#ifndef SNARL_REPORTS_KINDS_H
#define SNARL_REPORTS_KINDS_H

#include "page.h"

enum { ENGINES_MAX = 8 };

struct engines {
	const char *names[ENGINES_MAX];
	unsigned count;
};

/* The engines of the report: those that do not measure the order first. */
struct engines engines_find(const struct report *report);

/* Their names as the heads of columns, and the end of the table's head. */
void engines_heads_write(struct html *html, const struct engines *engines);

/* Write the section; nothing if no broken variant was run. */
void kinds_section_write(
	struct html *html, const struct report *report, const struct engines *engines);

/* Write kinds.md. 0 or a negative errno. */
int kinds_write(const struct report *report);

#endif
