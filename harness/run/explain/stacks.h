/* stacks.h - the stacks of a live process's threads, which libdwfl reads out of them. */
#ifndef SNARL_RUN_STACKS_H
#define SNARL_RUN_STACKS_H

#include <jansson.h>
#include <stdint.h>
#include <sys/types.h>

struct Dwfl;

/*
 * Attach to a process; to be closed. NULL: its stacks are not available (the system may forbid it).
 */
struct Dwfl *stacks_open(pid_t pid);
void stacks_close(struct Dwfl *stacks);

/*
 * The stack of a thread, which is stopped for a moment: innermost call first, return addresses of
 * the program relative to `base`, names of others. A wrapper has the name of the call that it
 * wraps. A new reference; empty if `stacks` is NULL.
 */
json_t *stack_read(struct Dwfl *stacks, uint32_t tid, uint64_t base);

#endif
