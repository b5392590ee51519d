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
	const char *pages;	/* the folder that gets the pages of what is found; NULL: none */
	bool json;
	bool full;	/* print each case with its message and replay line */
	bool whole;	/* and all steps of its interleaving */
	bool brief;	/* print only those that are not as expected */
	bool quiet;	/* and, if there are none, nothing at all */
	bool fail_fast; /* the first that is not as expected ends all */
	int64_t run;	/* its number in the store */
	unsigned page_count;
	char *first_page; /* of the cases that get one; the caller writes them */
	unsigned outcomes[OUTCOME_WORDS];
	unsigned failed_to_run;
	unsigned bugs;	   /* cases that showed one, expected or not */
	unsigned failures; /* cases that are not as expected */
};

/* Run all; print and store each as it is done. Returns the exit code of `snarl run`. */
int campaign_run(struct campaign *campaign);

/* The help of an option that names the store. */
#define HELP_DB "store (default: snarl.db in the build's folder)"

/*
 * Count results (see store_part_results) by outcome; and the exit code that so many of each outcome
 * mean, if nothing went wrong.
 */
void outcomes_count(const json_t *results, unsigned outcomes[OUTCOME_WORDS]);
int outcomes_code(const unsigned outcomes[OUTCOME_WORDS]);

enum { OUTCOMES_TEXT_MAX = 256 };

/* ": 3 caught, 2 clean", of the outcomes that there are. Returns its length. */
int outcomes_text(const unsigned outcomes[OUTCOME_WORDS], char text[OUTCOMES_TEXT_MAX]);

/* "build/snarl.db" of this build, to be freed. */
char *campaign_default_db(const struct catalog *catalog);

#endif
