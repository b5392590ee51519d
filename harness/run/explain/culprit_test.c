/* culprit_test.c - the step in which it went wrong, in traces whose truth is known beforehand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "culprit.h"
#include "snarl.h"

static json_t *json(const char *text)
{
	json_error_t error;
	json_t *made = json_loads(text, 0, &error);

	if (!made)
		fail_msg("%s: %s", error.text, text);
	return made;
}

/* The culprit is step `step`, from 1, and its note and cause have these words; 0: there is none. */
static void assert_culprit(unsigned verdict, const char *message, const char *detail, size_t step,
	const char *note, const char *cause)
{
	json_t *made = json(detail);
	struct culprit culprit = culprit_find(verdict, message, made);

	assert_int_equal(culprit.known ? culprit.step + 1 : 0, step);
	if (note && !strstr(culprit.note, note))
		fail_msg("%s", culprit.note);
	if (cause && (!culprit.cause || !strstr(culprit.cause, cause)))
		fail_msg("%s", culprit.cause ? culprit.cause : "no cause");
	culprit_free(&culprit);
	json_decref(made);
}

static void assert_note_begins(unsigned verdict, const char *detail, const char *with)
{
	json_t *made = json(detail);
	struct culprit culprit = culprit_find(verdict, "", made);

	assert_memory_equal(culprit.note, with, strlen(with));
	culprit_free(&culprit);
	json_decref(made);
}

#define READ(actor, variable, value)                                                               \
	"{\"actor\":\"" actor "\",\"op\":\"read\",\"variable\":\"" variable "\",\"old\":\"" value  \
	"\"}"
#define WRITE(actor, variable, old, new)                                                           \
	"{\"actor\":\"" actor "\",\"op\":\"write\",\"write\":true,\"variable\":\"" variable        \
	"\",\"old\":\"" old "\",\"new\":\"" new "\"}"
#define SYNC(actor, op, object)                                                                    \
	"{\"actor\":\"" actor "\",\"op\":\"" op "\",\"variable\":\"" object "\"}"
#define WAIT(actor, object)                                                                        \
	"{\"actor\":\"" actor "\",\"op\":\"wait\",\"variable\":\"" object                          \
	"\",\"waits_for\":\"" object "\"}"
#define PREEMPTING(actor, preempted, variable, value)                                              \
	"{\"actor\":\"" actor "\",\"op\":\"read\",\"variable\":\"" variable "\",\"old\":\"" value  \
	"\",\"preempted\":\"" preempted "\"}"
#define TRACE(...) "{\"trace\":[" __VA_ARGS__ "]"

static void a_write_of_a_stale_value_loses_an_update(void **unused)
{
	(void)unused;
	assert_culprit(SNARL_LOST_UPDATE, "n is 1, expected 2",
		TRACE(READ("alice", "n", "0") "," READ("bob", "n", "0") "," WRITE(
			"bob", "n", "0", "1") "," WRITE("alice", "n", "1", "1")) "}",
		4, "stale since step 3",
		"alice wrote 1 to n from the value read at step 1; bob's write at step 3 was lost");
}

static void a_value_read_again_is_not_stale(void **unused)
{
	(void)unused;
	assert_culprit(SNARL_LOST_UPDATE, "n is 1, expected 2",
		TRACE(READ("alice", "n", "0") "," WRITE("bob", "n", "0", "1") "," READ(
			"alice", "n", "1") "," WRITE("alice", "n", "1", "2")) "}",
		0, NULL, NULL);
}

static void a_check_that_no_longer_holds(void **unused)
{
	(void)unused;
	assert_culprit(SNARL_ASSERTION, "balance is -40, expected 30",
		TRACE(READ("bob", "balance", "100") "," PREEMPTING("alice", "bob", "balance",
			"100") "," WRITE("alice", "balance", "100", "30") "," READ("bob", "balance",
			"30") "," WRITE("bob", "balance", "30", "-40")) "}",
		4, "not the value of step 1",
		"bob read balance at step 1 (100) and again at step 4 (30)");
}

static void two_variables_of_which_one_is_old(void **unused)
{
	(void)unused;
	assert_culprit(SNARL_TORN_MESSAGE, "it does not fit",
		TRACE(WRITE("writer", "left", "0", "1") "," PREEMPTING(
			"reader", "writer", "left", "1") "," READ("reader", "right",
			"0") "," WRITE("writer", "right", "0", "1")) "}",
		3, "left is that of its step 1", "before writer's step 4");
}

static void without_a_race_or_a_preemption_nothing_is_said(void **unused)
{
	(void)unused;
	assert_culprit(SNARL_ASSERTION, "it does not fit",
		TRACE(READ("bob", "n", "0") "," WRITE("alice", "n", "0", "1") "," READ(
			"bob", "n", "1")) "}",
		0, NULL, NULL);
}

