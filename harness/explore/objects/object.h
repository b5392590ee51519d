/*
 * object.h - the engine's models of the synchronisation objects that actors use.
 *
 * A model is found by the address of the object that it models. The library's object itself is only
 * read for what its initialiser set. The functions `snarl_model_CALL` replace CALL, with the same
 * arguments and results: the build puts them behind the wrapped calls (injectors/calls).
 */
#ifndef SNARL_EXPLORE_OBJECT_H
#define SNARL_EXPLORE_OBJECT_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "trace.h"
#include "scheduler.h"

enum object_kind {
	OBJECT_NONE,
	OBJECT_MUTEX,
	OBJECT_CONDITION,
	OBJECT_RWLOCK,
	OBJECT_SPINLOCK,
	OBJECT_SEMAPHORE,
	OBJECT_BARRIER,
	OBJECT_ONCE,
	OBJECT_DESCRIPTOR,
	OBJECT_FILE_LOCK,
};

struct snarl_actor;

struct object {
	const void *address;
	uint32_t execution; /* that the other members belong to */
	enum object_kind kind;
	bool destroyed;
	int owner;	   /* its holder; NOBODY, HOST_OWNER */
	unsigned depth;	   /* of a recursive lock; the set-up's read locks */
	actor_set readers; /* of a read-write lock, a file lock */
	actor_set waiters;
	actor_set writers; /* those waiters that wait to write: of a read-write lock, a channel */
	unsigned value;	   /* of a semaphore; arrived at a barrier; state of a once */
	unsigned limit;	   /* of a barrier */
	unsigned type;	   /* in glibc's encoding */
	bool robust, owner_died, lost_for_good;
	bool one_process;    /* not shared between processes: those of others are not woken */
	actor_set missed_by; /* actors that signalled a condition while no actor waited */
	actor_set passed;    /* waiters of a condition when a signal woke another one */
	actor_set skipped_by;
	uint64_t taken_in;		   /* steps of the execution when it was last acquired */
	uint32_t released_at;		   /* number of the traced step that released it last */
	uint32_t readers_released_at;	   /* the same for readers of a read-write lock */
	struct vector_clock clock;	   /* join of all releases into it */
	struct vector_clock clock_readers; /* of those by readers, which only writers acquire */
	uint8_t reading[ACTORS_MAX]; /* by actor: how often it holds it; units of a semaphore */
	/* By actor: its last call that acquired or signalled it; undefined if it never did. */
	const void *acquired_at[ACTORS_MAX];
};

/* Begin an execution: forget the state of all objects. */
void objects_renew(uint32_t execution);

/*
 * The object at an address; ends the execution if it was destroyed. If its kind differs, it is
 * reset: an assignment or a static initialiser has replaced it.
 */
struct object *object_at(const void *address, enum object_kind kind, const void *pc);

/* A step that writes the object's memory, as its init and destroy calls do. */
void object_write(const void *address, const void *pc);

/* Reset it, as its init call does. */
struct object *object_init(const void *address, enum object_kind kind, const void *pc);

/*
 * The memory at an address shows that it was initialised: reset an object that was destroyed there.
 * A lock on the stack may have the address of one from an earlier call.
 */
void object_revive(const void *address);

/* Call `look` for all objects of this execution. */
void object_each(void (*look)(const struct object *object, void *context), void *context);

/* Destroy it. */
void object_destroy(struct object *object);

/* The object's name for messages. */
const char *object_name(const struct object *object);

/* "alice", or "the set-up". */
const char *owner_name(int owner);

/* Happens-before through an object. */
void object_release(struct actor *self, struct object *object);
void object_acquire(struct actor *self, struct object *object);

/*
 * The same through a lock that readers share: a writer acquires the releases of readers and
 * writers, a reader only those of writers.
 */
void object_release_as(struct actor *self, struct object *lock, bool writing);
void object_acquire_as(struct actor *self, struct object *lock, bool writing);

/* A later acquire of `object` also acquires what was released into `from` so far. */
void object_inherit(struct object *object, const struct object *from);

/* Wake all waiters that the running actor can wake. object_audience returns them. */
void object_wake(struct object *object);
actor_set object_audience(const struct object *object);

