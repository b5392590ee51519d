/* lost_signal.h - the signal that a waiter needed and missed, in a traced execution. */
#ifndef SNARL_EXPLORE_LOST_SIGNAL_H
#define SNARL_EXPLORE_LOST_SIGNAL_H

#include "recording.h"

/*
 * The last signal that an actor missed between its last look at what it waits for, and its wait: it
 * came after the actor's last read of shared memory, or after the signaller wrote what the actor
 * had read and did not read again. If there is none, the last signal before its wait. NULL: the
 * trace has none.
 */
const struct step *lost_signal(const struct actor *waiter);

#endif
