/* fences.c - stamps, the atomic locations that have some, and what each thread remembers. */
#include "fences.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "actor.h"

enum {
	RINGS = 512, /* the first ones are the actors'; threads that they create share the rest */
	RING = 32,   /* stamps of a thread until it reuses one */
	STAMPS_MAX = 14, /* of a location: one for each thread in its release sequence */
	SEEN_MAX = 32,
	BUCKETS = 4096,
	LOCATIONS = 6, /* in a bucket */
	LINE_BITS = 6, /* of a cache line's address */
	SPINS = 200,
};

typedef uint16_t stamp_t; /* 0: none */

/* Each stamp's address. */
static uint64_t moments[RINGS * RING + 1];

struct fence_location {
	uintptr_t address;
	unsigned count; /* 0: the location is free */
	stamp_t stamps[STAMPS_MAX];
};

static struct fence_bucket {
	_Alignas(64) atomic_bool locked;
	unsigned batch; /* that its locations are from */
	struct fence_location locations[LOCATIONS];
} buckets[BUCKETS];

static unsigned batch = 1;
static atomic_uint threads; /* that are no actors, so far */

static _Thread_local struct {
	bool busy; /* in an operation: this one is a signal handler's */
	bool begun;
	unsigned ring, next;
	uint64_t execution; /* of what follows: */
	stamp_t fenced;	    /* by the last release fence; 0: there was none */
	unsigned seen_count;
	stamp_t seen[SEEN_MAX]; /* by loads since the last acquire fence */
} self;

void __tsan_acquire(void *address);
void __tsan_release(void *address);

static bool acquires(int order)
{
	return order != memory_order_relaxed && order != memory_order_release;
}

static bool releases(int order)
{
	return order >= memory_order_release;
}

/* What an earlier execution's fences did is over. */
static void execution_begin(void)
{
	uint64_t execution = actor_self ? actor_self->execution : UINT64_MAX;

	if (execution == self.execution)
		return;
	self.execution = execution;
	self.fenced = 0;
	self.seen_count = 0;
}

/* An actor's ring is its own, whichever thread runs it. */
static unsigned ring_of_self(void)
{
	if (actor_self && !actor_self->root)
		return actor_self->index;
	if (!self.begun)
		self.ring = SNARL_ACTORS_MAX +
			    atomic_fetch_add_explicit(&threads, 1, memory_order_relaxed) %
				    (RINGS - SNARL_ACTORS_MAX);
	self.begun = true;
	return self.ring;
}

static unsigned ring_of(stamp_t stamp)
{
	return (stamp - 1u) / RING;
}

static stamp_t stamp_now(void)
{
	stamp_t stamp = (stamp_t)(1 + ring_of_self() * RING + self.next++ % RING);

	__tsan_release(&moments[stamp]);
	return stamp;
}

static void stamp_acquire(stamp_t stamp)
{
	__tsan_acquire(&moments[stamp]);
}

static void stamp_remember(stamp_t stamp)
{
	for (unsigned i = 0; i < self.seen_count; i++)
		if (self.seen[i] == stamp)
			return;
	if (self.seen_count == SEEN_MAX)
		stamp_acquire(self.seen[--self.seen_count]);
	self.seen[self.seen_count++] = stamp;
}

static struct fence_bucket *bucket_lock(uintptr_t address)
{
	uint64_t hash = (address >> LINE_BITS) * 0x9e3779b97f4a7c15u;
	struct fence_bucket *bucket = &buckets[hash >> 32 & (BUCKETS - 1)];
	unsigned spins = 0;

	while (atomic_exchange_explicit(&bucket->locked, true, memory_order_acquire))
		if (++spins % SPINS == 0)
			sched_yield();
	if (bucket->batch != batch)
		memset(bucket->locations, 0, sizeof bucket->locations);
	bucket->batch = batch;
	return bucket;
}

/* The address's location, or else a free one; NULL: there is neither. */
static struct fence_location *location_find(struct fence_bucket *bucket, uintptr_t address)
{
	struct fence_location *unused = NULL;

	for (unsigned i = 0; i < LOCATIONS; i++) {
		struct fence_location *location = &bucket->locations[i];

		if (!location->count)
			unused = location;
		else if (location->address == address)
			return location;
	}
	if (unused)
		unused->address = address;
	return unused;
}

struct fence_visit fences_begin(const volatile void *address, int order)
{
	struct fence_visit visit = {.order = order};

	if (self.busy)
		return visit;
	self.busy = true;
	execution_begin();
	visit.bucket = bucket_lock((uintptr_t)address);
	visit.location = location_find(visit.bucket, (uintptr_t)address);
	if (!visit.location)
		visit.order = memory_order_seq_cst;
	return visit;
}

static void visit_end(const struct fence_visit *visit)
{
	atomic_store_explicit(&visit->bucket->locked, false, memory_order_release);
	self.busy = false;
}

static void location_read(const struct fence_location *location, int order)
{
	for (unsigned i = 0; i < location->count; i++)
		if (acquires(order))
			stamp_acquire(location->stamps[i]);
		else
			stamp_remember(location->stamps[i]);
}

/* A thread's later stamp has all that its earlier one has. */
static void location_add(struct fence_location *location, stamp_t stamp)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < location->count; i++)
		if (ring_of(location->stamps[i]) != ring_of(stamp))
			location->stamps[kept++] = location->stamps[i];
	location->count = kept;
	if (kept == STAMPS_MAX) {
		location_read(location, memory_order_acquire);
		location->count = 0;
		stamp = stamp_now();
	}
	location->stamps[location->count++] = stamp;
}

/* A store has the stamp of its own moment, or that of the last release fence. */
static void location_write(struct fence_location *location, int order)
{
	stamp_t stamp = releases(order) ? stamp_now() : self.fenced;

	if (stamp)
		location_add(location, stamp);
}

void fences_loaded(const struct fence_visit *visit, int order)
{
	if (!visit->bucket)
		return;
	if (visit->location)
		location_read(visit->location, order);
	visit_end(visit);
}

void fences_stored(const struct fence_visit *visit, int order)
{
	if (!visit->bucket)
		return;
	if (visit->location) {
		visit->location->count = 0;
		location_write(visit->location, order);
	}
	visit_end(visit);
}

void fences_exchanged(const struct fence_visit *visit, int order)
{
	if (!visit->bucket)
		return;
	if (visit->location) {
		location_read(visit->location, order);
		location_write(visit->location, order);
	}
	visit_end(visit);
}

void fences_passed(int order)
{
	execution_begin();
	if (acquires(order)) {
		for (unsigned i = 0; i < self.seen_count; i++)
			stamp_acquire(self.seen[i]);
		self.seen_count = 0;
	}
	if (releases(order))
		self.fenced = stamp_now();
}

void fences_forget(void)
{
	batch++;
}
