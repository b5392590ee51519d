/*
 * shards.h - the folder of a campaign that several processes run: plain files.
 *
 *   campaign.json  how it was started
 *   cases          the cases, one per line
 *   plan           what each shard runs: line K is a command of the shell
 *   task           a script that runs the line whose number it gets
 *   shard-K.db     the store of shard K
 *   exit-K         the exit status of its last process
 *   logs/K         what its processes printed
 *   all.db         all stores, merged
 *   report/        its pages
 */
#ifndef SNARL_CLI_SHARDS_H
#define SNARL_CLI_SHARDS_H

#include <jansson.h>
#include <stdbool.h>

#include "command.h"
#include "result.h"
#include "store.h"

struct shards {
	char *folder;	/* absolute */
	json_t *how;	/* what campaign.json says */
	const char *id; /* of the campaign, see struct store_part */
	unsigned count;
	struct shard_state {
		bool done;
		size_t results; /* that the store has */
		unsigned tries; /* without a new result */
	} * states;		/* by number, from 1 */
};

/*
 * Make the folder, with `how` in its campaign.json and the words of snarl run in its plan. Ends the
 * program with 2 or 3 if there is a campaign in it, if the words are wrong, or if it cannot be
 * written.
 */
struct shards shards_make(const char *folder, json_t *how, const struct string_list *words);

/* The campaign of a folder. Ends the program with 2 or 3 if there is none, or its cases changed. */
struct shards shards_resume(const char *folder);
void shards_free(struct shards *shards);

/*
 * Look at the store of a shard that no process writes: whether it is done. Counts tries that
 * brought no new result.
 */
void shards_look(struct shards *shards, unsigned number);

/* Shards that are not done, and worth another try. Returns how many; `numbers` has room for all. */
unsigned shards_left(const struct shards *shards, unsigned *numbers);

/* A file of the folder; to be freed. */
char *shards_path(const struct shards *shards, const char *name, ...)
	__attribute__((format(printf, 2, 3)));

/* A command of the shell: the campaign's snarl, with these arguments; to be freed. */
char *shards_command(const struct shards *shards, const char *arguments);

/* Merge all stores, write the report, and print both; returns the exit code of snarl run. */
int shards_end(struct shards *shards);

#endif
