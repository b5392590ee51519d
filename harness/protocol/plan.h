/*
 * plan.h - what one case is to do: what the parent hands its child, and what a token holds.
 */
#ifndef SNARL_PROTOCOL_PLAN_H
#define SNARL_PROTOCOL_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "args.h"

enum {
	PLAN_NAME_MAX = 64,  /* bytes of a scenario's, variant's or engine's name, with the NUL */
	PLAN_RULES_MAX = 16, /* rules per case */
	PLAN_RULE_MAX = 128, /* bytes of a rule, with the NUL */
	PLAN_TOKEN_MAX = 4096,
	PLAN_SCHEDULE_MAX = 3000, /* letters of a schedule, with the NUL */
	PLAN_ARM_AUTO = -1,	  /* `arm`: let the engine choose its settings as it goes */
};

enum {
	/* A case continues after its first failure for this long, or until this many failures. */
	HISTOGRAM_MS = 50,
	HISTOGRAM_FAILURES = 1000,
	COMMANDS_MS = 500, /* if libfiu's commands steer it: time to read its answers */
};

/* How much a case has to do before it may end without a bug and with budget left. */
struct effort {
	uint64_t executions; /* at least this many; 0: it uses the whole budget */
	unsigned ms;	     /* and for at least this long */
};

struct plan {
	char scenario[PLAN_NAME_MAX], variant[PLAN_NAME_MAX], engine[PLAN_NAME_MAX];
	uint64_t seed;
	uint64_t executions; /* stop after this many; 0: no limit */
	uint64_t first; /* number of the first execution: a replay starts at the failing batch */
	unsigned budget_ms;
	struct effort effort;
	uint32_t place;	 /* of sources anywhere: the hash of their folder; 0: a scenario's */
	int arm;	 /* index of the engine's settings, or PLAN_ARM_AUTO */
	bool keep_going; /* do not stop at the first bug */
	bool commands;	 /* libfiu's own apply too, see injectors/command.h; no token holds them */
	bool alone;	 /* only to see whether it fails: see alone.h */
	bool status_matters; /* of a program: one that is not 0 is a failure; */
	bool leaks_matter;   /* so is memory that it has at its end, for explore */
	struct args args;    /* of its main */

	/* For explore. */
	char strategy[PLAN_NAME_MAX]; /* "": auto */
	unsigned preemptions_max;     /* of dfs */
	bool sampled;		      /* auto goes without dfs, which another process does */
	bool races_off;		      /* do not look for data races */
	bool first_only;	      /* stop at the first failing outcome, and do not shrink it */
	bool replay;		      /* run `schedule` alone */
	uint32_t build;		      /* hash of the code that the schedule is for */
	uint64_t stop_at;	      /* step at which a debugger is to stop; 0: none */
	char schedule[PLAN_SCHEDULE_MAX];

	unsigned rule_count;
	char rules[PLAN_RULES_MAX][PLAN_RULE_MAX];
};

/* As one line of JSON, to be freed; NULL if there is no memory. */
char *plan_encode(const struct plan *plan);

/* Read what plan_encode wrote. 0 or -EINVAL. */
int plan_decode(const char *json, struct plan *plan);

/* Whether this many executions in this time are the effort that was asked for. */
bool effort_made(const struct effort *effort, uint64_t executions, uint64_t elapsed_ns);

/*
 * Whether a case that first failed `since_ns` ago has run for long enough since, because one
 * failure alone gives no rate. `steered`: by libfiu's commands.
 */
bool rate_known(uint64_t failures, uint64_t since_ns, bool steered);

/*
 * The token: engine, names, seed, arm, first execution, rules, arguments and schedule in one word
 * that a shell passes unquoted, closed by a checksum. Budget and keep_going are not part of it.
 * Returns 0, or -ENOSPC when `size` is too small.
 */
int token_encode(const struct plan *plan, char *token, size_t size);

/* Read a token into a plan. 0, or -EINVAL with the reason in `*why`, a static sentence. */
int token_decode(const char *token, struct plan *plan, const char **why);

#endif
