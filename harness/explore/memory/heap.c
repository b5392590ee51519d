/* heap.c - what actors allocate. */
#define _GNU_SOURCE
#include "heap.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "snarl.h"
#include "event.h"
#include "globals.h"
#include "scheduler.h"

enum {
	HEAP_BYTES = 256 << 20, /* address space; touched only as far as it is used */
	GRANULE = 16,
	BLOCKS_MAX = 1 << 20,
	FRESH_BYTE = 0xbe, /* fills new memory: the same in every execution, and no valid pointer */
};

static const size_t SYSTEM_BYTES = (size_t)1 << 46; /* more than any system gives */

struct block {
	uintptr_t begin;
	size_t size;
	int by, freed_by; /* actors; NOBODY: set-up, check or teardown */
	bool freed, reachable;
};

struct heap heap;

/* Made at the first allocation. */
static struct blocks {
	uint32_t *found; /* reachable blocks that are still to be scanned */
	uint32_t found_count;
	struct block *blocks; /* in order of address; the first is unused */
	uint32_t *of;	      /* by granule: its block, 0 between blocks */
	uint32_t count;
} blocks;

/* An address where nothing else lies: the same in every process. */
static const uintptr_t HEAP_ADDRESS = 0x200000000000;

static void *map(uintptr_t address, size_t size)
{
	void *memory = mmap((void *)address, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED)
		abort();
	return memory;
}

static void heap_make(void)
{
	heap.base = (uintptr_t)map(HEAP_ADDRESS, HEAP_BYTES);
	blocks.blocks = map(0, BLOCKS_MAX * sizeof *blocks.blocks);
	blocks.found = map(0, BLOCKS_MAX * sizeof *blocks.found);
	blocks.of = map(0, HEAP_BYTES / GRANULE * sizeof *blocks.of);
	blocks.count = 1;
}

bool heap_name(uintptr_t address, char *text, size_t size)
{
	if (heap_has(address))
		snprintf(text, size, "heap+%zu", (size_t)(address - heap.base));
	return heap_has(address);
}

void heap_renew(void)
{
	if (!heap.used)
		return;
	memset(blocks.of, 0, heap.used / GRANULE * sizeof *blocks.of);
	heap.used = 0;
	blocks.count = 1;
}

static int actor_here(void)
{
	return scheduler.running ? (int)scheduler.running->index : NOBODY;
}

void *heap_get(size_t size, size_t alignment)
{
	struct block *block;
	uintptr_t begin;
	size_t bytes;

	if (!heap.base)
		heap_make();
	alignment = alignment < GRANULE ? GRANULE : alignment;
	/* The granule between two blocks belongs to none, so that an overrun is seen. */
	begin = heap.base + (heap.used ? heap.used : GRANULE);
	begin = (begin + alignment - 1) & ~(alignment - 1);
	bytes = size ? (size + GRANULE - 1) & ~(size_t)(GRANULE - 1) : GRANULE;
	if (size >= SYSTEM_BYTES || alignment >= SYSTEM_BYTES) {
		errno = ENOMEM;
		return NULL;
	}
	if (begin + bytes + GRANULE > heap.base + HEAP_BYTES || blocks.count == BLOCKS_MAX)
		event_fatal("explore's heap is full: it has %d MB, and places for %d blocks per "
			    "execution, as no memory is used twice: run it on the other engines",
			HEAP_BYTES >> 20, BLOCKS_MAX);
	block = &blocks.blocks[blocks.count];
	*block = (struct block){begin, size, actor_here(), NOBODY, false, false};
	for (size_t i = 0; i < bytes; i += GRANULE)
		blocks.of[(begin - heap.base + i) / GRANULE] = blocks.count;
	blocks.count++;
	heap.used = begin - heap.base + bytes + GRANULE;
	memset((void *)begin, FRESH_BYTE, size);
	return (void *)begin;
}

