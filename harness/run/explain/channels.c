/*
 * channels.c - what went through the channels of a trace.
 *
 * A trace records how many bytes each call moved, and the first of them. In a stream, each receive
 * takes the oldest bytes; in a channel of messages it takes one frame, or the beginning of one, and
 * the rest of that frame is lost. The transfers are replayed both ways, and the channel is of the
 * kind that explains more of the receives.
 */
#define _GNU_SOURCE
#include "channels.h"

#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "exit.h"
#include "field.h"
#include "text.h"

static const json_int_t BYTES_MAX = 1LL << 40; /* in one call; the trace may be damaged */

/* A transfer of the trace, of which it is not known yet which frames it moved. */
struct transfer {
	size_t step, count, known;
	const json_t *json;
	unsigned char bytes[PART_KNOWN_MAX];
};

/* Make room for one more element after `count` of them. */
static void *room_make(void *array, size_t count, size_t size)
{
	if (count & (count - 1)) /* it grows at each power of two */
		return array;
	array = reallocarray(array, count ? 2 * count : 1, size);
	if (!array)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	return array;
}

/*
 * The fault that was injected into the call that made a step: from the preceding step of its actor;
 * "" if there was none.
 */
static const char *fault_of(const json_t *trace, size_t step)
{
	const char *actor = field_text(json_array_get(trace, step), "actor"), *fault, *colon;

	while (step-- > 0) {
		const json_t *before = json_array_get(trace, step);
		const char *op = field_text(before, "op");

		if (!is(field_text(before, "actor"), actor) || is(op, "wait") || is(op, "wake"))
			continue;
		fault = field_text(before, "injected");
		colon = strstr(fault, ": ");
		return colon ? colon + 2 : fault;
	}
	return "";
}

/* --- what is in it ------------------------------------------------------------------------- */

static bool part_waits(const struct channel *channel, size_t part)
{
	const struct part *at = &channel->parts[part];

	return !channel->frames[at->frame].dropped && at->cut_step == SIZE_MAX &&
	       at->taken < at->count;
}

/* Whether the part's bytes from `from` on may be these, as far as both are known. */
static bool part_agrees(const struct part *part, size_t from, const unsigned char *bytes,
	size_t known, size_t count)
{
	for (size_t i = 0; i < known && i < count && from + i < part->known; i++)
		if (part->bytes[from + i] != bytes[i])
			return false;
	return true;
}

/* Whether all but the first `skip` bytes of a receive may be the oldest in the channel. */
static bool stream_agrees(
	const struct channel *channel, const struct transfer *transfer, size_t skip)
{
	size_t done = skip;

	for (size_t i = 0; i < channel->part_count && done < transfer->count; i++) {
		const struct part *part = &channel->parts[i];
		size_t left = part->count - part->taken;

		if (!part_waits(channel, i))
			continue;
		left = left < transfer->count - done ? left : transfer->count - done;
		if (done < transfer->known &&
			!part_agrees(part, part->taken, transfer->bytes + done,
				transfer->known - done, left))
			return false;
		done += left;
	}
	return done == transfer->count;
}

static void piece_add(struct channel *channel, size_t part, size_t from, size_t to)
{
	channel->pieces = room_make(channel->pieces, channel->piece_count, sizeof *channel->pieces);
	channel->pieces[channel->piece_count++] =
		(struct piece){part, from, to, channel->receipt_count - 1};
	channel->receipts[channel->receipt_count - 1].piece_count++;
}

static size_t frame_add(struct channel *channel, const char *sender, const char *fault)
{
	unsigned number = 1;

	for (size_t i = 0; i < channel->frame_count; i++) {
		const char *other = channel->frames[i].sender;

		number += sender && other ? is(sender, other) : sender == other;
	}
	channel->frames = room_make(channel->frames, channel->frame_count, sizeof *channel->frames);
	channel->frames[channel->frame_count] = (struct frame){.sender = sender,
		.number = number,
		.fault = fault,
		.dropped = strstr(fault, "dropped") != NULL};
	return channel->frame_count++;
}

static void part_insert(struct channel *channel, size_t at, size_t frame,
	const struct transfer *transfer, size_t count)
{
	struct frame *of = &channel->frames[frame];
	struct part *part;

	channel->parts = room_make(channel->parts, channel->part_count, sizeof *channel->parts);
	part = &channel->parts[at];
	memmove(part + 1, part, (channel->part_count++ - at) * sizeof *part);
	*part = (struct part){.frame = frame,
		.step = of->sender ? transfer->step : SIZE_MAX,
		.number = ++of->part_count,
		.count = count,
		.known = transfer->known < count ? transfer->known : count,
		.cut_step = SIZE_MAX,
		.gone_step = SIZE_MAX};
	memcpy(part->bytes, transfer->bytes, part->known);
	of->count += count;
	for (size_t i = 0; i < channel->piece_count; i++)
		channel->pieces[i].part += channel->pieces[i].part >= at;
}

