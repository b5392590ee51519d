/* activity.c - what each thread of a case is doing. */
#define _GNU_SOURCE
#include "activity.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "actor.h"
#include "clock.h"

extern char __executable_start; /* from the linker */

struct activity *activity_current;
_Thread_local volatile struct activity_entry *activity_self;
_Thread_local bool activity_left_out;

int activity_open(int descriptor)
{
	void *memory = mmap(
		NULL, sizeof(struct activity), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);

	if (memory == MAP_FAILED)
		return -errno;
	close(descriptor); /* a scenario that writes to any descriptor must not find it */
	activity_current = memory;
	activity_current->base = (uintptr_t)&__executable_start;
	return 0;
}

uint64_t activity_handlers(const char *path)
{
	FILE *file = fopen(path, "r");
	unsigned long long caught = ~0ull;
	char line[128];

	while (file && fgets(line, sizeof line, file))
		if (sscanf(line, "SigCgt: %llx", &caught) == 1)
			break;
	if (file)
		fclose(file);
	return caught;
}

/* Whether the thread that an entry belongs to has ended. */
static bool entry_left(const struct activity_entry *entry)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%u", entry->tid);
	return access(path, F_OK) != 0;
}

/*
 * Relaxed, and only once per thread: an entry changes owners without ordering what they do
 * elsewhere.
 */
static bool entry_take(struct activity_entry *entry, uint32_t tid)
{
	uint32_t owner = __atomic_load_n(&entry->tid, __ATOMIC_RELAXED);

	if (owner && owner != tid && !entry_left(entry))
		return false;
	return __atomic_compare_exchange_n(
		&entry->tid, &owner, tid, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

static void name_copy(volatile char to[ACTIVITY_NAME_MAX], const char *name)
{
	unsigned i = 0;

	for (; name && name[i] && i + 1 < ACTIVITY_NAME_MAX; i++)
		to[i] = name[i];
	to[i] = '\0';
}

/*
 * Store by store, because ThreadSanitizer watches memset and its like, and an entry changes owners
 * without an order that it could see.
 */
static void entry_begin(volatile struct activity_entry *entry, const char *name)
{
	entry->call = 0;
	entry->other = 0;
	entry->woken_from = 0;
	entry->held_count = 0;
	entry->signal_count = 0;
	entry->created_count = 0;
	name_copy(entry->name, name);
	entry->own_name[0] = '\0';
	entry->thread = (uint64_t)pthread_self();
	entry->sequence++;
}

void activity_join(const char *name)
{
	int error = errno;

	for (unsigned i = 0; activity_current && i < ACTIVITY_ENTRIES; i++) {
		struct activity_entry *entry = &activity_current->entries[i];

		if (!entry_take(entry, (uint32_t)gettid()))
			continue;
		entry_begin(entry, name);
		activity_self = entry;
		break;
	}
	activity_left_out = !activity_self;
	errno = error;
}

void activity_named(const char *name)
{
	volatile struct activity_entry *self = activity_entry();

	if (self)
		name_copy(self->own_name, name);
}

void activity_forked(const char *name)
{
	activity_self = NULL;
	activity_join(name);
	if (activity_self && !name)
		activity_self->thread = (uint64_t)getpid();
}

struct activity_entry *activity_hand_over(void)
{
	struct activity_entry *entry = (struct activity_entry *)activity_self;

	/* The process outlives the thread, so that no other takes the entry meanwhile. */
	if (entry)
		__atomic_store_n(&entry->tid, (uint32_t)getpid(), __ATOMIC_RELAXED);
	return entry;
}

void activity_take_over(struct activity_entry *entry)
{
	activity_self = entry;
	activity_left_out = !entry;
	if (!entry)
		return;
	entry->thread = (uint64_t)pthread_self();
	__atomic_store_n(&entry->tid, (uint32_t)gettid(), __ATOMIC_RELAXED);
}

uint64_t activity_execution(void)
{
	return actor_self ? actor_self->execution : UINT64_MAX;
}

bool activity_any_signal(void)
{
	for (unsigned i = 0; activity_current && i < ACTIVITY_ENTRIES; i++)
		if (activity_current->entries[i].signal_count)
			return true;
	return false;
}

uint64_t activity_now_ns(void)
{
	return clock_ns();
}

void activity_hold(const volatile void *object, enum activity_mode mode)
{
	volatile struct activity_entry *self = activity_entry();
	volatile struct activity_held *held;

	if (!self)
		return;
	for (unsigned i = self->held_count; mode == ACTIVITY_UNIT && i-- > 0;) {
		held = &self->held[i];
		if (held->object != (uintptr_t)object || held->execution != self->execution)
			continue;
		held->count++;
		held->pc = self->pc;
		return;
	}
	/*
	 * If it is full of objects that were never released, drop the oldest, the least likely to
	 * matter.
	 */
	if (self->held_count == ACTIVITY_HELD_MAX) {
		for (unsigned i = 1; i < ACTIVITY_HELD_MAX; i++)
			self->held[i - 1] = self->held[i];
		self->held_count--;
	}
	held = &self->held[self->held_count];
	held->object = (uintptr_t)object;
	held->pc = self->pc;
	held->execution = self->execution;
	held->mode = mode;
	held->count = 1;
	self->held_count++;
}

void activity_drop(const volatile void *object)
{
	volatile struct activity_entry *self = activity_entry();
	unsigned at;

	if (!self)
		return;
	for (at = self->held_count; at > 0; at--)
		if (self->held[at - 1].object == (uintptr_t)object)
			break;
	if (!at || --self->held[at - 1].count)
		return;
	for (; at < self->held_count; at++)
		self->held[at - 1] = self->held[at];
	self->held_count--;
}

/* The thread's signal to the same condition in this execution: a later one replaces it. */
static volatile struct activity_signal *signal_again(
	volatile struct activity_entry *self, const volatile void *object)
{
	enum { CONDITIONS = ACTIVITY_SIGNALS_MAX / ACTIVITY_AHEAD_MAX }; /* per execution */

	for (uint32_t i = 1; i <= CONDITIONS && i <= self->signal_count; i++) {
		volatile struct activity_signal *signal =
			&self->signals[(self->signal_count - i) % ACTIVITY_SIGNALS_MAX];

		if (signal->execution != self->execution)
			break;
		if (signal->object == (uintptr_t)object)
			return signal;
	}
	return NULL;
}

void activity_signal(const volatile void *object)
{
	volatile struct activity_entry *self = activity_entry();
	volatile struct activity_signal *signal;

	if (!self)
		return;
	signal = signal_again(self, object);
	if (!signal) {
		signal = &self->signals[self->signal_count % ACTIVITY_SIGNALS_MAX];
		self->signal_count++;
	}
	signal->object = (uintptr_t)object;
	signal->pc = self->pc;
	signal->execution = self->execution;
	signal->at_ns = activity_now_ns();
}

void activity_created(uint64_t thread)
{
	volatile struct activity_entry *self = activity_entry();
	volatile struct activity_created *created, *last;

	if (!self)
		return;
	last = &self->created[(self->created_count - 1) % ACTIVITY_CREATED_MAX];
	created = &self->created[self->created_count % ACTIVITY_CREATED_MAX];
	created->number =
		self->created_count && last->execution == self->execution ? last->number + 1 : 1;
	created->thread = thread;
	created->execution = self->execution;
	self->created_count++;
}
