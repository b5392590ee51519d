/*
 * ring.h - a buffer's slots as a strip: the item in each, the slots that `in` and `out` are at, and
 * what was overwritten. An observed array is such a buffer if all that it ever holds are items.
 */
#ifndef SNARL_REPORTS_RING_H
#define SNARL_REPORTS_RING_H

#include "page.h"
#include "rows.h"

enum { RING_SLOTS_MAX = 8 };

struct ring {
	const char *name; /* of the observed variable */
	unsigned slots;	  /* 0: it is no buffer */
	const json_t *ledger;
	const char *producer; /* all items are this one's, and shown without it; NULL: several's */
	size_t producer_length; /* bytes of its name */
	double slot;		/* the width of one, in rem */
};

struct ring ring_make(const struct case_view *case_view, struct span drawn, const char *name);

/* The width of the strip, in rem. */
double ring_width(const struct ring *ring);

/* Write it as it is after a step; `before` is the step before, or NULL. */
void ring_write(
	struct html *html, const struct ring *ring, const json_t *step, const json_t *before);

#endif
