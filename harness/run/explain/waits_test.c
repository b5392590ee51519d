/* waits_test.c - wait-for graphs with the truth known beforehand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prng.h"
#include "snarl.h"
#include "waits.h"

enum { GRAPHS = 20000, ACTORS_HERE = 6, LOCKS_HERE = 6, NOTHING = -1 };

/* An actor that is blocked on an object, and holds others, all by their numbers. */
static json_t *blocked(const char *name, const char *wait, int object)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:i, s:[s], s:[]}", "actor", name, "state",
		"blocked", "call", "a_call", "wait", wait, "object", object, "stack", "a_call",
		"holds");
}

static void hold(json_t *actor, int object, const char *mode)
{
	json_array_append_new(json_object_get(actor, "holds"),
		json_pack("{s:i, s:s, s:[]}", "object", object, "mode", mode, "stack"));
}

static json_t *waits_of(json_t *actors)
{
	json_t *stuck = json_pack("{s:o}", "actors", actors);
	json_t *waits = waits_from_stuck(NULL, stuck);

	json_decref(stuck);
	return waits;
}

static const char *member(const json_t *waits, size_t i)
{
	return json_string_value(json_array_get(json_object_get(waits, "cycle"), i));
}

static size_t length(const json_t *waits)
{
	return json_array_size(json_object_get(waits, "cycle"));
}

static void two_in_a_ring(void **unused)
{
	json_t *alice = blocked("alice", "acquire", 2), *bob = blocked("bob", "acquire", 1), *waits;

	(void)unused;
	hold(alice, 1, "alone");
	hold(bob, 2, "alone");
	waits = waits_of(json_pack("[o, o]", alice, bob));
	assert_int_equal(length(waits), 2);
	assert_int_equal(waits_kind(waits), SNARL_DEADLOCK);
	assert_true(waits_cycle_is(waits, "alice -> bob -> alice"));
	assert_true(waits_cycle_is(waits, "bob -> alice -> bob"));
	assert_false(waits_cycle_is(waits, "alice -> alice"));
	json_decref(waits);
}

static void itself(void **unused)
{
	json_t *alice = blocked("alice", "acquire", 1), *waits;
	char *sentence;

	(void)unused;
	hold(alice, 1, "alone");
	waits = waits_of(json_pack("[o, o]", alice, blocked("bob", "acquire", 1)));
	assert_int_equal(length(waits), 1);
	assert_string_equal(member(waits, 0), "alice");
	sentence = waits_sentence(waits);
	assert_non_null(strstr(sentence, "held by itself"));
	assert_non_null(strstr(sentence, "held by alice"));
	free(sentence);
	json_decref(waits);
}

/* A reader that comes again waits behind the writer, which waits for the reader. */
static void reader_behind_writer(void **unused)
{
	json_t *reader = blocked("reader", "acquire_shared", 1), *waits;

	(void)unused;
	hold(reader, 1, "shared");
	waits = waits_of(json_pack("[o, o]", reader, blocked("writer", "acquire", 1)));
	assert_true(waits_cycle_is(waits, "reader -> writer -> reader"));
	assert_int_equal(waits_kind(waits), SNARL_DEADLOCK);
	json_decref(waits);
}

/* What only waits is no holder, and without a reader nothing says what a reader waits behind. */
static void a_waiting_writer_holds_nothing(void **unused)
{
	for (int shared = 0; shared <= 1; shared++) {
		json_t *reader = blocked("reader", "acquire_shared", 1),
		       *other = blocked("other", "sem_wait", 2), *waits;
		char *sentence;

		(void)unused;
		if (shared)
			hold(other, 1, "shared");
		waits = waits_of(
			json_pack("[o, o, o]", reader, blocked("writer", "acquire", 1), other));
		sentence = waits_sentence(waits);
		assert_null(strstr(sentence, "held by writer"));
		assert_int_equal(
			strstr(sentence, "blocked by writer's pending write lock") != NULL, shared);
		free(sentence);
		json_decref(waits);
	}
}

/* A wait that something outside could end is no deadlock, except in a cycle of holders. */
static void outside_could_end_it(void **unused)
{
	json_t *alice = blocked("alice", "receive", 1), *bob = blocked("bob", "acquire", 2), *waits;
	char *sentence;

	(void)unused;
	json_object_set_new(alice, "outside", json_string("its timeout"));
	waits = waits_of(json_pack("[o, o]", alice, bob));
	assert_int_equal(length(waits), 0);
	assert_int_equal(waits_kind(waits), SNARL_HANG);
	sentence = waits_sentence(waits);
	assert_non_null(strstr(sentence, "its timeout"));
	assert_null(strstr(sentence, "left to"));
	free(sentence);
	json_decref(waits);

	alice = blocked("alice", "acquire", 1);
	bob = blocked("bob", "acquire", 2);
	hold(alice, 2, "alone");
	hold(bob, 1, "alone");
	json_object_set_new(alice, "outside", json_string("a signal handler"));
	waits = waits_of(json_pack("[o, o]", alice, bob));
	assert_int_equal(waits_kind(waits), SNARL_DEADLOCK);
	json_decref(waits);
}

/* An actor that only wants to share a lock does not wait for others that share it. */
static void shared_is_no_obstacle(void **unused)
{
	json_t *reader = blocked("reader", "acquire", 2), *waits;

	(void)unused;
	hold(reader, 1, "shared");
	waits = waits_of(json_pack("[o, o]", reader, blocked("other", "acquire_shared", 1)));
	assert_int_equal(length(waits), 0);
	json_decref(waits);
}

