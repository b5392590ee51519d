/* wrap.h - what the files that calls.awk makes have in common. */
#ifndef SNARL_INJECTORS_WRAP_H
#define SNARL_INJECTORS_WRAP_H

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <threads.h>

#include "activity.h"
#include "edge.h"
#include "inject.h"
#include "process.h"

/* The code of threads.h that is nearest to an errno; there are no more of them. */
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

/* Set errno, and return what a call returns that fails this way. */
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
 * ThreadSanitizer keeps its own call stack, of code that was compiled for it. A wrapper was not, so
 * it has to announce from where it was called. Other engines do not define these.
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

/* Translate the caller's descriptor; wrap_closing also marks it as closed. */
static inline int wrap_descriptor(int number)
{
	if (__builtin_expect(!process_emulated, 1))
		return number;
	activity_descriptor(number);
	return process_descriptor(number);
}

static inline int wrap_closing(int number)
{
	if (__builtin_expect(process_emulated, 0))
		number = process_closing(number);
	edge_close(number);
	return number;
}

/*
 * ThreadSanitizer does not know for every channel that what is received was sent before: see
 * edge.h. Publish before a message is sent there, subscribe after one was received.
 */
void wrap_channel_publish(int descriptor);

static inline void wrap_publish(int descriptor)
{
	if (__tsan_release)
		wrap_channel_publish(descriptor);
}

static inline void wrap_subscribe(int descriptor, long answer)
{
	if (__tsan_acquire && answer >= 0)
		edge_take(edge_of_descriptor(descriptor));
}

/* The same for a name that one makes or removes, and another one finds, or finds gone. */
static inline void wrap_name_publish(const char *name)
{
	if (__tsan_release)
		edge_give(edge_of_name(name));
}

static inline void wrap_name_subscribe(const char *name)
{
	if (__tsan_acquire)
		edge_take(edge_of_name(name));
}

/* And for an owner's death: what it did happens before the next owner gets its lock. */
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
 * Between the two, signals arrive at this thread, the first after some microseconds and then again
 * and again: a call that blocks is interrupted.
 */
void wrap_signal_begin(void);
void wrap_signal_end(void);

/* In a forked child, which has none of its parent's timers. */
void wrap_signal_forked(void);

#endif
