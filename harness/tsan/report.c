/*
 * report.c - collecting TSan's reports->
 *
 * The callback runs on the racing actor's thread under TSan's own lock, so it only copies numbers
 * into a fixed table; the main thread turns them into events later. Asking TSan there for the name
 * of an address deadlocks.
 */
#define _GNU_SOURCE
#include "report.h"

#include <dlfcn.h>
#include <jansson.h>
#include <link.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "actor.h"
#include "batch.h"
#include "event.h"

int __tsan_get_report_data(void *report, const char **description, int *count, int *stack_count,
	int *mop_count, int *loc_count, int *mutex_count, int *thread_count, int *unique_tid_count,
	void **sleep_trace, unsigned long trace_size);
int __tsan_get_report_mop(void *report, unsigned long index, int *tid, void **addr, int *size,
	int *write, int *atomic, void **trace, unsigned long trace_size);
int __tsan_get_report_mutex(void *report, unsigned long index, uint64_t *mutex_id, void **addr,
	int *destroyed, void **trace, unsigned long trace_size);
int __tsan_get_report_thread(void *report, unsigned long index, int *tid, uint64_t *os_id,
	int *running, const char **name, int *parent_tid, void **trace, unsigned long trace_size);
int __tsan_get_report_unique_tid(void *report, unsigned long index, int *tid);
int __tsan_get_report_stack(
	void *report, unsigned long index, void **trace, unsigned long trace_size);
void __tsan_on_report(void *report);

enum {
	REPORTS_MAX = 16,
	FRAMES_MAX = 24,
	PARTS_MAX = 16, /* of accesses, locks and further stacks */
	WORDS_MAX = 48,
	MUTEX_TYPE_BITS = 3, /* of glibc's __kind */
};

struct place {
	uintptr_t address;
	bool in_state;
	size_t offset; /* bytes into the state */
};

/*
 * Written under TSan's report lock; an entry is never touched again once `used` counts it. Shared
 * with the processes that are forked for executions.
 */
static struct reports {
	unsigned used;
	_Atomic unsigned written; /* by the main thread only */
	struct report {
		char description[WORDS_MAX];
		int64_t execution; /* of the reporting actor; -1: it was in none */
		unsigned accesses, locks, stacks, takers;
		struct access {
			char actor[WORDS_MAX];
			int tid, size, write, atomic;
			struct place place;
			void *trace[FRAMES_MAX];
		} access[PARTS_MAX];
		struct lock {
			struct place place;
			void *trace[FRAMES_MAX]; /* where it was created */
		} lock[PARTS_MAX];
		void *stack[PARTS_MAX][FRAMES_MAX];
		char taker[PARTS_MAX][WORDS_MAX]; /* of an inversion: took the next lock */
	} all[REPORTS_MAX];
} * reports;

static void place_fill(struct place *place, const void *address)
{
	place->address = (uintptr_t)address;
	place->in_state = batch_locate(place->address, &place->offset);
}

static void actor_name(void *report, int threads, int wanted, char actor[WORDS_MAX])
{
	snprintf(actor, WORDS_MAX, "a thread"); /* one that an actor created has no name */
	for (int i = 0; i < threads; i++) {
		int tid, running, parent;
		const char *name = NULL;
		uint64_t os_id;
		void *trace[1];

		if (__tsan_get_report_thread(report, (unsigned long)i, &tid, &os_id, &running,
			    &name, &parent, trace, 1) &&
			tid == wanted && name && *name)
			snprintf(actor, WORDS_MAX, "%s", name);
	}
}

static unsigned least(int count, unsigned most)
{
	return count < 0 ? 0 : (unsigned)count < most ? (unsigned)count : most;
}

/*
 * Whether a thread unlocks a mutex that it does not hold, and gets EPERM, because the mutex knows
 * its owner: POSIX defines that. A lock of another kind has no type there.
 */
static bool unlock_refused(const struct report *report)
{
	const pthread_mutex_t *mutex = (const pthread_mutex_t *)report->lock[0].place.address;
	int type;

	if (strcmp(report->description, "mutex-bad-unlock") != 0 || !report->locks)
		return false;
	type = mutex->__data.__kind & MUTEX_TYPE_BITS;
	return type == PTHREAD_MUTEX_ERRORCHECK || type == PTHREAD_MUTEX_RECURSIVE;
}

