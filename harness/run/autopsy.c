/* autopsy.c - what a case that fell silent was at. */
#define _GNU_SOURCE
#include "autopsy.h"

#include <dirent.h>
#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "clock.h"
#include "hash.h"
#include "text.h"

enum {
	FRAMES_MAX = 48,
	FAMILY_MAX = 32,
	LINK_MAX = 128,
	STATE_INTS_MAX = 1024,
	SOCKET_NS = 250 * 1000 * 1000, /* longer than an acknowledgement is delayed */
};

static const char wrapper_prefix[] = "snarl_wrap_";

/* A case's process and those that it forked, and so on. */
struct family {
	unsigned count;
	pid_t pids[FAMILY_MAX];
	bool all; /* there are no more */
};

/* What is looked at together. */
struct scene {
	struct family family;
	const struct board *board;
	const struct progress *progress;
	const struct attendance *attendance;
	int64_t execution;	  /* that is stuck */
	Dwfl *stacks[FAMILY_MAX]; /* by process; NULL: they cannot be had */
	/* Of each entry, from before any was stopped for its stack, which may end a wait. */
	const char *states[BOARD_ENTRIES];
};

struct board *board_make(int *descriptor)
{
	void *memory;

	*descriptor = memfd_create("snarl-board", MFD_CLOEXEC);
	if (*descriptor < 0 || ftruncate(*descriptor, sizeof(struct board)) != 0)
		return NULL;
	memory = mmap(NULL, sizeof(struct board), PROT_READ, MAP_SHARED, *descriptor, 0);
	return memory == MAP_FAILED ? NULL : memory;
}

void board_unmake(struct board *board)
{
	munmap(board, sizeof *board);
}

void progress_note(struct progress *progress, const struct board *board)
{
	progress->noted_ns = clock_ns();
	for (unsigned i = 0; i < BOARD_ENTRIES; i++)
		progress->sequence[i] = board->entries[i].sequence;
}

bool progress_made(const struct progress *progress, const struct board *board)
{
	for (unsigned i = 0; i < BOARD_ENTRIES; i++)
		if (board->entries[i].sequence != progress->sequence[i])
			return true;
	return false;
}

/* Call `look` for each of a process's threads. */
static void threads_each(
	pid_t pid, void (*look)(pid_t pid, uint32_t tid, void *context), void *context)
{
	char *path = format("/proc/%d/task", (int)pid);
	DIR *tasks = opendir(path);
	struct dirent *task;

	while (tasks && (task = readdir(tasks)))
		if (task->d_name[0] != '.')
			look(pid, (uint32_t)strtoul(task->d_name, NULL, 10), context);
	if (tasks)
		closedir(tasks);
	free(path);
}

/* Add the processes that a thread has forked. */
static void children_add(pid_t pid, uint32_t tid, void *context)
{
	struct family *family = context;
	char *path = format("/proc/%d/task/%u/children", (int)pid, tid);
	FILE *file = fopen(path, "r");
	int child;

	while (file && fscanf(file, "%d", &child) == 1) {
		if (family->count < FAMILY_MAX)
			family->pids[family->count++] = child;
		else
			family->all = false;
	}
	if (file)
		fclose(file);
	free(path);
}

static struct family family_of(pid_t pid)
{
	struct family family = {1, {pid}, true};

	for (unsigned i = 0; i < family.count; i++)
		threads_each(family.pids[i], children_add, &family);
	return family;
}

/* State of a thread as /proc has it: 'S' asleep, 'R' runnable; 0: there is no such thread. */
static char state_in(pid_t pid, uint32_t tid)
{
	char *path = format("/proc/%d/task/%u/stat", (int)pid, tid);
	FILE *file = fopen(path, "r");
	char state = 0;

	/* the name in parentheses may hold anything but a line's end */
	if (file && fscanf(file, "%*d (%*[^\n)]) %c", &state) != 1)
		state = 0;
	if (file)
		fclose(file);
	free(path);
	return state == 'Z' || state == 'X' ? 0 : state;
}

/* The member of the family that has the thread; the family's count: none has, or it is dead. */
static unsigned member_of(const struct family *family, uint32_t tid)
{
	unsigned i;

	for (i = 0; i < family->count; i++)
		if (state_in(family->pids[i], tid))
			break;
	return i;
}

