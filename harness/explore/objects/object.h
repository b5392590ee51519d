/*
 * object.h - the synchronisation objects that actors use, as the engine's own.
 *
 * A model is known by the address of what it models; the library's object itself is only looked at
 * for what its initialiser set. The functions `snarl_model_CALL` stand in for CALL: the build puts
 * them behind the wrapped calls (injectors/calls), with the same arguments and results.
 */
#ifndef SNARL_EXPLORE_OBJECT_H
#define SNARL_EXPLORE_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

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
};

struct snarl_actor;

struct object {
	const void *address;
	uint32_t execution; /* that the rest is of */
	enum object_kind kind;
	bool destroyed;
	int owner;		     /* who holds it; NOBODY, HOST_OWNER */
	unsigned depth;		     /* of a recursive lock; the set-up's read locks */
	actor_set readers;	     /* of a read-write lock */
	uint8_t reading[ACTORS_MAX]; /* how often each of them has it; units of a semaphore taken */
	actor_set waiters;
	actor_set writers; /* waiting ones, of a read-write lock */
	unsigned value;	   /* of a semaphore; arrived at a barrier; state of a once */
	unsigned limit;	   /* of a barrier */
	unsigned type;	   /* as glibc writes it down */
	bool robust, owner_died, lost_for_good;
	bool one_process;  /* made for the threads of one process: others are not woken */
	actor_set unheard; /* actors that signalled a condition while nobody waited */
	actor_set passed;  /* waiters of a condition that a signal has passed by, for another */
	actor_set passed_by;
	uint64_t taken_in;    /* steps of the execution before it was taken last */
	uint32_t released_at; /* number of the traced step that released it last */
	clock_vector clock;   /* of all that was released into it */
	/* The same of who had a read-write lock for reading: what a writer comes after. */
	clock_vector clock_readers;
	uint32_t readers_released_at;
	/* By actor: the call that took it last, or signalled it; void for those who did not. */
	const void *taken_at[ACTORS_MAX];
};

/* Begin an execution: all objects are as new. */
void objects_renew(uint32_t execution);

/*
 * The object at an address; ends the execution if it was destroyed. One of another kind is made
 * anew: an assignment or a static initialiser has taken its place.
 */
struct object *object_at(const void *address, enum object_kind kind, const void *pc);

/* Make it anew, as its init call does. */
struct object *object_init(const void *address, enum object_kind kind, const void *pc);

/*
 * The memory at an address says that it was initialised: what was destroyed there is gone. A lock
 * on the stack has the address of the one that the last call left.
 */
void object_revive(const void *address);

/* Look at all objects of this execution. */
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

/* A later acquire of the one also acquires what the other has now. */
void object_inherit(struct object *object, const struct object *from);

/* Wake all who wait for it, and can be woken by the running actor: these. */
void object_wake(struct object *object);
actor_set object_audience(const struct object *object);

/* Record what the actor does with it, while an execution is traced. */
void object_traced(struct actor *self, enum trace_op op, const struct object *object,
	const char *call, const void *pc);

/*
 * Wait until woken; false when the time was over first. The waiter is forgotten by the object.
 */
bool object_wait(
	struct actor *self, struct object *object, const char *call, const void *pc, bool timed);

/* Add an actor that calls `run(argument)`; NULL when there are too many. */
struct actor *actor_add(const char *name, void (*run)(void *argument), void *argument);

/* The running actor ends here and now. */
void actor_over(struct actor *self) __attribute__((noreturn));

/* An actor ends: what it holds stays held and is reported; a robust lock is passed on. */
void objects_left(struct actor *self);

/* What else ends with a process is to be called then: descriptors are closed. */
void process_over_provide(void (*over)(struct actor *self));

/* The running actor's process comes to its end; the actor itself goes on to its own. */
void process_leave(struct actor *self);

/* It ends here and now, without giving back what it holds. */
void process_dies(struct actor *self) __attribute__((noreturn));

/* Destructors of its thread-specific values; still runs as the actor. */
void specific_end(struct actor *self);

/* Write for a caller what its call has to tell, as an access of its own; up to 16 bytes. */
void result_write(void *to, const void *from, unsigned size, const void *pc);

/*
 * The set-up, the check or the teardown would wait, but nobody else runs then: note it. 0 or an
 * error number for a call that cannot return before.
 */
int host_blocks(const struct object *object, const char *call, const void *pc);

struct object *mutex_at(void *mutex, const void *pc);

/* Whether a mutex tells by EPERM that its caller does not hold it. */
bool mutex_is_checked(const struct object *mutex);

/* The running actor's lock operations that conditions need, too. */
int mutex_take(
	struct actor *self, struct object *mutex, const char *call, const void *pc, bool timed);
int mutex_give(struct actor *self, struct object *mutex, const char *call, const void *pc);

/*
 * What pthreads and C11 threads have in common; `pc` is where the call returns to. Results are
 * error numbers, as pthreads' are.
 */
struct timespec;
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

/* Virtual time, in which every step takes a little, and a sleep as long as it says. */
uint64_t time_now_ns(void);

/*
 * The point where a deadline lies in virtual time, of which there is one clock for all. 0: it is
 * past already.
 */
uint64_t time_deadline_ns(const struct timespec *deadline);

/* For a model: where its call returns to, and the stack of who called it. */
#define MODEL_PC __builtin_return_address(0)
#define MODEL_SP ((const char *)__builtin_frame_address(0) + 2 * sizeof(void *))

#endif
