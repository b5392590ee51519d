/* oracle.c - the scenario's check, and its verdict. */
#include "oracle.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actor.h"
#include "event.h"
#include "kind.h"

_Thread_local struct oracle *oracle_self;

static _Thread_local struct oracle oracle_block;

static _Thread_local bool in_setup;

void oracle_set_up(void *state)
{
	if (!scenario.setup)
		return;
	in_setup = true;
	scenario.setup(state);
	in_setup = false;
}

/* What calls a function of snarl.h, in words. */
static const char *caller_name(void)
{
	return actor_self    ? actor_self->name
	       : oracle_self ? "the scenario's .check"
	       : in_setup    ? "the scenario's .setup"
			     : "code outside .setup, .check and the actors";
}

void oracle_needed(const char *function, const void *pc)
{
	if (!oracle_self)
		event_misuse(pc, "%s calls %s: call it only from the scenario's .check",
			caller_name(), function);
}

static struct outcome *outcome_here(const char *function, unsigned kind, const void *pc)
{
	oracle_needed(function, pc);
	if (!kinds_known(kind))
		event_misuse(pc,
			"the check reports a kind of bug that does not exist, 0x%x: use one of "
			"enum snarl_kind",
			kind);
	return &oracle_self->outcome;
}

void oracle_value(const char *name, long value)
{
	struct outcome *outcome = &oracle_self->outcome;

	if (outcome->count < OUTCOME_VALUES_MAX)
		outcome->values[outcome->count++] = (struct outcome_value){name, value};
}

static bool outcome_break(struct outcome *outcome, unsigned kind)
{
	bool first = !outcome->kinds;

	outcome->kinds |= kind;
	if (first)
		outcome->first = kind;
	return first;
}

static void outcome_say(struct outcome *outcome, const char *format, va_list arguments)
{
	vsnprintf(outcome->message, sizeof outcome->message, format, arguments);
}

void snarl_fail(unsigned kind, const char *format, ...)
{
	struct outcome *outcome = outcome_here("snarl_fail", kind, __builtin_return_address(0));
	va_list arguments;

	if (!format)
		event_misuse(__builtin_return_address(0),
			"snarl_fail has no text: say in words what is broken");
	va_start(arguments, format);
	if (outcome_break(outcome, kind))
		outcome_say(outcome, format, arguments);
	va_end(arguments);
}

void snarl_expect_eq(unsigned kind, long got, long expected, const char *name)
{
	struct outcome *outcome =
		outcome_here("snarl_expect_eq", kind, __builtin_return_address(0));

	if (!name)
		event_misuse(__builtin_return_address(0),
			"snarl_expect_eq has no name for the value: give it one");
	if (outcome->count < OUTCOME_VALUES_MAX)
		outcome->values[outcome->count++] = (struct outcome_value){name, got};
	if (got == expected || !outcome_break(outcome, kind))
		return;
	/* Millions may fail per second: the sentence is made only for outcomes not seen before. */
	outcome->expect_name = name;
	outcome->expect_got = got;
	outcome->expect_expected = expected;
}

void snarl_skip(const char *format, ...)
{
	char reason[OUTCOME_MESSAGE_MAX];
	va_list arguments;

	if (!in_setup)
		event_misuse(__builtin_return_address(0),
			"%s calls snarl_skip: call it only from the scenario's .setup",
			caller_name());
	if (!format)
		event_misuse(__builtin_return_address(0),
			"snarl_skip has no text: say in words what the machine lacks");
	va_start(arguments, format);
	vsnprintf(reason, sizeof reason, format, arguments);
	va_end(arguments);
	event_write("skip", json_pack("{s:o}", "reason", event_text(reason)));
	_exit(0);
}

long oracle_threads_leaked;

/* The ledger keeps no more items than that: the others would be missed. */
static void logs_fit(struct snarl_actor *const *actors, struct ledger_log *const *logs)
{
	for (unsigned a = 0; a < SNARL_ACTORS_MAX && actors[a]; a++) {
		unsigned most = logs[a]->puts > logs[a]->takes ? logs[a]->puts : logs[a]->takes;

		if (most > scenario.ledger_items)
			event_misuse(NULL,
				"%s logged %u items in one execution: raise .ledger_items, "
				"which is %u",
				actors[a]->name, most, scenario.ledger_items);
	}
}

const struct outcome *oracle_check(
	void *state, struct snarl_actor *const *actors, struct ledger_log *const *logs)
{
	struct outcome *outcome = &oracle_block.outcome;

	outcome->kinds = outcome->first = outcome->count = 0;
	outcome->expect_name = NULL;
	outcome->message[0] = '\0';
	oracle_block.actors = actors;
	oracle_block.logs = logs;
	oracle_self = &oracle_block;
	if (scenario.ledger_items)
		logs_fit(actors, logs);
	for (unsigned a = 0; a < SNARL_ACTORS_MAX && actors[a]; a++)
		if (actors[a]->died[0])
			snarl_fail(SNARL_CRASH, "%s %s", actors[a]->name, actors[a]->died);
	if (oracle_threads_leaked)
		snarl_fail(SNARL_LEAK, "%ld threads were created and not joined",
			oracle_threads_leaked);
	if (scenario.check)
		scenario.check(state);
	oracle_self = NULL;
	return outcome;
}
