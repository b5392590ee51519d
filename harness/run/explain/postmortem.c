/* postmortem.c - what a silent case is stuck in. */
#define _GNU_SOURCE
#include "postmortem.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "clock.h"
#include "hash.h"
#include "outside.h"
#include "procfs.h"
#include "stacks.h"
#include "text.h"

enum {
	RANKED_MAX = 32, /* channels of one kind that a thread has open */
	STATE_INTS_MAX = 1024,
	SOCKET_NS = 250 * 1000 * 1000, /* longer than an acknowledgement is delayed */
};

/* What a post-mortem looks at. */
struct snapshot {
	struct process_tree tree;
	const struct activity *activity;
	const struct progress *progress;
	const struct attendance *attendance;
	int64_t execution;		    /* that is stuck */
	bool ended, strangers, handlers;    /* see any_ended, has_strangers, has_handlers */
	struct Dwfl *stacks[PROCESSES_MAX]; /* by process; NULL: not available */
	/* By entry, from before any thread was stopped for its stack, which may end a wait. */
	const char *states[ACTIVITY_ENTRIES];
	const char *ended_by[ACTIVITY_ENTRIES]; /* see there; NULL unless it is blocked */
	struct system_call calls[ACTIVITY_ENTRIES];
	int numbers[ACTIVITY_ENTRIES]; /* see activity_entry */
};

struct activity *activity_make(int *descriptor)
{
	void *memory;

	*descriptor = memfd_create("snarl-activity", MFD_CLOEXEC);
	if (*descriptor < 0 || ftruncate(*descriptor, sizeof(struct activity)) != 0)
		return NULL;
	memory = mmap(NULL, sizeof(struct activity), PROT_READ, MAP_SHARED, *descriptor, 0);
	return memory == MAP_FAILED ? NULL : memory;
}

void activity_unmake(struct activity *activity)
{
	munmap(activity, sizeof *activity);
}

void progress_note(struct progress *progress, const struct activity *activity)
{
	progress->noted_ns = clock_ns();
	for (unsigned i = 0; i < ACTIVITY_ENTRIES; i++)
		progress->sequence[i] = activity->entries[i].sequence;
}

bool progress_made(const struct progress *progress, const struct activity *activity)
{
	for (unsigned i = 0; i < ACTIVITY_ENTRIES; i++)
		if (activity->entries[i].sequence != progress->sequence[i])
			return true;
	return false;
}

static bool is_actor(const struct activity_entry *entry)
{
	return entry->name[0];
}

int64_t postmortem_execution(const struct attendance *attendance)
{
	int64_t execution = -1;
	const json_t *at;
	size_t i;

	json_array_foreach(attendance->at, i, at) {
		int64_t number = json_integer_value(at);

		if (!json_is_true(json_array_get(attendance->done, i)) &&
			(execution < 0 || number < execution))
			execution = number;
	}
	return execution;
}

/* The creator's record of a thread, and the creator; NULL: none on the activity table made it. */
static const struct activity_created *creation_of(
	const struct activity *activity, uint64_t thread, const struct activity_entry **creator)
{
	for (unsigned i = 0; i < ACTIVITY_ENTRIES; i++) {
		const struct activity_entry *entry = &activity->entries[i];
		uint32_t count = entry->created_count;

		/* The newest record counts, because handles are reused. */
		for (uint32_t k = 0; entry->tid && k < ACTIVITY_CREATED_MAX && k < count; k++) {
			const struct activity_created *created =
				&entry->created[(count - 1 - k) % ACTIVITY_CREATED_MAX];

			if (created->thread != thread)
				continue;
			*creator = entry;
			return created;
		}
	}
	return NULL;
}

/*
 * Whether an actor, or a thread that an actor created, has nothing left to do in the stuck
 * execution.
 */
