/* campaign.h - running a selection of cases: what run and replay have in common. */
#ifndef SNARL_CLI_CAMPAIGN_H
#define SNARL_CLI_CAMPAIGN_H

#include <stdint.h>

#include "catalog.h"
#include "result.h"
#include "rounds.h"
#include "select.h"
#include "store.h"

struct campaign {
	const struct catalog *catalog;
	unsigned count;
	const struct subject **subjects; /* by case */
	struct plan *plans;		 /* by case */
	unsigned jobs;	/* cases at a time; 0: one, or one per core if they can share the cores */
	bool calibrate; /* broken twins set the effort of correct variants */
	struct rounds *rounds;	/* NULL, or where to note how each case came out */
	const char *db;		/* NULL: nothing is stored */
	struct store_part part; /* that this run is of a larger campaign */
	const json_t *earlier;	/* results of that part that count for the exit code; NULL: none */
	bool json;
	bool full;  /* print each case with its message and replay line */
	bool whole; /* and all steps of its interleaving */
	bool brief; /* print only those that are not as expected */
	unsigned outcomes[OUTCOME_WORDS];
	unsigned failed_to_run;
	unsigned bugs; /* cases that showed one, expected or not */
};

/* Run all; print and store each as it is done. Returns the exit code of `snarl run`. */
int campaign_run(struct campaign *campaign);

/*
 * Count results (see store_part_results) by outcome; and the exit code that so many of each outcome
 * mean, if nothing went wrong.
 */
void outcomes_count(const json_t *results, unsigned outcomes[OUTCOME_WORDS]);
int outcomes_code(const unsigned outcomes[OUTCOME_WORDS]);

/* Print ": 3 caught, 2 clean", of the outcomes that there are. */
void outcomes_print(const unsigned outcomes[OUTCOME_WORDS]);

/* "build/snarl.db" of this build, to be freed. */
char *campaign_default_db(const struct catalog *catalog);

#endif
