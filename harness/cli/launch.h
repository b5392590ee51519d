/* launch.h - ways to run shards elsewhere than in this process. */
#ifndef SNARL_CLI_LAUNCH_H
#define SNARL_CLI_LAUNCH_H

#include "shards.h"

/*
 * Run the tasks of the shards that are not done, again as long as that brings new results, and look
 * at them (shards_look) when they have ended. Returns early if this program is asked to end
 * (spawn.h). Ends the program with 3 if the tools are not there or refuse.
 */
void launch_parallel(struct shards *shards);
void launch_slurm(struct shards *shards);

#endif
