/*
 * command.h - libfiu's own commands in a case: those of fiu-run, before it starts, and those of
 * fiu-ctrl, while it runs.
 *
 * They come through libfiu's own environment: FIU_ENABLE has a command a line, FIU_CTRL_FIFO what
 * the names of the pipes begin with that fiu-ctrl writes to and reads from, LD_PRELOAD its library
 * with calls that fail. Each point then asks libfiu by its name. Only what actors call can fail:
 * libfiu's preloaded calls are answered here, and the harness's own among them are always made.
 *
 * A command may come at any moment and its chances are libfiu's own: no seed repeats them. libfiu's
 * locks order the actors that reach a point.
 */
#ifndef SNARL_INJECTORS_COMMAND_H
#define SNARL_INJECTORS_COMMAND_H

#include <stdbool.h>

#include "plan.h"

enum { COMMAND_NAME_MAX = 256 };

/* Before any other, and before any actor runs. Ends the child on a command that libfiu refuses. */
void command_open(const struct plan *plan);

/* Whether commands may come: then every point has to be armed. */
bool command_expected(void);

/* Ask libfiu itself; not 0: the point fails. */
int command_fail(const char *name);

/*
 * The name by which libfiu knows the rules on a point; where commands are expected it is not the
 * point's, which is left to them. Valid as long as `room` and `point` are.
 */
const char *command_rules_name(const char *point, char room[COMMAND_NAME_MAX]);

/* Whether a command has the point fail; then `info` is its failinfo, 0 where it has none. */
bool command_fires(const char *point, long *info);

/* Write an event for each point that a command had fail, with how often it did. */
void command_emit(void);

#endif
