/* diff.h - the difference of two texts. */
#ifndef SNARL_REPORTS_DIFF_H
#define SNARL_REPORTS_DIFF_H

#include <stddef.h>

/*
 * The unified diff from `before` to `after`, to be freed; "" if their lines are the same.
 * `*changed` receives the number of lines added and removed.
 */
char *diff_unified(const char *before_name, const char *before, const char *after_name,
	const char *after, size_t *changed);

#endif