static size_t oldest(const struct channel *channel)
{
	size_t i = 0;

	while (i < channel->part_count && !part_waits(channel, i))
		i++;
	return i;
}

/* --- playing it through -------------------------------------------------------------------- */

static void send_play(struct channel *channel, const json_t *trace, const struct transfer *transfer)
{
	json_int_t before = json_integer_value(json_object_get(transfer->json, "continues"));
	size_t frame = channel->frame_count;

	for (size_t i = 0; i < channel->part_count && before > 0; i++)
		if (channel->parts[i].step == (size_t)before - 1)
			frame = channel->parts[i].frame;
	if (frame == channel->frame_count)
		frame = frame_add(channel, field_text(transfer->json, "actor"),
			fault_of(trace, transfer->step));
	part_insert(channel, channel->part_count, frame, transfer, transfer->count);
}

static size_t waiting_bytes(const struct channel *channel)
{
	size_t bytes = 0;

	for (size_t i = 0; i < channel->part_count; i++)
		if (part_waits(channel, i))
			bytes += channel->parts[i].count - channel->parts[i].taken;
	return bytes;
}

/* Bytes that were received but not sent in this trace were there before it. */
static void before_insert(struct channel *channel, const struct transfer *transfer, size_t count)
{
	size_t at = oldest(channel);

	part_insert(channel, at, frame_add(channel, NULL, ""), transfer, count);
	channel->parts[at].taken = count;
	piece_add(channel, at, 0, count);
}

/* Receive the oldest bytes; returns whether all of them were sent in this trace. */
static bool stream_play(struct channel *channel, const struct transfer *transfer)
{
	size_t holds = waiting_bytes(channel), done;
	size_t skip = transfer->count > holds ? transfer->count - holds : 0;

	/* This ends soon: bytes that are not known agree with any. */
	while (!stream_agrees(channel, transfer, skip))
		skip++;
	if (skip)
		before_insert(channel, transfer, skip);
	done = skip;
	while (done < transfer->count) {
		size_t at = oldest(channel);
		struct part *part = &channel->parts[at];
		size_t left = part->count - part->taken;

		left = left < transfer->count - done ? left : transfer->count - done;
		piece_add(channel, at, part->taken, part->taken + left);
		part->taken += left;
		done += left;
	}
	return !skip;
}

/*
 * Find a part that may be the message; `whole`: the message is all of it; `again`: it was received
 * before.
 */
static size_t message_find(
	const struct channel *channel, const struct transfer *transfer, bool whole, bool again)
{
	for (size_t i = 0; i < channel->part_count; i++) {
		const struct part *part = &channel->parts[i];

		if (again ? !part->taken : !part_waits(channel, i) || part->taken)
			continue;
		if ((whole ? part->count == transfer->count : part->count >= transfer->count) &&
			part_agrees(part, 0, transfer->bytes, transfer->known, transfer->count))
			return i;
	}
	return channel->part_count;
}

static bool message_play(struct channel *channel, const struct transfer *transfer)
{
	size_t at = message_find(channel, transfer, true, false);

	if (at == channel->part_count)
		at = message_find(channel, transfer, false, false);
	if (at == channel->part_count) {
		at = message_find(channel, transfer, true, true);
		if (at == channel->part_count) {
			before_insert(channel, transfer, transfer->count);
			return false;
		}
		channel->receipts[channel->receipt_count - 1].again = true;
	}
	piece_add(channel, at, 0, transfer->count);
	channel->parts[at].taken = transfer->count;
	if (transfer->count < channel->parts[at].count)
		channel->parts[at].cut_step = transfer->step;
	return true;
}

static void channel_clear(struct channel *channel)
{
	free(channel->frames);
	free(channel->parts);
	free(channel->receipts);
	free(channel->pieces);
	*channel = (struct channel){.name = channel->name};
}

/* Replay the transfers; returns how many receives this does not explain. */
static size_t channel_play(struct channel *channel, const json_t *trace,
	const struct transfer *transfers, size_t count, bool messages)
{
	size_t unexplained = 0;

	channel_clear(channel);
	channel->messages = messages;
	for (size_t i = 0; i < count; i++) {
		const struct transfer *transfer = &transfers[i];

		if (is(field_text(transfer->json, "op"), "output")) {
			send_play(channel, trace, transfer);
			continue;
		}
		channel->receipts = room_make(
			channel->receipts, channel->receipt_count, sizeof *channel->receipts);
		channel->receipts[channel->receipt_count] =
			(struct receipt){.receiver = field_text(transfer->json, "actor"),
				.number = (unsigned)channel->receipt_count + 1,
				.step = transfer->step,
				.count = transfer->count,
				.fault = fault_of(trace, transfer->step),
				.piece = channel->piece_count};
		channel->receipt_count++;
		if (!(messages ? message_play : stream_play)(channel, transfer))
			unexplained++;
	}
	for (size_t i = 0; i < channel->part_count; i++) {
		channel->parts[i].at = channel->bytes;
		channel->bytes += channel->parts[i].count;
	}
	for (size_t i = 0; i < channel->piece_count; i++) {
		const struct piece *piece = &channel->pieces[i];
		struct part *part = &channel->parts[piece->part];
		size_t step = channel->receipts[piece->receipt].step;

		if ((piece->to == part->count || part->cut_step == step) && step < part->gone_step)
			part->gone_step = step;
	}
	return unexplained;
}