/* Record what the actor does with it, while an execution is traced. */
void object_traced(struct actor *self, enum trace_op op, const struct object *object,
	const char *call, const void *pc);

/* The actor fails to take it, and does not wait. */
void object_refused(
	struct actor *self, const struct object *object, const char *call, const void *pc);

/*
 * Wait until woken; returns false after a timeout. The actor is no waiter of the object afterwards.
 */
bool object_wait(
	struct actor *self, struct object *object, const char *call, const void *pc, bool timed);

/* Add an actor that calls `run(argument)`. Returns NULL if it cannot be added. */
struct actor *actor_add(const char *name, void (*run)(void *argument), void *argument);

/* End the running actor. */
void actor_over(struct actor *self) __attribute__((noreturn));

/* An actor ends: locks that it holds stay held and are reported; a robust one is released. */
void objects_left(struct actor *self);

/* Register what is called when a process ends: descriptors are closed. */
void process_over_provide(void (*over)(struct actor *self));

/* The running actor's process ends; the actor itself continues to its own end. */
void process_leave(struct actor *self);

/* End the actor and its process at once, without releasing what it holds. */
void process_dies(struct actor *self) __attribute__((noreturn));

/*
 * The running actor ends the program with this status, by a return from main or as `how` says: what
 * others are doing is of no consequence.
 */
void program_leave(int status, const char *how, const void *pc) __attribute__((noreturn));

/* The program's last thread ends, after main has left by pthread_exit. */
void program_finish(void) __attribute__((noreturn));

/* Register what is called then. */
void program_over_provide(void (*over)(void));

/* Call the destructors of its thread-specific values; runs as the actor. */
void specific_end(struct actor *self);

/* Write a call's result into the caller's memory, as an access of the caller. */
void result_write(void *to, const void *from, unsigned size, const void *pc);

/*
 * The set-up, the check or the teardown would wait forever, because no actor runs then: record
 * that. Returns an error number for the call to return.
 */
int host_blocks(const struct object *object, const char *call, const void *pc);

struct object *mutex_at(void *mutex, const void *pc);

/* Whether unlocking a mutex that the caller does not hold returns EPERM. */
bool mutex_is_checked(const struct object *mutex);

/* The running actor's lock operations, for conditions as well. */
int mutex_take(
	struct actor *self, struct object *mutex, const char *call, const void *pc, bool timed);
int mutex_give(struct actor *self, struct object *mutex, const char *call, const void *pc);

/*
 * Common to pthreads and C11 threads; `pc` is where the call returns to. Results are error numbers,
 * as pthreads' are.
 */
int mutex_lock(void *mutex, const struct timespec *deadline, const char *call, const void *pc);
int mutex_trylock(void *mutex, const char *call, const void *pc);
int mutex_unlock(void *mutex, const char *call, const void *pc);
int mutex_destroy(void *mutex, const void *pc);
int condition_wait(void *condition, void *mutex, const struct timespec *deadline, const char *call,
	const void *pc);
int condition_signal(void *condition, bool all, const char *call, const void *pc);
int condition_destroy(void *condition, const void *pc);
int thread_create(unsigned long *thread, bool detached, void *(*routine)(void *argument),
	void *argument, const char *call, const void *pc);
int thread_join(unsigned long thread, void **result, const char *call, const void *pc);
int thread_detach(unsigned long thread, const void *pc);
void thread_exit(void *result) __attribute__((noreturn));

/* Record a leak if a thread was neither joined nor detached. */
void threads_end(void);

/*
 * A deadline of the real-time clock, in virtual time, in which every step takes a little and a
 * sleep takes its duration. 0: it is already past.
 */
uint64_t time_deadline_ns(const struct timespec *deadline);

/* A span of time in nanoseconds. */
uint64_t time_span_ns(const struct timespec *span);

/* What the real-time clock shows when `clock` shows `time`. */
struct timespec time_realtime(int clock, const struct timespec *time);

/*
 * For a model: its call's return address, and its caller's stack pointer. A wrapper ends by calling
 * its model, so that they are the scenario's.
 */
#define MODEL_PC __builtin_return_address(0)
#define MODEL_SP ((const char *)__builtin_frame_address(0) + 2 * sizeof(void *))

#endif
