/*
 * heap.h - what actors allocate: a heap for one execution.
 *
 * Freed memory is not reused in the same execution, so that a use after free is found. The next
 * execution begins with an empty heap and gets the same addresses.
 */
#ifndef SNARL_EXPLORE_HEAP_H
#define SNARL_EXPLORE_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern struct heap {
	uintptr_t base; /* 0: nothing was ever allocated */
	size_t used;	/* bytes, including freed blocks */
} heap;

static inline bool heap_has(uintptr_t address)
{
	return address - heap.base < heap.used;
}

/* Its name, for address_provide: "heap+16". */
bool heap_name(uintptr_t address, char *text, size_t size);

/* Forget all blocks. */
void heap_renew(void);

/* Returns NULL with errno ENOMEM when the heap is exhausted. */
void *heap_get(size_t size, size_t alignment);

/* The block is none of the program's: it is not a leak. */
void heap_keep(const void *block);

/* The requested size of a block. */
size_t heap_size(const void *block);

/* Free a block. Ends the execution if it is not one, or was freed before. */
void heap_put(void *block, const void *pc);

/* Ends the execution if the access is not within a block. */
void heap_check(uintptr_t address, unsigned size, const void *pc);

/* Record a leak if a block was not freed and is not reachable from the state or a global. */
void heap_end(void);

#endif
