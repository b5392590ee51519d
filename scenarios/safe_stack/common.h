/*
 * common.h - a stack of three elements: each actor pops one, owns it for a moment and pushes it
 * back, several times. Each variant says how pop and push work, and what its `struct stack` is; it
 * needs the members `elements`, each with a `value`, and `found`.
 */
#ifndef SCENARIOS_SAFE_STACK_COMMON_H
#define SCENARIOS_SAFE_STACK_COMMON_H

#include <snarl.h>

struct stack; /* each variant's own */

/*
 * Two rounds are enough for the bug of next_as_lock, but each further round adds more chances than
 * steps. A round is given up after three failed tries, because a broken stack must not hold an
 * actor.
 */
enum { ROUNDS = 3, TRIES = 3 };

static const char *const names[ACTORS + 1] = {"nobody", "alice", "bob", "carol"};

/* Return an element that the caller now owns; -1 if too few are left or others interfere. */
static int pop(struct stack *stack);

/* Give the element back. */
static void push(struct stack *stack, int index);

static void own(struct stack *stack, int me)
{
	for (int round = 0; round < ROUNDS; round++) {
		int index = -1, seen;

		for (int tries = 0; index < 0 && tries < TRIES; tries++)
			index = pop(stack);
		if (index < 0)
			continue;
		stack->elements[index].value = me;
		SNARL_POINT("own/written");
		seen = stack->elements[index].value;
		if (seen != me) {
			stack->found[me].index = index;
			stack->found[me].value = seen;
		}
		push(stack, index);
	}
}

static void alice(void *state, struct snarl_actor *self)
{
	(void)self;
	own(state, 1);
}

static void bob(void *state, struct snarl_actor *self)
{
	(void)self;
	own(state, 2);
}

static void carol(void *state, struct snarl_actor *self)
{
	(void)self;
	own(state, 3);
}

static void one_owner_each(void *state)
{
	struct stack *stack = state;

	for (int me = 1; me <= ACTORS; me++)
		if (stack->found[me].value)
			snarl_fail(SNARL_DUPLICATE_ITEM,
				"%s and %s own element %d at the same time", names[me],
				names[stack->found[me].value], stack->found[me].index);
}

#endif
