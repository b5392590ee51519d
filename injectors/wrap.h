/* wrap.h - what the files that calls.awk makes have in common. */
#ifndef SNARL_INJECTORS_WRAP_H
#define SNARL_INJECTORS_WRAP_H

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <threads.h>

#include "activity.h"
#include "inject.h"
#include "process.h"

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

static inline void *wrap_failed(int error)
{
	errno = error;
	return MAP_FAILED;
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

/* What the caller's number of a descriptor stands for; and from now on no longer. */
static inline int wrap_descriptor(int number)
{
	if (__builtin_expect(!process_pretended, 1))
		return number;
	activity_descriptor(number);
	return process_descriptor(number);
}

static inline int wrap_closing(int number)
{
	return __builtin_expect(process_pretended, 0) ? process_closing(number) : number;
}

/*
 * ThreadSanitizer does not know of every channel that what is received was sent before. Told before
 * a message is sent there, and after one was received, if it was.
 */
void __tsan_acquire(void *edge) __attribute__((weak));
void __tsan_release(void *edge) __attribute__((weak));
void wrap_channel_publish(int descriptor);
void wrap_channel_subscribe(int descriptor);

static inline void wrap_publish(int descriptor)
{
	if (__tsan_release)
		wrap_channel_publish(descriptor);
}

static inline void wrap_subscribe(int descriptor, long answer)
{
	if (__tsan_acquire && answer >= 0)
		wrap_channel_subscribe(descriptor);
}

/* Nor of these locks, whose owners come one after the other. */
static inline void wrap_give(void *lock)
{
	if (__tsan_release)
		__tsan_release(lock);
}

static inline void wrap_take(void *lock)
{
	if (__tsan_acquire)
		__tsan_acquire(lock);
}

/* Nor of this: who gets the lock of one who died has what that one did before it. */
void wrap_death_publish(void);
void wrap_death_subscribe(void);

static inline void wrap_inherit(int answer)
{
	if (__builtin_expect(answer == EOWNERDEAD, 0) && __tsan_acquire)
		wrap_death_subscribe();
}

/* Once, before any actor runs. */
void wrap_signal_open(void);

/*
 * Between the two, signals come in for this thread, the first after some microseconds and then
 * again and again: a call that blocks is interrupted.
 */
void wrap_signal_begin(void);
void wrap_signal_end(void);

/* In a forked child, which has none of its parent's timers. */
void wrap_signal_forked(void);

#endif
