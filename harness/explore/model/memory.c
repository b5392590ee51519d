/* memory.c - the calls that allocate, from the execution's own heap. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "heap.h"
#include "lap.h"
#include "model.h"
#include "trace.h"

void *snarl_model_malloc(size_t size);
void *snarl_model_calloc(size_t count, size_t size);
void *snarl_model_realloc(void *block, size_t size);
void *snarl_model_aligned_alloc(size_t alignment, size_t size);
int snarl_model_posix_memalign(void **block, size_t alignment, size_t size);
char *snarl_model_strdup(const char *text);
char *snarl_model_strndup(const char *text, size_t size);
void snarl_model_free(void *block);

static void *get(size_t size, size_t alignment, const char *call, const void *pc)
{
	struct actor *self = world.running;
	void *block = heap_get(size, alignment, pc);

	if (self) {
		lap_break(self);
		if (world.tracing)
			trace_memory(self, TRACE_MALLOC, block, size, call, pc);
	}
	return block;
}

static void put(void *block, const char *call, const void *pc)
{
	struct actor *self = world.running;

	if (!block)
		return;
	if (!heap_has((uintptr_t)block)) {
		free(block); /* libc's own: getline's, say */
		return;
	}
	if (self) {
		world_step(self, block);
		lap_break(self);
		if (world.tracing)
			trace_memory(self, TRACE_FREE, block, heap_size(block), call, pc);
	}
	heap_put(block, pc);
}

void *snarl_model_malloc(size_t size)
{
	return get(size, 0, "malloc", MODEL_PC);
}

void *snarl_model_calloc(size_t count, size_t size)
{
	void *block;

	if (size && count > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	block = get(count * size, 0, "calloc", MODEL_PC);
	return block ? memset(block, 0, count * size) : NULL;
}

void *snarl_model_realloc(void *block, size_t size)
{
	size_t before = heap_size(block);
	void *other;

	if (block && !heap_has((uintptr_t)block))
		return realloc(block, size);
	other = get(size, 0, "realloc", MODEL_PC);
	if (other && block) {
		memcpy(other, block, before < size ? before : size);
		put(block, "realloc", MODEL_PC);
	}
	return other;
}

void *snarl_model_aligned_alloc(size_t alignment, size_t size)
{
	return get(size, alignment, "aligned_alloc", MODEL_PC);
}

int snarl_model_posix_memalign(void **block, size_t alignment, size_t size)
{
	void *memory = get(size, alignment, "posix_memalign", MODEL_PC);

	if (!memory)
		return ENOMEM;
	*block = memory;
	return 0;
}

static char *copy(const char *text, size_t length, const char *call, const void *pc)
{
	char *block = get(length + 1, 0, call, pc);

	if (!block)
		return NULL;
	memcpy(block, text, length);
	block[length] = '\0';
	return block;
}

char *snarl_model_strdup(const char *text)
{
	return copy(text, strlen(text), "strdup", MODEL_PC);
}

char *snarl_model_strndup(const char *text, size_t size)
{
	return copy(text, strnlen(text, size), "strndup", MODEL_PC);
}

void snarl_model_free(void *block)
{
	put(block, "free", MODEL_PC);
}
