/*
 * command.h - libfiu's own commands in a case: those of fiu-run, before it starts, and those of
 * fiu-ctrl, while it runs.
 *
 * They come through libfiu's own environment: FIU_ENABLE has one command per line, FIU_CTRL_FIFO is
 * the prefix of the names of the pipes that fiu-ctrl writes to and reads from, LD_PRELOAD is its
 * library with calls that fail. Each point then asks libfiu by its name. Only calls of actors can
 * fail: libfiu's preloaded calls are answered here, and those that the harness makes are always
 * made.
 *
 * A command may come at any moment, and libfiu draws its own random numbers: no seed repeats them.
 * libfiu's locks order the actors that reach a point.
 */
#ifndef SNARL_INJECTORS_COMMAND_H
#define SNARL_INJECTORS_COMMAND_H

#include <stdbool.h>

#include "plan.h"

enum { COMMAND_NAME_MAX = 256 };

/* To be called first, before any actor runs. Ends the child on a command that libfiu refuses. */
void command_open(const struct plan *plan);

/* Whether commands may come; if so, every point has to be armed. */
bool command_expected(void);

/* Ask libfiu itself; not 0: the point fails. */
int command_fail(const char *name);

/*
 * The name by which libfiu knows the rules on a point. If commands are expected it is not the
 * point's own, which is left to them. Valid as long as `room` and `point` are.
 */
const char *command_rules_name(const char *point, char name[COMMAND_NAME_MAX]);

/* Whether a command makes the point fail; if so, `info` is its failinfo, 0 if it has none. */
bool command_fires(const char *point, long *info);

/* Write an event for each point that a command made fail, with how often it did. */
void command_emit(void);

#endif
