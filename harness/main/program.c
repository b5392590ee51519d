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
	char *argv[] = {program_invocation_short_name, NULL};

	(void)state;
	(void)self;
	engine.leave(snarl_program_main(1, argv, environ));
}

__attribute__((weak)) const struct snarl_scenario scenario = {
	.summary = "a program",
	.isolation = SNARL_FRESH_PROCESS,
	.actors = {{"main", main_run}},
};
