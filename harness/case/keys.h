/*
 * keys.h - the keys (pthread_key_create) that a case's sources have made. Globals that begin anew
 * forget them; the C library does not, and has room for few.
 */
#ifndef SNARL_CASE_KEYS_H
#define SNARL_CASE_KEYS_H

#include <pthread.h>

/* The sources have made a key, or deleted it. Relaxed: the C library's own table is shared, too. */
void key_made(pthread_key_t key);
void key_deleted(pthread_key_t key);

/* What was made so far stays: constructors made it. */
void keys_keep(void);

/* Delete those that were made since. While no actor runs. */
void keys_delete(void);

#endif
