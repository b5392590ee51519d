/* stuck.h - why no actor can run. */
#ifndef SNARL_EXPLORE_STUCK_H
#define SNARL_EXPLORE_STUCK_H

/* Record the failure of an execution that got stuck: a deadlock, a lost wakeup, or a livelock. */
void stuck_explain(void);

/* If the last execution got stuck, write as an event which actors wait for which. */
void stuck_write(void);

#endif
