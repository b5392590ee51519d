/*
 * heap.h - what actors allocate: a heap for one execution.
 *
 * Nothing that was freed is used again in the same execution, so that whoever still uses it is
 * found. The next execution begins with an empty heap, and gets the same addresses.
 */
#ifndef SNARL_EXPLORE_HEAP_H
#define SNARL_EXPLORE_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern struct heap {
	uintptr_t base; /* 0: nothing was ever allocated */
	size_t used;	/* bytes, with what was freed */
} heap;

static inline bool heap_has(uintptr_t address)
{
	return address - heap.base < heap.used;
}

/* Forget what was allocated. */
void heap_renew(void);

/* NULL and ENOMEM when an execution wants more than there is. */
void *heap_get(size_t size, size_t alignment);

/* Bytes of a block, as it was asked for. */
size_t heap_size(const void *block);

/* Ends the execution if it is no block, or was given back before. */
void heap_put(void *block, const void *pc);

/* Ends the execution if the access is not within a block. */
void heap_check(uintptr_t address, unsigned size, const void *pc);

/* Note a leak if a block was neither given back nor is to be found from the state or a global. */
void heap_end(void);

#endif
