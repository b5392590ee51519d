/* bytes_test.c - messages in words, as a person would write them down. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "snarl.h"

const struct snarl_scenario scenario = {.summary = "none: texts are what is tested"};

static void written_as(
	const char *bytes, size_t known, size_t count, size_t letters, const char *truth)
{
	char *text = bytes_text((const unsigned char *)bytes, known, count, letters);

	assert_string_equal(text, truth);
	free(text);
}

static void text_is_quoted(void **unused)
{
	(void)unused;
	written_as("go north", 8, 8, 24, "'go north'");
	written_as("go\n", 3, 3, 24, "'go\\n'");
	written_as("go", 3, 3, 24, "'go\\0'");
	written_as("go north", 8, 8, 8, "'go north'");
	written_as("go north", 8, 8, 7, "'go nor…'");
	written_as("go north", 8, 4096, 24, "'go north…'");
}

static void other_bytes_are_numbers(void **unused)
{
	(void)unused;
	written_as("\1\2\xff", 3, 3, 24, "01 02 ff");
	written_as("\1\2\xff", 3, 3, 8, "01 02 ff");
	written_as("\1\2\xff", 3, 3, 7, "01 02 …");
	written_as("\1\2\xff", 3, 1024, 24, "01 02 ff …");
	written_as("\0\0\0\0", 4, 4, 24, "00 00 00 00");
	written_as("", 0, 12, 24, "…");
	written_as("", 0, 0, 24, "");
}

static void hexadecimal_is_read(void **unused)
{
	unsigned char bytes[4];

	(void)unused;
	assert_int_equal(bytes_decode("00ff7a", bytes, 4), 3);
	assert_memory_equal(bytes, "\0\xff\x7a", 3);
	assert_int_equal(bytes_decode("00ff7a0102", bytes, 4), 4);
	assert_int_equal(bytes_decode("", bytes, 4), 0);
	assert_int_equal(bytes_decode("0", bytes, 4), 0);
	assert_int_equal(bytes_decode("xx", bytes, 4), 0);
}

static void items_have_their_producers(void **unused)
{
	json_t *subject = json_pack("{s:i, s:[s, s]}", "ledger_items", 4, "actors", "alice", "bob");
	json_t *none = json_pack("{s:[s]}", "actors", "alice");
	static const struct {
		uint32_t item;
		const char *truth;
	} all[] = {{2u << 24 | 3, "bob#3"}, {1u << 24 | 4, "alice#4"}, {1u << 24 | 5, NULL},
		{1u << 24, NULL}, {3u << 24 | 1, NULL}, {1, NULL}, {0, NULL}};

	(void)unused;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		char *name = bytes_item(
			(const unsigned char *)&all[i].item, sizeof all[i].item, subject);

		if (all[i].truth)
			assert_string_equal(name, all[i].truth);
		else
			assert_null(name);
		free(name);
		assert_null(bytes_item((const unsigned char *)&all[i].item, 3, subject));
		assert_null(bytes_item((const unsigned char *)&all[i].item, 4, none));
	}
	json_decref(subject);
	json_decref(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_quoted),
		cmocka_unit_test(other_bytes_are_numbers),
		cmocka_unit_test(hexadecimal_is_read),
		cmocka_unit_test(items_have_their_producers),
	};

	return cmocka_run_group_tests_name("bytes", tests, NULL, NULL);
}
