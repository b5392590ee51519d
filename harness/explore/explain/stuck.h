/* stuck.h - why no actor can run. */
#ifndef SNARL_EXPLORE_STUCK_H
#define SNARL_EXPLORE_STUCK_H

/* Record the failure of an execution that got stuck: a deadlock, a lost wakeup, or a livelock. */
void stuck_explain(void);

/*
 * At the end of a program: record a deadlock of actors that are left, if their waits form a cycle.
 * The others' waits may have been meant to last.
 */
void stuck_left(void);

/* If the last execution got stuck, write as an event which actors wait for which. */
void stuck_write(void);

#endif
