/* autopsy.c - what a case that fell silent was at. */
#define _GNU_SOURCE
#include "autopsy.h"

#include <dirent.h>
#include <elfutils/libdwfl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "catalog.h"
#include "clock.h"

enum { FRAMES_MAX = 48, NAME_MAX_HERE = 48 };

static const char wrapper_prefix[] = "snarl_wrap_";

/* What is looked at together. */
struct scene {
	pid_t pid;
	const struct board *board;
	const struct progress *progress;
	const json_t *actors, *done;
	Dwfl *dwfl; /* NULL: stacks cannot be had */
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

/* State of a thread as /proc has it: 'S' asleep, 'R' runnable; 0: there is no such thread. */
static char thread_state(pid_t pid, uint32_t tid)
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
	return state;
}

static unsigned thread_count(pid_t pid)
{
	char *path = format("/proc/%d/task", (int)pid);
	DIR *tasks = opendir(path);
	struct dirent *task;
	unsigned count = 0;

	while (tasks && (task = readdir(tasks)))
		count += task->d_name[0] != '.';
	if (tasks)
		closedir(tasks);
	free(path);
	return count;
}

static bool is_actor(const struct board_entry *entry)
{
	return entry->name[0];
}

/* Whether an actor is done with its execution, and waits for the next. */
static bool is_done(const struct scene *scene, const struct board_entry *entry)
{
	const json_t *name;
	size_t i;

	json_array_foreach(scene->actors, i, name) {
		if (is_actor(entry) &&
			strncmp(json_string_value(name), entry->name, BOARD_NAME_MAX) == 0)
			return json_is_true(json_array_get(scene->done, i));
	}
	return false;
}

static const struct board_call *call_of(const struct board_entry *entry)
{
	static unsigned count;

	while (!count || board_calls[count].name)
		count++;
	return &board_calls[entry->call < count ? entry->call : 0];
}

static bool is_spinning(const struct board_call *call)
{
	return call->name && strstr(call->name, "spin");
}

static bool moved(const struct scene *scene, const struct board_entry *entry)
{
	return entry->sequence != scene->progress->sequence[entry - scene->board->entries];
}

/* Whether it sits in a call that only others can end, since the silence was noted. */
static bool is_blocked(const struct scene *scene, const struct board_entry *entry)
{
	const struct board_call *call = call_of(entry);

	return call->name && !call->timed && strcmp(call->means, "create") != 0 &&
	       strcmp(call->means, "unlock") != 0 && strcmp(call->means, "wake") != 0 &&
	       strcmp(call->means, "up") != 0 && !moved(scene, entry);
}

bool autopsy_proves(pid_t pid, const struct board *board, const struct progress *progress,
	const json_t *actors, const json_t *done)
{
	const struct scene scene = {pid, board, progress, actors, done, NULL};
	unsigned known = board->threads_own, blocked = 0;

	for (unsigned i = 0; i < BOARD_ENTRIES; i++) {
		const struct board_entry *entry = &board->entries[i];
		char state = entry->tid ? thread_state(pid, entry->tid) : 0;

		known += state != 0;
		if (!state || is_done(&scene, entry))
			continue;
		if (!is_blocked(&scene, entry) || (state != 'S' && !is_spinning(call_of(entry))))
			return false;
		blocked++;
	}
	/* A thread that is not on the board might still do anything. */
	return blocked && thread_count(pid) == known;
}

/* The threads of the scenario that are not at rest. */
static bool is_of_interest(const struct scene *scene, const struct board_entry *entry)
{
	return entry->tid && !is_done(scene, entry) && thread_state(scene->pid, entry->tid);
}

int64_t autopsy_execution(const struct board *board, const json_t *actors, const json_t *done)
{
	const struct scene scene = {0, board, NULL, actors, done, NULL};
	int64_t execution = -1;

	for (unsigned i = 0; i < BOARD_ENTRIES; i++) {
		const struct board_entry *entry = &board->entries[i];

		if (is_actor(entry) && !is_done(&scene, entry) && entry->call)
			execution = (int64_t)entry->execution;
	}
	return execution;
}

/* Whether the thread is on the board. */
static bool is_known(const struct board *board, uint64_t thread)
{
	for (unsigned i = 0; i < BOARD_ENTRIES; i++)
		if (board->entries[i].tid && board->entries[i].thread == thread)
			return true;
	return false;
}

/* Which of the threads that its creator has on the board it is, from 1; 0: not one of its. */
static unsigned number_of(
	const struct board *board, const struct board_entry *creator, uint64_t thread)
{
	uint32_t count = creator->created_count;
	unsigned number = 0;

	for (uint32_t k = count > BOARD_CREATED_MAX ? count - BOARD_CREATED_MAX : 0; k < count;
		k++) {
		uint64_t created = creator->created[k % BOARD_CREATED_MAX];

		number += is_known(board, created);
		if (created == thread)
			return number;
	}
	return 0;
}

/* To be freed. The board is the child's to write, whatever it writes: the NUL may be missing. */
static char *actor_name(const struct board_entry *entry)
{
	return format("%.*s", BOARD_NAME_MAX, entry->name);
}

