/* procfs.c - what /proc says. */
#define _GNU_SOURCE
#include "procfs.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "text.h"

enum { LINK_MAX = 4096, PATH_MAX_HERE = 64 };

/* Open a file of /proc; NULL: there is none. */
__attribute__((format(printf, 1, 2))) static FILE *proc_open(const char *pattern, ...)
{
	char path[PATH_MAX_HERE];
	va_list arguments;

	va_start(arguments, pattern);
	vsnprintf(path, sizeof path, pattern, arguments);
	va_end(arguments);
	return fopen(path, "re");
}

typedef bool look_at(void *context, unsigned process, unsigned number);

/* Call `look` for each number in a process's folder at `path`, until it returns true. */
static bool numbers_find(const char *path, unsigned process, look_at *look, void *context)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	bool found = false;

	while (folder && !found && (entry = readdir(folder)))
		if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9')
			found = look(context, process, (unsigned)strtoul(entry->d_name, NULL, 10));
	if (folder)
		closedir(folder);
	return found;
}

/* In the process's folder `name`: its threads, its descriptors. */
static bool process_find(unsigned process, const char *name, look_at *look, void *context)
{
	char path[PATH_MAX_HERE];

	snprintf(path, sizeof path, "/proc/%u/%s", process, name);
	return numbers_find(path, process, look, context);
}

static bool children_add(void *context, unsigned pid, unsigned tid)
{
	struct process_tree *tree = context;
	FILE *file = proc_open("/proc/%u/task/%u/children", pid, tid);
	int child;

	while (file && fscanf(file, "%d", &child) == 1) {
		if (tree->count < PROCESSES_MAX)
			tree->pids[tree->count++] = child;
		else
			tree->all = false;
	}
	if (file)
		fclose(file);
	return false;
}

struct process_tree process_tree_of(pid_t pid)
{
	struct process_tree tree = {1, {pid}, true};

	for (unsigned i = 0; i < tree.count; i++)
		process_find((unsigned)tree.pids[i], "task", children_add, &tree);
	return tree;
}

struct process_tree process_family_of(pid_t pid)
{
	struct process_tree tree = {1, {pid}, true};

	process_find((unsigned)pid, "task", children_add, &tree);
	return tree;
}

bool process_tree_has(const struct process_tree *tree, pid_t pid)
{
	for (unsigned i = 0; i < tree->count; i++)
		if (tree->pids[i] == pid)
			return true;
	return false;
}

struct thread_stat {
	char state;
	unsigned long user, system; /* ticks */
};

static bool thread_stat_read(unsigned pid, unsigned tid, struct thread_stat *stat)
{
	FILE *file = proc_open("/proc/%u/task/%u/stat", pid, tid);
	/* the name in parentheses may hold anything but a line's end */
	bool read = file && fscanf(file,
				    "%*d (%*[^\n)]) %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu "
				    "%lu",
				    &stat->state, &stat->user, &stat->system) == 3;

	if (file)
		fclose(file);
	return read;
}

/* State of a thread of the process; 0: there is no such thread, or it is dead. */
static char state_in(unsigned pid, unsigned tid)
{
	struct thread_stat stat;

	if (!thread_stat_read(pid, tid, &stat))
		return 0;
	return stat.state == 'Z' || stat.state == 'X' ? 0 : stat.state;
}

unsigned process_tree_member(const struct process_tree *tree, uint32_t tid)
{
	unsigned i;

	for (i = 0; i < tree->count; i++)
		if (state_in((unsigned)tree->pids[i], tid))
			break;
	return i;
}

pid_t process_tree_pid(const struct process_tree *tree, uint32_t tid)
{
	unsigned member = process_tree_member(tree, tid);

	return member < tree->count ? tree->pids[member] : 0;
}

char process_tree_state(const struct process_tree *tree, uint32_t tid)
{
	unsigned member = process_tree_member(tree, tid);

	return member < tree->count ? state_in((unsigned)tree->pids[member], tid) : 0;
}

static bool thread_count(void *count, unsigned pid, unsigned tid)
{
	*(unsigned *)count += state_in(pid, tid) != 0;
	return false;
}

unsigned process_tree_threads(const struct process_tree *tree)
{
	unsigned count = 0;

	for (unsigned i = 0; i < tree->count; i++)
		process_find((unsigned)tree->pids[i], "task", thread_count, &count);
	return count;
}

struct cpu {
	uint64_t ticks;
	bool runnable;
};

static bool cpu_add(void *context, unsigned pid, unsigned tid)
{
	struct cpu *cpu = context;
	struct thread_stat stat;

	if (thread_stat_read(pid, tid, &stat)) {
		cpu->ticks += stat.user + stat.system;
		cpu->runnable |= stat.state == 'R' || stat.state == 'D';
	}
	return false;
}

uint64_t process_cpu_ms(pid_t pid, bool *runnable)
{
	const struct process_tree tree = process_tree_of(pid);
	struct cpu cpu = {0, false};

	for (unsigned i = 0; i < tree.count; i++)
		process_find((unsigned)tree.pids[i], "task", cpu_add, &cpu);
	*runnable = cpu.runnable;
	return cpu.ticks * 1000 / (uint64_t)sysconf(_SC_CLK_TCK);
}