static bool is_done(const struct snapshot *snapshot, const struct activity_entry *entry)
{
	const struct activity_created *created;
	const struct activity_entry *creator;
	const json_t *name;
	size_t i;

	if (entry->between)
		return false;
	if (!is_actor(entry)) {
		created = creation_of(snapshot->activity, entry->thread, &creator);
		return created && created->execution != UINT64_MAX &&
		       created->execution != (uint64_t)snapshot->execution;
	}
	json_array_foreach(snapshot->attendance->actors, i, name) {
		int64_t at = json_integer_value(json_array_get(snapshot->attendance->at, i));

		/* An actor at the start line of this execution still has all of it to do. */
		if (strncmp(json_string_value(name), entry->name, ACTIVITY_NAME_MAX - 1) == 0)
			return at > snapshot->execution ||
			       (at == snapshot->execution &&
				       json_is_true(json_array_get(snapshot->attendance->done, i)));
	}
	return false;
}

/* The child writes the activity table: the number may be any. */
static const struct activity_call *call_of(const struct activity_entry *entry)
{
	return &activity_calls[entry->call < activity_call_count ? entry->call : 0];
}

static bool is_spinning(const struct activity_call *call)
{
	return call->name && strstr(call->name, "spin");
}

/* Whether what it waits for is behind a descriptor, and not at an address. */
static bool is_channel(const struct activity_call *call)
{
	return strcmp(call->wait, "send") == 0 || strcmp(call->wait, "receive") == 0 ||
	       strcmp(call->wait, "accept") == 0;
}

/* poll waits on a set of descriptors, so there is no single object to identify it. */
static bool is_nameless(const struct activity_call *call)
{
	return strcmp(call->wait, "poll") == 0;
}

static bool moved(const struct snapshot *snapshot, const struct activity_entry *entry)
{
	return entry->sequence != snapshot->progress->sequence[entry - snapshot->activity->entries];
}

/* Whether, since the silence was noted, it has been in a call that only others can end. */
static bool is_blocked(const struct snapshot *snapshot, const struct activity_entry *entry)
{
	return call_of(entry)->blocks && !moved(snapshot, entry);
}

/* Whether the scenario handles a signal, which may end a wait. */
static bool has_handlers(const struct process_tree *tree, const struct activity *activity)
{
	uint64_t handlers = 0;

	for (unsigned i = 0; i < tree->count; i++) {
		char *path = format("/proc/%d/status", (int)tree->pids[i]);

		handlers |= activity_handlers(path);
		free(path);
	}
	return handlers & ~activity->handlers_own;
}

/*
 * The number of threads that are known: those of the process tree on the activity table, the
 * harness's own, and a detector's.
 */
static unsigned known_count(const struct snapshot *snapshot)
{
	unsigned known = snapshot->activity->threads_own;

	for (unsigned i = 0; i < ACTIVITY_ENTRIES; i++) {
		uint32_t tid = snapshot->activity->entries[i].tid;

		known += tid && process_tree_state(&snapshot->tree, tid);
	}
	return known;
}

/* Whether a thread or a process is not on the activity table: it might do anything. */
static bool has_strangers(const struct snapshot *snapshot)
{
	return snapshot->attendance->orphans || !snapshot->tree.all ||
	       process_tree_threads(&snapshot->tree) != known_count(snapshot);
}

/* Whether a process has ended and nobody has waited for it yet. */
static bool any_ended(const struct process_tree *tree)
{
	for (unsigned i = 0; i < tree->count; i++)
		if (!process_tree_state(tree, (uint32_t)tree->pids[i]))
			return true;
	return false;
}

static struct snapshot snapshot_of(pid_t pid, const struct activity *activity,
	const struct progress *progress, const struct attendance *attendance)
{
	struct snapshot snapshot = {.tree = process_tree_of(pid),
		.activity = activity,
		.progress = progress,
		.attendance = attendance,
		.execution = postmortem_execution(attendance)};

	snapshot.ended = any_ended(&snapshot.tree);
	snapshot.strangers = has_strangers(&snapshot);
	snapshot.handlers = has_handlers(&snapshot.tree, activity);
	return snapshot;
}

