/*
 * layout_test.c - the positions of an interleaving's steps and arrows, against a layout made by
 * hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "field.h"
#include "layout.h"

static json_t *json(const char *text)
{
	json_error_t error;
	json_t *made = json_loads(text, 0, &error);

	if (!made)
		fail_msg("%s: %s", error.text, text);
	return made;
}

/* A layout, and the JSON that it borrows from. */
struct laid {
	json_t *trace, *actors, *waits;
	struct layout layout;
};

static struct laid lay(const char *trace, const char *actors, const char *waits)
{
	struct laid laid = {.trace = json(trace), .actors = json(actors), .waits = json(waits)};

	laid.layout = layout_make(laid.trace, laid.actors, laid.waits, NULL);
	return laid;
}

static void unlay(struct laid *laid)
{
	layout_free(&laid->layout);
	json_decref(laid->trace);
	json_decref(laid->actors);
	json_decref(laid->waits);
}

static void lanes_are_in_the_catalogues_order(void **unused)
{
	struct laid laid =
		lay("[{\"step\":1,\"actor\":\"carol\"}, {\"step\":2,\"actor\":\"alice\"},"
		    " {\"step\":3,\"actor\":\"mallory\"}]",
			"[\"alice\", \"bob\", \"carol\"]", "{}");
	const struct layout *layout = &laid.layout;

	(void)unused;
	/* bob never moves; an actor that is not in the catalogue comes last. */
	assert_int_equal(layout->roster.count, 3);
	assert_string_equal(layout->roster.actors[0], "alice");
	assert_string_equal(layout->roster.actors[1], "carol");
	assert_string_equal(layout->roster.actors[2], "mallory");
	assert_int_equal(layout->steps[0].lane, 1);
	assert_int_equal(layout->steps[1].lane, 0);
	unlay(&laid);
}

static void a_race_is_one_arrow_to_the_later_step(void **unused)
{
	struct laid laid = lay("[{\"step\":1,\"actor\":\"a\",\"races_with\":[3]},"
			       " {\"step\":2,\"actor\":\"a\"},"
			       " {\"step\":3,\"actor\":\"b\",\"races_with\":[1]}]",
		"[\"a\", \"b\"]", "{}");
	const struct arrow *arrow = laid.layout.arrows;

	(void)unused;
	assert_int_equal(laid.layout.arrow_count, 1);
	assert_int_equal(arrow->kind, CONFLICT);
	assert_int_equal(arrow->from, 0);
	assert_int_equal(arrow->to, 2);
	assert_int_equal(arrow->gutter, 0);
	assert_true(laid.layout.steps[0].races && laid.layout.steps[2].races);
	assert_false(laid.layout.steps[1].races);
	unlay(&laid);
}

/*
 * The arrow leaves through the empty cells of its first step's row, and turns down beside its last.
 */
static void an_arrow_turns_in_the_gutter_beside_its_end(void **unused)
{
	struct laid laid = lay("[{\"step\":1,\"actor\":\"a\"},"
			       " {\"step\":2,\"actor\":\"c\",\"happens_after\":[1]},"
			       " {\"step\":3,\"actor\":\"a\",\"happens_after\":[2]},"
			       " {\"step\":4,\"actor\":\"b\"}]",
		"[\"a\", \"b\", \"c\"]", "{}");

	(void)unused;
	assert_int_equal(laid.layout.arrow_count, 2);
	assert_int_equal(laid.layout.arrows[0].gutter, 1);
	assert_int_equal(laid.layout.arrows[1].gutter, 0);
	assert_int_equal(laid.layout.arrows[0].kind, ORDER);
	unlay(&laid);
}