static void the_last_wait_closes_the_cycle(void **unused)
{
	(void)unused;
	assert_culprit(SNARL_DEADLOCK, "",
		TRACE(SYNC("alice", "lock", "a") "," SYNC("bob", "lock", "b") "," WAIT(
			"bob", "a") "," WAIT("carol", "a") "," WAIT("alice", "b") "," WAIT("dave",
			"a")) ",\"waits\":{\"cycle\":[\"alice\",\"bob\"],\"actors\":[{\"actor\":"
			      "\"alice\"},"
			      "{\"actor\":\"bob\"},{\"actor\":\"carol\"},{\"actor\":\"dave\"}]}}",
		5, "alice → bob → alice", NULL);
}

/* The signal of step 2 was needed by nobody; that of step 5 came between check and wait. */
static void the_signal_between_check_and_wait_is_lost(void **unused)
{
	(void)unused;
	assert_culprit(SNARL_LOST_WAKEUP, "",
		TRACE(WRITE("bob", "n", "0", "1") "," SYNC("bob", "signal", "c") "," READ(
			"alice", "n", "1") "," WRITE("bob", "n", "1", "2") "," SYNC("bob", "signal",
			"c") "," WAIT("alice",
			"c")) ",\"waits\":{\"actors\":[{\"actor\":\"alice\",\"for\":\"c\","
			      "\"missed_signal\":true}]}}",
		5, "nobody waits", NULL);
}

static void a_signal_that_wakes_another(void **unused)
{
	(void)unused;
	assert_culprit(SNARL_LOST_WAKEUP, "",
		TRACE(WAIT("alice", "c") "," WAIT("bob", "c") "," SYNC(
			"carol", "signal", "c") "," SYNC("alice", "wake",
			"c")) ",\"waits\":{\"actors\":[{\"actor\":\"bob\",\"for\":\"c\","
			      "\"missed_signal\":true}]}}",
		3, "does not wake bob", NULL);
}

#define TRY(actor, object)                                                                         \
	"{\"actor\":\"" actor "\",\"op\":\"trylock\",\"variable\":\"" object "\"}"
#define LOOP(actor, wait, object, holds)                                                           \
	"{\"actor\":\"" actor "\",\"state\":\"waiting\",\"wait\":\"" wait "\",\"for\":\"" object   \
	"\",\"holds\":[" holds "]}"

static void a_livelock_begins_with_the_last_first_try(void **unused)
{
	(void)unused;
	assert_culprit(SNARL_LIVELOCK, "",
		TRACE(SYNC("alice", "lock", "a") "," SYNC("bob", "lock", "b") "," TRY(
			"bob", "a") "," TRY("alice", "b")) ",\"waits\":{\"actors\":[" LOOP("alice",
			"try", "b",
			"{\"name\":\"a\"}") "," LOOP("bob", "try", "a", "{\"name\":\"b\"}") "]}}",
		4, "alice holds a and tries b; bob holds b and tries a", NULL);
}

static void a_livelock_begins_with_the_last_write_to_what_its_loops_read(void **unused)
{
	(void)unused;
	assert_culprit(SNARL_LIVELOCK, "",
		TRACE(WRITE("alice", "x", "0", "1") "," WRITE("bob", "y", "0", "1") "," READ(
			"alice", "y", "1") "," READ("bob", "x",
			"1")) ",\"waits\":{\"actors\":[" LOOP("alice", "loop", "y",
			"") "," LOOP("bob", "loop", "x", "") "]}}",
		2, "alice waits for y to change; bob waits for x to change", NULL);
}

static void a_single_actor_is_not_named_at_its_own_step(void **unused)
{
	(void)unused;
	assert_note_begins(SNARL_LIVELOCK,
		TRACE(READ("alice", "x", "0")) ",\"waits\":{\"actors\":[" LOOP(
			"alice", "loop", "x", "") "]}}",
		"waits for x to change");
	assert_note_begins(SNARL_LIVELOCK,
		TRACE(WRITE("bob", "x", "1", "0") "," READ("alice", "x",
			"0")) ",\"waits\":{\"actors\":[" LOOP("alice", "loop", "x", "") "]}}",
		"alice waits for x to change");
}

static void who_only_waits_is_not_said_to_run(void **unused)
{
	(void)unused;
	assert_culprit(SNARL_LIVELOCK, "",
		TRACE(WAIT("bob", "") "," READ("alice", "x",
			"0")) ",\"waits\":{\"actors\":["
			      "{\"actor\":\"bob\",\"state\":\"blocked\",\"call\":\"pause\"},"
			      "{\"actor\":\"carol\",\"state\":\"running\"}," LOOP(
				      "alice", "loop", "x", "") "]}}",
		2, "bob waits in pause; carol runs without end; alice waits for x to change", NULL);
}

static void the_cause_of_a_starvation_names_others_too(void **unused)
{
	(void)unused;
	assert_culprit(SNARL_STARVATION,
		"bob waited for c from step 1 while alice made 2 steps: bob was passed by",
		TRACE(WAIT("bob", "c") "," WRITE("alice", "n", "0", "1") "," WRITE(
			"alice", "n", "1", "2") "," SYNC("bob", "wake", "c")) "}",
		1, "waited for c while alice made 2 steps", NULL);
}

