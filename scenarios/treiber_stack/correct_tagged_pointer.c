/*
 * treiber_stack/correct_tagged_pointer: the top has a tag, which each change increments.
 *
 * pop compares the tag as well: a node that was popped and pushed again is on top with another tag,
 * so that the comparison fails and the link that was read before is not used.
 *
 *   top    alice                      bob
 *   0 t0   top is 0 t0, its next 1
 *   1 t1                              pops 0
 *   2 t2                              pops 1
 *   0 t3                              pushes 0, whose next is 2 now
 *   0 t3   top is not 0 t0: again
 *   2 t4   pops 0                     still has 1
 */
#include <stdatomic.h>

enum { NODES = 3, NOTHING = NODES, TAG = 4 };

struct stack {
	_Atomic int top;	 /* the first node, plus a multiple of TAG */
	_Atomic int next[NODES]; /* by node; atomic: pop may read the link of a node being pushed */
	int alices, bobs;	 /* the node that each has; used by that actor only */
};

#include "common.h"

static int pop(struct stack *stack)
{
	int top = stack->top, next;

	do {
		next = stack->next[top % TAG];
		SNARL_POINT("pop/next_read");
	} while (!atomic_compare_exchange_weak(&stack->top, &top, top - top % TAG + TAG + next));
	return top % TAG;
}

static void push(struct stack *stack, int node)
{
	int top = stack->top;

	do {
		stack->next[node] = top % TAG;
		SNARL_POINT("push/linked");
	} while (!atomic_compare_exchange_weak(&stack->top, &top, top - top % TAG + TAG + node));
}

static int top_of(const struct stack *stack)
{
	return stack->top % TAG;
}

const struct snarl_scenario scenario = {
	.summary = "a stack without a lock, whose top has a tag",
	.refs = "CWE-362, CERT CON09-C, AMP 10.6, AMP 11.2",
	.state_size = sizeof(struct stack),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = stack_setup,
	.check = every_node_once,
	.observe = {"top", "next", "alices", "bobs"},
	.expect = {.bug = SNARL_NO_BUG},
};
