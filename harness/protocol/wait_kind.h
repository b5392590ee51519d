/* wait_kind.h - the kinds of waits of injectors/calls in words: one table for all writers. */
#ifndef SNARL_PROTOCOL_WAIT_KIND_H
#define SNARL_PROTOCOL_WAIT_KIND_H

struct wait_kind {
	const char *name;    /* "sem_wait" */
	const char *wanted;  /* before the name of what is waited for: "semaphore " */
	const char *ends_it; /* what another would have to do: "post it"; NULL: nothing ends it */
};

/* The kind with this name; one without words if there is none. */
const struct wait_kind *wait_kind(const char *name);

#endif
