/* path_test.c - paths as text, with the truth known beforehand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "path.h"

static void the_rest_behind_a_root_begins_at_a_slash(void **state)
{
	(void)state;
	assert_string_equal(path_below("/a/b", "/a/b/c.c"), "c.c");
	assert_string_equal(path_below("/a/b", "/a/b"), ".");
	assert_string_equal(path_below("/a/b", "/a/bc/d.c"), "/a/bc/d.c");
	assert_string_equal(path_below("/a/b", "/x.c"), "/x.c");
}

static void a_plain_path_has_no_dots(void **state)
{
	static const struct {
		const char *folder, *path, *plain;
	} each[] = {
		{NULL, "/a/b.c", "/a/b.c"},
		{"/a/b", "c.c", "/a/b/c.c"},
		{"/a/b", "/c.c", "/c.c"},
		{"/a/b", "../c/./d.c", "/a/c/d.c"},
		{"/a/b", "../../../c.c", "/c.c"},
		{NULL, "/a/..b/c..d/.e", "/a/..b/c..d/.e"},
		{NULL, "a/../b.c", "b.c"},
		{NULL, "a/b/../c.c", "a/c.c"},
		{NULL, NULL, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
		char *plain = path_plain(each[i].folder, each[i].path);

		assert_string_equal(plain, each[i].plain);
		free(plain);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rest_behind_a_root_begins_at_a_slash),
		cmocka_unit_test(a_plain_path_has_no_dots),
	};

	return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
