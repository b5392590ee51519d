/*
 * channels.h - what went through each channel of a trace: the frames that were sent, the bytes in
 * their order, and what each receive took of them.
 *
 * A channel is a stream of bytes, or keeps messages apart: whichever agrees better with the
 * receives.
 */
#ifndef SNARL_RUN_CHANNELS_H
#define SNARL_RUN_CHANNELS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PART_KNOWN_MAX = 64 };

/* What one call sent. Strings belong to the trace. */
struct frame {
	const char *sender; /* NULL: it was there before the trace begins */
	unsigned number;    /* among the sender's frames in this channel, from 1 */
	unsigned part_count;
	size_t count;	   /* bytes */
	const char *fault; /* injected into the call; "" if none */
	bool dropped;	   /* never came into the channel */
};

/* Bytes of a frame that went in by one step. */
struct part {
	size_t frame;
	size_t step; /* from 0; SIZE_MAX: before the trace */
	unsigned number;
	size_t at, count; /* in the stream */
	size_t known;	  /* the first of them, whose values were recorded */
	unsigned char bytes[PART_KNOWN_MAX];
	size_t taken;	  /* from its beginning, by the end of the trace */
	size_t cut_step;  /* the rest was thrown away in this step; SIZE_MAX: it was not */
	size_t gone_step; /* after which nothing of it is in the channel; SIZE_MAX: never */
};

/* What one call received. */
struct receipt {
	const char *receiver;
	unsigned number; /* in this channel, from 1 */
	size_t step, count;
	const char *fault;
	size_t piece, piece_count; /* its pieces */
	bool again;		   /* all of it was received before */
};

/* Bytes of one part that one call received. */
struct piece {
	size_t part, from, to; /* within the part */
	size_t receipt;
};

struct channel {
	const char *name;
	bool messages; /* it keeps them apart */
	struct frame *frames;
	struct part *parts; /* in the order of the stream */
	struct receipt *receipts;
	struct piece *pieces;
	size_t frame_count, part_count, receipt_count, piece_count;
	size_t bytes; /* of the stream */
};

struct channels {
	struct channel *all; /* in the order in which they are first used */
	size_t count;
};

/*
 * Find the channels in the steps of result.h, which have to outlive them; any step may be damaged.
 */
struct channels channels_find(const json_t *trace);
void channels_free(struct channels *channels);

/*
 * Bytes of a part that are no longer in the channel after step `step`, from its beginning; all of
 * them if it is not there yet.
 */
size_t part_gone(const struct channel *channel, size_t part, size_t step);

/* Bytes that the channel holds after the step. */
size_t channel_holds(const struct channel *channel, size_t step);

/* The index of the frame that the step sent, or of the receipt that it is; -1: there is none. */
int64_t channel_sent(const struct channel *channel, size_t step);
int64_t channel_received(const struct channel *channel, size_t step);

/* The number of frames of which a receipt has bytes. */
unsigned receipt_frames(const struct channel *channel, const struct receipt *receipt);

#endif
