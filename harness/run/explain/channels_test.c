/* channels_test.c - traces of channels with the truth known beforehand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channels.h"
#include "prng.h"
#include "snarl.h"

enum { ROUNDS = 3000, STREAM_MAX = 4096, CALLS = 40, CALL_MAX = 90 };

const struct snarl_scenario scenario = {.summary = "none: traces are what is tested"};

static json_t *transfer(const char *op, const char *actor, const void *bytes, size_t count)
{
	char hex[2 * PART_KNOWN_MAX + 1] = "";

	for (size_t i = 0; i < count && i < PART_KNOWN_MAX; i++)
		sprintf(hex + 2 * i, "%02x", ((const unsigned char *)bytes)[i]);
	return json_pack("{s:s, s:s, s:s, s:I, s:s, s:s}", "op", op, "actor", actor, "variable",
		"pipe", "bytes", (json_int_t)count, "data", hex, "call", "a_call");
}

static json_t *sends(const char *actor, const char *text)
{
	return transfer("output", actor, text, strlen(text));
}

static json_t *receives(const char *actor, const char *text)
{
	return transfer("input", actor, text, strlen(text));
}

static json_t *fault(const char *actor, const char *what)
{
	char text[64];

	snprintf(text, sizeof text, "a/point: %s", what);
	return json_pack("{s:s, s:s, s:s}", "op", "fault", "actor", actor, "injected", text);
}

/* The one channel of a trace, which is freed with it. */
static const struct channel *only(struct channels *channels, const json_t *trace)
{
	*channels = channels_find(trace);
	assert_int_equal(channels->count, 1);
	assert_string_equal(channels->all[0].name, "pipe");
	return &channels->all[0];
}

static void end(struct channels *channels, json_t *trace)
{
	channels_free(channels);
	json_decref(trace);
}

static void a_short_read_tears_two_frames(void **unused)
{
	json_t *trace =
		json_pack("[o, o, o, o, o]", sends("alice", "go north"), sends("alice", "go south"),
			fault("bob", "short"), receives("bob", "g"), receives("bob", "o northg"));
	struct channels channels;
	const struct channel *channel = only(&channels, trace);

	(void)unused;
	assert_false(channel->messages);
	assert_int_equal(channel->frame_count, 2);
	assert_int_equal(channel->frames[1].number, 2);
	assert_int_equal(channel->bytes, 16);
	assert_int_equal(channel->parts[1].at, 8);
	assert_int_equal(channel->receipt_count, 2);
	assert_string_equal(channel->receipts[0].fault, "short");
	assert_string_equal(channel->receipts[1].fault, "");
	assert_int_equal(receipt_frames(channel, &channel->receipts[0]), 1);
	assert_int_equal(receipt_frames(channel, &channel->receipts[1]), 2);
	assert_int_equal(channel_holds(channel, 0), 8);
	assert_int_equal(channel_holds(channel, 2), 16);
	assert_int_equal(channel_holds(channel, 3), 15);
	assert_int_equal(channel_holds(channel, 4), 7);
	assert_int_equal(part_gone(channel, 0, 3), 1);
	assert_int_equal(part_gone(channel, 0, 4), 8);
	assert_int_equal(part_gone(channel, 1, 4), 1);
	assert_int_equal(channel_sent(channel, 1), 1);
	assert_int_equal(channel_sent(channel, 2), -1);
	assert_int_equal(channel_received(channel, 4), 1);
	end(&channels, trace);
}

static void pieces_of_one_call_are_one_frame(void **unused)
{
	json_t *again = sends("alice", "three"), *trace;
	struct channels channels;
	const struct channel *channel;

	(void)unused;
	json_object_set_new(again, "continues", json_integer(1));
	trace = json_pack("[o, o, o, o]", sends("alice", "one"), sends("bob", "two"), again,
		receives("carol", "onetwoth"));
	channel = only(&channels, trace);
	assert_int_equal(channel->frame_count, 2);
	assert_int_equal(channel->frames[0].part_count, 2);
	assert_int_equal(channel->frames[0].count, 8);
	assert_int_equal(channel->parts[2].number, 2);
	assert_int_equal(channel->parts[2].taken, 2);
	assert_int_equal(receipt_frames(channel, &channel->receipts[0]), 2);
	assert_int_equal(channel_holds(channel, 3), 3);
	end(&channels, trace);
}

static void messages_may_overtake_each_other(void **unused)
{
	json_t *trace = json_pack("[o, o, o, o]", sends("alice", "calm"), sends("bob", "urgent"),
		receives("carol", "urgent"), receives("carol", "calm"));
	struct channels channels;
	const struct channel *channel = only(&channels, trace);

	(void)unused;
	assert_true(channel->messages);
	assert_int_equal(channel->frame_count, 2);
	assert_int_equal(channel->pieces[0].part, 1);
	assert_int_equal(channel->pieces[1].part, 0);
	assert_int_equal(part_gone(channel, 0, 2), 0);
	assert_int_equal(part_gone(channel, 1, 2), 6);
	assert_int_equal(channel_holds(channel, 3), 0);
	end(&channels, trace);
}

static void what_is_cut_off_a_message_is_gone(void **unused)
{
	json_t *trace = json_pack("[o, o, o, o]", sends("alice", "a long one"),
		sends("alice", "next"), receives("bob", "a lo"), receives("bob", "next"));
	struct channels channels;
	const struct channel *channel = only(&channels, trace);

	(void)unused;
	assert_true(channel->messages);
	assert_int_equal(channel->parts[0].taken, 4);
	assert_int_equal(channel->parts[0].cut_step, 2);
	assert_int_equal(channel_holds(channel, 2), 4);
	assert_int_equal(channel_holds(channel, 3), 0);
	end(&channels, trace);
}

