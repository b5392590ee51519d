/* campaign.h - running a selection of cases: what run and replay have in common. */
#ifndef SNARL_CLI_CAMPAIGN_H
#define SNARL_CLI_CAMPAIGN_H

#include <stdint.h>

#include "catalog.h"
#include "result.h"
#include "rounds.h"
#include "select.h"

struct campaign {
	const struct catalog *catalog;
	unsigned count;
	const struct subject **subjects; /* by case */
	struct plan *plans;		 /* by case */
	unsigned jobs;	/* cases at a time; 0: one, or one per core if they can share the cores */
	bool calibrate; /* broken twins set the effort of correct variants */
	struct rounds *rounds; /* NULL, or where to note how each case came out */
	const char *db;	       /* NULL: nothing is stored */
	int64_t run;	       /* number of the newest run there */
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

/* "build/snarl.db" of this build, to be freed. */
char *campaign_default_db(const struct catalog *catalog);

#endif
