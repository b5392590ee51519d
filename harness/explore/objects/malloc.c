/* malloc.c - the calls that allocate, on the execution's own heap. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "heap.h"
#include "spin.h"
#include "object.h"
#include "libc_string.h"
#include "trace.h"

enum {
	READ_MAX = 4096, /* read in steps when a block grows: more steps would show little */
};

void *snarl_model_malloc(size_t size);
void *snarl_model_calloc(size_t count, size_t size);
void *snarl_model_realloc(void *block, size_t size);
void *snarl_model_reallocarray(void *block, size_t count, size_t size);
void *snarl_model_aligned_alloc(size_t alignment, size_t size);
int snarl_model_posix_memalign(void **block, size_t alignment, size_t size);
char *snarl_model_strdup(const char *text);
char *snarl_model_strndup(const char *text, size_t size);
void snarl_model_free(void *block);

static void *get(size_t size, size_t alignment, const char *call, const void *pc)
{
	struct actor *self = scheduler.running;
	void *block = heap_get(size, alignment);

	if (self) {
		spin_break(self);
		if (scheduler.tracing)
			trace_memory(self, TRACE_MALLOC, block, size, call, pc);
	}
	return block;
}

static void put(void *block, const char *call, const void *pc)
{
	struct actor *self = scheduler.running;

	if (!block)
		return;
	if (!heap_has((uintptr_t)block)) {
		free(block); /* allocated by libc itself: by getline, for example */
		return;
	}
	if (self) {
		scheduler_step(self, block);
		spin_break(self);
		if (scheduler.tracing)
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

static void *resize(void *block, size_t size, const char *call, const void *pc, const void *sp)
{
	size_t kept = heap_size(block);
	void *other;

	if (block && !heap_has((uintptr_t)block))
		return realloc(block, size);
	if (block && !size) { /* as glibc does */
		put(block, call, pc);
		return NULL;
	}
	kept = kept < size ? kept : size;
	if (block)
		access_range(block, kept < READ_MAX ? kept : READ_MAX, LOCATION_READ, pc, sp);
	other = get(size, 0, call, pc);
	if (other && block) {
		memcpy(other, block, kept);
		put(block, call, pc);
	}
	return other;
}

void *snarl_model_realloc(void *block, size_t size)
{
	return resize(block, size, "realloc", MODEL_PC, MODEL_SP);
}

void *snarl_model_reallocarray(void *block, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	return resize(block, count * size, "reallocarray", MODEL_PC, MODEL_SP);
}

static bool is_power_of_two(size_t number)
{
	return number && !(number & (number - 1));
}

void *snarl_model_aligned_alloc(size_t alignment, size_t size)
{
	if (!is_power_of_two(alignment)) {
		errno = EINVAL;
		return NULL;
	}
	return get(size, alignment, "aligned_alloc", MODEL_PC);
}

int snarl_model_posix_memalign(void **block, size_t alignment, size_t size)
{
	int before = errno;
	void *memory;

	if (!is_power_of_two(alignment) || alignment % sizeof(void *))
		return EINVAL;
	memory = get(size, alignment, "posix_memalign", MODEL_PC);
	errno = before;
	if (!memory)
		return ENOMEM;
	result_write(block, &memory, sizeof memory, MODEL_PC);
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
	return copy(text, text_read(text, SIZE_MAX, MODEL_PC, MODEL_SP), "strdup", MODEL_PC);
}

char *snarl_model_strndup(const char *text, size_t size)
{
	return copy(text, text_read(text, size, MODEL_PC, MODEL_SP), "strndup", MODEL_PC);
}

void snarl_model_free(void *block)
{
	put(block, "free", MODEL_PC);
}