static char thread_state(const struct family *family, uint32_t tid)
{
	unsigned member = member_of(family, tid);

	return member < family->count ? state_in(family->pids[member], tid) : 0;
}

static void thread_count_one(pid_t pid, uint32_t tid, void *count)
{
	*(unsigned *)count += state_in(pid, tid) != 0;
}

static unsigned thread_count(const struct family *family)
{
	unsigned count = 0;

	for (unsigned i = 0; i < family->count; i++)
		threads_each(family->pids[i], thread_count_one, &count);
	return count;
}

static bool is_actor(const struct board_entry *entry)
{
	return entry->name[0];
}

int64_t autopsy_execution(const struct attendance *attendance)
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

/* What its creator noted of a thread, and who that was; NULL: nobody on the board made it. */
static const struct board_created *creation_of(
	const struct board *board, uint64_t thread, const struct board_entry **creator)
{
	for (unsigned i = 0; i < BOARD_ENTRIES; i++) {
		const struct board_entry *entry = &board->entries[i];
		uint32_t count = entry->created_count;

		/* The last one: handles are used again. */
		for (uint32_t k = 0; entry->tid && k < BOARD_CREATED_MAX && k < count; k++) {
			const struct board_created *created =
				&entry->created[(count - 1 - k) % BOARD_CREATED_MAX];

			if (created->thread != thread)
				continue;
			*creator = entry;
			return created;
		}
	}
	return NULL;
}

/* Whether an actor, or a thread that one created, has nothing to do with the stuck execution. */
static bool is_done(const struct scene *scene, const struct board_entry *entry)
{
	const struct board_created *created;
	const struct board_entry *creator;
	const json_t *name;
	size_t i;

	if (!is_actor(entry)) {
		created = creation_of(scene->board, entry->thread, &creator);
		return created && created->execution != UINT64_MAX &&
		       created->execution != (uint64_t)scene->execution;
	}
	json_array_foreach(scene->attendance->actors, i, name) {
		int64_t at = json_integer_value(json_array_get(scene->attendance->at, i));

		/* Who waits for the start of this one has all of it still to do. */
		if (strncmp(json_string_value(name), entry->name, BOARD_NAME_MAX) == 0)
			return at > scene->execution ||
			       (at == scene->execution &&
				       json_is_true(json_array_get(scene->attendance->done, i)));
	}
	return false;
}

/* The board is the child's to write: the number may be any. */
static const struct board_call *call_of(const struct board_entry *entry)
{
	return &board_calls[entry->call < board_call_count ? entry->call : 0];
}

static bool is_spinning(const struct board_call *call)
{
	return call->name && strstr(call->name, "spin");
}

/* Whether what it waits for is behind a descriptor, and not at an address. */
static bool is_channel(const struct board_call *call)
{
	return strcmp(call->means, "send") == 0 || strcmp(call->means, "receive") == 0 ||
	       strcmp(call->means, "accept") == 0;
}

/* poll waits on a set of descriptors, so there is no single object to identify it. */
static bool is_nameless(const struct board_call *call)
{
	return strcmp(call->means, "poll") == 0;
}

/* What a descriptor of the thread's leads to, "pipe:[123]", to be freed; NULL: nothing. */
static char *link_of(uint32_t tid, unsigned descriptor)
{
	char *path = format("/proc/%u/fd/%u", tid, descriptor), text[LINK_MAX];
	ssize_t length = readlink(path, text, sizeof text - 1);

	free(path);
	if (length < 0)
		return NULL;
	text[length] = '\0';
	return format("%s", text);
}

static bool moved(const struct scene *scene, const struct board_entry *entry)
{
	return entry->sequence != scene->progress->sequence[entry - scene->board->entries];
}

/* Whether it sits in a call that only others can end, since the silence was noted. */
static bool is_blocked(const struct scene *scene, const struct board_entry *entry)
{
	return call_of(entry)->blocks && !moved(scene, entry);
}

