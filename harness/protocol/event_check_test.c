/* event_check_test.c - an event is what its table says, no more and no less. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "event_check.h"

/* The sentence, or NULL; valid until the next call. */
static const char *problem(const char *text)
{
	static char *last;
	json_t *event = json_loads(text, 0, NULL);

	assert_non_null(event);
	free(last);
	last = event_problem(event);
	json_decref(event);
	return last;
}

static void what_the_table_says_is_right(void **state)
{
	static const char *const right[] = {
		"{'v':1,'type':'skip','reason':'no /bin/cat'}",
		"{'v':1,'type':'progress','at':[0,1,-1],'waiting':[true,false,false],"
		"'phase':null}",
		"{'v':1,'type':'end','executions':3,'failures':0,'seconds':0.5}",
		"{'v':1,'type':'end','executions':3,'failures':0,'seconds':1,'steps':9,'peak_kb':"
		"7}",
		"{'v':1,'type':'crash','actor':null,'execution':0,'signal':11,'address':null}",
		"{'v':1,'type':'race','description':'data race','accesses':[{'actor':'a',"
		"'write':true,'atomic':false,'size':4,'place':{'state_offset':8},"
		"'stack':[12,'read']}],'locks':[],'stacks':[[1],['f',2]]}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
		char *text = strdup(right[i]);

		for (char *at = text; *at; at++)
			*at = *at == '\'' ? '"' : *at;
		assert_null(problem(text));
		free(text);
	}
}

static void anything_else_is_told_by_field(void **state)
{
	static const struct {
		const char *event, *problem;
	} wrong[] = {
		{"{'v':2,'type':'skip','reason':'r'}", "its version is 2, not 1"},
		{"{'v':1,'type':'skipped','reason':'r'}", "there is no event 'skipped'"},
		{"{'v':1,'type':'.place'}", "there is no event '.place'"},
		{"{'v':1,'reason':'r'}", "there is no event ''"},
		{"{'v':1,'type':'skip'}", "'reason' of 'skip' is missing"},
		{"{'v':1,'type':'skip','reason':null}", "'reason' of 'skip' is null"},
		{"{'v':1,'type':'skip','reason':7}", "'reason' of 'skip' is not of type text"},
		{"{'v':1,'type':'skip','reason':'r','why':'w'}", "'why' is not a field of 'skip'"},
		{"{'v':1,'type':'progress','at':[1,'2'],'waiting':[]}",
			"'at' of 'progress' is not of type integer"},
		{"{'v':1,'type':'progress','at':1,'waiting':[]}",
			"'at' of 'progress' is not a list"},
		{"{'v':1,'type':'race','description':'d','accesses':[{'actor':'a','write':1,"
		 "'atomic':false,'size':4,'place':null,'stack':[]}],'locks':[],'stacks':[]}",
			"'accesses' of 'race' 'write' of '.access' is not of type bool"},
		{"{'v':1,'type':'race','description':'d','accesses':[],'locks':[],"
		 "'stacks':[[true]]}",
			"'stacks' of 'race' is not of type frame"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		char *text = strdup(wrong[i].event);

		for (char *at = text; *at; at++)
			*at = *at == '\'' ? '"' : *at;
		assert_string_equal(problem(text), wrong[i].problem);
		free(text);
	}
}

static void bytes_have_two_digits_each(void **state)
{
	static const char begin[] =
		"{\"v\":1,\"type\":\"failure\",\"kind\":\"k\",\"message\":\"\",\"execution\":0,"
		"\"arm\":0,\"arm_name\":\"\",\"first\":0,\"state\":";
	static const struct {
		const char *bytes;
		int right;
	} states[] = {{"null", 1}, {"\"\"", 1}, {"\"0aF9\"", 1}, {"\"0a1\"", 0}, {"\"0g\"", 0}};

	(void)state;
	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		char text[512];

		strcpy(text, begin);
		strcat(text, states[i].bytes);
		strcat(text, "}");
		assert_int_equal(problem(text) == NULL, states[i].right);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_table_says_is_right),
		cmocka_unit_test(anything_else_is_told_by_field),
		cmocka_unit_test(bytes_have_two_digits_each),
	};

	return cmocka_run_group_tests_name("event_check", tests, NULL, NULL);
}
