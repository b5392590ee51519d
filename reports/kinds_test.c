/* kinds_test.c - the table of which engine sees which bug, counted from known results. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "kinds.h"
#include "page_text.h"

static const struct case_view results[] = {
	{.engine = "explore",
		.verdict = "lost-update",
		.expected = "lost-update",
		.outcome = "caught"},
	{.engine = "stress",
		.verdict = "lost-update",
		.expected = "lost-update",
		.outcome = "caught"},
	{.engine = "stress", .verdict = "clean", .expected = "lost-update", .outcome = "MISSED"},
	{.engine = "tsan", .verdict = "clean", .expected = "lost-update", .outcome = "blind"},
	{.engine = "tsan", .verdict = "data-race", .expected = "lost-update", .outcome = "caught"},
	/* Neither correct variants nor skipped cases are counted. */
	{.engine = "tsan",
		.verdict = "clean",
		.expected = "clean",
		.outcome = "clean",
		.correct = true},
	{.engine = "stress", .verdict = "clean", .expected = "deadlock", .outcome = "skipped"},
};

static void table_write(struct html *html, const void *context)
{
	const struct report *report = context;
	struct engines engines = engines_find(report);

	kinds_section_write(html, report, &engines);
}

/* Engines whose traces measure the order come last. */
static void engines_have_an_order(void **unused)
{
	struct case_view cases[sizeof results / sizeof *results];
	struct report report = {.cases = cases, .count = sizeof results / sizeof *results};
	json_t *traits = json_pack("{s:s}", "order", "measured");
	struct engines engines;

	(void)unused;
	memcpy(cases, results, sizeof results);
	cases[0].traits = traits;
	engines = engines_find(&report);
	assert_int_equal(engines.count, 3);
	assert_string_equal(engines.names[0], "stress");
	assert_string_equal(engines.names[1], "tsan");
	assert_string_equal(engines.names[2], "explore");
	json_decref(traits);
}

static void every_result_is_counted_once(void **unused)
{
	struct case_view cases[sizeof results / sizeof *results];
	struct report report = {.cases = cases, .count = sizeof results / sizeof *results};
	char *table;

	(void)unused;
	memcpy(cases, results, sizeof results);
	table = page_text(table_write, &report);
	assert_non_null(strstr(table, "1 of 2 caught, 1 MISSED"));
	assert_non_null(strstr(table, "1 of 2 caught, 1 blind"));
	assert_non_null(strstr(table, "1 of 1 caught"));
	assert_non_null(strstr(table, "<span class=effort>as data-race</span>"));
	assert_int_equal(text_count(table, "<th scope=row"), 1); /* deadlock was not run */
	assert_int_equal(text_count(table, "<tr>"), text_count(table, "</tr>"));
	free(table);
}

static void without_a_broken_variant_there_is_no_table(void **unused)
{
	struct report report = {.cases = (struct case_view *)&results[5], .count = 1};
	char *table = page_text(table_write, &report);

	(void)unused;
	assert_string_equal(table, "");
	free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(engines_have_an_order),
		cmocka_unit_test(every_result_is_counted_once),
		cmocka_unit_test(without_a_broken_variant_there_is_no_table),
	};

	return cmocka_run_group_tests_name("kinds", tests, NULL, NULL);
}
