/*
 * edge.h - happens-before edges for ThreadSanitizer, which does not know for every channel, lock
 * and name that what one actor did comes before what another one does.
 *
 * Give before the call that lets the other one continue, take after the call that has waited for
 * it. Other engines do not define the functions of ThreadSanitizer: nothing happens there.
 */
#ifndef SNARL_CASE_EDGE_H
#define SNARL_CASE_EDGE_H

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
 * The edge of what a descriptor refers to: by its inode, which both ends of a pipe and all openers
 * of a file have in common. The ends of sockets do not: all sockets share one edge. NULL: it is not
 * open, or there are no edges. An extra edge may hide a race; a missing one would report a false
 * race.
 */
void *edge_of_descriptor(int descriptor);

/* A file is locked from now on. Until then a descriptor that is closed has no edge. */
void edge_locks_note(void);
void *edge_of_closing(int descriptor);

/* The edge of a name, by its last component. */
void *edge_of_name(const char *path);

/* The edge of a System V object. */
void *edge_of_system_v(int id);

#endif
