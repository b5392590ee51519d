/* rows_test.c - which steps of a trace are drawn, and in which lanes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "rows.h"

enum { LONG = 1000 };

/* A trace of `count` steps of alice; step `racing`, from 0, races; -1: none does. */
static json_t *trace_of(size_t count, int racing)
{
	json_t *trace = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(
			trace, json_pack("{s:s, s:o}", "actor", "alice", "races_with",
				       (int)i == racing ? json_pack("[i]", 1) : json_array()));
	return trace;
}

static void the_end_is_drawn(void **unused)
{
	json_t *none = trace_of(0, -1), *few = trace_of(3, -1), *many = trace_of(LONG, -1);

	(void)unused;
	assert_int_equal(trace_drawn(none).to, 0);
	assert_int_equal(trace_drawn(few).from, 0);
	assert_int_equal(trace_drawn(few).to, 3);
	assert_int_equal(trace_drawn(many).from, LONG - TRACE_DRAWN_MAX);
	assert_int_equal(trace_drawn(many).to, LONG);
	json_decref(none);
	json_decref(few);
	json_decref(many);
}

static void a_race_far_before_the_end_is_worth_more(void **unused)
{
	static const int racing[] = {0, 100, 599, 700};

	(void)unused;
	for (size_t i = 0; i < sizeof racing / sizeof *racing; i++) {
		json_t *trace = trace_of(LONG, racing[i]);
		struct span drawn = trace_drawn(trace);

		assert_true(span_has(drawn, (size_t)racing[i]));
		assert_int_equal(drawn.to - drawn.from, TRACE_DRAWN_MAX);
		json_decref(trace);
	}
}

static void more_actors_than_lanes_share_the_last_one(void **unused)
{
	json_t *trace = json_array(), *actors = json_array();
	struct roster roster;
	char name[16];

	(void)unused;
	for (int i = 0; i < LANES_MAX + 3; i++) {
		snprintf(name, sizeof name, "actor %d", i);
		json_array_append_new(trace, json_pack("{s:s}", "actor", name));
	}
	roster = roster_of(trace, actors, NULL);
	assert_int_equal(roster.count, LANES_MAX);
	assert_int_equal(roster_lane(&roster, "actor 0"), 0);
	assert_int_equal(roster_lane(&roster, name), LANES_MAX - 1);
	assert_false(roster_shared(&roster, "actor 0"));
	assert_true(roster_shared(&roster, name));
	snprintf(name, sizeof name, "actor %d", LANES_MAX - 1); /* the first one there */
	assert_true(roster_shared(&roster, name));
	json_decref(trace);
	json_decref(actors);
}

static void the_actors_that_come_first_have_lanes(void **unused)
{
	json_t *trace = json_array(), *actors = json_array(), *concerned = json_array();
	struct roster roster;
	char name[16];

	(void)unused;
	for (int i = 0; i < LANES_MAX + 3; i++) {
		snprintf(name, sizeof name, "actor %d", i);
		json_array_append_new(trace, json_pack("{s:s}", "actor", name));
		json_array_append_new(actors, json_string(name));
	}
	json_array_append(concerned, json_array_get(trace, LANES_MAX + 2));
	json_array_extend(concerned, trace);
	roster = roster_of(trace, actors, concerned);
	assert_int_equal(roster.count, LANES_MAX);
	assert_int_equal(roster_lane(&roster, "actor 0"), 0); /* in the order of their names */
	assert_int_equal(roster_lane(&roster, name), LANES_MAX - 2);
	snprintf(name, sizeof name, "actor %d", LANES_MAX - 2);
	assert_true(roster_shared(&roster, name));
	json_decref(trace);
	json_decref(actors);
	json_decref(concerned);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_end_is_drawn),
		cmocka_unit_test(a_race_far_before_the_end_is_worth_more),
		cmocka_unit_test(more_actors_than_lanes_share_the_last_one),
		cmocka_unit_test(the_actors_that_come_first_have_lanes),
	};

	return cmocka_run_group_tests_name("rows", tests, NULL, NULL);
}
