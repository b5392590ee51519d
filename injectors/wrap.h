/* wrap.h - what the files that calls.awk makes have in common. */
#ifndef SNARL_INJECTORS_WRAP_H
#define SNARL_INJECTORS_WRAP_H

#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <threads.h>

#include "inject.h"

/* The code of threads.h that comes nearest to an errno; it has no more of them. */
static inline int wrap_thrd(int error)
{
	switch (error) {
	case ENOMEM:
		return thrd_nomem;
	case EBUSY:
		return thrd_busy;
	case ETIMEDOUT:
		return thrd_timedout;
	default:
		return thrd_error;
	}
}

/* Set errno, and return what a call returns that fails so. */
static inline int wrap_errno(int error)
{
	errno = error;
	return -1;
}

static inline void *wrap_null(int error)
{
	errno = error;
	return NULL;
}

/*
 * ThreadSanitizer keeps its own stack of calls, of code that was compiled for it; a wrapper was
 * not, so that it has to tell from where it was called. In the other engines there is nobody to
 * tell.
 */
void __tsan_func_entry(void *pc) __attribute__((weak));
void __tsan_func_exit(void) __attribute__((weak));

static inline void wrap_enter(void *pc)
{
	if (__tsan_func_entry)
		__tsan_func_entry(pc);
}

static inline void wrap_leave(void)
{
	if (__tsan_func_exit)
		__tsan_func_exit();
}

/* Once, before any actor runs. */
void wrap_signal_open(void);

/*
 * Between the two, signals come in for this thread, the first after some microseconds and then
 * again and again: a call that blocks is interrupted.
 */
void wrap_signal_begin(void);
void wrap_signal_end(void);

#endif
