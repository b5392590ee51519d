/*
 * auto.c - all strategies together, because none is best for every bug: rff reaches what few
 * combinations of reads and writes show, random deep states, pct what a few orderings decide, pos
 * what many orders hide, and dfs proves that there is none where it can cover all schedules.
 *
 * A part's share of the executions grows with what it finds in this case: executions that show a
 * new pair of a write and its reader. When no part finds any more, rff has the smallest share,
 * because its steps cost the most.
 */
#include "draw.h"
#include "reads_from.h"
#include "strategies.h"

static const struct strategy_kind *const kinds[] = {
	&strategy_random, &strategy_pos, &strategy_pct, &strategy_dfs, &strategy_rff};

enum { RANDOM, POS, PCT, DFS, RFF, KINDS };

/* Shares of a part that finds nothing. */
static const unsigned shares[] = {6, 6, 2, 2, 1};

enum {
	OPENING = 16, /* the first turns: rff's, the last of them dfs's: the default schedule */
	SHARE_FOUND = 200,  /* more, for a part whose every execution finds something */
	FOUND_ALL = 1 << 8, /* its rate of finding */
	FORGETS = 16,	    /* executions of a part after which they count little */
	WATCHED_FIRST = 64, /* executions of each part whose pairs are looked for */
	WATCHED_ONE_IN = 64,
};

struct automatic {
	struct strategy parts[KINDS];
	unsigned now;
	uint64_t turn, turns[KINDS];
	uint64_t due[KINDS];   /* a part's virtual time: the earliest is next */
	unsigned found[KINDS]; /* the rate, of FOUND_ALL */
	bool dfs_done, exhausted;
	struct reads_from log;
};

/* Virtual time between two turns of a part. */
static uint64_t stride(const struct automatic *self, unsigned part)
{
	return (1 << 20) / (shares[part] + SHARE_FOUND * self->found[part] / FOUND_ALL);
}

static void auto_open(void *state, const struct strategy_config *config)
{
	struct automatic *self = state;
	struct strategy_config each = *config;

	each.log = &self->log;
	for (unsigned i = 0; i < KINDS; i++)
		self->parts[i] = strategy_make(kinds[i], &each);
	self->dfs_done = config->sampled;
	self->found[RFF] = FOUND_ALL;
	for (unsigned i = 0; i < KINDS; i++)
		self->due[i] = stride(self, i);
}

static void auto_close(void *state)
{
	struct automatic *self = state;

	for (unsigned i = 0; i < KINDS; i++)
		strategy_free(&self->parts[i]);
}

/* The search is exhausted only when every schedule was seen, with any number of preemptions. */
static bool sees_all(const struct strategy *dfs)
{
	struct coverage seen;

	return strategy_coverage(dfs, &seen) && seen.all && seen.faults < 0 && !seen.fair;
}

/* The part whose turn it is: each gets turns in proportion to its share (stride scheduling). */
static unsigned turn_next(struct automatic *self)
{
	unsigned next = RANDOM;

	if (self->turn < OPENING)
		return self->turn + 1 < OPENING ? RFF : DFS;
	for (unsigned i = 0; i < KINDS; i++)
		if (self->due[i] < self->due[next] && !(i == DFS && self->dfs_done))
			next = i;
	self->due[next] += stride(self, next);
	return next;
}

static bool auto_watches(const void *state)
{
	const struct automatic *self = state;
	uint64_t turns = self->turns[self->now];

	return self->now == RFF || turns <= WATCHED_FIRST || turns % WATCHED_ONE_IN == 0;
}

/* Returns false once when the search is exhausted. If called again, it continues without dfs. */
static bool auto_begin(void *state, uint64_t seed)
{
	struct automatic *self = state;

	if (self->exhausted) {
		self->exhausted = false;
		return false;
	}
	self->now = turn_next(self);
	if (self->now == DFS && self->dfs_done)
		self->now = RANDOM;
	self->turn++;
	self->turns[self->now]++;
	if (self->now != RFF)
		reads_from_begin(&self->log);
	return strategy_begin(&self->parts[self->now], seed);
}

static void auto_step(void *state, const struct step_made *step)
{
	struct automatic *self = state;
	const struct strategy *now = &self->parts[self->now];

	if (now->kind->step)
		now->kind->step(now->state, step);
	else
		reads_from_step(&self->log, step);
}

static void auto_end(void *state)
{
	struct automatic *self = state;
	unsigned *found = &self->found[self->now];

	if (auto_watches(self))
		*found = (*found * (FORGETS - 1) + self->log.novel * FOUND_ALL) / FORGETS;
	strategy_end(&self->parts[self->now]);
	if (self->now != DFS || strategy_begin(&self->parts[DFS], 0))
		return;
	self->dfs_done = true;
	self->exhausted = sees_all(&self->parts[DFS]);
}

static bool auto_coverage(const void *state, struct coverage *coverage)
{
	const struct automatic *self = state;

	return strategy_coverage(&self->parts[DFS], coverage);
}

static const struct strategy *auto_part(const void *state)
{
	const struct automatic *self = state;

	return &self->parts[self->now];
}

const struct strategy_kind strategy_auto = {
	.name = "auto",
	.size = sizeof(struct automatic),
	.open = auto_open,
	.close = auto_close,
	.begin = auto_begin,
	.step = auto_step,
	.watches = auto_watches,
	.end = auto_end,
	.coverage = auto_coverage,
	.part = auto_part,
};