/* "alice", or "alice's thread 2" of one that she created; to be freed. */
static char *entry_name(const struct board *board, const struct board_entry *entry)
{
	if (is_actor(entry))
		return actor_name(entry);
	for (unsigned i = 0; i < BOARD_ENTRIES; i++) {
		const struct board_entry *creator = &board->entries[i];
		unsigned number = creator->tid ? number_of(board, creator, entry->thread) : 0;

		if (number == 1)
			return format("%s's thread", is_actor(creator) ? creator->name : "another");
		if (number > 1)
			return format("%s's thread %u",
				is_actor(creator) ? creator->name : "another", number);
	}
	return format("thread %u", entry->tid);
}

static char *thread_name(const struct board *board, uint64_t thread)
{
	for (unsigned i = 0; i < BOARD_ENTRIES; i++)
		if (board->entries[i].tid && board->entries[i].thread == thread)
			return entry_name(board, &board->entries[i]);
	return format("a thread");
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
	bool locking; /* it waits for a mutex inside of a wait for a condition */
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
	if (name && (strstr(name, "mutex_cond_lock") || strstr(name, "lll_lock_wait")))
		walk->locking = true;
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
static json_t *stack_of(const struct scene *scene, const struct board_entry *entry, bool *locking)
{
	struct walk walk = {scene->board, json_array(), false};

	if (scene->dwfl)
		dwfl_getthread_frames(scene->dwfl, (pid_t)entry->tid, frame_take, &walk);
	if (!json_array_size(walk.stack) && call_of(entry)->name) {
		json_array_append_new(walk.stack, json_string(call_of(entry)->name));
		json_array_append_new(walk.stack, return_address(scene->board, entry->pc));
	}
	*locking = walk.locking;
	return walk.stack;
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

		if (held->object == released || held->mode > BOARD_UNIT ||
			!is_current(board, held->object, held->execution, execution))
			continue;
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
				!is_current(board, signal->object, signal->execution, execution) ||
				(last && last->at_ns > signal->at_ns))
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
	return thread_state(scene->pid, entry->tid) == 'R' ? "running" : "waiting";
}

static json_t *entry_json(
	const struct scene *scene, const struct board_entry *entry, int64_t execution)
{
	const struct board_call *call = call_of(entry);
	bool locking, waits = strcmp(call->means, "wait") == 0;
	const char *state = state_of(scene, entry); /* before it is stopped for its stack */
	json_t *stack = stack_of(scene, entry, &locking), *shown;
	char *name = entry_name(scene->board, entry);
	uint64_t object = entry->object;

	/* A wait for a condition begins and ends with its lock: it may be stuck on the way back. */
	if (waits && (!entry->other || locking))
		object = entry->other ? entry->other : object;
	shown = json_pack("{s:s, s:s, s:s?, s:s, s:I, s:o, s:o, s:o}", "actor", name, "state",
		state, "call", call->name, "means",
		waits && (!entry->other || locking) ? "lock" : call->means, "object",
		(json_int_t)object, "place", place_json(scene->board, object), "stack", stack,
		"holds",
		holds_json(
			scene->board, entry, execution, waits && entry->other ? entry->other : 0));
	if (strcmp(call->means, "join") == 0) {
		char *other = thread_name(scene->board, entry->object);

		json_object_set_new(shown, "thread", json_string(other));
		json_object_set_new(shown, "place", json_null());
		free(other);
	} else if (strcmp(call->means, "sit") == 0) {
		json_object_set_new(shown, "place", json_null());
	} else if (strcmp(call->means, "down") == 0) {
		json_object_set_new(shown, "value", json_string("which is 0"));
	} else if (waits && entry->other && !locking) {
		json_object_set_new(shown, "signals", signals_json(scene->board, entry, execution));
	}
	free(name);
	return shown;
}

/* An actor that is done with the execution, and kept what others wait for. */
static void left_behind(const struct scene *scene, const struct board_entry *entry,
	int64_t execution, json_t *actors)
{
	json_t *holds = holds_json(scene->board, entry, execution, 0), *held;
	size_t i;

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
		char *name = actor_name(entry);

		json_array_append_new(actors, json_pack("{s:s, s:s, s:O}", "actor", name, "state",
						      "ended", "holds", holds));
		free(name);
	}
	json_decref(holds);
}

json_t *autopsy(pid_t pid, const struct board *board, const struct progress *progress,
	const json_t *actors, const json_t *done)
{
	const struct scene scene = {pid, board, progress, actors, done, stacks_open(pid)};
	int64_t execution = autopsy_execution(board, actors, done);
	json_t *told = json_array();

	for (unsigned i = 0; i < BOARD_ENTRIES; i++)
		if (is_of_interest(&scene, &board->entries[i]))
			json_array_append_new(
				told, entry_json(&scene, &board->entries[i], execution));
	for (unsigned i = 0; i < BOARD_ENTRIES; i++)
		if (is_actor(&board->entries[i]) && is_done(&scene, &board->entries[i]))
			left_behind(&scene, &board->entries[i], execution, told);
	if (scene.dwfl)
		dwfl_end(scene.dwfl);
	if (json_array_size(told))
		return json_pack("{s:o}", "actors", told);
	json_decref(told);
	return NULL;
}
