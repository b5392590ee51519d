/* nearest.h - what a broken variant differs in from the nearest correct one. */
#ifndef SNARL_REPORTS_NEAREST_H
#define SNARL_REPORTS_NEAREST_H

#include <jansson.h>

/* The correct variant that needs the fewest changes. */
struct nearest {
	char *diff; /* to it, unified, without head comments; to be freed; NULL: there is none */
	const char *path; /* of the correct variant */
};

/* Compare the source with each of the correct ones: [{"path","text"}]. */
struct nearest nearest_find(const char *path, const char *text, const json_t *correct);

#endif
