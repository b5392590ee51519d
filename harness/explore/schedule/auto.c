/*
 * auto.c - all strategies in turn, because none is best for every bug: random reaches deep states,
 * pct finds bugs that a few orderings decide, pos those that many orders hide, and dfs proves that
 * there is none where it can cover all schedules.
 */
#include "strategies.h"

static const struct strategy_kind *const kinds[] = {
	&strategy_random, &strategy_pos, &strategy_pct, &strategy_dfs};

enum { RANDOM, POS, PCT, DFS, KINDS };

/* The order in which the parts take turns, repeated. */
static const unsigned turns[] = {RANDOM, POS, RANDOM, PCT, RANDOM, POS, RANDOM, DFS};

enum { TURNS = sizeof turns / sizeof *turns };

struct automatic {
	struct strategy parts[KINDS], *now;
	unsigned turn;
	bool dfs_done, exhausted;
};

static void auto_open(void *state, const struct strategy_config *config)
{
	struct automatic *self = state;

	for (unsigned i = 0; i < KINDS; i++)
		self->parts[i] = strategy_make(kinds[i], config);
	self->now = self->parts;
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

/* Returns false once when the search is exhausted. If called again, it continues without dfs. */
static bool auto_begin(void *state, uint64_t seed)
{
	struct automatic *self = state;

	if (self->exhausted) {
		self->exhausted = false;
		return false;
	}
	self->now = &self->parts[turns[self->turn++ % TURNS]];
	if (self->now == &self->parts[DFS] && self->dfs_done)
		self->now = &self->parts[RANDOM];
	return strategy_begin(self->now, seed);
}

static struct decision auto_next(void *state, const struct point *point)
{
	struct automatic *self = state;

	return self->now->kind->next(self->now->state, point);
}

static unsigned auto_choice(
	void *state, const struct actor *current, enum choice_kind kind, unsigned count, double p)
{
	struct automatic *self = state;

	return self->now->kind->choice(self->now->state, current, kind, count, p);
}

static void auto_end(void *state)
{
	struct automatic *self = state;

	strategy_end(self->now);
	if (self->now != &self->parts[DFS] || strategy_begin(self->now, 0))
		return;
	self->dfs_done = true;
	self->exhausted = sees_all(self->now);
}

static bool auto_coverage(const void *state, struct coverage *coverage)
{
	const struct automatic *self = state;

	return strategy_coverage(&self->parts[DFS], coverage);
}

static const char *auto_part(const void *state)
{
	const struct automatic *self = state;

	return strategy_name(self->now);
}

const struct strategy_kind strategy_auto = {
	.name = "auto",
	.size = sizeof(struct automatic),
	.open = auto_open,
	.close = auto_close,
	.begin = auto_begin,
	.next = auto_next,
	.choice = auto_choice,
	.end = auto_end,
	.coverage = auto_coverage,
	.part = auto_part,
};
