/*
 * fiber.h - actors as fibers on one thread of the operating system.
 *
 * A fiber borrows the stack, thread-local storage and pthread_self() of a donor thread: a real
 * thread that was created once and is blocked forever in the kernel with all signals blocked. While
 * the fiber runs, the one running thread uses that stack and that thread pointer, so that errno,
 * _Thread_local, specific data and everything else that libc keeps per thread are the fiber's own.
 */
#ifndef SNARL_EXPLORE_FIBER_H
#define SNARL_EXPLORE_FIBER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FIBER_STACK_BYTES =
		8 << 20, /* whatever the shell's limit: recursion ends at the same depth */
};

struct fiber {
	void *sp;	       /* stack pointer to resume with; valid while it does not run */
	uintptr_t thread;      /* thread pointer: FS base on x86-64, TPIDR_EL0 on arm64 */
	uintptr_t top;	       /* upper end of the part of the stack that it may use */
	uintptr_t bottom;      /* lowest address of the stack, above its guard */
	pthread_t handle;      /* of the donor thread */
	unsigned char *locals; /* the program's own thread-local variables */
};

/*
 * Create a fiber with its donor thread. Returns 0 or a negative errno: -EAGAIN if no thread can be
 * created.
 */
int fiber_make(struct fiber *fiber);

/* The fiber of the calling thread itself, which runs before the first switch. */
void fiber_adopt(struct fiber *fiber);

/*
 * Let the next switch to the fiber call `entry(argument)`, which never returns; what the fiber was
 * doing is abandoned. Errno and the program's thread-local variables are reset as in a new thread.
 */
void fiber_begin(struct fiber *fiber, void (*entry)(void *argument), void *argument);

/* Reset only these variables. */
void fiber_renew(struct fiber *fiber);

/* Leave `from` and resume `to`. Returns when another fiber switches back. */
void fiber_switch(struct fiber *from, struct fiber *to);

/*
 * From a signal handler: let the handler's return resume `to`, which is not running, and abandon
 * what was interrupted.
 */
void fiber_escape(void *signal_context, struct fiber *to);

#endif
