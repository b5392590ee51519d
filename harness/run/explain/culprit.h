/*
 * culprit.h - the step of a trace in which it went wrong, and what went wrong there, as far as the
 * trace shows it.
 */
#ifndef SNARL_RUN_CULPRIT_H
#define SNARL_RUN_CULPRIT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { CULPRIT_LINKS_MAX = 32 };

struct culprit {
	bool known;  /* otherwise nothing below is set */
	size_t step; /* from 0 */
	char *note;  /* what went wrong in it: "overwrites producer#3, never read" */
	char *cause; /* a clause for the failure's message; NULL: that says it already */
	size_t links[CULPRIT_LINKS_MAX]; /* the other steps that it is about */
	unsigned link_count;
};

/*
 * Find the culprit of a failure by its kind, its message and its detail (see result.h). To be
 * freed.
 */
struct culprit culprit_find(unsigned verdict, const char *message, const json_t *detail);
void culprit_free(struct culprit *culprit);

#endif