/* Whether the scenario handles a signal, which may end a wait. */
static bool has_handlers(const struct family *family, const struct board *board)
{
	uint64_t handlers = 0;

	for (unsigned i = 0; i < family->count; i++) {
		char *path = format("/proc/%d/status", (int)family->pids[i]);

		handlers |= board_handlers(path);
		free(path);
	}
	return handlers & ~board->handlers_own;
}

static struct scene scene_of(pid_t pid, const struct board *board, const struct progress *progress,
	const struct attendance *attendance)
{
	return (struct scene){.family = family_of(pid),
		.board = board,
		.progress = progress,
		.attendance = attendance,
		.execution = autopsy_execution(attendance)};
}

/* Threads of the family that are on the board, the harness's own, and a detector's. */
static unsigned known_count(const struct scene *scene)
{
	unsigned known = scene->board->threads_own;

	for (unsigned i = 0; i < BOARD_ENTRIES; i++) {
		uint32_t tid = scene->board->entries[i].tid;

		known += tid && thread_state(&scene->family, tid);
	}
	return known;
}

/* A thread or a process that is not on the board might do anything. */
static bool strangers(const struct scene *scene)
{
	return !scene->family.all || thread_count(&scene->family) != known_count(scene);
}

/*
 * Whether what it waits for may have been sent already: a socket may hold it back until an
 * acknowledgement comes, which may be delayed.
 */
static bool on_its_way(const struct scene *scene, const struct board_entry *entry)
{
	const struct board_call *call = call_of(entry);
	char *link;
	bool socket;

	if (clock_ns() - scene->progress->noted_ns >= SOCKET_NS)
		return false;
	if (is_nameless(call))
		return true;
	if (!is_channel(call))
		return false;
	link = link_of(entry->tid, (unsigned)entry->object);
	socket = !link || strncmp(link, "socket:", 7) == 0;
	free(link);
	return socket;
}

bool autopsy_proves(pid_t pid, const struct board *board, const struct progress *progress,
	const struct attendance *attendance)
{
	const struct scene scene = scene_of(pid, board, progress, attendance);
	unsigned blocked = 0;

	for (unsigned i = 0; i < BOARD_ENTRIES; i++) {
		const struct board_entry *entry = &board->entries[i];
		char state = entry->tid ? thread_state(&scene.family, entry->tid) : 0;

		if (!state || is_done(&scene, entry))
			continue;
		if (!is_blocked(&scene, entry) || (state != 'S' && !is_spinning(call_of(entry))) ||
			on_its_way(&scene, entry))
			return false;
		blocked++;
	}
	return blocked && !strangers(&scene) && !has_handlers(&scene.family, board);
}

bool autopsy_sleeps(pid_t pid, const struct board *board, const struct attendance *attendance)
{
	const struct scene scene = scene_of(pid, board, NULL, attendance);

	bool reaps = false, unseen = strangers(&scene);

	for (unsigned i = 0; i < BOARD_ENTRIES; i++) {
		const struct board_entry *entry = &board->entries[i];

		if (!entry->tid || is_done(&scene, entry) ||
			thread_state(&scene.family, entry->tid) != 'S')
			continue;
		if (call_of(entry)->timed)
			return true;
		reaps |= is(call_of(entry)->means, "reap");
		unseen |= !call_of(entry)->name;
	}
	/* A process that runs another program may sleep there. */
	return reaps && unseen;
}

/* The threads of the scenario that are not at rest. */
static bool is_of_interest(const struct scene *scene, const struct board_entry *entry)
{
	return entry->tid && !is_done(scene, entry) && thread_state(&scene->family, entry->tid);
}

/* To be freed. The board is the child's to write, whatever it writes: the NUL may be missing. */
static char *actor_name(const struct board_entry *entry)
{
	return format("%.*s", BOARD_NAME_MAX, entry->name);
}

