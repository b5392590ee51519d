/* loops_test.c - what is said of a waiting loop, and what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "field.h"
#include "loops.h"

/* What is said of alice's loop for `flag`; the actors besides her, and the trace, in JSON. */
static void assert_said(json_t *steady, const char *others, const char *trace, const char *why)
{
	json_t *steps = json_loads(trace, 0, NULL), *waits = json_pack("{s:[]}", "actors");
	json_t *actors = json_object_get(waits, "actors"), *more = json_loads(others, 0, NULL);

	assert_non_null(steps);
	assert_non_null(more);
	json_array_append_new(
		actors, json_pack("{s:s, s:s, s:s, s:s, s:o*}", "actor", "alice", "state",
				"waiting", "wait", "loop", "for", "flag", "steady", steady));
	json_array_extend(actors, more);
	loops_explain(waits, steps);
	assert_string_equal(field_text(json_array_get(actors, 0), "why"), why);
	json_decref(more);
	json_decref(steps);
	json_decref(waits);
}

static void assert_why(const char *others, const char *trace, const char *why)
{
	assert_said(json_true(), others, trace, why);
}

#define READ                                                                                       \
	"{\"actor\":\"alice\",\"op\":\"read\",\"variable\":\"flag\",\"old\":\"0\",\"new\":\"0\"}"
#define BOB_WRITES(variable)                                                                       \
	"{\"actor\":\"bob\",\"op\":\"write\",\"variable\":\"" variable                             \
	"\",\"old\":\"1\",\"new\":\"0\"}"
#define BOB_WRITES_2                                                                               \
	"{\"actor\":\"bob\",\"op\":\"write\",\"variable\":\"flag\",\"old\":\"1\",\"new\":\"2\"}"

static void nobody_is_left(void **unused)
{
	(void)unused;
	assert_why("[]", "[" BOB_WRITES("n") "," READ "]",
		"which is 0, and bob has ended: no other actor is left to write it");
	assert_why("[{\"actor\":\"bob\",\"state\":\"ended\"}]", "[" BOB_WRITES("n") "," READ "]",
		"which is 0, and bob has ended: no other actor is left to write it");
}

static void what_others_will_do_is_not_known(void **unused)
{
	(void)unused;
	assert_why("[{\"actor\":\"bob\",\"state\":\"blocked\"}]", "[" READ "]", "which is 0");
	assert_why("[{\"actor\":\"bob\",\"state\":\"waiting\"}]",
		"[" BOB_WRITES("flag") "," READ "]", "which is 0 since bob's step 1");
}

static void a_value_that_was_written_since_is_not_known(void **unused)
{
	(void)unused;
	assert_why("[{\"actor\":\"bob\",\"state\":\"waiting\"}]",
		"[" READ "," BOB_WRITES("flag") "]", "");
}

static void a_value_that_steps_not_shown_may_have_written_is_not_known(void **unused)
{
	(void)unused;
	assert_said(json_false(), "[{\"actor\":\"bob\",\"state\":\"waiting\"}]",
		"[" BOB_WRITES("flag") "," READ "]", "");
	assert_said(json_false(), "[]", "[" BOB_WRITES("flag") "," READ "]",
		"and bob has ended: no other actor is left to write it");
}

static void a_writer_of_another_value_is_not_the_last(void **unused)
{
	(void)unused;
	assert_why("[{\"actor\":\"bob\",\"state\":\"waiting\"}]", "[" BOB_WRITES_2 "," READ "]",
		"which is 0");
}

static void an_actor_that_is_not_traced_has_no_name(void **unused)
{
	(void)unused;
	assert_why("[]", "[" READ "]", "which is 0, and no other actor is left to write it");
	assert_said(json_false(), "[]", "[" READ "]", "and no other actor is left to write it");
}

static void of_a_loop_that_explore_has_not_seen_nothing_is_said(void **unused)
{
	(void)unused;
	assert_said(NULL, "[]", "[" BOB_WRITES("flag") "," READ "]", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_is_left),
		cmocka_unit_test(what_others_will_do_is_not_known),
		cmocka_unit_test(a_value_that_was_written_since_is_not_known),
		cmocka_unit_test(a_value_that_steps_not_shown_may_have_written_is_not_known),
		cmocka_unit_test(an_actor_that_is_not_traced_has_no_name),
		cmocka_unit_test(a_writer_of_another_value_is_not_the_last),
		cmocka_unit_test(of_a_loop_that_explore_has_not_seen_nothing_is_said),
	};

	return cmocka_run_group_tests_name("loops", tests, NULL, NULL);
}
