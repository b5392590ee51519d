/*
 * safe_stack/next_as_lock: pop takes the link of the first element, as if it were a lock.
 *
 * An actor that finds -1 there backs off, but the link of an element that is just being pushed can
 * be taken as well. When that element is back on top, the head is the same and the link is not: the
 * element that was next may belong to another actor by now. The bug needs three actors in pop and
 * push at once.
 *
 *   head   alice                     bob                       carol
 *     0                                                        head is 0
 *     1    pops 0
 *     1    push: 0's next = 1
 *     2                              pops 1
 *     2                                                        takes 0's next: 1
 *     2    head is not 1 any more
 *     0    0's next = 2, head = 0
 *     1                              still owns 1              head is 0, as it was: head = 1
 */
#include <stdatomic.h>

enum { ELEMENTS = 3, ACTORS = 3 };

struct stack {
	_Atomic int head;  /* index of the first element */
	_Atomic int count; /* elements on the stack; changed a moment late */
	struct {
		volatile int value; /* its owner's; volatile: each read loads it again */
		_Atomic int next;   /* index; -1: the last one, or being popped */
	} elements[ELEMENTS];
	struct {
		int index, value;
	} found[ACTORS + 1]; /* another's value in one's own element; each written by its actor */
};

#include "common.h"

static void setup(void *state)
{
	struct stack *stack = state;

	for (int i = 0; i < ELEMENTS; i++)
		atomic_init(&stack->elements[i].next, i + 1 < ELEMENTS ? i + 1 : -1);
	atomic_init(&stack->count, ELEMENTS);
}

static int pop(struct stack *stack)
{
	int head, next, index;

	if (stack->count <= 1)
		return -1;
	head = stack->head;
	SNARL_POINT("pop/head_read");
	index = head;
	next = atomic_exchange(&stack->elements[index].next, -1);
	if (next < 0)
		return -1;
	SNARL_POINT("pop/next_read");
	if (!atomic_compare_exchange_strong(&stack->head, &head, next)) {
		atomic_exchange(&stack->elements[index].next, next);
		return -1;
	}
	atomic_fetch_sub(&stack->count, 1);
	return index;
}

static void push(struct stack *stack, int index)
{
	int head = stack->head;

	do {
		stack->elements[index].next = head;
		SNARL_POINT("push/linked");
	} while (!atomic_compare_exchange_strong(&stack->head, &head, index));
	atomic_fetch_add(&stack->count, 1);
}

const struct snarl_scenario scenario = {
	.summary = "stack without a lock, whose pop takes a link as if it were a lock",
	.refs = "CWE-362, CERT CON09-C, OSTEP 32, OSC 7.5",
	.state_size = sizeof(struct stack),
	.actors = {{"alice", alice}, {"bob", bob}, {"carol", carol}},
	.setup = setup,
	.check = one_owner_each,
	.observe = {"head", "count", "elements"},
	.expect = {.bug = SNARL_DUPLICATE_ITEM,
		.race_in = "own",
		.stress = SNARL_MAY("three actors have to be stopped at five steps or more"),
		.tsan = SNARL_MAY("three actors have to be stopped at five steps or more"),
		.explore = SNARL_MAY("one execution in a hundred thousand: give it --budget 10s")},
};
