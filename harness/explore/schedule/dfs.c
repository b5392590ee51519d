/*
 * dfs.c - every schedule in turn, those with few preemptions first (Musuvathi, Qadeer, "Iterative
 * context bounding", PLDI 2007).
 *
 * The tree of decisions is walked depth first: an execution repeats the decisions on the path and
 * takes the default beyond it; then the deepest decision that has something left goes on to its
 * next choice. A bound on preemptions is exhausted before the next is begun.
 *
 * Which steps are decisions is learned as executions go (location.h). When a location turns out to be
 * shared, the walk begins anew.
 */
#include <stdlib.h>
#include <string.h>

#include "strategies.h"

enum { NODES_MAX = 1 << 16, FAULTS_MAX = 2 /* on one path */, BOUND_MAX = 64 };

struct node {
	uint32_t left; /* choices not taken yet; of a fault, bit 0: let it happen */
	uint8_t chosen;
	bool fault;
};

static struct dfs {
	struct node nodes[NODES_MAX];
	unsigned length; /* of the path */
	unsigned at;	 /* decisions of this execution so far */
	unsigned preemptions, faults;
	unsigned bound, bound_max;
	bool pruned; /* the bound has left something out */
	bool faults_pruned, unfair_pruned;
	bool overflowed; /* a path was longer than is kept */
	uint32_t space;
	uint64_t executions; /* of this bound */
	struct dfs_seen seen;
} state;

static void dfs_restart(unsigned bound)
{
	state.length = 0;
	state.bound = bound;
	state.pruned = state.faults_pruned = state.unfair_pruned = state.overflowed = false;
	state.executions = 0;
	state.space = scheduler.space;
}

static void dfs_open(unsigned preemptions_max)
{
	state.bound_max = preemptions_max < BOUND_MAX ? preemptions_max : BOUND_MAX;
	state.seen = (struct dfs_seen){.preemptions = -1, .faults = -1};
	dfs_restart(0);
}

struct dfs_seen dfs_seen(void)
{
	return state.seen;
}

static void dfs_begin(uint64_t seed)
{
	(void)seed;
	state.at = state.preemptions = state.faults = 0;
}

/* A decision that has more than one choice: the path's, or a new one at its end. */
static unsigned node_visit(unsigned usual, uint32_t others, bool fault)
{
	struct node *node = &state.nodes[state.at];

	if (state.at >= NODES_MAX) {
		state.overflowed = true;
		return usual;
	}
	if (state.at++ < state.length)
		return node->chosen;
	*node = (struct node){others, (uint8_t)usual, fault};
	state.length = state.at;
	return usual;
}

static unsigned dfs_pick(struct actor *current, uint32_t choices, enum turn turn)
{
	unsigned usual = scheduler_default(current, choices, turn), next = usual;
	bool costs = turn == TURN_STEP; /* to take the turn from one that could go on */
	uint32_t others = choices & ~(1u << usual);

	/*
	 * A timeout while others are runnable counts against the fault bound: otherwise retry loops
	 * make the tree infinite.
	 */
	if (others & scheduler.timed && state.faults >= FAULTS_MAX) {
		others &= ~scheduler.timed;
		state.faults_pruned = true;
	}
	/*
	 * After FAIR_STEPS steps in a row an actor is presumed to busy-wait: the other actors are
	 * explored first (fairness).
	 */
	if (turn == TURN_TIRED && others & 1u << current->index) {
		others &= ~(1u << current->index);
		state.unfair_pruned = true;
	}
	/* To go on where one offered the turn costs as much: a loop may offer it for ever. */
	if (turn == TURN_YIELD && others & 1u << current->index &&
		state.preemptions >= state.bound) {
		others &= ~(1u << current->index);
		state.pruned = true;
	}
	if (others && costs && state.preemptions >= state.bound)
		state.pruned = true;
	else if (others)
		next = node_visit(usual, others, false);
	state.preemptions +=
		next != usual && (costs || (turn == TURN_YIELD && next == current->index));
	state.faults += next != usual && scheduler.timed & 1u << next;
	scheduler.actors[next].decide_at = scheduler.actors[next].count + 1;
	return next;
}

static bool dfs_choose(struct actor *current, double probability)
{
	bool happens;

	(void)current;
	if (probability >= 1)
		return true;
	if (state.faults >= FAULTS_MAX) {
		state.faults_pruned = true;
		return false;
	}
	happens = node_visit(0, 1, true);
	state.faults += happens;
	return happens;
}

/* The deepest decision with something left goes on to it; false: there is none. */
static bool path_advance(void)
{
	while (state.length) {
		struct node *node = &state.nodes[state.length - 1];

		if (node->left) {
			node->chosen = node->fault ? 1 : (uint8_t)__builtin_ctz(node->left);
			node->left &= node->left - 1;
			return true;
		}
		state.length--;
	}
	return false;
}

static bool dfs_end(void)
{
	state.executions++;
	if (state.space != scheduler.space) {
		dfs_restart(0);
		return true;
	}
	if (path_advance())
		return true;
	if (!state.overflowed)
		state.seen = (struct dfs_seen){(int)state.bound, state.executions, !state.pruned,
			state.faults_pruned ? FAULTS_MAX : -1, state.unfair_pruned};
	if (!state.pruned || state.overflowed || state.bound >= state.bound_max)
		return false;
	dfs_restart(state.bound + 1);
	return true;
}

const struct strategy strategy_dfs = {
	.name = "dfs",
	.open = dfs_open,
	.begin = dfs_begin,
	.pick = dfs_pick,
	.choose = dfs_choose,
	.end = dfs_end,
};
