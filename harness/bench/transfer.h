/* transfer.h - sending and receiving on descriptors, as several mechanisms do it. */
#ifndef SNARL_BENCH_TRANSFER_H
#define SNARL_BENCH_TRANSFER_H

#include "channel.h"

/* A stream of bytes: as many calls as needed. -ECONNRESET if it ends within a message. */
int stream_send(struct channel *channel, const void *message, size_t size);
int stream_receive(struct channel *channel, void *message, size_t size);

/* One message per call, whole or not at all. */
int datagram_send(struct channel *channel, const void *message, size_t size);
int datagram_receive(struct channel *channel, void *message, size_t size);

/* Take this side's end of `there`, on which both ends send and receive, and close the other's. */
int both_ways_join(struct channel *channel, enum side side);

/* Take this side's ends: `there` carries the messages of the client, `back` those of the server. */
void two_pairs_join(struct channel *channel, enum side side);

/*
 * Put a pair of sockets of the Unix domain into `there`, with buffers as large as the system
 * allows.
 */
int unix_pair_open(struct channel *channel, int type);

#endif
