/* image.h - the program's own image in memory. */
#ifndef SNARL_EXPLORE_IMAGE_H
#define SNARL_EXPLORE_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

/* The scenario's own variables, which the build puts into separate sections. */
extern unsigned char __start_snarl_data[] __attribute__((weak));
extern unsigned char __stop_snarl_data[] __attribute__((weak));
extern unsigned char __start_snarl_bss[] __attribute__((weak));
extern unsigned char __stop_snarl_bss[] __attribute__((weak));

/* Whether the address lies in one of them. */
bool program_varies(uintptr_t address);

/* Whether the address lies in the program's own image; the address at which the image begins. */
bool program_has(uintptr_t address);
uintptr_t program_base(void);

#endif
