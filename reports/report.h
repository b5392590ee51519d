/* report.h - the HTML report: an index, and a page for each case that has something to show. */
#ifndef SNARL_REPORTS_REPORT_H
#define SNARL_REPORTS_REPORT_H

#include <stdint.h>

#include "catalog.h"
#include "store.h"

/* What of a store is rendered. */
struct report_choice {
	int64_t run;   /* 0: the newest result of every case in the store */
	int64_t since; /* the index says what changed since this run; 0: the last comparable one */
	const char
		*db; /* path of the store: what snarl bench left beside it has pages; NULL: none */
	const struct catalog *catalog; /* whose deleted variants are left out; NULL: not known */
};

/*
 * Render a store into `folder`, which is made if need be, with kinds.md beside the index (see
 * kinds.h); files there that are not part of this rendering stay. `*index` receives the path of
 * index.html, to be freed. Returns 0, or a negative errno with a sentence on stderr: -ENOENT if the
 * store has no such run, otherwise the error of the file system.
 */
int report_write(
	struct store *store, const char *folder, const struct report_choice *choice, char **index);

#endif