/* A semaphore has no holder; the actor that took it is named only if it is the only one. */
static void units(void **unused)
{
	for (int out = 1; out <= 2; out++) {
		json_t *alice = blocked("alice", "sem_wait", 2),
		       *bob = blocked("bob", "sem_wait", 1);
		json_t *carol = blocked("carol", "sem_wait", 3), *waits;
		const json_t *shown;

		(void)unused;
		hold(alice, 1, "unit");
		if (out == 2)
			hold(carol, 1, "unit");
		waits = waits_of(json_pack("[o, o, o]", bob, alice, carol));
		for (size_t i = 0; i < 3; i++) {
			shown = json_array_get(json_object_get(waits, "actors"), i);
			if (strcmp(json_string_value(json_object_get(shown, "actor")), "bob") == 0)
				assert_int_equal(
					strstr(json_string_value(json_object_get(shown, "why")),
						"taken by alice") != NULL,
					out == 1);
			assert_int_equal(json_array_size(json_object_get(shown, "held_by")), 0);
		}
		assert_int_equal(waits_kind(waits), SNARL_DEADLOCK);
		json_decref(waits);
	}
}

static void early_signal(void **unused)
{
	json_t *waiter = blocked("waiter", "cond_wait", 1), *waits;
	char *sentence;

	(void)unused;
	json_object_set_new(waiter, "signals",
		json_pack("[{s:s, s:b, s:[]}]", "actor", "teller", "before", 1, "stack"));
	waits = waits_of(json_pack("[o]", waiter));
	assert_int_equal(waits_kind(waits), SNARL_LOST_WAKEUP);
	sentence = waits_sentence(waits);
	assert_non_null(strstr(sentence, "teller signalled"));
	assert_non_null(strstr(sentence, "before it waited"));
	free(sentence);
	json_decref(waits);
}

/* A ring of locks is a deadlock whatever was signalled. */
static void ring_before_signal(void **unused)
{
	json_t *alice = blocked("alice", "acquire", 2), *bob = blocked("bob", "acquire", 1);
	json_t *waiter = blocked("waiter", "cond_wait", 3), *waits;

	(void)unused;
	hold(alice, 1, "alone");
	hold(bob, 2, "alone");
	json_object_set_new(waiter, "signals",
		json_pack("[{s:s, s:b, s:[]}]", "actor", "alice", "before", 1, "stack"));
	waits = waits_of(json_pack("[o, o, o]", waiter, alice, bob));
	assert_int_equal(waits_kind(waits), SNARL_DEADLOCK);
	json_decref(waits);
}

static void who_still_runs(void **unused)
{
	static const struct {
		const char *other;
		unsigned kind;
	} cases[] = {
		{"blocked", SNARL_DEADLOCK},
		{"waiting", SNARL_HANG},
		{"running", SNARL_LIVELOCK},
		{"progressing", SNARL_STARVATION},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		json_t *other = blocked("other", "sem_wait", 2), *waits;
		char *sentence;

		json_object_set_new(other, "state", json_string(cases[i].other));
		waits = waits_of(json_pack("[o, o]", blocked("waiter", "sem_wait", 1), other));
		assert_int_equal(waits_kind(waits), cases[i].kind);
		sentence = waits_sentence(waits);
		/* No claim about who could post is made while an actor might still post. */
		assert_int_equal(strstr(sentence, "only other is left") != NULL, i == 0);
		free(sentence);
		json_decref(waits);
	}
}

static void who_has_left_its_call(void **unused)
{
	json_t *waits = waits_of(json_pack("[{s:s, s:s, s:s, s:[]}]", "actor", "alice", "state",
		"blocked", "wait", "-", "holds"));

	(void)unused;
	assert_int_equal(waits_kind(waits), SNARL_HANG);
	json_decref(waits);
}

/* Each lock has at most one holder, each actor waits for one lock: there is one path to follow. */
static void cycles_are_cycles(void **unused)
{
	uint64_t random = 1;

	(void)unused;
	for (int round = 0; round < GRAPHS; round++) {
		int holder[LOCKS_HERE], wanted[ACTORS_HERE];
		json_t *actors = json_array(), *waits;
		bool ring = false;

		for (int a = 0; a < ACTORS_HERE; a++) {
			char name[2] = {(char)('a' + a), 0};

			wanted[a] = (int)prng_below(&random, LOCKS_HERE);
			json_array_append_new(actors, blocked(name, "acquire", wanted[a] + 1));
		}
		for (int l = 0; l < LOCKS_HERE; l++) {
			holder[l] = (int)prng_below(&random, ACTORS_HERE + 2);
			if (holder[l] < ACTORS_HERE)
				hold(json_array_get(actors, (size_t)holder[l]), l + 1, "alone");
			else
				holder[l] = NOTHING;
		}
		for (int a = 0; a < ACTORS_HERE; a++) {
			int at = a;

			for (int i = 0; i < ACTORS_HERE && at != NOTHING; i++) {
				at = holder[wanted[at]];
				ring |= at == a;
			}
		}
		waits = waits_of(actors);
		assert_int_equal(length(waits) > 0, ring);
		for (size_t i = 0; i < length(waits); i++)
			assert_int_equal(holder[wanted[member(waits, i)[0] - 'a']],
				member(waits, (i + 1) % length(waits))[0] - 'a');
		json_decref(waits);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_in_a_ring),
		cmocka_unit_test(itself),
		cmocka_unit_test(reader_behind_writer),
		cmocka_unit_test(a_waiting_writer_holds_nothing),
		cmocka_unit_test(outside_could_end_it),
		cmocka_unit_test(shared_is_no_obstacle),
		cmocka_unit_test(units),
		cmocka_unit_test(early_signal),
		cmocka_unit_test(ring_before_signal),
		cmocka_unit_test(who_still_runs),
		cmocka_unit_test(who_has_left_its_call),
		cmocka_unit_test(cycles_are_cycles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
