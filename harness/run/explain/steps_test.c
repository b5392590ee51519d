/* steps_test.c - the sentence of a step, without debug information. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "field.h"
#include "steps.h"

/* A step of alice about "m", and its sentence. */
struct said {
	const char *more; /* its other fields */
	const char *sentence;
};

static json_t *one_step(const char *more)
{
	json_t *step =
		json_pack("{s:i, s:s, s:{s:s}, s:[], s:[s], s:n, s:n}", "step", 1, "actor", "alice",
			"place", "name", "m", "stack", "runnable", "alice", "preempted", "held_by");
	json_t *fields = json_loads(more, 0, NULL), *trace;

	assert_non_null(fields);
	json_object_update(step, fields);
	json_decref(fields);
	trace = json_array();
	json_array_append_new(trace, step);
	return trace;
}

static void every_operation_is_a_sentence(void **unused)
{
	static const struct said said[] = {
		{"{\"op\":\"lock\"}", "locks m"},
		{"{\"op\":\"read-lock\"}", "locks m for reading"},
		{"{\"op\":\"unlock\"}", "unlocks m"},
		{"{\"op\":\"broadcast\"}", "wakes all waiters on m"},
		{"{\"op\":\"post\"}", "adds one to m"},
		{"{\"op\":\"yield\"}", "yields"},
		{"{\"op\":\"malloc\",\"bytes\":1}", "allocates 1 byte"},
		{"{\"op\":\"malloc\",\"bytes\":16}", "allocates 16 bytes"},
		{"{\"op\":\"create\",\"other\":\"alice's thread\"}", "creates alice's thread"},
		{"{\"op\":\"fault\",\"what\":\"read: EINTR\"}", "injected: read: EINTR"},
	};
	const struct subject subject = {.json = json_object()};

	(void)unused;
	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		json_t *trace = one_step(said[i].more);

		steps_symbolise(NULL, &subject, trace);
		assert_string_equal(
			field_text(json_array_get(trace, 0), "sentence"), said[i].sentence);
		assert_string_equal(field_text(json_array_get(trace, 0), "variable"), "m");
		json_decref(trace);
	}
	json_decref(subject.json);
}

static void a_wait_says_who_holds_it(void **unused)
{
	const struct subject subject = {.json = json_object()};
	json_t *trace = one_step("{\"op\":\"wait\",\"held_by\":\"bob\"}");

	(void)unused;
	steps_symbolise(NULL, &subject, trace);
	assert_string_equal(
		field_text(json_array_get(trace, 0), "sentence"), "waits for m, held by bob");
	json_decref(trace);
	json_decref(subject.json);
}

static json_t *wait_of(const char *actor, const char *call, const char *holder)
{
	return json_pack("{s:s, s:s, s:s, s:s?, s:{s:s}, s:[]}", "actor", actor, "op", "wait",
		"call", call, "held_by", holder, "place", "name", "m", "stack");
}

/* Readers share the lock, so that none of them keeps a reader out. */
static void a_reader_is_blocked_by_a_writer_that_waits(void **unused)
{
	const struct subject subject = {.json = json_object()};
	json_t *trace = json_pack("[o, o, o]", wait_of("alice", "pthread_rwlock_wrlock", "bob"),
		wait_of("bob", "pthread_rwlock_rdlock", NULL),
		wait_of("carol", "pthread_rwlock_rdlock", "dave"));

	(void)unused;
	steps_symbolise(NULL, &subject, trace);
	assert_string_equal(field_text(json_array_get(trace, 1), "sentence"),
		"waits for m, blocked by alice's pending write lock");
	assert_string_equal(
		field_text(json_array_get(trace, 2), "sentence"), "waits for m, held by dave");
	json_decref(trace);
	json_decref(subject.json);
}

static void a_sentence_without_places_stays(void **unused)
{
	char *sentence = steps_sentence(NULL, "counter is 4, expected 5");

	(void)unused;
	assert_string_equal(sentence, "counter is 4, expected 5");
	free(sentence);
}

/* The caller of the actor seems to be a library: it is no part of the story. */
static void outermost_calls_of_libraries_are_left_out(void **unused)
{
	json_t *names = json_pack("[s, s]", "start_thread", "clone3"),
	       *stack = steps_stack(NULL, names);

	(void)unused;
	assert_int_equal(json_array_size(stack), 0);
	json_decref(names);
	json_decref(stack);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_operation_is_a_sentence),
		cmocka_unit_test(a_wait_says_who_holds_it),
		cmocka_unit_test(a_reader_is_blocked_by_a_writer_that_waits),
		cmocka_unit_test(a_sentence_without_places_stays),
		cmocka_unit_test(outermost_calls_of_libraries_are_left_out),
	};

	return cmocka_run_group_tests_name("steps", tests, NULL, NULL);
}
