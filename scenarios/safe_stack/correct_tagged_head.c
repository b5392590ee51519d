/*
 * safe_stack/correct_tagged_head: each change of the head gives it another version.
 *
 * pop reads the link and does not change it. When the head is compared, the version shows that a
 * top element was away and came back. The link that was read before then is not used.
 *
 *   head    alice                     bob                       carol
 *   0 v0                                                        head is 0 v0
 *   1 v1    pops 0
 *   1 v1    push: 0's next = 1
 *   2 v2                              pops 1
 *   2 v2                                                        0's next is 1
 *   2 v2    head is not 1 v1 any more
 *   0 v3    0's next = 2, head = 0
 *   0 v3                              still owns 1              head is not 0 v0: try again
 */
#include <stdatomic.h>

enum { ELEMENTS = 3, ACTORS = 3, VERSION = 4 };

struct stack {
	_Atomic int head;  /* index of the first element, plus a multiple of VERSION */
	_Atomic int count; /* elements on the stack; changed a moment late */
	struct {
		volatile int value; /* its owner's; volatile: each read loads it again */
		_Atomic int next;   /* index; -1: the last one */
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
	index = head % VERSION;
	next = stack->elements[index].next;
	if (next < 0)
		return -1;
	SNARL_POINT("pop/next_read");
	next += head - index + VERSION;
	if (!atomic_compare_exchange_strong(&stack->head, &head, next))
		return -1;
	atomic_fetch_sub(&stack->count, 1);
	return index;
}

static void push(struct stack *stack, int index)
{
	int head = stack->head;

	do {
		stack->elements[index].next = head % VERSION;
		SNARL_POINT("push/linked");
	} while (!atomic_compare_exchange_strong(
		&stack->head, &head, head - head % VERSION + VERSION + index));
	atomic_fetch_add(&stack->count, 1);
}

const struct snarl_scenario scenario = {
	.summary = "stack without a lock, whose head has a version",
	.refs = "CWE-362, CERT CON09-C, OSTEP 32, OSC 7.5",
	.state_size = sizeof(struct stack),
	.actors = {{"alice", alice}, {"bob", bob}, {"carol", carol}},
	.setup = setup,
	.check = one_owner_each,
	.observe = {"head", "count", "elements"},
	.expect = {.bug = SNARL_NO_BUG},
};
