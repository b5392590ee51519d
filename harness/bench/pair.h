/*
 * pair.h - two processes and a channel between them: what they do with it, timed or counted.
 *
 * The processes are children. Their parent watches the clock, so that a child that dies or falls
 * silent stops neither the other one nor the measurement.
 */
#ifndef SNARL_BENCH_PAIR_H
#define SNARL_BENCH_PAIR_H

#include <stdbool.h>
#include <stdint.h>

#include "channel.h"

/*
 * PING: a message there and one of the same size back, again and again; a message's time is half
 * of a round trip. STREAM: one message after the other there, at the end a short one back.
 */
enum mode { PING, STREAM, MODES };

enum { PAIR_SIZES_MAX = 16, PAIR_MESSAGE_MIN = 16 };

struct pair_plan {
	unsigned size_count;
	size_t sizes[PAIR_SIZES_MAX];
	bool wanted[PAIR_SIZES_MAX];		/* which of them are used */
	bool counted;				/* system calls are counted instead of the time */
	uint64_t slot_ns;			/* time for each mode of each size */
	double guess_ns[MODES][PAIR_SIZES_MAX]; /* time of one round; 0: not known yet */
	unsigned deadline_ms;			/* for all together */
};

struct pair_result {
	char why[CHANNEL_WHY_MAX]; /* "": it went well */
	size_t limit;		   /* of the channel, 0: none; longer messages were left out */
	/*
	 * Time to make the channel, for both sides to join it, and for a first message there and
	 * back.
	 */
	double setup_ns;
	double ns[MODES][PAIR_SIZES_MAX];    /* per message; 0 if it was left out */
	double calls[MODES][PAIR_SIZES_MAX]; /* system calls of both sides, per message */
};

/*
 * Run two processes through a plan. The ends of each message carry its number, which the receiver
 * checks, and before each size some messages are compared byte for byte. Returns 0, or a negative
 * errno with `why`; -EINTR if this program was asked to end. SIGCHLD, SIGINT, SIGTERM and SIGHUP
 * have to be blocked (see pair_signals).
 */
int pair_run(const struct mechanism *mechanism, const struct pair_plan *plan,
	struct pair_result *result);

/* Block the signals that pair_run waits for, and unblock them again. */
void pair_signals(bool block);

/* Fill a message so that every byte depends on its number and its place. */
void pattern_fill(unsigned char *message, size_t size, uint64_t number);

/* Whether the message is as pattern_fill has made it. */
bool pattern_right(const unsigned char *message, size_t size, uint64_t number);

#endif
