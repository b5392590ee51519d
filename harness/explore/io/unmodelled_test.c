/* unmodelled_test.c - which calls forbid the claim that all schedules were seen. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine.h"
#include "object.h"
#include "unmodelled.h"
#include "search.h"
#include "snarl.h"
#include "strategies.h"
#include "sanitized.h"

/* As injectors/outside.awk writes it. */
struct outside_call {
	const char *name, *class;
	void (*target)(void);
};

void outside_called(const struct outside_call *call, const uintptr_t arguments[6], const void *pc,
	const void *sp);

/* What a case links besides. */
const struct engine engine = {.name = "explore"};
const struct snarl_scenario scenario = {.summary = "none"};

/* What the only actor calls. */
static struct outside_call made;

static void caller(void *argument)
{
	const uintptr_t arguments[6] = {0};

	(void)argument;
	outside_called(&made, arguments, NULL, NULL);
}

static void program_begin(uint64_t execution)
{
	(void)execution;
	actor_add("caller", caller, NULL);
}

static const struct outcome *program_end(void)
{
	static struct outcome outcome;

	return &outcome;
}

static bool program_pause(uint64_t executions)
{
	(void)executions;
	return false;
}

static const struct program program = {program_begin, program_end, program_pause};

/* What forbids the claim after a call; NULL: nothing. */
static const char *unknown_after(const char *name, const char *class)
{
	static struct search_result result;
	const struct strategy_config config = {0};
	struct strategy strategy = strategy_make(strategy_find("random"), &config);
	const struct search search = {
		.program = &program,
		.strategy = &strategy,
		.executions = 1,
		.budget_ns = UINT64_MAX,
	};

	made = (struct outside_call){name, class, NULL};
	outside_forget();
	search_run(&search, &result);
	strategy_free(&strategy);
	assert_int_equal(result.histogram.failures, 0);
	return outside_unknown();
}

static int opened(void **state)
{
	static char memory[64];

	(void)state;
	return search_open(1, memory, sizeof memory);
}

static bool is_harmless(const char *class)
{
	static const char *const harmless[] = {"pure", "locale", "identity", "timezone", "memory",
		"jumps", "output", "filesystem", "filesystem-reader"};

	for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
		if (strcmp(harmless[i], class) == 0)
			return true;
	return false;
}

static void every_function_of_the_library_is_judged_by_its_class(void **state)
{
	FILE *table = fopen("injectors/libc", "r");
	char line[256], class[32] = "", *rest;
	unsigned unknown = 0, known = 0;

	(void)state;
	SKIP_WHERE_SANITIZED();
	assert_non_null(table);
	while (fgets(line, sizeof line, table)) {
		if (sscanf(line, "[%31[a-z-]", class) == 1 || *line == '#')
			continue;
		for (char *name = strtok_r(line, " \n", &rest); name;
			name = strtok_r(NULL, " \n", &rest)) {
			const char *forbids = unknown_after(name, class);

			if (is_harmless(class)) {
				assert_null(forbids);
				known++;
			} else {
				assert_string_equal(forbids, name);
				unknown++;
			}
		}
	}
	fclose(table);
	assert_true(unknown > 500 && known > 1500);
}

static void what_no_table_has_is_unknown(void **state)
{
	(void)state;
	SKIP_WHERE_SANITIZED();
	assert_string_equal(unknown_after("svc_run", "unknown"), "svc_run");
	assert_null(unknown_after("strlen", "pure"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_function_of_the_library_is_judged_by_its_class),
		cmocka_unit_test(what_no_table_has_is_unknown),
	};

	return cmocka_run_group_tests_name("outside", tests, opened, NULL);
}
