/* story_test.c - which steps of a trace are shown, and what is said of the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "snarl.h"
#include "story.h"

enum { THREADS = 100, MOST = 10 };

static json_t *access_step(const char *actor, const char *op, const char *variable)
{
	return json_pack("{s:s, s:s, s:b, s:s, s:s, s:s, s:s, s:i}", "actor", actor, "op", op,
		"write", *op == 'w', "variable", variable, "old", "0", "new", "1", "function",
		"put", "line", (int)*variable);
}

/* A hundred actors each add to their own variable; between two of them an update of n is lost. */
static json_t *crowd(void)
{
	json_t *trace = json_array();
	char name[16], variable[16];

	for (int i = 0; i < THREADS; i++) {
		snprintf(name, sizeof name, "actor %d", i);
		snprintf(variable, sizeof variable, "own[%d]", i);
		if (i == THREADS / 2) {
			json_array_append_new(trace, access_step("alice", "read", "n"));
			json_array_append_new(trace, access_step("bob", "read", "n"));
			json_array_append_new(trace, access_step("bob", "write", "n"));
			json_array_append_new(trace, access_step("alice", "write", "n"));
		}
		json_array_append_new(trace, access_step(name, "read", variable));
		json_array_append_new(trace, access_step(name, "write", variable));
	}
	return json_pack("{s:o}", "trace", trace);
}

static void the_culprit_is_shown_with_a_hundred_threads(void **unused)
{
	json_t *detail = crowd(), *trace = json_object_get(detail, "trace"), *shown;
	size_t count = json_array_size(trace), steps = 0;
	struct story story = story_make(
		SNARL_LOST_UPDATE, "n is 1, expected 2", detail, (struct span){0, count}, MOST);
	struct roster roster;
	bool culprit = false;

	(void)unused;
	assert_true(story.culprit.known);
	assert_true(story.shown <= MOST + 2);
	for (size_t i = 0; i < story.row_count; i++) {
		const struct story_row *row = &story.rows[i];

		assert_int_equal(row->steps.from, steps); /* no step is missing */
		steps = row->steps.to;
		culprit |= !row->folded && row->steps.from == story.culprit.step;
	}
	assert_int_equal(steps, count);
	assert_true(culprit);
	/* Only the actors that it is about have a lane of their own. */
	shown = story_steps(&story, trace);
	roster = roster_of(trace, NULL, shown);
	assert_true(roster.count <= 3);
	assert_false(roster_shared(&roster, "alice"));
	assert_false(roster_shared(&roster, "bob"));
	assert_true(roster_shared(&roster, "actor 7"));
	json_decref(shown);
	story_free(&story);
	json_decref(detail);
}

static void a_short_trace_has_no_folds(void **unused)
{
	json_t *detail = json_pack("{s:[o, o]}", "trace", access_step("alice", "read", "n"),
		access_step("alice", "write", "n"));
	struct story story =
		story_make(SNARL_ASSERTION, "", detail, (struct span){0, 2}, STORY_MOST);

	(void)unused;
	assert_int_equal(story.row_count, 2);
	assert_false(story.rows[0].folded || story.rows[1].folded);
	story_free(&story);
	json_decref(detail);
}

static void a_fold_counts_the_rounds_of_a_loop(void **unused)
{
	json_t *trace = json_array();
	char variable[16], *text;

	(void)unused;
	for (int i = 0; i < 4; i++) {
		snprintf(variable, sizeof variable, "slots[%d]", i);
		json_array_append_new(trace, access_step("producer", "read", "in"));
		json_array_append_new(trace, access_step("producer", "write", variable));
		json_array_append_new(trace, access_step("producer", "write", "in"));
	}
	text = story_fold_text(trace, (struct span){0, 12});
	assert_string_equal(text, "12 steps: producer writes slots[0-3], in (× 4 rounds of put)");
	free(text);
	json_decref(trace);
}

static void a_fold_of_many_actors_counts_them(void **unused)
{
	json_t *detail = crowd();
	char *text =
		story_fold_text(json_object_get(detail, "trace"), (struct span){0, 2 * THREADS});

	(void)unused;
	assert_string_equal(text, "200 steps: 100 actors write own[0-97], n");
	free(text);
	json_decref(detail);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_culprit_is_shown_with_a_hundred_threads),
		cmocka_unit_test(a_short_trace_has_no_folds),
		cmocka_unit_test(a_fold_counts_the_rounds_of_a_loop),
		cmocka_unit_test(a_fold_of_many_actors_counts_them),
	};

	return cmocka_run_group_tests_name("story", tests, NULL, NULL);
}