/* A signal handler must not touch locks, but it may post a semaphore, or interrupt a call. */
static bool handler_ends(const struct activity_call *call)
{
	static const char *const never[] = {
		"acquire", "acquire_shared", "cond_wait", "barrier_wait", "join", "once"};

	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		if (is(call->wait, never[i]))
			return false;
	return true;
}

/* What else than actors could end the wait that a thread is in; NULL: nothing. */
static const char *ended_by(const struct snapshot *snapshot, const struct activity_entry *entry)
{
	const struct activity_call *call = call_of(entry);

	if (!call->name)
		return "something that snarl does not know";
	if (call->timed)
		return "time";
	if (snapshot->strangers)
		return "a thread or process that is not an actor's";
	if (snapshot->handlers && handler_ends(call))
		return "a signal handler";
	if (snapshot->ended && is(call->wait, "reap"))
		return "a process that has ended";
	return outside_ends(&snapshot->tree, entry, call);
}

/*
 * Whether the data that it waits for may have been sent already: a socket may hold data back until
 * an acknowledgement comes, which may be delayed.
 */
static bool on_its_way(const struct snapshot *snapshot, const struct activity_entry *entry)
{
	const struct activity_call *call = call_of(entry);
	char *link;
	bool socket;

	if (clock_ns() - snapshot->progress->noted_ns >= SOCKET_NS)
		return false;
	if (is_nameless(call))
		return true;
	if (!is_channel(call))
		return false;
	link = descriptor_link(entry->tid, (unsigned)entry->object);
	socket = !link || strncmp(link, "socket:", 7) == 0;
	free(link);
	return socket;
}

/*
 * Whether it waits for a spin lock that somebody holds. No one wakes it, so one that could take the
 * lock looks the same until it gets a CPU.
 */
static bool spins_in_vain(const struct snapshot *snapshot, const struct activity_entry *entry)
{
	if (!is_spinning(call_of(entry)))
		return false;
	for (unsigned i = 0; i < ACTIVITY_ENTRIES; i++) {
		const struct activity_entry *other = &snapshot->activity->entries[i];

		for (uint32_t k = 0; k < other->held_count && k < ACTIVITY_HELD_MAX; k++)
			if (other->tid && other->held[k].object == entry->object &&
				other->held[k].execution == entry->execution)
				return true;
	}
	return false;
}

/* Whether a thread is stuck unless another of the case's moves. */
static bool is_stuck(const struct snapshot *snapshot, const struct activity_entry *entry)
{
	char state = process_tree_state(&snapshot->tree, entry->tid);

	return is_blocked(snapshot, entry) && (state == 'S' || spins_in_vain(snapshot, entry)) &&
	       !on_its_way(snapshot, entry) && !ended_by(snapshot, entry);
}

static bool all_stuck(const struct snapshot *snapshot)
{
	unsigned stuck = 0;

	for (unsigned i = 0; i < ACTIVITY_ENTRIES; i++) {
		const struct activity_entry *entry = &snapshot->activity->entries[i];
		bool done = is_done(snapshot, entry);

		/* A thread that an earlier execution left behind may still do anything. */
		if (!entry->tid || !process_tree_state(&snapshot->tree, entry->tid) ||
			(done && is_actor(entry)))
			continue;
		if (!is_stuck(snapshot, entry))
			return false;
		stuck += !done;
	}
	return stuck;
}

static bool proves_once(pid_t pid, const struct activity *activity, const struct progress *progress,
	const struct attendance *attendance)
{
	const struct snapshot snapshot = snapshot_of(pid, activity, progress, attendance);

	return !snapshot.strangers && !snapshot.handlers && all_stuck(&snapshot);
}

/* How many calls all threads have entered and left. */
static uint64_t calls_made(const struct activity *activity)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < ACTIVITY_ENTRIES; i++)
		sum += activity->entries[i].sequence;
	return sum;
}

