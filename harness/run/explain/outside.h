/*
 * outside.h - waits that something other than the case's actors could end.
 *
 * A standstill is only proven if all that could end a wait is stuck itself. So the rule names the
 * waits whose possible wakers are all known, and every other wait counts as one that may end: by a
 * timeout, a timer, a signal, a peer that is no process of the case, or an event of the system.
 */
#ifndef SNARL_RUN_OUTSIDE_H
#define SNARL_RUN_OUTSIDE_H

#include "activity.h"
#include "procfs.h"

/*
 * What could end the wait of a thread that is in this call, in words that stay valid ("a signal");
 * NULL: only threads and processes of the tree could.
 */
const char *outside_ends(const struct process_tree *tree, const struct activity_entry *entry,
	const struct activity_call *call);

#endif
