/* merge.h - stores into one: nothing is lost, and nothing is counted twice. */
#ifndef SNARL_STORE_MERGE_H
#define SNARL_STORE_MERGE_H

#include <stdint.h>

struct merged {
	int64_t runs, results; /* that were added */
};

/*
 * Add to the store `into`, which is made if it is not there, what it does not have of the store
 * `from`. Runs are known by their identity; results of a run are known by their number in it, since
 * a run only grows. It is one transaction: a kill leaves all or nothing of `from`. Ends the program
 * with a message and exit status 3 if that fails.
 */
struct merged store_merge(const char *into, const char *from);

/* Leave of a store only the times that shards are balanced by, so that it is small. */
void store_thin(const char *path);

#endif
