/*
 * fiber.h - actors as fibers on one thread of the operating system.
 *
 * A fiber borrows stack, thread-local storage and pthread_self() of a real thread that was created
 * once and is parked for good in the kernel with all signals blocked. While the fiber runs, the one
 * running thread stands on that stack with that thread pointer: errno, _Thread_local, specific data
 * and whatever else libc keeps for a thread are the fiber's own.
 */
#ifndef SNARL_EXPLORE_FIBER_H
#define SNARL_EXPLORE_FIBER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fiber {
	void *sp;	       /* where it goes on; valid while it does not run */
	uintptr_t thread;      /* thread pointer: FS base on x86-64, TPIDR_EL0 on arm64 */
	uintptr_t top;	       /* of the part of the stack that it may use */
	uintptr_t bottom;      /* lowest address of the stack, above its guard */
	pthread_t handle;      /* of the thread that it borrows from */
	unsigned char *locals; /* the program's own thread-local variables */
};

/* Borrow from a new thread. 0 or a negative errno: -EAGAIN without more threads. */
int fiber_make(struct fiber *fiber);

/* The fiber of the calling thread itself: what runs before the first switch. */
void fiber_adopt(struct fiber *fiber);

/*
 * Let the next switch to the fiber call `entry(argument)`, which never returns; whatever it was
 * doing is forgotten. The program's thread-local variables, and errno, are as in a new thread.
 */
void fiber_begin(struct fiber *fiber, void (*entry)(void *argument), void *argument);

/* The same for the variables alone. */
void fiber_renew(struct fiber *fiber);

/* Leave `from`, go on in `to`; returns when somebody switches back. */
void fiber_switch(struct fiber *from, struct fiber *to);

/*
 * From a signal handler: let the handler's return go on in `to`, which is not running, and forget
 * what was interrupted.
 */
void fiber_escape(void *signal_context, struct fiber *to);

#endif