/* --- from the trace ------------------------------------------------------------------------ */

/* Whether a step moves bytes through the channel of this name; NULL: through any. */
static bool transfer_read(
	const json_t *trace, size_t step, const char *name, struct transfer *transfer)
{
	const json_t *json = json_array_get(trace, step);
	const char *op = field_text(json, "op");
	json_int_t count = json_integer_value(json_object_get(json, "bytes"));

	if ((!is(op, "input") && !is(op, "output")) || count <= 0 || count > BYTES_MAX ||
		(name && !is(field_text(json, "variable"), name)))
		return false;
	*transfer = (struct transfer){.step = step, .count = (size_t)count, .json = json};
	transfer->known = bytes_decode(field_text(json, "data"), transfer->bytes,
		transfer->count < PART_KNOWN_MAX ? transfer->count : PART_KNOWN_MAX);
	return true;
}

static void channel_take(struct channel *channel, const json_t *trace)
{
	size_t most = json_array_size(trace), count = 0;
	struct transfer *transfers = calloc(most, sizeof *transfers);
	bool kept_apart = false;

	if (!transfers)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	for (size_t i = 0; i < most; i++)
		if (transfer_read(trace, i, channel->name, &transfers[count]))
			kept_apart |=
				strncmp(field_text(transfers[count++].json, "call"), "mq_", 3) == 0;
	if (kept_apart) {
		channel_play(channel, trace, transfers, count, true);
	} else {
		size_t stream = channel_play(channel, trace, transfers, count, false);

		if (stream && channel_play(channel, trace, transfers, count, true) >= stream)
			channel_play(channel, trace, transfers, count, false);
	}
	free(transfers);
}

struct channels channels_find(const json_t *trace)
{
	struct channels channels = {0};
	struct transfer transfer;

	for (size_t i = 0; i < json_array_size(trace); i++) {
		const char *name = field_text(json_array_get(trace, i), "variable");
		size_t at = 0;

		if (!transfer_read(trace, i, NULL, &transfer))
			continue;
		while (at < channels.count && !is(channels.all[at].name, name))
			at++;
		if (at < channels.count)
			continue;
		channels.all = room_make(channels.all, channels.count, sizeof *channels.all);
		channels.all[channels.count] = (struct channel){.name = name};
		channel_take(&channels.all[channels.count++], trace);
	}
	return channels;
}

void channels_free(struct channels *channels)
{
	for (size_t i = 0; i < channels->count; i++)
		channel_clear(&channels->all[i]);
	free(channels->all);
	*channels = (struct channels){0};
}

/* --- asking -------------------------------------------------------------------------------- */

size_t part_gone(const struct channel *channel, size_t part, size_t step)
{
	const struct part *at = &channel->parts[part];
	size_t gone = 0;

	if (channel->frames[at->frame].dropped || (at->step != SIZE_MAX && at->step > step) ||
		at->gone_step <= step)
		return at->count;
	for (size_t i = 0; i < channel->piece_count; i++) {
		const struct piece *piece = &channel->pieces[i];

		if (piece->part == part && channel->receipts[piece->receipt].step <= step &&
			piece->to > gone)
			gone = piece->to;
	}
	return gone;
}

size_t channel_holds(const struct channel *channel, size_t step)
{
	size_t holds = 0;

	for (size_t i = 0; i < channel->part_count; i++)
		holds += channel->parts[i].count - part_gone(channel, i, step);
	return holds;
}

int64_t channel_sent(const struct channel *channel, size_t step)
{
	for (size_t i = 0; i < channel->part_count; i++)
		if (channel->parts[i].step == step)
			return (int64_t)channel->parts[i].frame;
	return -1;
}

int64_t channel_received(const struct channel *channel, size_t step)
{
	for (size_t i = 0; i < channel->receipt_count; i++)
		if (channel->receipts[i].step == step)
			return (int64_t)i;
	return -1;
}

unsigned receipt_frames(const struct channel *channel, const struct receipt *receipt)
{
	const struct piece *pieces = &channel->pieces[receipt->piece];
	unsigned count = 0;

	for (size_t i = 0; i < receipt->piece_count; i++) {
		size_t frame = channel->parts[pieces[i].part].frame;
		bool seen = false;

		for (size_t k = 0; k < i; k++)
			seen |= channel->parts[pieces[k].part].frame == frame;
		count += !seen;
	}
	return count;
}