void report_open(void)
{
	reports = mmap(
		NULL, sizeof *reports, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (reports == MAP_FAILED)
		event_fatal("out of memory for the detector's reports");
}

void __tsan_on_report(void *report)
{
	const char *description = "";
	int count, stacks, mops, locs, mutexes, threads, tids;
	void *sleep_trace[1];
	struct report *into;

	if (!reports || reports->used == REPORTS_MAX)
		return;
	into = &reports->all[reports->used];
	memset(into, 0, sizeof *into);
	__tsan_get_report_data(report, &description, &count, &stacks, &mops, &locs, &mutexes,
		&threads, &tids, sleep_trace, 1);
	snprintf(into->description, sizeof into->description, "%s", description);
	into->execution = actor_self ? (int64_t)actor_self->execution : -1;
	into->accesses = least(mops, PARTS_MAX);
	for (unsigned i = 0; i < into->accesses; i++) {
		struct access *access = &into->access[i];
		void *address;

		__tsan_get_report_mop(report, i, &access->tid, &address, &access->size,
			&access->write, &access->atomic, access->trace, FRAMES_MAX);
		place_fill(&access->place, address);
		actor_name(report, threads, access->tid, access->actor);
	}
	into->locks = least(mutexes, PARTS_MAX);
	for (unsigned i = 0; i < into->locks; i++) {
		struct lock *lock = &into->lock[i];
		void *address;
		uint64_t id;
		int destroyed;

		__tsan_get_report_mutex(
			report, i, &id, &address, &destroyed, lock->trace, FRAMES_MAX);
		place_fill(&lock->place, address);
	}
	if (unlock_refused(into))
		return;
	into->takers = mops ? 0 : least(tids, PARTS_MAX);
	for (unsigned i = 0; i < into->takers; i++) {
		int tid;

		__tsan_get_report_unique_tid(report, i, &tid);
		actor_name(report, threads, tid, into->taker[i]);
	}
	into->stacks = mops ? 0 : least(stacks, PARTS_MAX);
	for (unsigned i = 0; i < into->stacks; i++)
		__tsan_get_report_stack(report, i, into->stack[i], FRAMES_MAX);
	__atomic_store_n(&reports->used, reports->used + 1, __ATOMIC_RELEASE);
}

unsigned report_count(void)
{
	return __atomic_load_n(&reports->used, __ATOMIC_ACQUIRE);
}

unsigned report_inversions(void)
{
	unsigned count = 0;

	for (unsigned i = 0; i < report_count(); i++)
		count += strstr(reports->all[i].description, "lock-order") != NULL;
	return count;
}

/* Where this program is loaded: addresses are written as offsets into its file. */
static int base_find(struct dl_phdr_info *info, size_t size, void *base)
{
	(void)size;
	*(uintptr_t *)base = info->dlpi_addr;
	return 1; /* the program itself comes first */
}

static uintptr_t base_address(void)
{
	uintptr_t base = 0;

	dl_iterate_phdr(base_find, &base);
	return base;
}

/* Return addresses of this program as offsets, those of libraries by name. */
static json_t *stack_json(void *const *trace)
{
	json_t *stack = json_array();
	uintptr_t base = base_address();
	Dl_info self, info;

	dladdr((void *)(uintptr_t)__tsan_on_report, &self);
	for (int i = 0; i < FRAMES_MAX && trace[i]; i++) {
		if (dladdr(trace[i], &info) && info.dli_fbase != self.dli_fbase)
			json_array_append_new(
				stack, json_string(info.dli_sname ? info.dli_sname : "?"));
		else
			event_stack_add(stack, trace[i], base);
	}
	return stack;
}

static json_t *place_json(const struct place *place)
{
	if (place->in_state)
		return json_pack("{s:I}", "state_offset", (json_int_t)place->offset);
	return json_pack("{s:I}", "program_offset", (json_int_t)(place->address - base_address()));
}

static json_t *report_json(const struct report *report)
{
	json_t *accesses = json_array(), *locks = json_array(), *stacks = json_array(),
	       *takers = json_array();

	for (unsigned i = 0; i < report->accesses; i++) {
		const struct access *access = &report->access[i];

		json_array_append_new(accesses,
			json_pack("{s:s, s:b, s:b, s:i, s:o, s:o}", "actor", access->actor, "write",
				access->write, "atomic", access->atomic, "size", access->size,
				"place", place_json(&access->place), "stack",
				stack_json(access->trace)));
	}
	for (unsigned i = 0; i < report->locks; i++)
		json_array_append_new(
			locks, json_pack("{s:o, s:o}", "place", place_json(&report->lock[i].place),
				       "stack", stack_json(report->lock[i].trace)));
	for (unsigned i = 0; i < report->stacks; i++)
		json_array_append_new(stacks, stack_json(report->stack[i]));
	for (unsigned i = 0; i < report->takers; i++)
		json_array_append_new(takers, json_string(report->taker[i]));
	return json_pack("{s:s, s:I, s:o, s:o, s:o, s:o}", "description", report->description,
		"execution", (json_int_t)report->execution, "accesses", accesses, "locks", locks,
		"stacks", stacks, "takers", takers);
}

bool report_unwritten(void)
{
	return reports && reports->written < report_count();
}

void report_emit(void)
{
	while (report_unwritten()) {
		event_write("race", report_json(&reports->all[reports->written]));
		reports->written++;
	}
}
