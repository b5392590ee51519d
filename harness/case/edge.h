/*
 * edge.h - happens-before edges for ThreadSanitizer, which does not know for every channel, lock
 * and name that what one actor did comes before what another one does.
 *
 * Give before the call that lets the other one continue, take after the call that has waited for
 * it. Other engines do not define the functions of ThreadSanitizer: nothing happens there.
 */
#ifndef SNARL_CASE_EDGE_H
#define SNARL_CASE_EDGE_H

#include <stdbool.h>
#include <stdint.h>

void __tsan_acquire(void *edge) __attribute__((weak));
void __tsan_release(void *edge) __attribute__((weak));

static inline void edge_give(void *edge)
{
	if (__tsan_release && edge)
		__tsan_release(edge);
}

static inline void edge_take(void *edge)
{
	if (__tsan_acquire && edge)
		__tsan_acquire(edge);
}

/*
 * A lock that ThreadSanitizer does not know, such as those of threads.h: these give and take as
 * well, and let it learn the order of locks. Between wrap_enter and wrap_leave, so that its reports
 * have the line. Any thread may lock its lock again: a plain mutex then hangs, which is reported.
 */
enum {
	EDGE_REENTRANT = 1 << 1, /* flags of sanitizer/tsan_interface.h */
	EDGE_TRY = 1 << 4,	 /* it does not wait forever: no part of a deadlock */
};

void __tsan_mutex_create(void *lock, unsigned flags) __attribute__((weak));
void __tsan_mutex_destroy(void *lock, unsigned flags) __attribute__((weak));
void __tsan_mutex_pre_lock(void *lock, unsigned flags) __attribute__((weak));
void __tsan_mutex_post_lock(void *lock, unsigned flags, int count) __attribute__((weak));
int __tsan_mutex_pre_unlock(void *lock, unsigned flags) __attribute__((weak));
void __tsan_mutex_post_unlock(void *lock, unsigned flags) __attribute__((weak));

static inline void edge_lock_create(void *lock)
{
	if (__tsan_mutex_create)
		__tsan_mutex_create(lock, EDGE_REENTRANT);
}

static inline void edge_lock_destroy(void *lock)
{
	if (__tsan_mutex_destroy)
		__tsan_mutex_destroy(lock, 0);
}

/* After the calling thread has locked it; `flags`: 0 or EDGE_TRY. */
static inline void edge_lock(void *lock, unsigned flags)
{
	if (!__tsan_mutex_pre_lock)
		return;
	__tsan_mutex_pre_lock(lock, flags | EDGE_REENTRANT);
	__tsan_mutex_post_lock(lock, flags | EDGE_REENTRANT, 0);
}

/* Before it unlocks it. */
static inline void edge_unlock(void *lock)
{
	if (!__tsan_mutex_pre_unlock)
		return;
	__tsan_mutex_pre_unlock(lock, 0);
	__tsan_mutex_post_unlock(lock, 0);
}

/*
 * The edge of what a descriptor refers to: by its inode, which both ends of a pipe and all openers
 * of a file have in common. The ends of sockets do not: all sockets share one edge. NULL: it is not
 * open, or there are no edges. An extra edge may hide a race; a missing one would report a false
 * race.
 */
void *edge_of_descriptor(int descriptor);

/*
 * Locks of open files, by the descriptor that the calling thread locked it with. Another lock by it
 * takes the place of the one it has: give before, since that one ends.
 */
enum edge_lock { EDGE_FILE, EDGE_RANGE, EDGE_LOCKS };

void edge_file_locked(int descriptor, enum edge_lock kind, bool locked);
bool edge_file_is_locked(int descriptor, enum edge_lock kind);

/* A descriptor is about to be closed, and the lock with it, if any file has been locked. */
void edge_close(int descriptor);

/* The edge of a name, by its last component. */
void *edge_of_name(const char *path);

/* The edge of a System V object. */
void *edge_of_system_v(int id);

#endif
