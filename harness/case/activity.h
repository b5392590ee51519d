/*
 * activity.h - what each thread of a case is doing: the call that it is in, what it holds, and what
 * it signalled.
 *
 * The parent reads it once a case has fallen silent. Each thread writes its own entry, on its own
 * pages, by plain stores, and no other thread of the case reads it while actors run: the activity
 * table orders nothing and shares no cache line. A lock's entry is written after it is taken and
 * after it is released, so that a look at running threads may be wrong; a look at threads that no
 * longer move is not.
 */
#ifndef SNARL_CASE_ACTIVITY_H
#define SNARL_CASE_ACTIVITY_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	ACTIVITY_ENTRIES = 160, /* threads; those beyond are not on the activity table */
	ACTIVITY_HELD_MAX = 64,
	/*
	 * Ring of the thread's most recent signals. Large enough because a signaller runs at most
	 * ACTIVITY_AHEAD_MAX executions ahead of a blocked actor.
	 */
	ACTIVITY_SIGNALS_MAX = 512,
	ACTIVITY_AHEAD_MAX = 64,
	ACTIVITY_CREATED_MAX = 16, /* the last threads that a thread created */
	ACTIVITY_NAME_MAX = 64,
	ACTIVITY_PAGE = 4096,
};

enum activity_mode { ACTIVITY_ALONE, ACTIVITY_SHARED, ACTIVITY_UNIT /* of a semaphore */ };

struct activity_entry {
	_Alignas(ACTIVITY_PAGE) uint32_t tid; /* the kernel's; 0: the entry is free */
	char name[ACTIVITY_NAME_MAX];	      /* the actor's; "": a thread that an actor created */
	char own_name[ACTIVITY_NAME_MAX];     /* of a program's thread; "": by its creator */
	uint64_t thread;		      /* its pthread_self(), or its process ID */
	uint64_t sequence; /* calls entered and left: changes while the thread moves */
	bool between;	   /* an actor's thread runs a set-up or a check */

	uint32_t call;	     /* that it is in, an index of activity_calls; 0: none */
	uint64_t object, pc; /* object: for a descriptor, the kernel's number */
	/* The caller's number for the last descriptor, if it differs; of the last semaphore of a
	 * set. */
	int32_t number;
	uint64_t other;	    /* the lock that a wait for a condition releases meanwhile */
	uint64_t execution; /* of that call; UINT64_MAX: not an actor's */
	uint64_t since_ns;  /* when it was entered, for calls that wait for a signal */
	uint64_t woken_ns;  /* when the last wait for a condition ended, and for which one: */
	uint64_t woken_from;
	uint64_t delayed_us; /* by rules, in all, with a delay that has just begun */

	uint32_t held_count;
	struct activity_held {
		uint64_t object, pc, execution;
		uint32_t mode, count;
	} held[ACTIVITY_HELD_MAX]; /* what was taken last comes last */

	uint32_t signal_count; /* in all */
	struct activity_signal {
		uint64_t object, pc, execution, at_ns;
	} signals[ACTIVITY_SIGNALS_MAX]; /* a ring */

	uint32_t created_count; /* in all */
	struct activity_created {
		uint64_t thread, execution;
		uint64_t number;	 /* within the execution, from 1 */
	} created[ACTIVITY_CREATED_MAX]; /* a ring */
};

struct activity {
	_Alignas(ACTIVITY_PAGE) uint64_t base; /* where the program is loaded */
	uint32_t threads_own;		       /* of harness and detector: they have no entry */
	uint64_t handlers_own;		       /* signals that they handle, as in /proc */
	/* The running batch; written between batches. */
	uint64_t states, stride, count;
	struct activity_entry entries[ACTIVITY_ENTRIES];
};

/* Properties of a wrapped call; made from injectors/calls. */
struct activity_call {
	const char *name;
	const char *wait; /* see there */
	bool blocks;	  /* it may wait for others, and for nothing else */
	bool timed;	  /* it ends by itself, sooner or later */
};
extern const struct activity_call activity_calls[]; /* from 1 */
extern const unsigned activity_call_count;	    /* the first number that is no call */

/* The activity table of this process; NULL: there is none. Set before any actor runs. */
extern struct activity *activity_current;
extern _Thread_local volatile struct activity_entry *activity_self;
extern _Thread_local bool activity_left_out; /* there was no entry left for this thread */

/* Use the memory behind the descriptor as the activity table. 0 or a negative errno. */
int activity_open(int descriptor);

/* The signals that a process handles, by its file "status" in /proc; all if it is unknown. */
uint64_t activity_handlers(const char *path);

/* Give the calling thread an entry, under an actor's name or NULL. There may be none left. */
void activity_join(const char *name);

/* The same in a forked child, which needs its own entry; NULL if it is not an actor. */
void activity_forked(const char *name);

/* The calling thread, which an actor created, has a name of its own. */
void activity_named(const char *name);

/*
 * The calling thread ends, and another continues in its place: that one takes over its entry, with
 * what it holds. NULL: it has none.
 */
struct activity_entry *activity_hand_over(void);
void activity_take_over(struct activity_entry *entry);

/* The calling thread begins or ends to run set-ups or checks. */
static inline void activity_between(bool between)
{
	if (activity_self)
		activity_self->between = between;
}

/* Whether any thread has signalled a condition. Only while none writes to the activity table. */
bool activity_any_signal(void);

/* The rest is for wrapped calls: plain stores, and nothing at all without an activity table. */

static inline volatile struct activity_entry *activity_entry(void)
{
	if (!activity_current)
		return NULL;
	if (!activity_self && !activity_left_out)
		activity_join(NULL);
	return activity_self;
}

/* Number of the calling actor's execution. */
uint64_t activity_execution(void);
uint64_t activity_now_ns(void);

static inline void activity_await(unsigned call, uint64_t object, uint64_t lock, const void *pc)
{
	volatile struct activity_entry *self = activity_entry();

	if (!self)
		return;
	self->object = object;
	self->other = lock;
	self->pc = (uintptr_t)pc;
	self->execution = activity_execution();
	if (lock)
		self->since_ns = activity_now_ns();
	self->sequence++;
	self->call = call;
}

static inline void activity_enter(unsigned call, uint64_t object, const void *pc)
{
	activity_await(call, object, 0, pc);
}

static inline void activity_leave(void)
{
	volatile struct activity_entry *self = activity_entry();

	if (!self)
		return;
	if (self->other) {
		self->woken_from = self->object;
		self->woken_ns = activity_now_ns();
		self->other = 0;
	}
	self->call = 0;
	self->sequence++;
}

/* A rule keeps the calling thread for so long. */
static inline void activity_delayed(uint32_t us)
{
	if (activity_self)
		activity_self->delayed_us += us;
}

/* The number by which the calling thread knows a descriptor, or a semaphore in its set. */
static inline void activity_descriptor(int number)
{
	volatile struct activity_entry *self = activity_entry();

	if (self)
		self->number = number;
}

/* Whether a call that acquires something has acquired it. */
static inline bool activity_done(int result)
{
	return result == 0 || result == EOWNERDEAD;
}

/* Record that the object of the last entered call is now held by the calling thread. */
void activity_hold(const volatile void *object, enum activity_mode mode);
void activity_drop(const volatile void *object);
void activity_signal(const volatile void *object);
void activity_created(uint64_t thread);

#endif