/*
 * The threads are looked at one after the other: one that was looked at late, or that began
 * meanwhile, may have woken others and ended. By the second time those run, or have made calls.
 */
bool postmortem_proves(pid_t pid, const struct activity *activity, const struct progress *progress,
	const struct attendance *attendance)
{
	uint64_t calls = calls_made(activity);

	return proves_once(pid, activity, progress, attendance) &&
	       proves_once(pid, activity, progress, attendance) && calls_made(activity) == calls;
}

bool postmortem_sleeps(
	pid_t pid, const struct activity *activity, const struct attendance *attendance)
{
	const struct snapshot snapshot = snapshot_of(pid, activity, NULL, attendance);

	for (unsigned i = 0; i < ACTIVITY_ENTRIES; i++) {
		const struct activity_entry *entry = &activity->entries[i];

		if (entry->tid && !is_done(&snapshot, entry) &&
			process_tree_state(&snapshot.tree, entry->tid) == 'S' &&
			ended_by(&snapshot, entry))
			return true;
	}
	return false;
}

/* Whether it is a live thread that is part of the stuck execution. */
static bool is_of_interest(const struct snapshot *snapshot, const struct activity_entry *entry)
{
	return entry->tid && !is_done(snapshot, entry) &&
	       process_tree_state(&snapshot->tree, entry->tid);
}

/* To be freed. The child may write anything into the activity table: the NUL may be missing. */
static char *actor_name(const struct activity_entry *entry)
{
	return format("%.*s", ACTIVITY_NAME_MAX, entry->name);
}

/* "alice", or "alice's thread 2" for a thread that she created; to be freed. */
static char *entry_name(const struct activity *activity, const struct activity_entry *entry)
{
	const struct activity_entry *creator;
	const struct activity_created *created;
	const char *what;
	char *name, *whole;

	if (is_actor(entry))
		return actor_name(entry);
	if (entry->own_name[0])
		return format("%.*s", ACTIVITY_NAME_MAX, entry->own_name);
	created = creation_of(activity, entry->thread, &creator);
	if (!created)
		return format("a thread");
	name = is_actor(creator) ? actor_name(creator) : format("another");
	what = entry->thread == entry->tid ? "child" : "thread";
	if (created->number == 1)
		whole = format("%s's %s", name, what);
	else
		whole = format("%s's %s %llu", name, what, (unsigned long long)created->number);
	free(name);
	return whole;
}

/* The name of a thread to be joined, which may not be on the activity table; to be freed. */
static char *thread_name(const struct activity *activity, uint64_t thread)
{
	const struct activity_entry joined = {.thread = thread};

	for (unsigned i = 0; i < ACTIVITY_ENTRIES; i++)
		if (activity->entries[i].tid && activity->entries[i].thread == thread)
			return entry_name(activity, &activity->entries[i]);
	return entry_name(activity, &joined);
}

static bool in_states(const struct activity *activity, uint64_t object)
{
	return object - activity->states < activity->stride * activity->count;
}

static json_t *place_json(const struct activity *activity, uint64_t object)
{
	if (in_states(activity, object))
		return json_pack("{s:I}", "state_offset",
			(json_int_t)((object - activity->states) % activity->stride));
	return json_pack("{s:I}", "program_offset", (json_int_t)(object - activity->base));
}

static json_t *return_address(const struct activity *activity, uint64_t pc)
{
	return json_integer((json_int_t)(pc - activity->base));
}

/*
 * The stack of a thread, innermost call first; only the blocking call if the stack is not
 * available.
 */
static json_t *stack_of(const struct snapshot *snapshot, const struct activity_entry *entry)
{
	unsigned member = process_tree_member(&snapshot->tree, entry->tid);
	json_t *stack = stack_read(member < snapshot->tree.count ? snapshot->stacks[member] : NULL,
		entry->tid, snapshot->activity->base);

	if (!json_array_size(stack) && call_of(entry)->name) {
		json_array_append_new(stack, json_string(call_of(entry)->name));
		json_array_append_new(stack, return_address(snapshot->activity, entry->pc));
	}
	return stack;
}