/* "alice", or "alice's thread 2" of one that she created; to be freed. */
static char *entry_name(const struct board *board, const struct board_entry *entry)
{
	const struct board_entry *creator;
	const struct board_created *created;
	const char *what;
	char *name, *whole;

	if (is_actor(entry))
		return actor_name(entry);
	created = creation_of(board, entry->thread, &creator);
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

/* Of one to be joined, which may not be on the board. */
static char *thread_name(const struct board *board, uint64_t thread)
{
	const struct board_entry joined = {.thread = thread};

	for (unsigned i = 0; i < BOARD_ENTRIES; i++)
		if (board->entries[i].tid && board->entries[i].thread == thread)
			return entry_name(board, &board->entries[i]);
	return entry_name(board, &joined);
}

static bool in_states(const struct board *board, uint64_t object)
{
	return object - board->states < board->stride * board->count;
}

static json_t *place_json(const struct board *board, uint64_t object)
{
	if (in_states(board, object))
		return json_pack("{s:I}", "state_offset",
			(json_int_t)((object - board->states) % board->stride));
	return json_pack("{s:I}", "program_offset", (json_int_t)(object - board->base));
}

static json_t *return_address(const struct board *board, uint64_t pc)
{
	return json_integer((json_int_t)(pc - board->base));
}

/* --- stacks ------------------------------------------------------------------------------------
 */

/* Symbols of the program are looked up later (symbols.h), and nothing is asked of a network. */
static int no_debuginfo(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base,
	const char *file, const char *link, GElf_Word crc, char **found)
{
	(void)module, (void)data, (void)name, (void)base, (void)file, (void)link, (void)crc;
	(void)found;
	return -1;
}

static Dwfl *stacks_open(pid_t pid)
{
	static const Dwfl_Callbacks callbacks = {
		.find_elf = dwfl_linux_proc_find_elf,
		.find_debuginfo = no_debuginfo,
	};
	Dwfl *dwfl = dwfl_begin(&callbacks);

	if (dwfl && dwfl_linux_proc_report(dwfl, pid) == 0 &&
		dwfl_report_end(dwfl, NULL, NULL) == 0 &&
		dwfl_linux_proc_attach(dwfl, pid, false) == 0)
		return dwfl;
	if (dwfl)
		dwfl_end(dwfl);
	return NULL;
}

struct walk {
	const struct board *board;
	json_t *stack;
};

static bool has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static int frame_take(Dwfl_Frame *frame, void *context)
{
	struct walk *walk = context;
	Dwarf_Addr pc;
	bool exact;
	Dwfl_Module *module;
	const char *name, *file = NULL;

	if (!dwfl_frame_pc(frame, &pc, &exact) || json_array_size(walk->stack) == FRAMES_MAX)
		return DWARF_CB_ABORT;
	module = dwfl_addrmodule(dwfl_thread_dwfl(dwfl_frame_thread(frame)), pc - !exact);
	name = module ? dwfl_module_addrname(module, pc - !exact) : NULL;
	if (module)
		dwfl_module_info(module, NULL, NULL, NULL, NULL, NULL, &file, NULL);
	/* Whatever goes on inside of the wrapped call is that call to its caller. */
	if (name && has_prefix(name, wrapper_prefix)) {
		json_array_clear(walk->stack);
		json_array_append_new(walk->stack, json_string(name + strlen(wrapper_prefix)));
	} else if (module && pc - walk->board->base < UINT32_MAX && file && !strstr(file, ".so")) {
		json_array_append_new(walk->stack, return_address(walk->board, pc + exact));
	} else {
		json_array_append_new(walk->stack, json_string(name ? name : "?"));
	}
	return DWARF_CB_OK;
}

/* The stack of a thread, innermost call first; that call alone where the stack cannot be had. */
static json_t *stack_of(const struct scene *scene, const struct board_entry *entry)
{
	struct walk walk = {scene->board, json_array()};

	unsigned member = member_of(&scene->family, entry->tid);

	if (member < scene->family.count && scene->stacks[member])
		dwfl_getthread_frames(scene->stacks[member], (pid_t)entry->tid, frame_take, &walk);
	if (!json_array_size(walk.stack) && call_of(entry)->name) {
		json_array_append_new(walk.stack, json_string(call_of(entry)->name));
		json_array_append_new(walk.stack, return_address(scene->board, entry->pc));
	}
	return walk.stack;
}

/* Whether the address that a thread sleeps on, in the kernel, lies in an object of so many bytes.
 */
static bool sleeps_on(const struct board_entry *entry, uint64_t object, size_t size)
{
	char *path = format("/proc/%u/syscall", entry->tid);
	FILE *file = fopen(path, "r");
	unsigned long long number, address = 0;
	bool found = file && fscanf(file, "%llu %llx", &number, &address) == 2;

	if (file)
		fclose(file);
	free(path);
	return found && number == SYS_futex && address - object < size;
}

/* --- channels ----------------------------------------------------------------------------------
 */

/* How many different pipes, say, the thread has open that are older than this one, and it. */
static unsigned rank_of(uint32_t tid, const char *link)
{
	size_t kind = strcspn(link, "[");
	char *path = format("/proc/%u/fd", tid);
	DIR *folder = link[kind] ? opendir(path) : NULL;
	unsigned long seen[FAMILY_MAX], own = folder ? strtoul(link + kind + 1, NULL, 10) : 0;
	unsigned count = 0, rank = 1;
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		char *other = link_of(tid, (unsigned)strtoul(entry->d_name, NULL, 10));
		unsigned long inode = 0;
		bool known = !other || strncmp(other, link, kind + 1) != 0;

		if (!known)
			inode = strtoul(other + kind + 1, NULL, 10);
		for (unsigned i = 0; i < count; i++)
			known |= seen[i] == inode;
		if (!known && count < FAMILY_MAX) {
			seen[count++] = inode;
			rank += inode < own;
		}
		free(other);
	}
	if (folder)
		closedir(folder);
	free(path);
	return rank;
}

