/* heap.c - what actors allocate. */
#define _GNU_SOURCE
#include "heap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "snarl.h"
#include "world.h"

enum {
	HEAP_BYTES = 256 << 20, /* address space; touched only as far as it is used */
	GRANULE = 16,
	BLOCKS_MAX = 1 << 20,
	FRESH_BYTE = 0xbe, /* of new memory: the same in every execution, and no valid pointer */
};

struct block {
	uintptr_t begin;
	size_t size;
	int by, freed_by; /* actors; NOBODY: set-up, check or teardown */
	bool freed;
};

struct heap heap;

/* Made at the first allocation. */
static struct blocks {
	struct block *blocks; /* in order of address; the first is none */
	uint32_t *of;	      /* by granule: its block, 0 between blocks */
	uint32_t count;
} blocks;

/* Where nothing else lies: the same in every process. */
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
	blocks.of = map(0, HEAP_BYTES / GRANULE * sizeof *blocks.of);
	blocks.count = 1;
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
	return world.running ? (int)world.running->index : NOBODY;
}

void *heap_get(size_t size, size_t alignment, const void *pc)
{
	struct block *block;
	uintptr_t begin;
	size_t bytes;

	(void)pc;
	if (!heap.base)
		heap_make();
	alignment = alignment < GRANULE ? GRANULE : alignment;
	/* A granule between blocks belongs to none: what runs over an end is seen. */
	begin = heap.base + (heap.used ? heap.used : GRANULE);
	begin = (begin + alignment - 1) & ~(alignment - 1);
	bytes = size ? (size + GRANULE - 1) & ~(size_t)(GRANULE - 1) : GRANULE;
	if (size > HEAP_BYTES || begin + bytes + GRANULE > heap.base + HEAP_BYTES ||
		blocks.count == BLOCKS_MAX) {
		errno = ENOMEM;
		return NULL;
	}
	block = &blocks.blocks[blocks.count];
	*block = (struct block){begin, size, actor_here(), NOBODY, false};
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

size_t heap_size(const void *address)
{
	const struct block *block = block_at((uintptr_t)address);

	return block ? block->size : 0;
}

static const char *who(int actor)
{
	return actor == NOBODY ? "the set-up or the check" : world.actors[actor].name;
}

void heap_put(void *address, const void *pc)
{
	struct block *block = block_at((uintptr_t)address);

	if (!block || block->begin != (uintptr_t)address) {
		world_fail(SNARL_CRASH, pc, "%s frees what is no block of the heap",
			who(actor_here()));
		return;
	}
	if (block->freed)
		world_fail(SNARL_CRASH, pc,
			"%s frees %zu bytes that %s has freed already (double free)",
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
		world_fail(SNARL_CRASH, pc, "%s uses %zu bytes that %s has freed (use after free)",
			who(actor_here()), block->size, who(block->freed_by));
	else
		world_fail(SNARL_CRASH, pc, "%s uses memory of the heap beyond the end of a block",
			who(actor_here()));
}

void heap_end(void)
{
	const struct block *first = NULL;
	unsigned more = 0;

	for (uint32_t i = 1; i < blocks.count; i++) {
		const struct block *block = &blocks.blocks[i];

		if (block->freed)
			continue;
		more += first != NULL;
		first = first ? first : block;
	}
	if (!first)
		return;
	if (more)
		world_note(SNARL_LEAK, NULL,
			"%zu bytes that %s allocated were never freed, and %u more blocks",
			first->size, who(first->by), more);
	else
		world_note(SNARL_LEAK, NULL, "%zu bytes that %s allocated were never freed",
			first->size, who(first->by));
}
