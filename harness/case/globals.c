/* globals.c - keeping and restoring a case's global variables. */
#include "globals.h"

#include <stdlib.h>
#include <stdint.h>

#include "event.h"

static unsigned char *kept; /* the values of both sections, one behind the other */

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

void globals_keep(void)
{
	kept = malloc(globals_size() + 1);
	if (!kept)
		event_fatal("out of memory for the scenario's globals");
	bytes_copy(kept, __start_snarl_data, data_size());
	bytes_copy(kept + data_size(), __start_snarl_bss, bss_size());
}

void globals_restore(void)
{
	bytes_copy(__start_snarl_data, kept, data_size());
	bytes_copy(__start_snarl_bss, kept + data_size(), bss_size());
}