/* "pipe 2", or the word of what has a name; to be freed. */
static char *channel_name(uint32_t tid, const char *link)
{
	const char *last = strrchr(link, '/'), *dash;

	if (!last)
		return format("%.*s %u", (int)strcspn(link, ":"), link, rank_of(tid, link));
	dash = strncmp(last, "/snarl-", 7) == 0 ? strchr(last + 7, '-') : NULL;
	return format("%s", dash ? dash + 1 : last + 1);
}

/*
 * Where in the state of an execution there is the number by which a thread knows its descriptor:
 * then the channel has that variable's name. Only where there is but one state, as with processes.
 * -1: nowhere.
 */
static int64_t offset_of(const struct scene *scene, const struct board_entry *entry)
{
	int numbers[STATE_INTS_MAX];
	size_t size = scene->board->stride < sizeof numbers ? scene->board->stride : sizeof numbers;
	struct iovec here = {numbers, size}, there = {(void *)scene->board->states, size};
	int number = entry->number ? entry->number : (int)entry->object;

	if (scene->board->count != 1 || number <= STDERR_FILENO ||
		process_vm_readv((pid_t)entry->tid, &here, 1, &there, 1, 0) <= 0)
		return -1;
	for (size_t i = 0; i < size / sizeof *numbers; i++)
		if (numbers[i] == number)
			return (int64_t)(i * sizeof *numbers);
	return -1;
}

static json_t *channel_json(
	const struct scene *scene, const struct board_entry *entry, const char *link)
{
	char *name = channel_name(entry->tid, link);
	int64_t offset = strchr(link, '/') ? -1 : offset_of(scene, entry);
	json_t *place = offset < 0 ? json_pack("{s:s}", "name", name)
				   : json_pack("{s:I}", "state_offset", (json_int_t)offset);

	free(name);
	return place;
}

/* Whether the thread has one of the channel's ends for writing, or else for reading. */
static bool has_end(uint32_t tid, const char *link, bool writing)
{
	char *path = format("/proc/%u/fd", tid);
	DIR *folder = opendir(path);
	struct dirent *entry;
	bool found = false;

	free(path);
	while (folder && !found && (entry = readdir(folder))) {
		unsigned descriptor = (unsigned)strtoul(entry->d_name, NULL, 10), flags = 0;
		char *other = entry->d_name[0] == '.' ? NULL : link_of(tid, descriptor);
		FILE *info = NULL;

		if (other && strcmp(other, link) == 0) {
			path = format("/proc/%u/fdinfo/%u", tid, descriptor);
			info = fopen(path, "r");
			free(path);
		}
		if (info && fscanf(info, "pos: %*s flags: %o", &flags) == 1)
			found = (flags & O_ACCMODE) == O_RDWR ||
				(flags & O_ACCMODE) == (writing ? O_WRONLY : O_RDONLY);
		if (info)
			fclose(info);
		free(other);
	}
	if (folder)
		closedir(folder);
	return found;
}

