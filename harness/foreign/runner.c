/*
 * runner.c - a scenario on plain threads, for a foreign detector: no batches, no injection, no
 * wrapped calls. All that orders the actors besides their own code is that they are created before,
 * and joined after. The check runs, but only the tool's reports count.
 *
 * This file and the rest of this folder are compiled without the tool's flags: a sanitizer does not
 * see them.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "foreign.h"
#include "snarl.h"

enum { STATE_MAX = 1 << 20, SKIPPED = 77 };

struct snarl_actor {
	pthread_t thread;
	unsigned index;
	uint32_t items;
};

static struct snarl_actor actors[SNARL_ACTORS_MAX];
static unsigned char state[STATE_MAX] __attribute__((aligned(64)));
static struct foreign_page *page;

extern char __ehdr_start[], _end[];

/* --- snarl.h, as far as it has a meaning here --------------------------------------------------
 */

void snarl_skip(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf((char *)page->why, FOREIGN_WHY_MAX, format, arguments);
	va_end(arguments);
	page->skipped = true;
	_exit(SKIPPED);
}

void snarl_expect_eq(unsigned kind, long got, long expected, const char *name)
{
	(void)kind;
	(void)got;
	(void)expected;
	(void)name;
}

void snarl_fail(unsigned kind, const char *format, ...)
{
	(void)kind;
	(void)format;
}

const char *snarl_name(const char *what)
{
	snarl_skip("a foreign detector's case has no names for objects such as '%s'", what);
}

const char *snarl_path(const char *what)
{
	return snarl_name(what);
}

snarl_item snarl_item_next(struct snarl_actor *self)
{
	return (snarl_item)(self->index + 1) << 24 | (++self->items & 0xffffff);
}

void snarl_ledger_put(struct snarl_actor *self, snarl_item item, int place)
{
	(void)self;
	(void)item;
	(void)place;
}

void snarl_ledger_take(struct snarl_actor *self, snarl_item item, int place)
{
	(void)self;
	(void)item;
	(void)place;
}

void snarl_ledger_check(void)
{
}

void snarl_point_fire(const struct snarl_point *point)
{
	(void)point;
}

int snarl_point_armed(const struct snarl_point *point)
{
	(void)point;
	return 0;
}

/* --- executions --------------------------------------------------------------------------------
 */

static void *actor_run(void *argument)
{
	struct snarl_actor *actor = argument;

	scenario.actors[actor->index].run(state, actor);
	return NULL;
}

static void actor_start(unsigned index)
{
	struct snarl_actor *actor = &actors[index];

	actor->index = index;
	actor->items = 0;
	if (pthread_create(&actor->thread, NULL, actor_run, actor) != 0)
		snarl_skip("no more threads can be created");
	pthread_setname_np(actor->thread, scenario.actors[index].name);
}

static void execution_run(void)
{
	unsigned count = 0;

	memset(state, 0, scenario.state_size);
	if (scenario.setup)
		scenario.setup(state);
	for (; count < SNARL_ACTORS_MAX && scenario.actors[count].run; count++)
		actor_start(count);
	while (count)
		pthread_join(actors[--count].thread, NULL);
	if (scenario.check)
		scenario.check(state);
	if (scenario.teardown)
		scenario.teardown(state);
	page->executions++;
}

static int runner_run(void)
{
	page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, FOREIGN_PAGE_FD, 0);
	if (page == MAP_FAILED)
		return 1;
	page->base = (uintptr_t)__ehdr_start;
	page->end = (uintptr_t)_end;
	page->state = (uintptr_t)state;
	page->state_size = scenario.state_size;
	if (scenario.isolation == SNARL_PROCESSES)
		snarl_skip("its actors are processes, and this detector sees threads");
	if (scenario.state_size > STATE_MAX)
		snarl_skip("its state is too large");
	for (;;)
		execution_run();
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--foreign-run") == 0)
		return runner_run();
	if (argc >= 5 && strcmp(argv[1], "--plan") == 0 && strcmp(argv[3], "--events") == 0)
		return adapter_run(argv[2], argv[4]);
	fprintf(stderr, "This is a case of snarl bench detection.\n");
	return 2;
}
