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

void oracle_needed(const char *caller)
{
	if (!oracle_self)
		event_misuse("%s calls %s: call it only from the scenario's .check",
			actor_self ? actor_self->name : "the scenario's .setup or .teardown",
			caller);
}

static struct outcome *outcome_here(const char *caller)
{
	oracle_needed(caller);
	return &oracle_self->outcome;
}

void oracle_value(const char *name, long value)
{
	struct outcome *outcome = outcome_here("oracle_value");

	if (outcome->count < OUTCOME_VALUES_MAX)
		outcome->values[outcome->count++] = (struct outcome_value){name, value};
}

static bool outcome_break(struct outcome *outcome, unsigned kind)
{
	bool first = !outcome->kinds;

	if (!kinds_known(kind))
		event_misuse(
			"the check reports a kind of bug that does not exist, 0x%x: use one of "
			"enum snarl_kind",
			kind);
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
	struct outcome *outcome = outcome_here("snarl_fail");
	va_list arguments;

	va_start(arguments, format);
	if (outcome_break(outcome, kind))
		outcome_say(outcome, format, arguments);
	va_end(arguments);
}

void snarl_expect_eq(unsigned kind, long got, long expected, const char *name)
{
	struct outcome *outcome = outcome_here("snarl_expect_eq");

	if (outcome->count < OUTCOME_VALUES_MAX)
		outcome->values[outcome->count++] = (struct outcome_value){name, got};
	if (got == expected || !outcome_break(outcome, kind))
		return;
	/* Millions may fail per second: the sentence is made only for outcomes not seen before. */
	outcome->expect_name = name ? name : "a value";
	outcome->expect_got = got;
	outcome->expect_expected = expected;
}

void snarl_skip(const char *format, ...)
{
	char reason[OUTCOME_MESSAGE_MAX];
	va_list arguments;

	if (actor_self || oracle_self)
		event_misuse("%s calls snarl_skip: call it only from the scenario's .setup",
			actor_self ? actor_self->name : "the scenario's .check");
	va_start(arguments, format);
	vsnprintf(reason, sizeof reason, format, arguments);
	va_end(arguments);
	event_write("skip", json_pack("{s:o}", "reason", event_text(reason)));
	_exit(0);
}

long oracle_threads_leaked;

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
