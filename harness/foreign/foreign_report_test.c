/* foreign_report_test.c - what tools wrote, as events. The reports are real ones, shortened. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "field.h"
#include "foreign.h"
#include "snarl.h"

const struct snarl_scenario scenario = {0};

static struct foreign_page page = {
	.executions = 7, .base = 0x108000, .end = 0x120000, .state = 0x10c060, .state_size = 16};
static json_t *races;

static void race_keep(void *context, json_t *race)
{
	(void)context;
	json_array_append_new(races, race);
}

/* Read the lines of a text; returns the races. */
static const json_t *read_all(
	void (*line)(struct foreign_report *report, const char *line), const char *text)
{
	struct foreign_report report = {
		.program = "/t/case", .page = &page, .function = "produce", .emit = race_keep};
	char one[256];

	json_decref(races);
	races = json_array();
	for (size_t length; *text; text += length + (text[length] == '\n')) {
		length = strcspn(text, "\n");
		memcpy(one, text, length);
		one[length] = '\0';
		line(&report, one);
	}
	json_decref(report.race);
	return races;
}

static const json_t *access_of(const json_t *race, size_t index)
{
	return json_array_get(field_array(race, "accesses"), index);
}

#define FRAME(ip, object, function)                                                                \
	"    <frame>\n      <ip>" ip "</ip>\n      <obj>" object "</obj>\n      <fn>" function     \
	"</fn>\n    </frame>\n"

static const char helgrind_race[] =
	"<error>\n  <unique>0x0</unique>\n  <kind>Race</kind>\n  <xwhat>\n"
	"    <text>Possible data race during read of size 4 at 0x10C064 by thread #3</text>\n"
	"    <hthreadid>3</hthreadid>\n  </xwhat>\n  <stack>\n" FRAME("0x10916C", "/t/case",
		"produce") FRAME("0x10916C", "/t/case", "outer") FRAME("0x48F01F4", "/lib/libc.so",
		"start_thread") "  </stack>\n  <xauxwhat>\n"
				"    <text>This conflicts with a previous write of size 4 by "
				"thread "
				"#2</text>\n  </xauxwhat>\n  <stack>\n" FRAME("0x109182", "/t/case",
					"consume") "  </stack>\n"
						   "  <auxwhat>Address 0x10c064 is 4 bytes inside "
						   "data symbol \"state\"</auxwhat>\n</error>\n";

static void helgrind_names_both_accesses(void **state)
{
	const json_t *all = read_all(valgrind_line, helgrind_race), *race = json_array_get(all, 0);
	const json_t *later = access_of(race, 0), *earlier = access_of(race, 1);

	(void)state;
	assert_int_equal(json_array_size(all), 1);
	assert_string_equal(field_text(race, "description"), "data race");
	assert_int_equal(field_integer(race, "execution", -1), 7);
	assert_string_equal(field_text(later, "actor"), "thread 3");
	assert_false(field_true(later, "write"));
	assert_int_equal(field_integer(later, "size", 0), 4);
	assert_int_equal(field_integer(json_object_get(later, "place"), "state_offset", -1), 4);
	/* The inlined function has no frame of its own; a library's frame has a name. */
	assert_int_equal(json_array_size(field_array(later, "stack")), 2);
	assert_int_equal(
		json_integer_value(json_array_get(field_array(later, "stack"), 0)), 0x116d);
	assert_string_equal(
		json_string_value(json_array_get(field_array(later, "stack"), 1)), "start_thread");
	assert_string_equal(field_text(earlier, "actor"), "thread 2");
	assert_true(field_true(earlier, "write"));
	assert_int_equal(
		json_integer_value(json_array_get(field_array(earlier, "stack"), 0)), 0x1183);
}

static void drd_names_one_access(void **state)
{
	const json_t *all = read_all(valgrind_line,
		"<error>\n  <kind>ConflictingAccess</kind>\n"
		"  <what>Conflicting store by thread 3 at 0x0010c060 size 4</what>\n"
		"  <stack>\n" FRAME("0x10916C", "/t/case", "produce") "  </stack>\n</error>\n");
	const json_t *race = json_array_get(all, 0);

	(void)state;
	assert_int_equal(json_array_size(field_array(race, "accesses")), 1);
	assert_true(field_true(access_of(race, 0), "write"));
	assert_int_equal(
		field_integer(json_object_get(access_of(race, 0), "place"), "state_offset", -1), 0);
}

static void helgrind_lock_order_has_stacks(void **state)
{
	const json_t *all = read_all(valgrind_line,
		"<error>\n  <kind>LockOrder</kind>\n  <xwhat>\n    <text>Thread #3: lock order "
		"\"0x10C080 before 0x10C0A8\" violated</text>\n  </xwhat>\n  <stack>\n" FRAME(
			"0x10916C", "/t/case", "bob") "  </stack>\n"
						      "  <stack>\n" FRAME("0x109182", "/t/case",
							      "alice") "  </stack>\n</error>\n");
	const json_t *race = json_array_get(all, 0);

	(void)state;
	assert_non_null(strstr(field_text(race, "description"), "lock-order"));
	assert_int_equal(json_array_size(field_array(race, "accesses")), 0);
	assert_int_equal(json_array_size(field_array(race, "stacks")), 2);
}