/*
 * Who could end a wait at the channel, by what each has open; of sockets that cannot be seen from
 * here: NULL.
 */
static json_t *ends_json(const struct scene *scene, const char *link, bool writing)
{
	json_t *names = json_array();

	if (strncmp(link, "socket:", 7) == 0) {
		json_decref(names);
		return NULL;
	}
	for (unsigned i = 0; i < BOARD_ENTRIES; i++) {
		const struct board_entry *entry = &scene->board->entries[i];
		char *name;

		if (!entry->tid || !has_end(entry->tid, link, writing))
			continue;
		name = entry_name(scene->board, entry);
		json_array_append_new(names, json_string(name));
		free(name);
	}
	return names;
}

/* A number that all have in common who wait there: the hash of where it leads. */
static uint64_t channel_id(const char *link)
{
	return hash64(link) >> 1;
}

/* --- who holds, who waits ----------------------------------------------------------------------
 */

/*
 * Whether what an entry says of an object is of the execution in question: a state's memory is used
 * again for others.
 */
static bool is_current(const struct board *board, uint64_t object, uint64_t of, int64_t execution)
{
	return !in_states(board, object) || of == UINT64_MAX || execution < 0 ||
	       of == (uint64_t)execution;
}

static json_t *holds_json(const struct board *board, const struct board_entry *entry,
	int64_t execution, uint64_t released)
{
	static const char *const modes[] = {
		[BOARD_ALONE] = "alone", [BOARD_SHARED] = "shared", [BOARD_UNIT] = "unit"};
	json_t *holds = json_array();

	for (uint32_t i = 0; i < entry->held_count && i < BOARD_HELD_MAX; i++) {
		const struct board_held *held = &entry->held[i];

		if (held->mode > BOARD_UNIT ||
			!is_current(board, held->object, held->execution, execution))
			continue;
		if (held->object == released) {
			released = 0; /* once: a recursive lock may be held on */
			continue;
		}
		json_array_append_new(holds,
			json_pack("{s:I, s:o, s:s, s:[o]}", "object", (json_int_t)held->object,
				"place", place_json(board, held->object), "mode", modes[held->mode],
				"stack", return_address(board, held->pc)));
	}
	return holds;
}

/* The last signal of a condition that an actor waits for, by another; an empty array: none. */
static json_t *signals_json(
	const struct board *board, const struct board_entry *waiter, int64_t execution)
{
	const struct board_entry *by = NULL;
	const struct board_signal *last = NULL;
	json_t *signals = json_array();
	char *name;

	for (unsigned i = 0; i < BOARD_ENTRIES; i++) {
		const struct board_entry *entry = &board->entries[i];

		for (unsigned k = 0; entry != waiter && k < BOARD_SIGNALS_MAX; k++) {
			const struct board_signal *signal = &entry->signals[k];

			if (k >= entry->signal_count || signal->object != waiter->object ||
				(signal->execution != UINT64_MAX &&
					signal->execution != (uint64_t)execution) ||
				(last && last->at_ns > signal->at_ns))
				continue;
			/* It was awake after that one, and has looked again. */
			if (waiter->woken_from == waiter->object &&
				signal->at_ns < waiter->woken_ns)
				continue;
			last = signal;
			by = entry;
		}
	}
	if (!last)
		return signals;
	name = entry_name(board, by);
	json_array_append_new(signals,
		json_pack("{s:s, s:b, s:[o]}", "actor", name, "before",
			last->at_ns <= waiter->since_ns, "stack", return_address(board, last->pc)));
	free(name);
	return signals;
}

static const char *state_of(const struct scene *scene, const struct board_entry *entry)
{
	if (is_blocked(scene, entry))
		return "blocked";
	if (moved(scene, entry))
		return "progressing";
	return thread_state(&scene->family, entry->tid) == 'R' ? "running" : "waiting";
}

