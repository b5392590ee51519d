/*
 * machine.h - the processor-specific part of switching fibers; the rest of the engine is C.
 *
 * Every file machine_ARCH.c is empty on other processors.
 */
#ifndef SNARL_EXPLORE_MACHINE_H
#define SNARL_EXPLORE_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Choose how to set the thread pointer; to be called first. If `fast`, an instruction is used if
 * there is one that programs may use, otherwise a system call.
 */
void machine_open(bool fast);

uintptr_t machine_thread(void);

/*
 * Save the callee-saved registers on the stack and the stack pointer in `*from`, set the thread
 * pointer, take stack pointer and registers from `to`.
 */
void machine_switch(void **from, void *to, uintptr_t thread);

/*
 * The callee-saved registers of the frame whose stack pointer is `sp`, a caller of the caller.
 * Returns false if it is not found.
 */
enum { MACHINE_SAVED_MAX = 10 };
bool machine_saved(uintptr_t sp, uintptr_t values[MACHINE_SAVED_MAX]);

/* Prepare a stack on which machine_switch calls `entry(argument)`. Returns its stack pointer. */
void *machine_stack(uintptr_t top, void (*entry)(void *argument), void *argument);

/* Let a signal handler's return lead to `entry(argument)` on the stack below `top`. */
void machine_redirect(
	void *signal_context, uintptr_t top, void (*entry)(void *argument), void *argument);

/* The instruction at which a signal interrupted the program. */
uintptr_t machine_interrupted(const void *signal_context);

#endif
