/*
 * procfs.h - what /proc says about processes, threads and descriptors: the one place that reads it.
 *
 * A process may end at any time: what cannot be read counts as absent.
 */
#ifndef SNARL_RUN_PROCFS_H
#define SNARL_RUN_PROCFS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { PROCESSES_MAX = 32 };

/* A process, those that it forked, and so on. */
struct process_tree {
	unsigned count;
	pid_t pids[PROCESSES_MAX];
	bool all; /* there are no more */
};

struct process_tree process_tree_of(pid_t pid);

/* The process and those that it forked, without what these forked. */
struct process_tree process_family_of(pid_t pid);

bool process_tree_has(const struct process_tree *tree, pid_t pid);

/* The process of the tree that has the thread; 0: none has, or it is dead. */
pid_t process_tree_pid(const struct process_tree *tree, uint32_t tid);

/* The member of the tree that has the thread; the tree's count: none has, or it is dead. */
unsigned process_tree_member(const struct process_tree *tree, uint32_t tid);

/* State of a thread of the tree: 'S' asleep, 'R' runnable; 0: there is no such thread. */
char process_tree_state(const struct process_tree *tree, uint32_t tid);

/* Threads that are alive. */
unsigned process_tree_threads(const struct process_tree *tree);

/*
 * CPU time that the process tree has used, in milliseconds; `*runnable`: whether one of its threads
 * is runnable.
 */
uint64_t process_cpu_ms(pid_t pid, bool *runnable);

/* Call `take` for each child of the process; returns how many it took. */
unsigned process_children(pid_t parent, bool (*take)(void *context, pid_t pid), void *context);

/* Call `visit` for each process. */
void processes_each(void (*visit)(void *context, pid_t pid), void *context);

/* When the process started, in clock ticks since the machine did; 0: there is no such process. */
uint64_t process_started(pid_t pid);

/* The path of the program that a process executes, to be freed; NULL: it cannot be read. */
char *process_program(pid_t pid);

/* A variable of the environment that the process started with, to be freed; NULL: there is none. */
char *process_variable(pid_t pid, const char *name);

/* The link of a thread's descriptor, "pipe:[123]", to be freed; NULL: there is none. */
char *descriptor_link(uint32_t tid, unsigned descriptor);

/* The flags that a descriptor was opened with; -1: there is none. */
int descriptor_flags(uint32_t tid, unsigned descriptor);

/* Call `look` for each descriptor of a thread until it returns true; returns whether it did. */
bool descriptors_find(uint32_t tid, bool (*look)(void *context, uint32_t tid, unsigned descriptor),
	void *context);

/* A copy of a process's descriptor, to be closed; -1: there is none, or it is not permitted. */
int descriptor_copy_of(pid_t pid, unsigned descriptor);

/* The file that is mapped, shared, at an address of a thread, to be freed; NULL: there is none. */
char *mapping_file(uint32_t tid, uint64_t address);

/* The system call that a thread sleeps in, and its first arguments. */
struct system_call {
	unsigned long long number, arguments[3];
};

/* False: it sleeps in none, or that is not permitted to know. */
bool thread_system_call(uint32_t tid, struct system_call *call);

/* The address of the futex that a thread sleeps on; 0: it sleeps on none. */
uint64_t thread_futex(uint32_t tid);

#endif
