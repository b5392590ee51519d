/*
 * shard.h - which cases of a selection one of several processes runs. No shard knows of another:
 * each computes the whole assignment, which is the same for the same selection and weights.
 */
#ifndef SNARL_CLI_SHARD_H
#define SNARL_CLI_SHARD_H

#include <jansson.h>

#include "select.h"

/* Shard `number` of `count`, from 1. */
struct shard {
	unsigned number, count;
};

/* Read "3/8"; ends the program with 2 if it is no such thing. */
struct shard shard_read(const char *text);

/*
 * Remove the cases of other shards from the selection. Each shard gets about the same sum of
 * seconds: those that a case took by `seconds` (store_seconds), or what is usual for its
 * declaration. With `calibrate`, all cases of a scenario on one engine stay together, because the
 * broken ones set the effort of the others. Returns the seconds of the fullest and of the emptiest
 * shard in `most` and `least`.
 */
void shard_select(struct selection *selection, struct shard shard, const json_t *seconds,
	bool calibrate, double *most, double *least);

#endif
