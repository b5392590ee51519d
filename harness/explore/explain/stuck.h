/* stuck.h - why nobody can go on. */
#ifndef SNARL_EXPLORE_STUCK_H
#define SNARL_EXPLORE_STUCK_H

/* An execution that got stuck: its failure is a deadlock, a lost wakeup, or a livelock. */
void stuck_explain(void);

/* Write as an event who waits for whom, where the execution that ran last got stuck. */
void stuck_write(void);

#endif
