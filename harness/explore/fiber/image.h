/* image.h - the program's own image in memory. */
#ifndef SNARL_EXPLORE_IMAGE_H
#define SNARL_EXPLORE_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

/* Whether the address is that of a global variable of the case's sources. */
bool program_varies(uintptr_t address);

/* Whether the address lies in the program's own image; the address at which the image begins. */
bool program_has(uintptr_t address);
uintptr_t program_base(void);

#endif
