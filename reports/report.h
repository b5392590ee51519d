/* report.h - the HTML report: an index, and a page for each case that has something to show. */
#ifndef SNARL_REPORTS_REPORT_H
#define SNARL_REPORTS_REPORT_H

#include <stdint.h>

#include "store.h"

/*
 * Render a run, or with run 0 the newest result of every case in the store, into `folder`, which is
 * made if need be, with kinds.md beside the index (see kinds.h); files there that are not part of
 * this rendering stay. Results of snarl bench that lie beside the store, whose path is `db`, become
 * pages as well; NULL: no such pages. `*index` receives the path of index.html, to be freed.
 * Returns 0, or a negative errno with a sentence on stderr: -ENOENT if the store has no such run,
 * otherwise the error of the file system.
 */
int report_write(
	struct store *store, const char *folder, int64_t run, const char *db, char **index);

#endif