/* Whether a thread sleeps, in the kernel, on an address in an object of so many bytes. */
static bool sleeps_on(const struct activity_entry *entry, uint64_t object, size_t size)
{
	uint64_t address = thread_futex(entry->tid);

	return address && address - object < size;
}

/* --- channels ------------------------------------------------------------------------------ */

/* Counts the channels that are older than `link` and of its kind (pipes, say). */
struct rank {
	const char *link; /* "pipe:[123]" */
	size_t kind;	  /* length of "pipe:" */
	unsigned long own;
	unsigned long seen[RANKED_MAX];
	unsigned count, older;
};

static unsigned long inode_of(const struct rank *rank, const char *link)
{
	return strtoul(link + rank->kind + 1, NULL, 10);
}

static bool rank_add(void *context, uint32_t tid, unsigned descriptor)
{
	struct rank *rank = context;
	char *other = descriptor_link(tid, descriptor);
	bool known = !other || strncmp(other, rank->link, rank->kind + 1) != 0;
	unsigned long inode = known ? 0 : inode_of(rank, other);

	for (unsigned i = 0; i < rank->count; i++)
		known |= rank->seen[i] == inode;
	if (!known && rank->count < RANKED_MAX) {
		rank->seen[rank->count++] = inode;
		rank->older += inode < rank->own;
	}
	free(other);
	return false;
}

/*
 * The number of a channel among those of its kind (pipes, say) that the thread has open, from 1,
 * the oldest first.
 */
static unsigned rank_of(uint32_t tid, const char *link)
{
	struct rank rank = {.link = link, .kind = strcspn(link, "[")};

	if (!link[rank.kind])
		return 1;
	rank.own = inode_of(&rank, link);
	descriptors_find(tid, rank_add, &rank);
	return rank.older + 1;
}

/* "pipe 2", or the word of a channel that has a name; to be freed. */
static char *channel_name(uint32_t tid, const char *link)
{
	const char *last = strrchr(link, '/'), *dash;

	if (!last)
		return format("%.*s %u", (int)strcspn(link, ":"), link, rank_of(tid, link));
	dash = strncmp(last, "/snarl-", 7) == 0 ? strchr(last + 7, '-') : NULL;
	return format("%s", dash ? dash + 1 : last + 1);
}

/*
 * The offset, in the state of an execution, of the number by which a thread knows its descriptor:
 * the channel then has that variable's name. Works only if there is a single state, as with
 * processes. -1: it is nowhere.
 */
static int64_t offset_of(const struct snapshot *snapshot, const struct activity_entry *entry)
{
	int numbers[STATE_INTS_MAX];
	size_t size = snapshot->activity->stride < sizeof numbers ? snapshot->activity->stride
								  : sizeof numbers;
	struct iovec here = {numbers, size}, there = {(void *)snapshot->activity->states, size};
	int number = entry->number ? entry->number : (int)entry->object;

	if (snapshot->activity->count != 1 || number <= STDERR_FILENO ||
		process_vm_readv((pid_t)entry->tid, &here, 1, &there, 1, 0) <= 0)
		return -1;
	for (size_t i = 0; i < size / sizeof *numbers; i++)
		if (numbers[i] == number)
			return (int64_t)(i * sizeof *numbers);
	return -1;
}

static json_t *channel_json(
	const struct snapshot *snapshot, const struct activity_entry *entry, const char *link)
{
	char *name = channel_name(entry->tid, link);
	int64_t offset = strchr(link, '/') ? -1 : offset_of(snapshot, entry);
	json_t *place = offset < 0 ? json_pack("{s:s}", "name", name)
				   : json_pack("{s:I}", "state_offset", (json_int_t)offset);

	free(name);
	return place;
}

struct end {
	const char *link;
	bool writing;
};