static json_t *entry_json(
	const struct scene *scene, const struct board_entry *entry, int64_t execution)
{
	const struct board_call *call = call_of(entry);
	bool waits = strcmp(call->means, "wait") == 0;
	/* A wait for a condition begins and ends with its lock: it may be stuck on the way back. */
	bool locking =
		waits && (!entry->other || sleeps_on(entry, entry->other, sizeof(pthread_mutex_t)));
	const char *state = scene->states[entry - scene->board->entries];
	json_t *stack = stack_of(scene, entry), *shown;
	char *name = entry_name(scene->board, entry);
	/* Of a call that is over, nothing is waited for any more. */
	uint64_t object = !call->name || is_nameless(call) ? 0
			  : locking && entry->other	   ? entry->other
							   : entry->object;
	char *link = object && is_channel(call) ? link_of(entry->tid, (unsigned)object) : NULL;
	json_t *place;

	if (link) {
		object = channel_id(link);
		place = channel_json(scene, entry, link);
	} else {
		place = object && !is_channel(call) ? place_json(scene->board, object)
						    : json_null();
	}

	shown = json_pack("{s:s, s:s, s:s?, s:s, s:I, s:o, s:o, s:o}", "actor", name, "state",
		state, "call", call->name, "means", locking ? "lock" : call->means, "object",
		(json_int_t)object, "place", place, "stack", stack, "holds",
		holds_json(
			scene->board, entry, execution, waits && entry->other ? entry->other : 0));
	if (strcmp(call->means, "join") == 0) {
		char *other = thread_name(scene->board, entry->object);

		json_object_set_new(shown, "thread", json_string(other));
		json_object_set_new(shown, "place", json_null());
		free(other);
	} else if (is(call->means, "sit") || is(call->means, "reap")) {
		json_object_set_new(shown, "place", json_null());
	} else if (strcmp(call->means, "down") == 0) {
		json_object_set_new(shown, "value", json_string("which is 0"));
	} else if (waits && entry->other && !locking) {
		json_object_set_new(shown, "signals", signals_json(scene->board, entry, execution));
	}
	if (link) {
		json_t *ends = ends_json(scene, link, strcmp(call->means, "receive") == 0);

		if (ends)
			json_object_set_new(shown, "ends", ends);
	}
	free(link);
	free(name);
	return shown;
}

/* An actor or a thread that is done with the execution, and kept what others wait for. */
static void left_behind(const struct scene *scene, const struct board_entry *entry,
	int64_t execution, json_t *actors)
{
	json_t *holds = holds_json(scene->board, entry, execution, 0), *held;
	size_t i;

	/* What a thread of another execution has is none of this one's. */
	if (!is_actor(entry) && is_done(scene, entry))
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
		char *name = entry_name(scene->board, entry);

		json_array_append_new(actors, json_pack("{s:s, s:s, s:O}", "actor", name, "state",
						      "ended", "holds", holds));
		free(name);
	}
	json_decref(holds);
}

json_t *autopsy(pid_t pid, const struct board *board, const struct progress *progress,
	const struct attendance *attendance)
{
	struct scene scene = scene_of(pid, board, progress, attendance);
	json_t *told = json_array();

	for (unsigned i = 0; i < BOARD_ENTRIES; i++)
		scene.states[i] = state_of(&scene, &board->entries[i]);
	for (unsigned i = 0; i < scene.family.count; i++)
		scene.stacks[i] = stacks_open(scene.family.pids[i]);
	for (unsigned i = 0; i < BOARD_ENTRIES; i++)
		if (is_of_interest(&scene, &board->entries[i]))
			json_array_append_new(
				told, entry_json(&scene, &board->entries[i], scene.execution));
	for (unsigned i = 0; i < BOARD_ENTRIES; i++)
		if (board->entries[i].tid && !is_of_interest(&scene, &board->entries[i]))
			left_behind(&scene, &board->entries[i], scene.execution, told);
	for (unsigned i = 0; i < scene.family.count; i++)
		if (scene.stacks[i])
			dwfl_end(scene.stacks[i]);
	if (json_array_size(told))
		return json_pack("{s:o}", "actors", told);
	json_decref(told);
	return NULL;
}
