/*
 * machine_x86_64.c - switching fibers on x86-64.
 *
 * The thread pointer is the FS base. It is written by an instruction if the kernel lets programs do
 * so (FSGSBASE, Linux 5.9 and later), otherwise by a system call. Rounding mode and exception masks
 * are not part of a switch: an actor that changes them changes them for all.
 */
#ifdef __x86_64__
#define _GNU_SOURCE
#include "machine.h"

#include <asm/prctl.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum { HWCAP2_FSGSBASE_BIT = 1 << 1 };

static bool has_fsgsbase; /* set by machine_open */

void machine_open(bool fast)
{
	has_fsgsbase = fast && getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE_BIT;
}

uintptr_t machine_thread(void)
{
	uintptr_t thread;

	__asm__("movq %%fs:0, %0" : "=r"(thread)); /* the ABI stores the pointer where it points */
	return thread;
}

/* Save the callee-saved registers on the old stack; change stacks; restore them from the new. */
#define LEAVE                                                                                      \
	"	pushq %rbp\n"                                                                            \
	"	pushq %rbx\n"                                                                            \
	"	pushq %r12\n"                                                                            \
	"	pushq %r13\n"                                                                            \
	"	pushq %r14\n"                                                                            \
	"	pushq %r15\n"                                                                            \
	"	movq %rsp, (%rdi)\n"                                                                     \
	"	movq %rsi, %rsp\n"

#define ARRIVE                                                                                     \
	"	popq %r15\n"                                                                             \
	"	popq %r14\n"                                                                             \
	"	popq %r13\n"                                                                             \
	"	popq %r12\n"                                                                             \
	"	popq %rbx\n"                                                                             \
	"	popq %rbp\n"                                                                             \
	"	ret\n"

/*
 * In assembly, because even the return address must come from the other stack. The system call
 * clobbers only rax, rcx and r11, as any call may.
 */
__asm__(".text\n"
	".type machine_switch_fast, @function\n"
	"machine_switch_fast:\n" LEAVE "	wrfsbase %rdx\n" ARRIVE
	".size machine_switch_fast, . - machine_switch_fast\n"
	".type machine_switch_slow, @function\n"
	"machine_switch_slow:\n" LEAVE "	movq %rdx, %rsi\n"
	"	movl $0x1002, %edi\n" /* ARCH_SET_FS */
	"	movl $158, %eax\n"    /* arch_prctl */
	"	syscall\n" ARRIVE ".size machine_switch_slow, . - machine_switch_slow\n"
	/* First run of a fiber: its argument lies in r12, its function in r13. */
	".type machine_first, @function\n"
	"machine_first:\n"
	"	xorl %ebp, %ebp\n"
	"	movq %r12, %rdi\n"
	"	callq *%r13\n"
	"	ud2\n"
	".size machine_first, . - machine_first\n");

void machine_switch_fast(void **from, void *to, uintptr_t thread);
void machine_switch_slow(void **from, void *to, uintptr_t thread);
void machine_first(void);

void machine_switch(void **from, void *to, uintptr_t thread)
{
	if (__builtin_expect(has_fsgsbase, 1))
		machine_switch_fast(from, to, thread);
	else
		machine_switch_slow(from, to, thread);
}

void *machine_stack(uintptr_t top, void (*entry)(void *argument), void *argument)
{
	uintptr_t *sp = (uintptr_t *)(top & ~(uintptr_t)15);

	*--sp = 0; /* aligns the stack at machine_first's call */
	*--sp = 0;
	*--sp = (uintptr_t)machine_first;
	*--sp = 0;		     /* rbp */
	*--sp = 0;		     /* rbx */
	*--sp = (uintptr_t)argument; /* r12 */
	*--sp = (uintptr_t)entry;    /* r13 */
	*--sp = 0;		     /* r14 */
	*--sp = 0;		     /* r15 */
	return sp;
}

void machine_redirect(
	void *signal_context, uintptr_t top, void (*entry)(void *argument), void *argument)
{
	ucontext_t *context = signal_context;
	greg_t *registers = context->uc_mcontext.gregs;

	registers[REG_RSP] = (greg_t)((top & ~(uintptr_t)15) - 8); /* as after a call */
	registers[REG_RIP] = (greg_t)entry;
	registers[REG_RDI] = (greg_t)argument;
	registers[REG_RBP] = 0;
}

uintptr_t machine_interrupted(const void *signal_context)
{
	const ucontext_t *context = signal_context;

	return (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
}
#endif
