/*
 * common.h - a stack of three nodes from a pool, linked by their indices: alice pops one and keeps
 * it, bob pops two and pushes the first of them back. Each variant says how pop and push work;
 * `struct stack` needs the members `next`, `alices` and `bobs`.
 */
#ifndef SCENARIOS_TREIBER_STACK_COMMON_H
#define SCENARIOS_TREIBER_STACK_COMMON_H

#include <snarl.h>

struct stack; /* each variant's own */

/* Pop a node, which belongs to the caller from then on. */
static int pop(struct stack *stack);

/* Push the node back. */
static void push(struct stack *stack, int node);

/* The node on top, while nobody uses the stack; NOTHING if there is none. */
static int top_of(const struct stack *stack);

static void alice(void *state, struct snarl_actor *self)
{
	struct stack *stack = state;

	(void)self;
	stack->alices = pop(stack);
}

static void bob(void *state, struct snarl_actor *self)
{
	struct stack *stack = state;
	int first = pop(stack);

	(void)self;
	stack->bobs = pop(stack);
	push(stack, first);
}

static void stack_setup(void *state)
{
	struct stack *stack = state;

	for (int node = 0; node < NODES; node++)
		atomic_init(&stack->next[node], node + 1 < NODES ? node + 1 : NOTHING);
}

/* Alice has one node, bob another, and the third is on the stack. */
static void every_node_once(void *state)
{
	struct stack *stack = state;
	int top = top_of(stack);

	if (stack->alices == stack->bobs)
		snarl_fail(SNARL_DUPLICATE_ITEM, "alice and bob both have node %d", stack->bobs);
	if (top == stack->alices || top == stack->bobs)
		snarl_fail(SNARL_DUPLICATE_ITEM, "node %d is %s's, and on the stack", top,
			top == stack->bobs ? "bob" : "alice");
}

#endif
