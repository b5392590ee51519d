/*
 * globals.h - the global and thread-local variables of a case's sources. The global ones are in
 * sections of their own. Those of libraries are not among them.
 */
#ifndef SNARL_CASE_GLOBALS_H
#define SNARL_CASE_GLOBALS_H

#include <stdbool.h>
#include <stddef.h>

/* Initialised ones, and the others. A case without any does not have the section. */
extern unsigned char __start_snarl_data[] __attribute__((weak));
extern unsigned char __stop_snarl_data[] __attribute__((weak));
extern unsigned char __start_snarl_bss[] __attribute__((weak));
extern unsigned char __stop_snarl_bss[] __attribute__((weak));

/* Bytes of both. */
size_t globals_size(void);

/* Keep their values, as constructors left them. */
void globals_keep(void);

/* Give them those values again. */
void globals_restore(void);

/* Whether there are thread-local variables; give those of the calling thread their first values. */
bool thread_locals_any(void);
void thread_locals_restore(void);

#endif
