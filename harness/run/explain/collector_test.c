/* collector_test.c - a case's events become its result, in whatever pieces they come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector.h"
#include "field.h"

static struct collector collector;

static int begin(void **state)
{
	static const struct subject subject = {.scenario = "s", .name = "v"};
	const struct plan plan = {.engine = "stress", .first = 100};

	(void)state;
	collector_begin(&collector, &subject, &plan, "");
	return 0;
}

static int end(void **state)
{
	(void)state;
	result_free(&collector.result);
	collector_end(&collector);
	return 0;
}

/* Feed in what a case has written, `piece` bytes at a time; returns the signs of life. */
static unsigned take_by(const char *text, size_t piece)
{
	unsigned life = 0;

	for (size_t left = strlen(text); left;) {
		size_t capacity, part;
		char *into = collector_space(&collector, &capacity);

		part = left < piece ? left : piece;
		part = part < capacity ? part : capacity;
		memcpy(into, text, part);
		life += collector_took(&collector, part);
		text += part;
		left -= part;
	}
	return life;
}

static unsigned take(const char *text)
{
	return take_by(text, SIZE_MAX);
}

static const char progress[] = "{\"v\":1,\"type\":\"progress\",\"at\":[107,105],\"waiting\":[true,"
			       "false],\"phase\":null}\n";
static const char outcome[] = "{\"v\":1,\"type\":\"outcome\",\"label\":\"n = 1\",\"kinds\":"
			      "\"lost-update\",\"message\":\"n is 1\",\"count\":4}\n";

static void events_may_come_in_pieces(void **state)
{
	(void)state;
	for (size_t piece = 1; piece < sizeof progress; piece++)
		assert_int_equal(take_by(progress, piece), 1);
	assert_int_equal(collector_executions(&collector), 5); /* those that all have reached */
}

static void what_is_no_event_is_passed_over(void **state)
{
	(void)state;
	assert_int_equal(take("\n{\n[1]\nhello\n\xff\xfe\n"), 0);
	assert_int_equal(collector.foreign_bytes, 16);
	assert_int_equal(take(progress), 1);
	assert_int_equal(collector_executions(&collector), 5);
	assert_int_equal(collector.result.verdict, SNARL_NO_BUG);
}

static void a_line_without_an_end_does_not_take_all_memory(void **state)
{
	char *much = malloc(64 << 20);

	(void)state;
	assert_non_null(much);
	memset(much, 'x', (64 << 20) - 2);
	strcpy(much + (64 << 20) - 2, "\n");
	assert_int_equal(take_by(much, 4096), 0);
	assert_true(collector.capacity <= 16 << 20);
	assert_int_equal(take(progress), 1);
	free(much);
}

static void counts_are_replaced_and_are_no_sign_of_life(void **state)
{
	static const char snapshot[] = "{\"v\":1,\"type\":\"snapshot\",\"failures\":4}\n";

	(void)state;
	assert_false(collector.counted);
	for (int round = 0; round < 3; round++) {
		assert_int_equal(take(snapshot), 0);
		assert_int_equal(take(outcome), 0);
		assert_true(collector.counted);
	}
	assert_int_equal(json_array_size(result_part(&collector.result, "outcomes")), 1);
	assert_int_equal(collector.result.failures, 4);
	assert_int_equal(collector.result.oracle, SNARL_LOST_UPDATE);
	/* Counts are old once an actor has moved. */
	take(progress);
	assert_false(collector.counted);
}

static void nobody_has_begun(void **state)
{
	(void)state;
	assert_int_equal(collector_executions(&collector), 0);
	take("{\"v\":1,\"type\":\"progress\",\"at\":[99,104],\"waiting\":[true,false],\"phase\":"
	     "null}\n");
	assert_int_equal(collector_executions(&collector), 0); /* one before the first */
}