static void arrows_that_pass_each_other_have_tracks_of_their_own(void **unused)
{
	struct laid laid = lay("[{\"step\":1,\"actor\":\"a\"}, {\"step\":2,\"actor\":\"a\"},"
			       " {\"step\":3,\"actor\":\"b\",\"races_with\":[1]},"
			       " {\"step\":4,\"actor\":\"b\",\"races_with\":[2]},"
			       " {\"step\":5,\"actor\":\"a\"},"
			       " {\"step\":6,\"actor\":\"b\",\"races_with\":[5]}]",
		"[\"a\", \"b\"]", "{}");
	const struct arrow *arrows = laid.layout.arrows;

	(void)unused;
	assert_int_equal(laid.layout.arrow_count, 3);
	assert_int_not_equal(arrows[0].track, arrows[1].track);
	assert_int_equal(arrows[2].track, 0); /* no track is left */
	unlay(&laid);
}

static void what_was_acquired_before_orders_nothing_anew(void **unused)
{
	struct laid laid = lay("[{\"step\":1,\"actor\":\"a\"},"
			       " {\"step\":2,\"actor\":\"b\",\"happens_after\":[1]},"
			       " {\"step\":3,\"actor\":\"b\",\"happens_after\":[1]},"
			       " {\"step\":4,\"actor\":\"c\",\"happens_after\":[3]}]",
		"[\"a\", \"b\", \"c\"]", "{}");

	(void)unused;
	assert_int_equal(laid.layout.arrow_count, 2);
	/* c's past contains a's step through b. */
	assert_int_equal(laid.layout.steps[3].causal_past[0], 1);
	assert_int_equal(laid.layout.steps[3].causal_past[1], 3);
	unlay(&laid);
}

static void who_holds_what_is_followed_step_by_step(void **unused)
{
	struct laid laid = lay("[{\"step\":1,\"actor\":\"a\",\"op\":\"lock\",\"variable\":\"m\"},"
			       " {\"step\":2,\"actor\":\"b\",\"op\":\"read\",\"waits_for\":\"m\"},"
			       " {\"step\":3,\"actor\":\"a\",\"op\":\"unlock\",\"variable\":\"m\"},"
			       " {\"step\":4,\"actor\":\"a\",\"op\":\"yield\"}]",
		"[\"a\", \"b\"]", "{\"actors\":[{\"actor\":\"b\"}]}");
	struct holdings holdings = {.held_count = 0};

	(void)unused;
	assert_non_null(laid.layout.waits);
	holdings_step(&holdings, &laid.layout);
	assert_int_equal(holdings.held_count, 1);
	assert_string_equal(holdings.held[0].name, "m");
	assert_int_equal(holdings.held[0].actor, 0);
	assert_true(holdings.held[0].taken);
	holdings_step(&holdings, &laid.layout);
	assert_ptr_equal(holdings.waits[1], laid.layout.steps[1].json);
	assert_string_equal(wait_name(holdings.waits[1]), "m");
	holdings_step(&holdings, &laid.layout);
	assert_int_equal(holdings.held[0].levels, 0); /* shown once more, as released */
	holdings_step(&holdings, &laid.layout);
	assert_int_equal(holdings.held_count, 0);
	unlay(&laid);
}

static void a_trace_that_is_damaged_has_a_layout(void **unused)
{
	struct laid laid = lay("[{}, 7, {\"actor\":\"a\",\"happens_after\":[0, 99, \"x\"],"
			       "\"races_with\":[-1]}]",
		"[]", "{\"actors\":3}");

	(void)unused;
	assert_int_equal(laid.layout.count, 3);
	assert_int_equal(laid.layout.arrow_count, 0);
	assert_null(laid.layout.waits);
	unlay(&laid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lanes_are_in_the_catalogues_order),
		cmocka_unit_test(a_race_is_one_arrow_to_the_later_step),
		cmocka_unit_test(an_arrow_turns_in_the_gutter_beside_its_end),
		cmocka_unit_test(arrows_that_pass_each_other_have_tracks_of_their_own),
		cmocka_unit_test(what_was_acquired_before_orders_nothing_anew),
		cmocka_unit_test(who_holds_what_is_followed_step_by_step),
		cmocka_unit_test(a_trace_that_is_damaged_has_a_layout),
	};

	return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
