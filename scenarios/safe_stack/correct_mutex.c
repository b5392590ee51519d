/*
 * safe_stack/correct_mutex: head, links and count under one lock.
 *
 * Nobody pops or pushes between the read of the head and its change. Therefore the link that was
 * read is still the right one.
 *
 *   head   alice                     bob                       carol
 *     0    lock
 *     0    head is 0, its next is 1  lock: waits
 *     1    head = 1, unlock
 *     1                              head is 1, its next is 2  lock: waits
 *     2    owns 0                    head = 2, unlock
 *     2                              owns 1                    one is left: unlock, try again
 */
#include <pthread.h>

enum { ELEMENTS = 3, ACTORS = 3 };

struct stack {
	pthread_mutex_t lock;
	int head;  /* index of the first element: under lock */
	int count; /* elements on the stack: under lock */
	struct {
		volatile int value; /* its owner's; volatile: each read loads it again */
		int next;	    /* index, -1: the last one; under lock */
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
		stack->elements[i].next = i + 1 < ELEMENTS ? i + 1 : -1;
	stack->count = ELEMENTS;
	pthread_mutex_init(&stack->lock, NULL);
}

static void teardown(void *state)
{
	struct stack *stack = state;

	pthread_mutex_destroy(&stack->lock);
}

static int pop(struct stack *stack)
{
	int index = -1;

	pthread_mutex_lock(&stack->lock);
	SNARL_POINT("pop/locked");
	if (stack->count > 1) {
		index = stack->head;
		stack->head = stack->elements[index].next;
		stack->count--;
	}
	pthread_mutex_unlock(&stack->lock);
	return index;
}

static void push(struct stack *stack, int index)
{
	pthread_mutex_lock(&stack->lock);
	stack->elements[index].next = stack->head;
	SNARL_POINT("push/linked");
	stack->head = index;
	stack->count++;
	pthread_mutex_unlock(&stack->lock);
}

const struct snarl_scenario scenario = {
	.summary = "a stack under one mutex",
	.refs = "CWE-362, CERT CON43-C, OSTEP 29, OSC 7.1",
	.state_size = sizeof(struct stack),
	.actors = {{"alice", alice}, {"bob", bob}, {"carol", carol}},
	.setup = setup,
	.check = one_owner_each,
	.teardown = teardown,
	.observe = {"head", "count", "elements"},
	.expect = {.bug = SNARL_NO_BUG},
};
