/*
 * mapping.h - shared mappings of actors that are emulated processes.
 *
 * A detector that sees one process would treat one object at two addresses as two objects. So an
 * actor that maps what another has already mapped gets the same address, and the mapping stays
 * there.
 */
#ifndef SNARL_CASE_MAPPING_H
#define SNARL_CASE_MAPPING_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { MAPPINGS_MAX = 32 /* at a time */ };

/*
 * Like mmap with MAP_SHARED of a descriptor. The address is that of an earlier mapping if another
 * actor has made one, otherwise `at`, or any if that is NULL.
 */
void *mapping_make(
	void *at, size_t length, int protection, int flags, int descriptor, off_t offset);

/*
 * Whether it is one of these mappings. It is left in place until the execution ends, because the
 * last actor to unmap it would have to be ordered after all that the others did there.
 */
bool mapping_has(void *address);

/* Unmap all. */
void mapping_sweep(void);

#endif
