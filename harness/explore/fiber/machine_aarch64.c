/*
 * machine_aarch64.c - switching fibers on arm64, where any program may write the thread pointer.
 *
 * A switch saves x19 to x30 and the low halves of v8 to v15, as the procedure call standard
 * (AAPCS64, section 6.1) asks of a callee.
 */
#ifdef __aarch64__
#define _GNU_SOURCE
#include "machine.h"

#include <string.h>
#include <ucontext.h>

enum { SAVED_WORDS = 20, SAVED_X19 = 0, SAVED_X20 = 1, SAVED_X30 = 11 };

void machine_open(bool fast)
{
	(void)fast; /* writing the thread pointer is always fast */
}

uintptr_t machine_thread(void)
{
	uintptr_t thread;

	__asm__("mrs %0, tpidr_el0" : "=r"(thread));
	return thread;
}

__asm__(".text\n"
	".global machine_switch\n"
	".type machine_switch, %function\n"
	"machine_switch:\n"
	"	sub sp, sp, #160\n"
	"	stp x19, x20, [sp, #0]\n"
	"	stp x21, x22, [sp, #16]\n"
	"	stp x23, x24, [sp, #32]\n"
	"	stp x25, x26, [sp, #48]\n"
	"	stp x27, x28, [sp, #64]\n"
	"	stp x29, x30, [sp, #80]\n"
	"	stp d8, d9, [sp, #96]\n"
	"	stp d10, d11, [sp, #112]\n"
	"	stp d12, d13, [sp, #128]\n"
	"	stp d14, d15, [sp, #144]\n"
	"	mov x9, sp\n"
	"	str x9, [x0]\n"
	"	mov sp, x1\n"
	"	msr tpidr_el0, x2\n"
	"	ldp x19, x20, [sp, #0]\n"
	"	ldp x21, x22, [sp, #16]\n"
	"	ldp x23, x24, [sp, #32]\n"
	"	ldp x25, x26, [sp, #48]\n"
	"	ldp x27, x28, [sp, #64]\n"
	"	ldp x29, x30, [sp, #80]\n"
	"	ldp d8, d9, [sp, #96]\n"
	"	ldp d10, d11, [sp, #112]\n"
	"	ldp d12, d13, [sp, #128]\n"
	"	ldp d14, d15, [sp, #144]\n"
	"	add sp, sp, #160\n"
	"	ret\n"
	".size machine_switch, . - machine_switch\n"
	/* First run of a fiber: its argument lies in x19, its function in x20. */
	".type machine_first, %function\n"
	"machine_first:\n"
	"	mov x29, xzr\n"
	"	mov x30, xzr\n"
	"	mov x0, x19\n"
	"	blr x20\n"
	"	brk #1\n"
	".size machine_first, . - machine_first\n");

void machine_first(void);

void *machine_stack(uintptr_t top, void (*entry)(void *argument), void *argument)
{
	uintptr_t *sp = (uintptr_t *)(top & ~(uintptr_t)15) - SAVED_WORDS;

	memset(sp, 0, SAVED_WORDS * sizeof *sp);
	sp[SAVED_X19] = (uintptr_t)argument;
	sp[SAVED_X20] = (uintptr_t)entry;
	sp[SAVED_X30] = (uintptr_t)machine_first;
	return sp;
}

void machine_redirect(
	void *signal_context, uintptr_t top, void (*entry)(void *argument), void *argument)
{
	ucontext_t *context = signal_context;

	context->uc_mcontext.sp = top & ~(uintptr_t)15;
	context->uc_mcontext.pc = (uintptr_t)entry;
	context->uc_mcontext.regs[0] = (uintptr_t)argument;
	context->uc_mcontext.regs[29] = 0;
}

uintptr_t machine_interrupted(const void *signal_context)
{
	const ucontext_t *context = signal_context;

	return context->uc_mcontext.pc;
}
#endif