static bool is_end(void *context, uint32_t tid, unsigned descriptor)
{
	const struct end *end = context;
	char *link = descriptor_link(tid, descriptor);
	int flags = link && strcmp(link, end->link) == 0 ? descriptor_flags(tid, descriptor) : -1;
	int mode = flags & O_ACCMODE;

	free(link);
	return flags >= 0 && (mode == O_RDWR || mode == (end->writing ? O_WRONLY : O_RDONLY));
}

/* Whether the thread has one of the channel's ends for writing, or else for reading. */
static bool has_end(uint32_t tid, const char *link, bool writing)
{
	struct end end = {link, writing};

	return descriptors_find(tid, is_end, &end);
}

/*
 * The actors that could end a wait at the channel, by their open descriptors. NULL for a socket,
 * whose peer cannot be seen from here.
 */
static json_t *ends_json(const struct snapshot *snapshot, const char *link, bool writing)
{
	json_t *names = json_array();

	if (strncmp(link, "socket:", 7) == 0) {
		json_decref(names);
		return NULL;
	}
	for (unsigned i = 0; i < ACTIVITY_ENTRIES; i++) {
		const struct activity_entry *entry = &snapshot->activity->entries[i];
		char *name;

		if (!entry->tid || !has_end(entry->tid, link, writing))
			continue;
		name = entry_name(snapshot->activity, entry);
		json_array_append_new(names, json_string(name));
		free(name);
	}
	return names;
}

/* A number that is the same for all that wait at a channel: the hash of its link. */
static uint64_t channel_id(const char *link)
{
	return hash64(link) >> 1;
}

/* --- holders and waiters ------------------------------------------------------------------- */

/*
 * Whether an entry's record of an object is from the execution in question: the memory of a state
 * is used again for other executions.
 */
static bool is_current(
	const struct activity *activity, uint64_t object, uint64_t of, int64_t execution)
{
	return !in_states(activity, object) || of == UINT64_MAX || execution < 0 ||
	       of == (uint64_t)execution;
}

static json_t *holds_json(const struct activity *activity, const struct activity_entry *entry,
	int64_t execution, uint64_t released)
{
	static const char *const modes[] = {
		[ACTIVITY_ALONE] = "alone", [ACTIVITY_SHARED] = "shared", [ACTIVITY_UNIT] = "unit"};
	json_t *holds = json_array();

	for (uint32_t i = 0; i < entry->held_count && i < ACTIVITY_HELD_MAX; i++) {
		const struct activity_held *held = &entry->held[i];

		if (held->mode > ACTIVITY_UNIT ||
			!is_current(activity, held->object, held->execution, execution))
			continue;
		if (held->object == released) {
			released = 0; /* only once: a recursive lock may still be held */
			continue;
		}
		json_array_append_new(holds,
			json_pack("{s:I, s:o, s:s, s:[o]}", "object", (json_int_t)held->object,
				"place", place_json(activity, held->object), "mode",
				modes[held->mode], "stack", return_address(activity, held->pc)));
	}
	return holds;
}

/* The last signal, by one thread, of the condition that another waits for; NULL: none. */
static const struct activity_signal *signal_of(
	const struct activity_entry *by, const struct activity_entry *waiter, int64_t execution)
{
	const struct activity_signal *last = NULL;

	for (unsigned k = 0; k < ACTIVITY_SIGNALS_MAX && k < by->signal_count; k++) {
		const struct activity_signal *signal = &by->signals[k];

		if (signal->object != waiter->object ||
			(signal->execution != UINT64_MAX &&
				signal->execution != (uint64_t)execution) ||
			(last && last->at_ns > signal->at_ns))
			continue;
		/* The waiter woke after that signal, and has checked again. */
		if (waiter->woken_from == waiter->object && signal->at_ns < waiter->woken_ns)
			continue;
		last = signal;
	}
	return last;
}

/*
 * The last signal, by each other thread, of the condition that a thread waits for, the last of all
 * at the end. Which of them the waiter needed is not known: nobody saw what it has checked.
 */