struct siblings {
	pid_t parent;
	bool (*take)(void *context, pid_t pid);
	void *context;
	unsigned taken;
};

static bool child_take(void *context, unsigned unused, unsigned pid)
{
	struct siblings *siblings = context;
	FILE *file = proc_open("/proc/%u/stat", pid);
	int parent = 0;

	(void)unused;
	if (file && fscanf(file, "%*d (%*[^\n)]) %*c %d", &parent) == 1 &&
		parent == siblings->parent)
		siblings->taken += siblings->take(siblings->context, (pid_t)pid);
	if (file)
		fclose(file);
	return false;
}

unsigned process_children(pid_t parent, bool (*take)(void *context, pid_t pid), void *context)
{
	struct siblings siblings = {parent, take, context, 0};

	numbers_find("/proc", 0, child_take, &siblings);
	return siblings.taken;
}

struct visitor {
	void (*visit)(void *context, pid_t pid);
	void *context;
};

static bool process_visit(void *context, unsigned unused, unsigned pid)
{
	const struct visitor *visitor = context;

	(void)unused;
	visitor->visit(visitor->context, (pid_t)pid);
	return false;
}

void processes_each(void (*visit)(void *context, pid_t pid), void *context)
{
	struct visitor visitor = {visit, context};

	numbers_find("/proc", 0, process_visit, &visitor);
}

uint64_t process_started(pid_t pid)
{
	FILE *file = proc_open("/proc/%d/stat", (int)pid);
	unsigned long long ticks;
	bool read = file && fscanf(file,
				    "%*d (%*[^\n)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u "
				    "%*u %*u %*d %*d %*d %*d %*d %*d %llu",
				    &ticks) == 1;

	if (file)
		fclose(file);
	return read ? ticks : 0;
}

char *process_variable(pid_t pid, const char *name)
{
	FILE *file = proc_open("/proc/%d/environ", (int)pid);
	size_t capacity = 0, length = strlen(name);
	char *line = NULL, *value = NULL;

	while (file && !value && getdelim(&line, &capacity, '\0', file) > 0)
		if (strncmp(line, name, length) == 0 && line[length] == '=')
			value = format("%s", line + length + 1);
	if (file)
		fclose(file);
	free(line);
	return value;
}

static char *link_read(const char *path)
{
	char text[LINK_MAX];
	ssize_t length = readlink(path, text, sizeof text - 1);

	if (length < 0)
		return NULL;
	text[length] = '\0';
	return format("%s", text);
}

char *process_program(pid_t pid)
{
	char path[PATH_MAX_HERE];

	snprintf(path, sizeof path, "/proc/%d/exe", (int)pid);
	return link_read(path);
}

char *descriptor_link(uint32_t tid, unsigned descriptor)
{
	char path[PATH_MAX_HERE];

	snprintf(path, sizeof path, "/proc/%u/fd/%u", tid, descriptor);
	return link_read(path);
}

int descriptor_flags(uint32_t tid, unsigned descriptor)
{
	FILE *file = proc_open("/proc/%u/fdinfo/%u", tid, descriptor);
	unsigned flags;
	bool read = file && fscanf(file, "pos: %*s flags: %o", &flags) == 1;

	if (file)
		fclose(file);
	return read ? (int)flags : -1;
}

bool descriptors_find(
	uint32_t tid, bool (*look)(void *context, uint32_t tid, unsigned descriptor), void *context)
{
	return process_find(tid, "fd", look, context);
}

int descriptor_copy_of(pid_t pid, unsigned descriptor)
{
	int process = (int)syscall(SYS_pidfd_open, pid, 0), copy;

	if (process < 0)
		return -1;
	copy = (int)syscall(SYS_pidfd_getfd, process, descriptor, 0);
	close(process);
	return copy;
}

char *mapping_file(uint32_t tid, uint64_t address)
{
	FILE *file = proc_open("/proc/%u/maps", tid);
	char *line = NULL, *found = NULL;
	size_t size = 0;

	while (file && !found && getline(&line, &size, file) > 0) {
		unsigned long long from, to;
		char shared;
		int name = 0;

		if (sscanf(line, "%llx-%llx %*3c%c %*x %*s %*u %n", &from, &to, &shared, &name) <
				3 ||
			shared != 's' || address < from || address >= to)
			continue;
		line[strcspn(line, "\n")] = '\0';
		found = format("%s", line + name);
	}
	free(line);
	if (file)
		fclose(file);
	return found;
}

bool thread_system_call(uint32_t tid, struct system_call *call)
{
	FILE *file = proc_open("/proc/%u/syscall", tid);
	bool read = file && fscanf(file, "%llu %llx %llx %llx", &call->number, &call->arguments[0],
				    &call->arguments[1], &call->arguments[2]) == 4;

	if (file)
		fclose(file);
	return read;
}

uint64_t thread_futex(uint32_t tid)
{
	struct system_call call;

	return thread_system_call(tid, &call) && call.number == SYS_futex ? call.arguments[0] : 0;
}
