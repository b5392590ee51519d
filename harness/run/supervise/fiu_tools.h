/*
 * fiu_tools.h - libfiu's own tools and snarl: fiu-run, which is meant for the cases, and fiu-ctrl,
 * which reaches each of them while it runs. injectors/command.h is the other side.
 */
#ifndef SNARL_RUN_FIU_TOOLS_H
#define SNARL_RUN_FIU_TOOLS_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Called before anything else. If fiu-run started this program, executes it again without libfiu's
 * libraries, because otherwise its own calls would fail. The options of fiu-run are kept for the
 * cases.
 */
void fiu_run_leave(char **argv);

/* Whether fiu-run started this program. */
bool fiu_run_given(void);

/*
 * Called before any case. fiu-ctrl reaches the cases if `control` is set, or if fiu-run has set up
 * its pipes. Removes the pipes of cases that were killed together with their snarl.
 */
void fiu_open(bool control);

/* Whether the cases accept libfiu's commands. */
bool fiu_wanted(void);

/* In a case's process, before exec: set the environment as fiu-run would. */
void fiu_environment(void);

/* The option that fiu-ctrl needs to find the pipes, "-f PREFIX " or "", to be freed. */
char *fiu_control_option(void);

/* Remove the pipes of a case that is dead. */
void fiu_pipes_remove(pid_t pid);

#endif