static json_t *signals_json(
	const struct activity *activity, const struct activity_entry *waiter, int64_t execution)
{
	json_t *signals = json_array();
	uint64_t last_ns = 0;

	for (unsigned i = 0; i < ACTIVITY_ENTRIES; i++) {
		const struct activity_entry *by = &activity->entries[i];
		const struct activity_signal *signal =
			by == waiter ? NULL : signal_of(by, waiter, execution);
		bool last = signal && signal->at_ns >= last_ns;
		char *name;

		if (!signal)
			continue;
		name = entry_name(activity, by);
		json_array_insert_new(signals, last ? json_array_size(signals) : 0,
			json_pack("{s:s, s:b, s:[o]}", "actor", name, "before",
				signal->at_ns <= waiter->since_ns, "stack",
				return_address(activity, signal->pc)));
		free(name);
		last_ns = last ? signal->at_ns : last_ns;
	}
	return signals;
}

static const char *state_of(const struct snapshot *snapshot, const struct activity_entry *entry)
{
	if (is_blocked(snapshot, entry))
		return "blocked";
	if (moved(snapshot, entry))
		return "progressing";
	return process_tree_state(&snapshot->tree, entry->tid) == 'R' ? "running" : "waiting";
}

/* The object of a system call that blocks; null: unknown. */
static json_t *system_place(const struct snapshot *snapshot, const struct activity_entry *entry)
{
	const struct system_call *call = &snapshot->calls[entry - snapshot->activity->entries];
	switch (call->number) {
	case SYS_futex:
		return place_json(snapshot->activity, call->arguments[0]);
	case SYS_semop:
	case SYS_semtimedop:
		/* Which of several operations it waits for is not known. */
		return json_pack("{s:o}", "name",
			call->arguments[2] == 1
				? json_sprintf("semaphore %d of set %llu",
					  snapshot->numbers[entry - snapshot->activity->entries],
					  call->arguments[0])
				: json_sprintf("semaphore set %llu", call->arguments[0]));
	case SYS_msgsnd:
	case SYS_msgrcv:
		return json_pack(
			"{s:o}", "name", json_sprintf("message queue %llu", call->arguments[0]));
	default:
		return json_null();
	}
}

static json_t *entry_json(
	const struct snapshot *snapshot, const struct activity_entry *entry, int64_t execution)
{
	const struct activity_call *call = call_of(entry);
	bool waits = strcmp(call->wait, "cond_wait") == 0;
	/*
	 * A wait for a condition begins and ends with its lock held: it may be stuck taking it
	 * back.
	 */
	bool locking =
		waits && (!entry->other || sleeps_on(entry, entry->other, sizeof(pthread_mutex_t)));
	const char *state = snapshot->states[entry - snapshot->activity->entries];
	const char *outside = snapshot->ended_by[entry - snapshot->activity->entries];
	json_t *stack = stack_of(snapshot, entry), *shown;
	char *name = entry_name(snapshot->activity, entry);
	/* A call that has returned waits for nothing. */
	uint64_t object = !call->name || is_nameless(call) ? 0
			  : locking && entry->other	   ? entry->other
							   : entry->object;
	char *link =
		object && is_channel(call) ? descriptor_link(entry->tid, (unsigned)object) : NULL;
	json_t *place;

	if (link) {
		object = channel_id(link);
		place = channel_json(snapshot, entry, link);
	} else if ((!call->name && is(state, "waiting")) || is(call->wait, "block")) {
		place = system_place(snapshot, entry);
	} else {
		place = object && !is_channel(call) ? place_json(snapshot->activity, object)
						    : json_null();
	}

	shown = json_pack("{s:s, s:s, s:s?, s:s, s:I, s:o, s:o, s:o}", "actor", name, "state",
		state, "call", call->name, "wait", locking ? "acquire" : call->wait, "object",
		(json_int_t)object, "place", place, "stack", stack, "holds",
		holds_json(snapshot->activity, entry, execution,
			waits && entry->other ? entry->other : 0));
	if (strcmp(call->wait, "join") == 0) {
		char *other = thread_name(snapshot->activity, entry->object);

		json_object_set_new(shown, "thread", json_string(other));
		json_object_set_new(shown, "place", json_null());
		free(other);
	} else if (is(call->wait, "reap")) {
		json_object_set_new(shown, "place", json_null());
	} else if (strcmp(call->wait, "sem_wait") == 0) {
		json_object_set_new(shown, "value", json_string("which is 0"));
	} else if (waits && entry->other && !locking) {
		json_object_set_new(
			shown, "signals", signals_json(snapshot->activity, entry, execution));
	}
	if (outside)
		json_object_set_new(shown, "outside", json_string(outside));
	if (link) {
		json_t *ends = ends_json(snapshot, link, strcmp(call->wait, "receive") == 0);

		if (ends)
			json_object_set_new(shown, "ends", ends);
	}
	free(link);
	free(name);
	return shown;
}

