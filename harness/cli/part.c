/* part.c - the part of a campaign that this process runs. */
#include "part.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "exit.h"
#include "field.h"
#include "hash.h"
#include "shard.h"
#include "text.h"

enum {
	SEED_BITS = 53,	 /* JSON readers elsewhere keep numbers in doubles */
	SEEDS_LOG2 = 32, /* of a shard, which --repeat counts through */
};

/* A name for the campaign of these cases in so many shards, the same in each of them. */
static char *campaign_name(const struct selection *selection, unsigned count)
{
	uint32_t hash = HASH32_BEGIN;

	for (unsigned i = 0; i < selection->count; i++) {
		const struct selected *one = &selection->cases[i];

		/* with their ends, so that "a", "bc" is not "ab", "c" */
		hash = hash32(hash, one->subject->scenario, strlen(one->subject->scenario) + 1);
		hash = hash32(hash, one->subject->name, strlen(one->subject->name) + 1);
		hash = hash32(hash, one->engine, strlen(one->engine) + 1);
	}
	return format("%08x-%u", hash, count);
}

static json_t *weights_read(const char *path)
{
	struct store *store;
	json_t *seconds;

	if (!path)
		return NULL;
	if (access(path, R_OK) != 0)
		die(EXIT_USAGE, "there is no store %s for --weights", path);
	store = store_read(path);
	seconds = store_seconds(store);
	store_close(store);
	return seconds;
}

/*
 * Keep other processes of the campaign from this store until this one ends, however it does; a
 * record lock, since cases would inherit another. The file is not the store: to close that would
 * release the locks of SQLite.
 */
static void part_lock(const char *db)
{
	char *path = format("%s.lock", db);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666), error;

	do
		error = fcntl(fd, F_SETLKW, &(struct flock){.l_type = F_WRLCK}) == 0 ? 0 : errno;
	while (error == EINTR);
	if (error)
		die(EXIT_COULD_NOT_RUN, "cannot lock %s: %s", path, strerror(error));
	free(path);
}

/* What the store has of this part already; NULL: nothing. */
static json_t *earlier_read(const struct store_part *part, const char *db)
{
	struct store *store;
	json_t *earlier;

	if (access(db, F_OK) != 0)
		return NULL;
	store = store_open(db); /* the process before may have been killed while it made it */
	earlier = store_part_results(store, part);
	store_close(store);
	return earlier;
}

static bool is_result_of(const json_t *result, const struct selected *one)
{
	return field_is(result, "scenario", one->subject->scenario) &&
	       field_is(result, "variant", one->subject->name) &&
	       field_is(result, "engine", one->engine);
}

static bool is_done(const json_t *earlier, const struct selected *one)
{
	const json_t *result;
	size_t i;

	json_array_foreach(earlier, i, result) {
		if (is_result_of(result, one))
			return true;
	}
	return false;
}

static void done_remove(const json_t *earlier, struct selection *selection)
{
	unsigned left = 0;

	for (unsigned i = 0; i < selection->count; i++)
		if (!is_done(earlier, &selection->cases[i]))
			selection->cases[left++] = selection->cases[i];
	selection->count = left;
}

struct part part_select(const struct part_options *options, struct selection *selection,
	const char *db, bool calibrate, bool quiet)
{
	struct part part = {.split = options->split};
	struct shard shard = {0};
	unsigned all = selection->count;
	double most, least;
	json_t *seconds;

	if (!options->shard && (options->weights || options->split))
		die(EXIT_USAGE, "%s is for shards: give --shard K/N as well",
			options->split ? "--split-seeds" : "--weights");
	if (options->shard)
		shard = shard_read(options->shard);
	if (options->shard || options->campaign)
		part.stored.campaign = options->campaign ? format("%s", options->campaign)
							 : campaign_name(selection, shard.count);
	part.stored.number = shard.number;
	part.stored.count = shard.count;
	if (options->shard && !options->split) {
		seconds = weights_read(options->weights);
		shard_select(selection, shard, seconds, calibrate, &most, &least);
		json_decref(seconds);
		if (!quiet)
			printf("shard %u of %u: %u of %u cases; each shard takes about %.3g to "
			       "%.3g s\n",
				shard.number, shard.count, selection->count, all, least, most);
	}
	if (!options->campaign || !db)
		return part;
	part_lock(db);
	part.earlier = earlier_read(&part.stored, db);
	all = selection->count;
	done_remove(part.earlier, selection);
	if (!quiet && selection->count < all)
		printf("%u of %u cases have their result in %s\n", all - selection->count, all, db);
	return part;
}

void part_free(struct part *part)
{
	free((char *)part->stored.campaign);
	json_decref(part->earlier);
}

uint64_t seed_new(void)
{
	uint64_t seed = 0;

	if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
		die(EXIT_COULD_NOT_RUN, "the system gives no random numbers: use --seed");
	return seed >> (64 - SEED_BITS);
}

void part_seed(const struct part *part, struct plan *plan)
{
	if (!part->split)
		return;
	plan->seed = (plan->seed + ((uint64_t)(part->stored.number - 1) << SEEDS_LOG2)) &
		     (((uint64_t)1 << SEED_BITS) - 1);
	plan->sampled = part->stored.number > 1;
}
