/*
 * sweep.h - removes the named objects (shared memory, queues, FIFOs, ...) that killed cases left
 * behind.
 */
#ifndef SNARL_RUN_SWEEP_H
#define SNARL_RUN_SWEEP_H

/*
 * Remove shared memory, message queues, semaphores, FIFOs, sockets and files of all cases that have
 * no live process any more, whichever snarl ran them. What belongs to another user stays.
 */
void sweep(void);

#endif
