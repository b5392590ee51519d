/*
 * store.h - results in SQLite: runs, their cases, and all that a report shows of them.
 *
 * A case is written in one transaction when it is done, so that a kill loses at most the case in
 * flight. A busy timeout lets several `snarl` share one file, also from several machines; where
 * only one can see it, WAL lets them read while another writes.
 */
#ifndef SNARL_STORE_STORE_H
#define SNARL_STORE_STORE_H

#include <jansson.h>
#include <stdint.h>

#include "catalog.h"
#include "result.h"

struct store;

/* Open or create the store; if that fails, ends the program with a message and exit status 3. */
struct store *store_open(const char *path);

/* Open an existing store for reading; fails in the same way. */
struct store *store_read(const char *path);

/* The part of a campaign that a run is: the cases of one shard. */
struct store_part {
	const char *campaign;	/* NULL: the run is no part of one */
	unsigned number, count; /* of the shard, from 1, and of all shards; 0: there are none */
};

/* Begin a run with its environment; returns its number. */
int64_t store_run_begin(
	struct store *store, const json_t *environment, const struct store_part *part);

/*
 * Add a case with its sources (the catalogue's line, the files' texts), in one transaction. Returns
 * 0, or -EIO with a message on stderr: the disk may be full.
 */
int store_case_add(struct store *store, int64_t run, const struct catalog *catalog,
	const struct subject *subject, const struct result *result);

/* Note how the run ended: "done" or "interrupted". 0 or -EIO. */
int store_run_end(struct store *store, int64_t run, const char *how);

/*
 * The runs that can go, oldest first, as store_runs has them, with the number of their "cases". A
 * run stays if it is one of the newest `keep`, has the newest result of a case, or may still be
 * going on.
 */
json_t *store_old_runs(struct store *store, uint64_t keep);

/* Remove these runs, and the texts that only they had. 0, or -EIO with a message on stderr. */
int store_prune(struct store *store, const json_t *runs);

void store_close(struct store *store);

/*
 * Reading, for reports. Every function returns a new reference, an empty array if there is
 * nothing.
 *
 * A run:  {"run","began":"2026-11-22 14:25:01","ended","how","environment":{...}}
 * A case: {"case","run","scenario","variant","engine","verdict","outcome","executions","failures",
 *          "first_failure_execution","seconds","token","message","summary","refs","correct":bool}
 *         and beside these the parts of its detail, see run/result.h
 */
json_t *store_runs(struct store *store); /* newest first */

/*
 * The cases of a run, or, with run 0, the newest result of every case in the store, without those
 * of variants whose source is no longer in the scenario's folder.
 */
json_t *store_cases(struct store *store, int64_t run);

/* The outcome of every case as a run left the store, ordered by scenario, variant and engine:
 * {"run","scenario","variant","engine","outcome"} */
json_t *store_outcomes_after(struct store *store, int64_t run);

/* The outcomes of each run: {"run","outcome","count"} */
json_t *store_tallies(struct store *store);

/* The newest run before this one that has at least half of its cases; 0: none. */
int64_t store_comparable(struct store *store, int64_t run);

/* Results that this part of a campaign has: {"scenario","variant","engine","outcome","verdict"} */
json_t *store_part_results(struct store *store, const struct store_part *part);

/* Whether a run of this part has come to its end: all its cases have a result. */
bool store_part_done(struct store *store, const struct store_part *part);

/* All results of the commit that was run last, by case: {"scenario","variant","engine","outcome",
 * "verdict","executions","failures","seconds"} */
json_t *store_results_newest(struct store *store);

/*
 * Seconds that each case took from its start to its result, the mean of its results:
 * {"SCENARIO/VARIANT/ENGINE":seconds}
 */
json_t *store_seconds(struct store *store);

/* Campaigns, the newest first: {"campaign","shards","done":N,"missing":"3, 5"} */
json_t *store_campaigns(struct store *store);

/* Earlier results of one case, newest first:
 * {"run","began","outcome","verdict","executions","failures","seconds"} */
json_t *store_history(
	struct store *store, const char *scenario, const char *variant, const char *engine);

/* By which the newest results of one case are compared, newest first, `most` at the most:
 * {"executions","failures","rules":[...],"injections":[...]} */
json_t *store_rates(struct store *store, const char *scenario, const char *variant,
	const char *engine, int64_t most);

/*
 * A source as it was when the case ran: {"path","text"}, or NULL. `path` is as in the catalogue's
 * points and in stacks: scenarios/counter/unsynchronised.c
 */
json_t *store_source(struct store *store, int64_t run, const char *path);

/* Sources of the correct variants beside this one, as the run has them: [{"path","text"}]. */
json_t *store_correct_sources(struct store *store, int64_t run, const char *scenario);

/* All sources of a scenario's folder, likewise. */
json_t *store_folder_sources(struct store *store, int64_t run, const char *scenario);

#endif
