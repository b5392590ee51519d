/* ulimits.h - limits of the environment that this program was started in: ulimit. */
#ifndef SNARL_BASE_ULIMITS_H
#define SNARL_BASE_ULIMITS_H

#include <stdint.h>

/* The limit that applies to a resource of setrlimit; UINT64_MAX: there is none. */
uint64_t limit_of(int resource);

/*
 * Names the limits that may be the cause of an error, for the end of a sentence: "", or " (limited
 * here: file size, ulimit -f)". Stays valid until the next call.
 */
const char *limits_for(int error);

#endif
