/* globals.c - keeping and restoring a case's global variables. */
#define _GNU_SOURCE
#include "globals.h"

#include <link.h>
#include <stdlib.h>
#include <stdint.h>

#include "event.h"

static unsigned char *kept; /* the values of both sections, one behind the other */

/*
 * Where the sources' thread-local variables begin and end: flavour.sh puts the labels around them,
 * in place of these, which a case without such variables has.
 */
#define LABEL __attribute__((weak)) _Thread_local unsigned char
LABEL snarl_tdata_begin[1] = {1};
LABEL snarl_tdata_end[1] = {1};
LABEL snarl_tbss_begin[1];
LABEL snarl_tbss_end[1];
extern const char snarl_has_thread_locals __attribute__((weak));

static const unsigned char *first_values; /* of the initialised ones */

static size_t data_size(void)
{
	return (size_t)(__stop_snarl_data - __start_snarl_data);
}

static size_t bss_size(void)
{
	return (size_t)(__stop_snarl_bss - __start_snarl_bss);
}

size_t globals_size(void)
{
	return data_size() + bss_size();
}

/*
 * Copy without a call: a detector would take a memcpy for the scenario's access. Volatile, because
 * a compiler makes a call of a loop that copies.
 */
static void bytes_copy(unsigned char *to, const unsigned char *from, size_t size)
{
	typedef uint64_t __attribute__((may_alias, aligned(1))) word;
	size_t at = 0;

	for (; at + sizeof(word) <= size; at += sizeof(word))
		*(volatile word *)(to + at) = *(const word *)(from + at);
	for (; at < size; at++)
		*(volatile unsigned char *)(to + at) = from[at];
}

bool thread_locals_any(void)
{
	return &snarl_has_thread_locals;
}

/* The part of the program's thread-local data that a new thread's is copied from. */
static int image_find(struct dl_phdr_info *program, size_t size, void *found)
{
	(void)size;
	for (int i = 0; i < program->dlpi_phnum; i++)
		if (program->dlpi_phdr[i].p_type == PT_TLS)
			*(const unsigned char **)found =
				(const unsigned char *)program->dlpi_addr +
				program->dlpi_phdr[i].p_vaddr +
				(snarl_tdata_begin - (unsigned char *)program->dlpi_tls_data);
	return 1; /* the program itself comes first */
}

static void thread_locals_keep(void)
{
	const unsigned char *image = NULL;

	if (thread_locals_any())
		dl_iterate_phdr(image_find, &image);
	first_values = image;
}

void globals_keep(void)
{
	kept = malloc(globals_size() + 1);
	if (!kept)
		event_fatal("out of memory for the scenario's globals");
	bytes_copy(kept, __start_snarl_data, data_size());
	bytes_copy(kept + data_size(), __start_snarl_bss, bss_size());
	thread_locals_keep();
}

void thread_locals_restore(void)
{
	bytes_copy(snarl_tdata_begin, first_values, (size_t)(snarl_tdata_end - snarl_tdata_begin));
	for (volatile unsigned char *at = snarl_tbss_begin; at < snarl_tbss_end; at++)
		*at = 0;
}

void globals_restore(void)
{
	bytes_copy(__start_snarl_data, kept, data_size());
	bytes_copy(__start_snarl_bss, kept + data_size(), bss_size());
}
