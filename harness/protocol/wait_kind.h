/* wait_kind.h - the kinds of waits of injectors/calls, in words: one table for all who write them.
 */
#ifndef SNARL_PROTOCOL_WAIT_KIND_H
#define SNARL_PROTOCOL_WAIT_KIND_H

struct wait_kind {
	const char *name;    /* "down" */
	const char *wanted;  /* before the name of what is waited for: "semaphore " */
	const char *ends_it; /* what another would have to do: "post it"; NULL: nothing ends it */
};

/* That of the name; one without words where there is none. */
const struct wait_kind *wait_kind(const char *name);

#endif