static void who_got_the_turns_of_a_starved_actor(void **unused)
{
	(void)unused;
	assert_culprit(SNARL_STARVATION, "bob was passed by twice",
		TRACE(WAIT("bob", "c") "," SYNC("bob", "wake", "c") "," WAIT("bob", "c") "," WRITE(
			"alice", "n", "0", "1") "," WRITE("alice", "n", "1", "2") "," WRITE("carol",
			"n", "2", "3") "," SYNC("bob", "wake", "c")) "}",
		3, "waited for c while alice made 2 steps, carol 1",
		"bob waited for c from step 3 while alice");
	/* Nothing says which of them is meant. */
	assert_culprit(SNARL_STARVATION, "somebody was passed by",
		TRACE(WAIT("bob", "c") "," WRITE("alice", "n", "0", "1")) "}", 0, NULL, NULL);
}

#define LEDGER                                                                                     \
	",\"shape\":{\"ledger\":[{\"actor\":\"alice\",\"puts\":["                                  \
	"{\"item\":\"alice#1\",\"place\":0,\"step\":1},{\"item\":\"alice#2\",\"place\":0,"         \
	"\"step\":2}],\"takes\":[]},{\"actor\":\"bob\",\"puts\":[],\"takes\":["                    \
	"{\"item\":\"alice#2\",\"place\":0,\"step\":3},{\"item\":\"alice#2\",\"place\":0,"         \
	"\"step\":4}]}]}}"
#define MOVES                                                                                      \
	TRACE("{\"actor\":\"alice\",\"sentence\":\"writes slot: alice#1\"},"                       \
	      "{\"actor\":\"alice\",\"sentence\":\"writes slot: alice#2\"},"                       \
	      "{\"actor\":\"bob\",\"sentence\":\"reads slot: alice#2\"},"                          \
	      "{\"actor\":\"bob\",\"sentence\":\"reads slot: alice#2\"}")

static void the_ledger_names_the_put_and_the_take(void **unused)
{
	(void)unused;
	assert_culprit(SNARL_OVERWRITE, "alice#1 was overwritten by alice#2 in slot 0, never read",
		MOVES LEDGER, 2, "overwrites alice#1, never read", NULL);
	assert_culprit(SNARL_DUPLICATE_ITEM, "alice#2 was taken twice", MOVES LEDGER, 4,
		"takes alice#2 again: bob took it at step 3", NULL);
	assert_culprit(SNARL_LOST_ITEM, "alice#1 was put and never taken", MOVES LEDGER, 1,
		"puts alice#1, which is never taken", NULL);
}

static void damaged_traces_have_no_culprit(void **unused)
{
	(void)unused;
	assert_culprit(SNARL_LOST_UPDATE, "n", "{}", 0, NULL, NULL);
	assert_culprit(
		SNARL_LIVELOCK, "", TRACE("{}") ",\"waits\":{\"actors\":[7]}}", 1, NULL, NULL);
	assert_culprit(SNARL_DEADLOCK, "", TRACE("7, null, {}") ",\"waits\":[1]}", 0, NULL, NULL);
	assert_culprit(SNARL_OVERWRITE, "x",
		TRACE("{}") ",\"shape\":{\"ledger\":[3,{\"actor\":1,\"puts\":[7,{\"item\":\"x\","
			    "\"step\":99}]}]}}",
		0, NULL, NULL);
	assert_culprit(
		SNARL_DATA_RACE, "x", TRACE("{\"races_with\":[-4,1e9,\"x\"]}") "}", 1, NULL, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_write_of_a_stale_value_loses_an_update),
		cmocka_unit_test(a_value_read_again_is_not_stale),
		cmocka_unit_test(a_check_that_no_longer_holds),
		cmocka_unit_test(two_variables_of_which_one_is_old),
		cmocka_unit_test(without_a_race_or_a_preemption_nothing_is_said),
		cmocka_unit_test(the_last_wait_closes_the_cycle),
		cmocka_unit_test(the_signal_between_check_and_wait_is_lost),
		cmocka_unit_test(a_signal_that_wakes_another),
		cmocka_unit_test(a_livelock_begins_with_the_last_first_try),
		cmocka_unit_test(a_livelock_begins_with_the_last_write_to_what_its_loops_read),
		cmocka_unit_test(a_single_actor_is_not_named_at_its_own_step),
		cmocka_unit_test(who_only_waits_is_not_said_to_run),
		cmocka_unit_test(who_got_the_turns_of_a_starved_actor),
		cmocka_unit_test(the_cause_of_a_starvation_names_others_too),
		cmocka_unit_test(the_ledger_names_the_put_and_the_take),
		cmocka_unit_test(damaged_traces_have_no_culprit),
	};

	return cmocka_run_group_tests_name("culprit", tests, NULL, NULL);
}