/* Add an actor or a thread that is done with the execution, but holds what others wait for. */
static void left_behind(const struct snapshot *snapshot, const struct activity_entry *entry,
	int64_t execution, json_t *actors)
{
	json_t *holds = holds_json(snapshot->activity, entry, execution, 0), *held;
	size_t i;

	/* What a thread of another execution holds is not part of this one. */
	if (!is_actor(entry) && is_done(snapshot, entry))
		json_array_clear(holds);
	for (i = json_array_size(holds); i-- > 0;) {
		json_int_t object;
		bool wanted = false;
		json_t *actor;
		size_t k;

		held = json_array_get(holds, i);
		object = json_integer_value(json_object_get(held, "object"));
		json_array_foreach(actors, k, actor) {
			wanted |= json_integer_value(json_object_get(actor, "object")) == object;
		}
		if (!wanted ||
			strcmp(json_string_value(json_object_get(held, "mode")), "unit") == 0)
			json_array_remove(holds, i);
	}
	if (json_array_size(holds)) {
		char *name = entry_name(snapshot->activity, entry);

		json_array_append_new(actors, json_pack("{s:s, s:s, s:O}", "actor", name, "state",
						      "ended", "holds", holds));
		free(name);
	}
	json_decref(holds);
}

json_t *postmortem(pid_t pid, const struct activity *activity, const struct progress *progress,
	const struct attendance *attendance)
{
	struct snapshot snapshot = snapshot_of(pid, activity, progress, attendance);
	json_t *actors = json_array();

	for (unsigned i = 0; i < ACTIVITY_ENTRIES; i++) {
		const struct activity_entry *entry = &activity->entries[i];

		snapshot.states[i] = state_of(&snapshot, entry);
		if (!is_of_interest(&snapshot, entry))
			continue;
		if (is(snapshot.states[i], "blocked"))
			snapshot.ended_by[i] = ended_by(&snapshot, entry);
		thread_system_call(entry->tid, &snapshot.calls[i]);
		snapshot.numbers[i] = entry->number;
	}
	for (unsigned i = 0; i < snapshot.tree.count; i++)
		snapshot.stacks[i] = stacks_open(snapshot.tree.pids[i]);
	for (unsigned i = 0; i < ACTIVITY_ENTRIES; i++)
		if (is_of_interest(&snapshot, &activity->entries[i]))
			json_array_append_new(actors,
				entry_json(&snapshot, &activity->entries[i], snapshot.execution));
	for (unsigned i = 0; i < ACTIVITY_ENTRIES; i++)
		if (activity->entries[i].tid && !is_of_interest(&snapshot, &activity->entries[i]))
			left_behind(&snapshot, &activity->entries[i], snapshot.execution, actors);
	for (unsigned i = 0; i < snapshot.tree.count; i++)
		stacks_close(snapshot.stacks[i]);
	if (json_array_size(actors))
		return json_pack("{s:o}", "actors", actors);
	json_decref(actors);
	return NULL;
}
