/* diff_test.c - differences whose text is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "diff.h"

static void differs(const char *before, const char *after, size_t changed, const char *expected)
{
	size_t count;
	char *text = diff_unified("a", before, "b", after, &count);

	assert_string_equal(text, expected);
	assert_int_equal(count, changed);
	free(text);
}

static void the_same_has_no_difference(void **unused)
{
	(void)unused;
	differs("", "", 0, "");
	differs("x\ny\n", "x\ny\n", 0, "");
	differs("x", "x\n", 0, "");
}

static void a_change_has_three_lines_around_it(void **unused)
{
	(void)unused;
	differs("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n", 2,
		"--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
	differs("", "x\n", 1, "--- a\n+++ b\n@@ -0,0 +1,1 @@\n+x\n");
	differs("x\n", "", 1, "--- a\n+++ b\n@@ -1,1 +0,0 @@\n-x\n");
}

static void what_is_kept_is_the_most_that_can_be(void **unused)
{
	(void)unused;
	differs("lock\nread\nunlock\nwrite\n", "lock\nread\nwrite\nunlock\n", 2,
		"--- a\n+++ b\n@@ -1,4 +1,4 @@\n lock\n read\n-unlock\n write\n+unlock\n");
}

/* Six lines between two changes join their hunks, seven do not. */
static void changes_near_each_other_share_a_hunk(void **unused)
{
	(void)unused;
	differs("a\n1\n2\n3\n4\n5\n6\nb\n", "1\n2\n3\n4\n5\n6\n", 2,
		"--- a\n+++ b\n@@ -1,8 +1,6 @@\n-a\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n");
	differs("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "1\n2\n3\n4\n5\n6\n7\n", 2,
		"--- a\n+++ b\n@@ -1,4 +1,3 @@\n-a\n 1\n 2\n 3\n@@ -6,4 +5,3 @@\n 5\n 6\n 7\n-b\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_has_no_difference),
		cmocka_unit_test(a_change_has_three_lines_around_it),
		cmocka_unit_test(what_is_kept_is_the_most_that_can_be),
		cmocka_unit_test(changes_near_each_other_share_a_hunk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
