/*
 * engine.c - stress: real threads on real cores, as fast as they go.
 *
 * No single setting catches every bug on every machine: whether two actors collide depends on how
 * cache lines move between the cores. So a run tries all of these arms and keeps to the one that
 * fails most.
 */
#include <stdlib.h>

#include "batch.h"
#include "clock.h"
#include "cpus.h"
#include "engine.h"
#include "emit.h"

/*
 * Measured on two virtual cores (Xeon, 2.5 GHz), unlocked read-modify-write, millions of
 * executions/lost updates per second: line every time 4/0.5, every 32: 15/12, every 64: 15/10,
 * every 1024: 20/2. Shuffled visits find every state cold, which stretches the window between load
 * and store.
 */
static const struct arm arms[] = {
	{.name = "line every 16, few states",
		.line_every = 16,
		.states_max = 1024,
		.shuffled = true,
		.pinned = true},
	{.name = "line every 16",
		.line_every = 16,
		.states_max = 8192,
		.shuffled = true,
		.pinned = true},
	{.name = "line every 32",
		.line_every = 32,
		.states_max = 8192,
		.shuffled = true,
		.pinned = true},
	{.name = "line every 64, many states",
		.line_every = 64,
		.states_max = 65536,
		.padded = true,
		.shuffled = true,
		.pinned = true},
	{.name = "line every time",
		.line_every = 1,
		.states_max = 4096,
		.shift_max = 16,
		.padded = true,
		.shuffled = true,
		.pinned = true},
	{.name = "line every 4, in order",
		.line_every = 4,
		.states_max = 4096,
		.shift_max = 16,
		.pinned = true},
	{.name = "free running", .line_every = 65536, .states_max = 65536, .shuffled = true},
	{.name = "line every 16, any CPU",
		.line_every = 16,
		.states_max = 4096,
		.padded = true,
		.shuffled = true},
};

/* With one CPU, actors meet only where one of them yields: at a line, and at an injected yield. */
static const struct arm arms_one_cpu[] = {
	{.name = "one CPU, line every time", .line_every = 1, .states_max = 1024, .padded = true},
};

/* A process lives for one execution: settings only vary where it runs and which comes first. */
static const struct arm arms_processes[] = {
	{.name = "one CPU per actor", .line_every = 1, .states_max = 1, .pinned = true},
	{.name = "one CPU per actor, head starts",
		.line_every = 1,
		.states_max = 1,
		.shift_max = 400,
		.pinned = true},
	{.name = "any CPU, long head starts", .line_every = 1, .states_max = 1, .shift_max = 20000},
};

/* Used by the last actor between batches. */
static struct {
	const struct plan *plan;
	uint64_t failed_ns; /* when the first failure was noticed; 0: none yet */
} watch;

static bool enough(uint64_t failures)
{
	uint64_t now = clock_ns();

	if (watch.plan->keep_going || !failures)
		return false;
	if (!watch.failed_ns)
		watch.failed_ns = now;
	return rate_known(failures, now - watch.failed_ns, watch.plan->commands);
}

static void stress_run(const struct plan *plan)
{
	struct batch_config config = {.plan = plan, .forks = true, .enough = enough};
	struct snarl_actor *actors[SNARL_ACTORS_MAX] = {NULL};
	struct batch_result result;

	watch.plan = plan;
	if (scenario.isolation == SNARL_PROCESSES) {
		config.arms = arms_processes;
		config.arm_count = sizeof arms_processes / sizeof *arms_processes;
	} else if (cpu_count() == 1) {
		config.arms = arms_one_cpu;
		config.arm_count = sizeof arms_one_cpu / sizeof *arms_one_cpu;
	} else {
		config.arms = arms;
		config.arm_count = sizeof arms / sizeof *arms;
	}
	batch_run(&config, &result, actors);
	batch_emit(&config, &result, actors);
}

static void stress_leave(int status)
{
	exit(status);
}

const struct engine engine = {
	.name = "stress",
	.replays = "settings",
	.witness = "oracle",
	.order = "none",
	.memory_model = "hardware",
	.run = stress_run,
	.leave = stress_leave,
};
