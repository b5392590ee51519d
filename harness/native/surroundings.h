/*
 * surroundings.h - what belongs to the process and not to a state: the environment, the working
 * directory, the mask of file modes, the locale.
 *
 * A scenario that changes one of them (injectors/process_wide.awk) runs one execution per batch,
 * and each begins with what was there before the first set-up.
 */
#ifndef SNARL_NATIVE_SURROUNDINGS_H
#define SNARL_NATIVE_SURROUNDINGS_H

#include <stdbool.h>

/* Whether the variant calls what changes them. */
bool surroundings_change(void);

/* Before the first set-up, and after each teardown. */
void surroundings_keep(void);
void surroundings_restore(void);

/* Whether the memory that globals forgot, when they were restored, has become too much. */
bool surroundings_memory_spent(void);

#endif