static void a_death_is_a_sentence(void **state)
{
	(void)state;
	take("{\"v\":1,\"type\":\"crash\",\"signal\":11,\"actor\":\"alice\",\"execution\":107,"
	     "\"address\":16}\n");
	assert_true(collector.crashed);
	assert_int_equal(collector.result.first_failure_execution, 107);
	assert_string_equal(collector.result.message,
		"alice crashed (Segmentation fault) in execution 107, at address 0x10");
	take("{\"v\":1,\"type\":\"crash\",\"actor\":\"bob\",\"point\":\"put/checked\","
	     "\"execution\":3}\n");
	assert_string_equal(collector.result.message,
		"bob crashed at put/checked in execution 3, injected by a rule");
}

static void an_event_without_the_key_is_none(void **state)
{
	static const char keyed[] =
		"{\"v\":1,\"type\":\"prog{\"key\":\"secret\",\"v\":1,\"type\":"
		"\"progress\",\"at\":[107,105],\"waiting\":[true,false],\"phase\":null}\n";

	(void)state;
	event_prefix(collector.prefix, "secret");
	assert_int_equal(take(progress), 0);
	assert_int_equal(collector.foreign_bytes, sizeof progress - 1);
	assert_int_equal(take(keyed), 1); /* behind what the scenario wrote in front of it */
	assert_int_equal(collector.foreign_bytes, sizeof progress - 1 + 19);
	assert_false(collector.result.failed_to_run);
}

static void an_event_unlike_the_table_is_refused(void **state)
{
	(void)state;
	assert_int_equal(
		take("{\"v\":1,\"type\":\"progress\",\"at\":5,\"waiting\":[],\"phase\":null}\n"),
		0);
	assert_true(collector.result.failed_to_run);
	assert_non_null(strstr(collector.result.message, "'at' of 'progress'"));
	assert_null(collector.at);
}

static void events_kept_are_bounded(void **state)
{
	char *step = malloc(1 << 20);
	size_t length = (size_t)sprintf(step, "{\"v\":1,\"type\":\"outcome\",\"label\":\"n\","
					      "\"kinds\":\"clean\",\"count\":1,\"message\":\"");

	(void)state;
	memset(step + length, 'x', 500000);
	strcpy(step + length + 500000, "\"}\n");
	for (int i = 0; i < 300; i++)
		take(step);
	assert_false(collector.result.failed_to_run);
	assert_in_range(json_array_size(result_part(&collector.result, "outcomes")), 1, 150);
	free(step);
}

static void the_end_tells_the_counts(void **state)
{
	(void)state;
	assert_false(collector.ended);
	take("{\"v\":1,\"type\":\"end\",\"executions\":12,\"failures\":2,\"seconds\":0.5,"
	     "\"steps\":90,\"peak_kb\":4000}\n");
	assert_true(collector.ended);
	assert_int_equal(collector.result.executions, 12);
	assert_int_equal(collector.result.failures, 2);
	assert_int_equal(field_integer(collector.result.detail, "steps", 0), 90);
	assert_int_equal(field_integer(collector.result.detail, "peak_kb", 0), 4000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(events_may_come_in_pieces, begin, end),
		cmocka_unit_test_setup_teardown(what_is_no_event_is_passed_over, begin, end),
		cmocka_unit_test_setup_teardown(
			a_line_without_an_end_does_not_take_all_memory, begin, end),
		cmocka_unit_test_setup_teardown(
			counts_are_replaced_and_are_no_sign_of_life, begin, end),
		cmocka_unit_test_setup_teardown(nobody_has_begun, begin, end),
		cmocka_unit_test_setup_teardown(a_death_is_a_sentence, begin, end),
		cmocka_unit_test_setup_teardown(an_event_without_the_key_is_none, begin, end),
		cmocka_unit_test_setup_teardown(an_event_unlike_the_table_is_refused, begin, end),
		cmocka_unit_test_setup_teardown(events_kept_are_bounded, begin, end),
		cmocka_unit_test_setup_teardown(the_end_tells_the_counts, begin, end),
	};

	return cmocka_run_group_tests_name("collector", tests, NULL, NULL);
}