static struct block *block_at(uintptr_t address)
{
	uint32_t number = heap_has(address) ? blocks.of[(address - heap.base) / GRANULE] : 0;

	return number ? &blocks.blocks[number] : NULL;
}

void heap_keep(const void *address)
{
	block_at((uintptr_t)address)->reachable = true;
}

size_t heap_size(const void *address)
{
	const struct block *block = block_at((uintptr_t)address);

	return block ? block->size : 0;
}

static const char *who(int actor)
{
	return actor == NOBODY ? "the set-up or the check" : scheduler.actors[actor].name;
}

void heap_put(void *address, const void *pc)
{
	struct block *block = block_at((uintptr_t)address);

	if (!block || block->begin != (uintptr_t)address) {
		scheduler_fail(SNARL_CRASH, pc,
			"%s frees a pointer that is not the start of a heap block",
			who(actor_here()));
		return;
	}
	if (block->freed)
		scheduler_fail(SNARL_CRASH, pc,
			"%s frees %zu bytes that %s has already freed (double free)",
			who(actor_here()), block->size, who(block->freed_by));
	block->freed = true;
	block->freed_by = actor_here();
}

void heap_check(uintptr_t address, unsigned size, const void *pc)
{
	const struct block *block = block_at(address);

	if (block && !block->freed && address + size <= block->begin + block->size)
		return;
	if (block && block->freed)
		scheduler_fail(SNARL_CRASH, pc,
			"%s uses %zu bytes that %s has freed (use after free)", who(actor_here()),
			block->size, who(block->freed_by));
	else
		scheduler_fail(SNARL_CRASH, pc, "%s uses heap memory past the end of a block",
			who(actor_here()));
}

/* Every word that points into a block counts as a pointer to it. */
static void reach(uintptr_t from, size_t size)
{
	size_t skipped = -from & (sizeof(uintptr_t) - 1);

	for (size_t i = skipped; i + sizeof(uintptr_t) <= size; i += sizeof(uintptr_t)) {
		struct block *block = block_at(*(const uintptr_t *)(from + i));

		if (!block || block->freed || block->reachable)
			continue;
		block->reachable = true;
		blocks.found[blocks.found_count++] = (uint32_t)(block - blocks.blocks);
	}
}

/* As in LeakSanitizer, a block that is reachable from the state or a global is not a leak. */
static void reach_all(void)
{
	for (uint32_t i = 1; i < blocks.count; i++)
		if (blocks.blocks[i].reachable && !blocks.blocks[i].freed)
			blocks.found[blocks.found_count++] = i;
	reach(scheduler.state, scheduler.state_size);
	reach((uintptr_t)__start_snarl_data, (size_t)(__stop_snarl_data - __start_snarl_data));
	reach((uintptr_t)__start_snarl_bss, (size_t)(__stop_snarl_bss - __start_snarl_bss));
	while (blocks.found_count) {
		const struct block *block = &blocks.blocks[blocks.found[--blocks.found_count]];

		reach(block->begin, block->size);
	}
}

static bool any_left(void)
{
	for (uint32_t i = 1; i < blocks.count; i++)
		if (!blocks.blocks[i].freed)
			return true;
	return false;
}

void heap_end(void)
{
	const struct block *first = NULL;
	unsigned more = 0;

	/* A detached thread that still runs may free what only its stack points to. */
	if (scheduler.deserted || !any_left())
		return;
	reach_all();
	for (uint32_t i = 1; i < blocks.count; i++) {
		const struct block *block = &blocks.blocks[i];

		if (block->freed || block->reachable)
			continue;
		more += first != NULL;
		first = first ? first : block;
	}
	if (!first)
		return;
	if (more)
		scheduler_note(SNARL_LEAK, NULL,
			"%zu bytes that %s allocated were never freed, and %u more blocks",
			first->size, who(first->by), more);
	else
		scheduler_note(SNARL_LEAK, NULL, "%zu bytes that %s allocated were never freed",
			first->size, who(first->by));
}
