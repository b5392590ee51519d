/*
 * dfs.c - every schedule in turn, those with the fewest preemptions first (Musuvathi, Qadeer,
 * "Iterative context bounding", PLDI 2007).
 *
 * The tree of decisions is walked depth first: an execution repeats the decisions on the path and
 * takes the default beyond it; then the deepest decision that has choices left takes its next one.
 * A bound on preemptions is exhausted before the next is begun.
 *
 * Executions show which steps are decisions (location.h). When a location turns out to be shared,
 * the walk starts again.
 */
#include "scheduler.h"
#include "strategies.h"

enum { NODES_MAX = 1 << 16, FAULTS_MAX = 2 /* on one path */, BOUND_MAX = 64 };

struct node {
	actor_set left; /* choices not taken yet; for a fault, bit 0: it happens */
	uint8_t chosen;
	bool fault;
};

struct dfs {
	unsigned length; /* of the path */
	unsigned at;	 /* decisions of this execution so far */
	unsigned preemptions, faults;
	unsigned bound, bound_max;
	bool pruned; /* the bound has excluded schedules */
	bool faults_pruned, unfair_pruned;
	bool overflowed; /* a path was longer than NODES_MAX */
	bool exhausted;
	uint32_t space;	     /* value of scheduler.space that the tree belongs to */
	uint64_t executions; /* within this bound */
	struct coverage seen;
	struct node nodes[NODES_MAX];
};

static void dfs_restart(struct dfs *self, unsigned bound)
{
	self->length = 0;
	self->bound = bound;
	self->pruned = self->faults_pruned = self->unfair_pruned = self->overflowed = false;
	self->executions = 0;
	self->space = scheduler.space;
}

static void dfs_open(void *state, const struct strategy_config *config)
{
	struct dfs *self = state;

	self->bound_max = config->preemptions_max < BOUND_MAX ? config->preemptions_max : BOUND_MAX;
	self->seen = (struct coverage){.preemptions = -1, .faults = -1};
	dfs_restart(self, 0);
}

static bool dfs_coverage(const void *state, struct coverage *coverage)
{
	const struct dfs *self = state;

	*coverage = self->seen;
	return self->seen.preemptions >= 0;
}

static bool dfs_begin(void *state, uint64_t seed)
{
	struct dfs *self = state;

	(void)seed;
	self->at = self->preemptions = self->faults = 0;
	return !self->exhausted;
}

/* A decision with more than one choice: the next on the path, or a new one at its end. */
static unsigned node_visit(struct dfs *self, unsigned usual, actor_set others, bool fault)
{
	struct node *node = &self->nodes[self->at];

	if (self->at >= NODES_MAX) {
		self->overflowed = true;
		return usual;
	}
	if (self->at++ < self->length)
		return node->chosen;
	*node = (struct node){others, (uint8_t)usual, fault};
	self->length = self->at;
	return usual;
}

/*
 * An actor that exceeds its fairness bound is presumed to busy-wait, and so may others that it
 * passes to. The one that has waited longest runs, and no other choice is explored: paths on which
 * only waiting actors run have no end.
 */
static struct decision dfs_pass(struct dfs *self, const struct point *point)
{
	unsigned next = point->current->index;
	actor_set others = point->choices & ~actor_one(next);

	self->unfair_pruned |= others != 0;
	if (others & ~scheduler.timed)
		others &= ~scheduler.timed; /* a wait need not time out for that */
	else if (others && self->faults >= FAULTS_MAX)
		return (struct decision){scheduler_default(point), 1};
	for (actor_set rest = others; rest; rest &= rest - 1) {
		unsigned other = actor_first(rest);

		if (next == point->current->index ||
			scheduler.actors[other].ran_at < scheduler.actors[next].ran_at)
			next = other;
	}
	self->faults += (scheduler.timed & actor_one(next)) != 0;
	return (struct decision){next, 1};
}

static struct decision dfs_next(void *state, const struct point *point)
{
	struct dfs *self = state;
	const struct actor *current = point->current;
	unsigned usual = scheduler_default(point), next = usual;
	bool costs = point->reason == DECIDE_STEP; /* a preemption: the actor could continue */
	bool offers = point->reason == DECIDE_YIELD;
	actor_set others = point->choices & ~actor_one(usual);

	if (point->reason == DECIDE_UNFAIR)
		return dfs_pass(self, point);
	/*
	 * A timeout while others are runnable counts against the fault bound: otherwise retry loops
	 * make the tree infinite.
	 */
	if (others & scheduler.timed && self->faults >= FAULTS_MAX) {
		others &= ~scheduler.timed;
		self->faults_pruned = true;
	}
	/* Running on after a yield costs as much as a preemption: a loop may yield forever. */
	if (offers && others & actor_one(current->index) && self->preemptions >= self->bound) {
		others &= ~actor_one(current->index);
		self->pruned = true;
	}
	if (others && costs && self->preemptions >= self->bound)
		self->pruned = true;
	else if (others)
		next = node_visit(self, usual, others, false);
	self->preemptions += next != usual && (costs || (offers && next == current->index));
	self->faults += next != usual && scheduler.timed & actor_one(next);
	return (struct decision){next, 1};
}

static unsigned dfs_choice(
	void *state, const struct actor *current, enum choice_kind kind, unsigned count, double p)
{
	struct dfs *self = state;
	unsigned happens;

	(void)current;
	(void)kind;
	(void)count;
	if (p >= 1)
		return 1;
	if (self->faults >= FAULTS_MAX) {
		self->faults_pruned = true;
		return 0;
	}
	happens = node_visit(self, 0, 1, true);
	self->faults += happens;
	return happens;
}

/* The deepest decision with choices left takes its next one; false: there is none. */
static bool path_advance(struct dfs *self)
{
	while (self->length) {
		struct node *node = &self->nodes[self->length - 1];

		if (node->left) {
			node->chosen = node->fault ? 1 : (uint8_t)actor_first(node->left);
			node->left &= node->left - 1;
			return true;
		}
		self->length--;
	}
	return false;
}

static void dfs_end(void *state)
{
	struct dfs *self = state;

	self->executions++;
	if (self->space != scheduler.space) {
		dfs_restart(self, 0);
		return;
	}
	if (path_advance(self))
		return;
	if (!self->overflowed)
		self->seen = (struct coverage){(int)self->bound, self->executions, !self->pruned,
			self->faults_pruned ? FAULTS_MAX : -1, self->unfair_pruned};
	if (!self->pruned || self->overflowed || self->bound >= self->bound_max)
		self->exhausted = true;
	else
		dfs_restart(self, self->bound + 1);
}

const struct strategy_kind strategy_dfs = {
	.name = "dfs",
	.size = sizeof(struct dfs),
	.open = dfs_open,
	.begin = dfs_begin,
	.next = dfs_next,
	.choice = dfs_choice,
	.end = dfs_end,
	.coverage = dfs_coverage,
};
