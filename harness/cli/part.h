/* part.h - the part of a campaign that this process runs: a shard, without what is done already. */
#ifndef SNARL_CLI_PART_H
#define SNARL_CLI_PART_H

#include "plan.h"
#include "select.h"
#include "store.h"

/* As given on the command line; NULL: not given. */
struct part_options {
	const char *shard, *weights, *campaign;
	bool split; /* shards differ in their seeds, not in their cases */
};

struct part {
	struct store_part stored;
	bool split;
	json_t *earlier; /* results that the store has, see store_part_results */
};

/*
 * Take from the selection the cases of other shards, and those that the store `db` has a result of.
 * Says on standard output what is left, unless `quiet`. Ends the program with 2 on a bad option.
 */
struct part part_select(const struct part_options *options, struct selection *selection,
	const char *db, bool calibrate, bool quiet);
void part_free(struct part *part);

/* A seed of chance. Ends the program with 3 if the system has none. */
uint64_t seed_new(void);

/* Give the plan its part of the seeds, if shards differ in those. */
void part_seed(const struct part *part, struct plan *plan);

#endif