/* It says nothing of an order; neither does a report that was cut when the tool was killed. */
static void others_are_no_races(void **state)
{
	char cut[sizeof helgrind_race];

	(void)state;
	assert_int_equal(
		json_array_size(read_all(valgrind_line,
			"<error>\n  <kind>Misc</kind>\n  <what>pthread_cond_signal: associated "
			"lock is not held</what>\n  <stack>\n" FRAME(
				"0x10916C", "/t/case", "f") "  </stack>\n</error>\n")),
		0);
	strcpy(cut, helgrind_race);
	*strstr(cut, "<auxwhat>") = '\0';
	assert_int_equal(json_array_size(read_all(valgrind_line, cut)), 0);
}

static const char tsan_race[] =
	"==================\nWARNING: ThreadSanitizer: data race (pid=5549)\n"
	"  Atomic read of size 4 at 0x00000010c060 by thread T2 (mutexes: write M1):\n"
	"    #0 produce /t/case.c:5 (case+0x11e8)\n    #1 u /t/case.c:7 (case+0x12e8) (BuildId: "
	"0f)\n"
	"    #2 f <null> (othercase+0x1)\n\n"
	"  Previous write of size 8 at 0x000000108010 by main thread:\n"
	"    #0 main /t/case.c:5 (case+0x1263)\n\n"
	"  Location is global 'state' of size 4096 at 0x555555558080 (tt+0x4080)\n\n"
	"  Thread T2 'bob' (tid=5552, running) created by main thread at:\n"
	"    #0 pthread_create tsan_interceptors.cpp:1001 (libtsan.so.2+0x5e686)\n\n"
	"SUMMARY: ThreadSanitizer: data race /t/case.c:5 in produce\n==================\n";

static void tsan_names_both_accesses(void **state)
{
	const json_t *all = read_all(sanitizer_line, tsan_race), *race = json_array_get(all, 0);
	const json_t *later = access_of(race, 0), *earlier = access_of(race, 1);

	(void)state;
	assert_int_equal(json_array_size(all), 1);
	assert_string_equal(field_text(later, "actor"), "bob");
	assert_true(field_true(later, "atomic"));
	assert_false(field_true(later, "write"));
	assert_int_equal(json_array_size(field_array(later, "stack")), 3);
	assert_int_equal(
		json_integer_value(json_array_get(field_array(later, "stack"), 1)), 0x12e9);
	assert_string_equal(json_string_value(json_array_get(field_array(later, "stack"), 2)), "f");
	assert_string_equal(field_text(earlier, "actor"), "main thread");
	assert_true(field_true(earlier, "write"));
	assert_int_equal(field_integer(earlier, "size", 0), 8);
	assert_int_equal(
		field_integer(json_object_get(earlier, "place"), "program_offset", -1), 0x10);
	/* The stack of the thread's creation belongs to no access. */
	assert_int_equal(json_array_size(field_array(earlier, "stack")), 1);
}

static void tsan_inversion_has_stacks(void **state)
{
	const json_t *all = read_all(sanitizer_line,
		"WARNING: ThreadSanitizer: lock-order-inversion (potential deadlock) (pid=5549)\n"
		"  Cycle in lock order graph: M0 (0x5555555590e0) => M1 (0x5555555590a0) => M0\n\n"
		"  Mutex M1 acquired here while holding mutex M0 in thread T1:\n"
		"    #0 pthread_mutex_lock x.inc:4324 (libtsan.so.2+0x558e1)\n"
		"    #1 t /t/t.c:6 (case+0x12ad)\n\n"
		"  Mutex M0 acquired here while holding mutex M1 in main thread:\n"
		"    #0 pthread_mutex_lock x.inc:4324 (libtsan.so.2+0x558e1)\n"
		"    #1 main /t/t.c:9 (case+0x135f)\n\n"
		"SUMMARY: ThreadSanitizer: lock-order-inversion (potential deadlock) t.c:6 in t\n");

	(void)state;
	assert_int_equal(json_array_size(all), 1);
	assert_int_equal(json_array_size(field_array(json_array_get(all, 0), "stacks")), 2);
}

/* A scenario may print anything. */
static void nonsense_is_survived(void **state)
{
	static const char nonsense[] =
		"<kind>\n<kind>Race\n<text>size by thread \n<stack>\n<fn>\n<ip></ip>\n</error>\n"
		"WARNING: ThreadSanitizer: \n  read of size  at 0x by \n    #\n    #0\n"
		"    #0 f +0x\n  Thread \n  Thread T1 '\nSUMMARY: \n";

	(void)state;
	read_all(valgrind_line, nonsense);
	read_all(sanitizer_line, nonsense);
}

static void a_version_in_the_name_is_of_the_same_tool(void **state)
{
	(void)state;
	assert_string_equal(foreign_find("clang-tsan")->name, "clang-tsan");
	assert_string_equal(foreign_find("clang-19-tsan")->name, "clang-tsan");
	assert_string_equal(foreign_find("drd")->name, "drd");
	assert_null(foreign_find("clang--tsan"));
	assert_null(foreign_find("clang-19-tsan-"));
	assert_null(foreign_find("clang-19"));
	assert_null(foreign_find("stress"));
}

static int races_free(void **state)
{
	(void)state;
	json_decref(races);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(helgrind_names_both_accesses),
		cmocka_unit_test(drd_names_one_access),
		cmocka_unit_test(helgrind_lock_order_has_stacks),
		cmocka_unit_test(others_are_no_races),
		cmocka_unit_test(tsan_names_both_accesses),
		cmocka_unit_test(tsan_inversion_has_stacks),
		cmocka_unit_test(nonsense_is_survived),
		cmocka_unit_test(a_version_in_the_name_is_of_the_same_tool),
	};

	return cmocka_run_group_tests_name("foreign_report", tests, NULL, races_free);
}
