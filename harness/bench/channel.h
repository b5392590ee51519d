/*
 * channel.h - a way for two processes to exchange messages, as `snarl bench ipc` measures it: one
 * file per mechanism, found through a linker section, never listed.
 *
 * A channel carries messages both ways. Its user gives the length of a message on both sides, so
 * that no framing is measured. A message that was sent arrives whole, once and in order, despite
 * short transfers and signals; if a mechanism cannot keep that, its calls fail.
 */
#ifndef SNARL_BENCH_CHANNEL_H
#define SNARL_BENCH_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum side { CLIENT, SERVER, SIDES };

/* Shared memory, and three ways of passing messages. */
enum family { SHARED_MEMORY, BYTE_STREAM, SINGLE_MESSAGES, MEMORY_HANDED_OVER, FAMILIES };

enum {
	CHANNEL_NAME_MAX = 64,
	CHANNEL_WHY_MAX = 120,
	CHANNEL_CAPACITY = 2 << 20, /* bytes that every message's buffer has at least */
	CHANNEL_LOSS_MS = 2000,	    /* after so long a silence a datagram is lost */
};

struct channel {
	const struct mechanism *mechanism;
	char name[CHANNEL_NAME_MAX]; /* of its named objects: "snarl-bench-PID" */
	char why[CHANNEL_WHY_MAX];   /* what failed, for people: "mq_open: Permission denied" */
	size_t limit;		     /* bytes of the longest message; 0: none. Set by open */
	int there[2], back[2];	     /* between open and join, by side; -1 if there is none */
	int in, out;		     /* after join, of this side */
	void *state;		     /* the mechanism's own, after join */
};

/* All calls return 0 or a negative errno and then set `why`. */
struct mechanism {
	const char *name;  /* in a figure's name: pipe */
	const char *title; /* for people: "pipe" */
	enum family family;
	unsigned copies;    /* of a message's bytes on their way; stated, not measured */
	const char *copied; /* which they are */
	const char *names;  /* where its named objects are: "/dev/shm"; NULL: it has none */

	/* Called in the parent of both processes, before they are forked. */
	int (*open)(struct channel *channel);
	/* Called in each process; may wait for the other one. */
	int (*join)(struct channel *channel, enum side side);
	int (*send)(struct channel *channel, const void *message, size_t size);
	int (*receive)(struct channel *channel, void *message, size_t size);
	/*
	 * Remove named objects; called after both have joined, and again at the end. NULL: there
	 * are none.
	 */
	void (*forget)(struct channel *channel);
};

#define MECHANISM(symbol)                                                                          \
	static const struct mechanism symbol;                                                      \
	static const struct mechanism *const symbol##_entry                                        \
		__attribute__((used, section("snarl_mechanisms"))) = &symbol;                      \
	static const struct mechanism symbol

/* All mechanisms, by family, then by name; `*count` gets their number. */
const struct mechanism *const *mechanisms_all(size_t *count);

/* Make a channel in the parent. On failure nothing is left but `why`. */
int channel_open(struct channel *channel, const struct mechanism *mechanism);

/* End the parent's part of a channel. */
void channel_close(struct channel *channel);

/* Remove the named objects that a killed run has left: those whose process no longer exists. */
void channels_sweep(void);

/* Note that `call` failed with errno; returns -errno. */
int channel_failed(struct channel *channel, const char *call);

/* The same with a reason in the caller's words. */
int channel_refuse(struct channel *channel, int error, const char *why);

#endif
