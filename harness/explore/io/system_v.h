/* system_v.h - message queues and sets of semaphores of System V. */
#ifndef SNARL_EXPLORE_IO_SYSTEM_V_H
#define SNARL_EXPLORE_IO_SYSTEM_V_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct actor;

/* Begin an execution: remove what the last one has made and left. */
void system_v_renew(void);

/* Provider of names (address.h): "queue 1", "set 1". */
bool system_v_name(uintptr_t address, char *text, size_t size);

/* A process ends: what it asked for is undone, and its descriptors are closed. */
void system_v_process_over(struct actor *self);

#endif
