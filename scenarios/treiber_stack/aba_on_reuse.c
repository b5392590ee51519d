/*
 * treiber_stack/aba_on_reuse: pop assumes that the stack is the same if its top is the same.
 *
 * A node that was popped and pushed again is on top as before, but over another node. The
 * comparison succeeds (A, then B, then A again) and installs a link that was read before: to a node
 * that is no longer on the stack.
 *
 *   top   alice                      bob
 *    0    top is 0, its next 1
 *    1                               pops 0
 *    2                               pops 1
 *    0                               pushes 0, whose next is 2 now
 *    1    top is still 0: top = 1    still has 1, which is on the stack as well
 */
#include <stdatomic.h>

enum { NODES = 3, NOTHING = NODES };

struct stack {
	_Atomic int top;	 /* the first node */
	_Atomic int next[NODES]; /* by node; atomic: pop may read the link of a node being pushed */
	int alices, bobs;	 /* the node that each has; used by that actor only */
};

#include "common.h"

static int pop(struct stack *stack)
{
	int top = stack->top, next;

	do {
		next = stack->next[top];
		SNARL_POINT("pop/next_read");
	} while (!atomic_compare_exchange_weak(&stack->top, &top, next));
	return top;
}

static void push(struct stack *stack, int node)
{
	int top = stack->top;

	do {
		stack->next[node] = top;
		SNARL_POINT("push/linked");
	} while (!atomic_compare_exchange_weak(&stack->top, &top, node));
}

static int top_of(const struct stack *stack)
{
	return stack->top;
}

const struct snarl_scenario scenario = {
	.summary = "a stack without a lock, whose nodes are used again",
	.refs = "CWE-362, CERT CON09-C, AMP 10.6, AMP 11.2",
	.state_size = sizeof(struct stack),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = stack_setup,
	.check = every_node_once,
	.observe = {"top", "next", "alices", "bobs"},
	.expect = {.bug = SNARL_DUPLICATE_ITEM},
};
