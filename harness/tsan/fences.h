/*
 * fences.h - the happens-before edges of fences, which ThreadSanitizer does not know.
 *
 * C17 7.17.4: a release fence before an atomic store, and an acquire fence after a load that reads
 * from it or from its release sequence, synchronise; and so do a fence and a release store or an
 * acquire load on the other side. TSan takes a fence for nothing and a relaxed store for no
 * release. Announcing the store itself as a release would hide what is written between the fence
 * and the store. So a release fence releases at an address of its own, a stamp: the thread's clock
 * at that moment. Each atomic location has the stamps of its last store and of the
 * read-modify-writes that continued its release sequence; a relaxed load remembers them, and an
 * acquire fence acquires what was remembered.
 *
 * Only variants with a fence are redirected here (OBJCOPY_fences in the Makefile); the others call
 * TSan's own functions. An operation and the note of its stamps are one step under a spin lock,
 * which is shared by the atomics of a cache line or two: as TSan's own lock for each
 * read-modify-write, it orders the hardware's accesses, and draws no edge that TSan could see.
 *
 * Each shortage can hide a race and cannot invent one: stamps are reused, memory that is freed and
 * allocated again keeps its stamps until the end of the batch, a location beyond those that fit has
 * its operations made sequentially consistent. Operations in a signal handler that interrupts
 * another operation of the thread are not followed.
 */
#ifndef SNARL_TSAN_FENCES_H
#define SNARL_TSAN_FENCES_H

/* An operation in progress. */
struct fence_visit {
	struct fence_bucket *bucket; /* NULL: it is not followed */
	struct fence_location *location;
	int order; /* to make the operation with */
};

/* Call before an atomic operation; one of the three that follow ends the visit. */
struct fence_visit fences_begin(const volatile void *address, int order);

/* What the operation was: `order` is that of the program. */
void fences_loaded(const struct fence_visit *visit, int order);
void fences_stored(const struct fence_visit *visit, int order);
void fences_exchanged(const struct fence_visit *visit, int order);

/* The calling thread has passed a fence. */
void fences_passed(int order);

/* The batch is over: its memory begins anew. Called while no actor runs. */
void fences_forget(void);

#endif
