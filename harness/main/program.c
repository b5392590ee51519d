/* program.c - the scenario of a case whose sources define none, but main. */
#define _GNU_SOURCE
#include "program.h"

#include <errno.h>
#include <stddef.h>
#include <unistd.h>

#include "actor.h"
#include "engine.h"
#include "snarl.h"

static void main_run(void *state, struct snarl_actor *self)
{
	struct args own = program_rules.args; /* main may write to them */
	char *argv[ARGS_MAX + 2] = {program_invocation_short_name};
	int argc = 1;

	(void)state;
	(void)self;
	for (char *word = NULL; (word = args_next(&own, word));)
		argv[argc++] = word;
	engine.leave(snarl_program_main(argc, argv, environ));
}

__attribute__((weak)) const struct snarl_scenario scenario = {
	.summary = "a program",
	.isolation = SNARL_FRESH_PROCESS,
	.actors = {{"main", main_run}},
};
