/* gutters_test.c - the arrows of an interleaving as SVG. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "gutters.h"
#include "page_text.h"

struct gutter_piece {
	const struct layout *layout;
	unsigned gutter;
	struct span rows;
};

static void piece_write(struct html *html, const void *context)
{
	const struct gutter_piece *piece = context;

	gutter_write(html, piece->layout, piece->gutter, piece->rows);
}

/* A gutter's piece as HTML; to be freed. */
static char *drawn(const struct layout *layout, unsigned gutter, struct span rows)
{
	return page_text(piece_write, &(struct gutter_piece){layout, gutter, rows});
}

static const char trace_text[] = "[{\"step\":1,\"actor\":\"a\"},"
				 " {\"step\":2,\"actor\":\"b\",\"races_with\":[1]},"
				 " {\"step\":3,\"actor\":\"a\",\"happens_after\":[2]},"
				 " {\"step\":4,\"actor\":\"c\"}]";

static void each_arrow_has_one_head_in_the_gutter_where_it_ends(void **unused)
{
	json_t *trace = json_loads(trace_text, 0, NULL),
	       *actors = json_pack("[s, s, s]", "a", "b", "c");
	struct layout layout = layout_make(trace, actors, NULL, NULL);
	char *first = drawn(&layout, 0, (struct span){0, 4});
	char *second = drawn(&layout, 1, (struct span){0, 4});

	(void)unused;
	assert_int_equal(text_count(first, "class='cf to'"), 1);
	assert_int_equal(text_count(first, "class='hb to'"), 1);
	assert_int_equal(text_count(first, "<svg"), 1);
	assert_int_equal(text_count(first, "</svg>"), 1);
	assert_int_equal(
		text_count(second, "<svg"), 0); /* nothing passes there: no empty drawing */
	assert_non_null(strstr(second, "<td class=gut rowspan=4>"));
	free(first);
	free(second);
	layout_free(&layout);
	json_decref(trace);
	json_decref(actors);
}

/* A piece that has neither end of the arrow shows only its line. */
static void a_piece_between_the_ends_has_a_line_without_a_head(void **unused)
{
	static const char long_text[] =
		"[{\"step\":1,\"actor\":\"a\"}, {\"step\":2,\"actor\":\"a\"},"
		" {\"step\":3,\"actor\":\"a\"},"
		" {\"step\":4,\"actor\":\"b\",\"races_with\":[1]},"
		" {\"step\":5,\"actor\":\"b\"}]";
	json_t *trace = json_loads(long_text, 0, NULL), *actors = json_pack("[s, s]", "a", "b");
	struct layout layout = layout_make(trace, actors, NULL, NULL);
	static const struct {
		struct span rows;
		unsigned heads, lines;
	} pieces[] = {{{0, 1}, 1, 1}, {{1, 3}, 0, 1}, {{3, 4}, 1, 1}, {{4, 5}, 0, 0}};

	(void)unused;
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		char *piece = drawn(&layout, 0, pieces[i].rows);

		assert_int_equal(text_count(piece, "class='cf to'"), pieces[i].heads);
		assert_int_equal(text_count(piece, "<path"), pieces[i].lines);
		free(piece);
	}
	layout_free(&layout);
	json_decref(trace);
	json_decref(actors);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_arrow_has_one_head_in_the_gutter_where_it_ends),
		cmocka_unit_test(a_piece_between_the_ends_has_a_line_without_a_head),
	};

	return cmocka_run_group_tests_name("gutters", tests, NULL, NULL);
}
