/*
 * mapping.h - memory that is mapped shared by actors that only pass for processes.
 *
 * To a detector that sees one process, one object at two addresses would be two objects. So who
 * maps what another has mapped already gets the same address; and it stays until both have unmapped
 * it.
 */
#ifndef SNARL_CORE_MAPPING_H
#define SNARL_CORE_MAPPING_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { MAPPINGS_MAX = 32 /* at a time */ };

/* Where this part of the descriptor's object is mapped; one more has it. NULL: nowhere. */
void *mapping_share(int descriptor, size_t length, int protection, off_t offset);

/* It is mapped there now. */
void mapping_add(void *address, int descriptor, size_t length, int protection, off_t offset);

/* One less has it; returns whether it is to be unmapped: nobody does any more. */
bool mapping_drop(void *address);

/* Unmap all that is left, whoever had it. */
void mapping_sweep(void);

#endif
