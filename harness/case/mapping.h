/*
 * mapping.h - memory that is mapped shared by actors that only pass for processes.
 *
 * To a detector that sees one process, one object at two addresses would be two objects. So who
 * maps what another has mapped already gets the same address; and it stays there.
 */
#ifndef SNARL_CASE_MAPPING_H
#define SNARL_CASE_MAPPING_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { MAPPINGS_MAX = 32 /* at a time */ };

/*
 * As mmap with MAP_SHARED of a descriptor; where another has mapped it already, there, else `at`,
 * or anywhere if that is NULL.
 */
void *mapping_make(
	void *at, size_t length, int protection, int flags, int descriptor, off_t offset);

/*
 * Whether it is one of these mappings. It is left where it is until the end of the execution: who
 * unmapped it last would have to come behind all that the others did there.
 */
bool mapping_has(void *address);

/* Unmap all. */
void mapping_sweep(void);

#endif
