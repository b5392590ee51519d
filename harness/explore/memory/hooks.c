/*
 * hooks.c - what clang's ThreadSanitizer instrumentation calls: plain accesses and function
 * entries.
 *
 * The names are compiler-rt's (lib/tsan/rtl/tsan_interface.h). A hook stands directly before its
 * access. Switches happen in the hook, so that the access follows once the actor runs again.
 */
#include <stddef.h>
#include <string.h>

#include "access.h"

void __tsan_init(void);
void __tsan_func_entry(const void *pc);
void __tsan_func_exit(void);
void __tsan_ignore_thread_begin(void);
void __tsan_ignore_thread_end(void);
void __tsan_read_range(const void *address, size_t size);
void __tsan_write_range(const void *address, size_t size);
void __tsan_vptr_read(const void *address);
void __tsan_vptr_update(const void *address, const void *value);
void *__tsan_memcpy(void *to, const void *from, size_t size);
void *__tsan_memmove(void *to, const void *from, size_t size);
void *__tsan_memset(void *to, int byte, size_t size);

void __tsan_init(void)
{
}

void __tsan_func_entry(const void *pc)
{
	struct actor *self = scheduler.running;

	if (!self)
		return;
	if (self->depth < FRAMES_MAX)
		self->frames[self->depth] = pc;
	self->depth++;
}

void __tsan_func_exit(void)
{
	struct actor *self = scheduler.running;

	if (self && self->depth)
		self->depth--;
}

/* Emitted for no_sanitize attributes, which scenarios do not use; ignored. */
void __tsan_ignore_thread_begin(void)
{
}

void __tsan_ignore_thread_end(void)
{
}

/* All widths share one implementation; the address decides which word is touched. */
#define HOOK(name, size, kind)                                                                     \
	void name(const void *address);                                                            \
	void name(const void *address)                                                             \
	{                                                                                          \
		access_make(address, size, kind, __builtin_return_address(0),                      \
			(char *)__builtin_frame_address(0) + 2 * sizeof(void *));                  \
	}

#define HOOKS(size)                                                                                \
	HOOK(__tsan_read##size, size, LOCATION_READ)                                               \
	HOOK(__tsan_write##size, size, LOCATION_WRITE)                                             \
	HOOK(__tsan_read_write##size, size, LOCATION_WRITE)                                        \
	HOOK(__tsan_unaligned_read##size, size, LOCATION_READ)                                     \
	HOOK(__tsan_unaligned_write##size, size, LOCATION_WRITE)                                   \
	HOOK(__tsan_unaligned_read_write##size, size, LOCATION_WRITE)                              \
	HOOK(__tsan_volatile_read##size, size, LOCATION_READ)                                      \
	HOOK(__tsan_volatile_write##size, size, LOCATION_WRITE)                                    \
	HOOK(__tsan_unaligned_volatile_read##size, size, LOCATION_READ)                            \
	HOOK(__tsan_unaligned_volatile_write##size, size, LOCATION_WRITE)

HOOKS(1)
HOOKS(2)
HOOKS(4)
HOOKS(8)
HOOKS(16)

#define PC __builtin_return_address(0)
#define SP ((char *)__builtin_frame_address(0) + 2 * sizeof(void *))

void __tsan_read_range(const void *address, size_t size)
{
	access_range(address, size, LOCATION_READ, PC, SP);
}

void __tsan_write_range(const void *address, size_t size)
{
	access_range(address, size, LOCATION_WRITE, PC, SP);
}

void __tsan_vptr_read(const void *address)
{
	access_make(address, sizeof address, LOCATION_READ, PC, SP);
}

void __tsan_vptr_update(const void *address, const void *value)
{
	(void)value;
	access_make(address, sizeof address, LOCATION_WRITE, PC, SP);
}

void *__tsan_memcpy(void *to, const void *from, size_t size)
{
	return __tsan_memmove(to, from, size);
}

void *__tsan_memmove(void *to, const void *from, size_t size)
{
	bool forward = (uintptr_t)to <= (uintptr_t)from;
	const void *pc = PC, *sp = SP;

	if (!scheduler.running)
		return memmove(to, from, size);
	for (size_t done = 0; done < size;) {
		size_t chunk = size - done < 8 ? size - done : 8;
		size_t at = forward ? done : size - done - chunk;
		uint64_t word;

		access_range((const char *)from + at, chunk, LOCATION_READ, pc, sp);
		memcpy(&word, (const char *)from + at, chunk);
		access_range((const char *)to + at, chunk, LOCATION_WRITE, pc, sp);
		memcpy((char *)to + at, &word, chunk);
		done += chunk;
	}
	return to;
}

void *__tsan_memset(void *to, int byte, size_t size)
{
	const void *pc = PC, *sp = SP;

	if (!scheduler.running)
		return memset(to, byte, size);
	for (size_t done = 0; done < size;) {
		size_t chunk = size - done < 8 ? size - done : 8;

		access_range((const char *)to + done, chunk, LOCATION_WRITE, pc, sp);
		memset((char *)to + done, byte, chunk);
		done += chunk;
	}
	return to;
}