static void dropped_and_received_twice(void **unused)
{
	json_t *trace = json_pack("[o, o, o, o, o, o]", fault("alice", "dropped"),
		sends("alice", "one"), fault("alice", "duplicated"), sends("alice", "two"),
		receives("bob", "two"), receives("bob", "two"));
	struct channels channels;
	const struct channel *channel = only(&channels, trace);

	(void)unused;
	assert_true(channel->messages);
	assert_true(channel->frames[0].dropped);
	assert_false(channel->frames[1].dropped);
	assert_string_equal(channel->frames[1].fault, "duplicated");
	assert_int_equal(channel_holds(channel, 1), 0);
	assert_int_equal(channel_holds(channel, 3), 3);
	assert_int_equal(channel_holds(channel, 4), 0);
	assert_false(channel->receipts[0].again);
	assert_true(channel->receipts[1].again);
	assert_int_equal(channel->parts[0].taken, 0);
	end(&channels, trace);
}

static void what_was_there_before_is_told_apart(void **unused)
{
	json_t *trace = json_pack(
		"[o, o, o]", sends("alice", "x"), receives("bob", "initx"), receives("bob", "y"));
	struct channels channels;
	const struct channel *channel = only(&channels, trace);

	(void)unused;
	assert_int_equal(channel->part_count, 3);
	assert_null(channel->frames[channel->parts[0].frame].sender);
	assert_int_equal(channel->parts[0].count, 4);
	assert_int_equal(channel->parts[0].step, SIZE_MAX);
	assert_string_equal(channel->frames[channel->parts[1].frame].sender, "alice");
	assert_int_equal(channel->pieces[1].part, 1);
	assert_int_equal(channel->receipts[0].piece_count, 2);
	assert_int_equal(channel_holds(channel, 0), 6);
	assert_int_equal(channel_holds(channel, 1), 1);
	assert_int_equal(channel_holds(channel, 2), 0);
	end(&channels, trace);
}

static void what_is_no_step_is_no_crash(void **unused)
{
	json_t *trace =
		json_loads("[7, null, {}, {\"op\":\"input\",\"bytes\":9e99}, {\"op\":\"input\"},"
			   " {\"op\":\"input\",\"bytes\":9223372036854775807},"
			   " {\"op\":\"output\",\"bytes\":-1},"
			   " {\"op\":\"output\",\"bytes\":3,\"data\":\"zz\",\"continues\":99},"
			   " {\"op\":\"input\",\"bytes\":1000000000,\"data\":\"00\",\"actor\":4}]",
			0, NULL);
	struct channels channels = channels_find(trace);

	(void)unused;
	assert_int_equal(channels.count, 1);
	assert_int_equal(channels.all[0].bytes, 1000000000);
	end(&channels, trace);
	channels = channels_find(NULL);
	assert_int_equal(channels.count, 0);
	channels_free(&channels);
}

/* In this pipe, the writer of every byte is known, and the call that read it. */
static void streams_are_what_they_were(void **unused)
{
	static unsigned char stream[STREAM_MAX];
	uint64_t random = 1;

	(void)unused;
	for (int round = 0; round < ROUNDS; round++) {
		size_t in = 0, out = 0, receipts = 0, holds[CALLS];
		json_t *trace = json_array();
		struct channels channels;
		const struct channel *channel;

		for (int call = 0; call < CALLS; call++) {
			bool read = prng_next(&random) % 2 && in > out;
			size_t count = 1 + prng_next(&random) % CALL_MAX;

			if (read) {
				count = count < in - out ? count : in - out;
				json_array_append_new(
					trace, transfer("input", "bob", stream + out, count));
				out += count;
				receipts++;
			} else {
				for (size_t i = 0; i < count; i++)
					stream[in + i] = (unsigned char)prng_next(&random);
				json_array_append_new(
					trace, transfer("output", "alice", stream + in, count));
				in += count;
			}
			holds[call] = in - out;
		}
		channel = only(&channels, trace);
		assert_false(channel->messages);
		assert_int_equal(channel->bytes, in);
		assert_int_equal(channel->receipt_count, receipts);
		for (size_t i = 0, at = 0; i < channel->piece_count; i++) {
			const struct piece *piece = &channel->pieces[i];
			const struct part *part = &channel->parts[piece->part];

			assert_int_equal(part->at + piece->from, at);
			at += piece->to - piece->from;
		}
		for (size_t i = 0; i < channel->part_count; i++)
			assert_memory_equal(channel->parts[i].bytes, stream + channel->parts[i].at,
				channel->parts[i].known);
		for (size_t call = 0; call < CALLS; call++)
			assert_int_equal(channel_holds(channel, call), holds[call]);
		end(&channels, trace);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_short_read_tears_two_frames),
		cmocka_unit_test(pieces_of_one_call_are_one_frame),
		cmocka_unit_test(messages_may_overtake_each_other),
		cmocka_unit_test(what_is_cut_off_a_message_is_gone),
		cmocka_unit_test(dropped_and_received_twice),
		cmocka_unit_test(what_was_there_before_is_told_apart),
		cmocka_unit_test(what_is_no_step_is_no_crash),
		cmocka_unit_test(streams_are_what_they_were),
	};

	return cmocka_run_group_tests_name("channels", tests, NULL, NULL);
}
