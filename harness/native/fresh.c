/*
 * fresh.c - each execution in a new process, which is forked from one that runs nothing of the
 * case's sources, and is a batch of one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "alone.h"
#include "event.h"
#include "exit.h"
#include "globals.h"
#include "oracle.h"
#include "program.h"
#include "workers.h"

enum {
	PROGRESS_NS = 10 * 1000 * 1000,
	CARRIED_MIN = 8,	 /* failures, of which */
	CARRIED_EXCEPTIONS = 50, /* one in so many may be missing */
	ALONE_EXECUTIONS = 32,
	ALONE_MS = 1000,
};

/* What a process hands back: in memory that is shared with it. */
static struct handed {
	bool finished; /* it came to its end; a program may exit before, which is one too */
	struct batch_result result;
	struct snarl_actor actors[SNARL_ACTORS_MAX];
	unsigned char failed_state[];
} * handed;

static void *shared_get(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		event_fatal("out of memory for %zu bytes", size);
	return memory;
}

/* Run one execution in this process, which ends with it. */
static void process_live(const struct batch_config *config, uint64_t number,
	const struct histogram *before, pid_t parent)
{
	struct snarl_actor *actors[SNARL_ACTORS_MAX] = {NULL};
	struct plan plan = *config->plan;
	struct batch_config one = *config;
	unsigned arm = (unsigned)(number % config->arm_count);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_NOT_STARTED);
	plan.first = number;
	plan.executions = 1;
	one.plan = &plan;
	one.arms = &config->arms[arm];
	one.arm_count = 1;
	workers.before = before;
	batch_run_here(&one, &handed->result, actors);
	if (config->tell)
		config->tell();
	handed->result.arm = arm;
	if (handed->result.failed_state)
		memcpy(handed->failed_state, handed->result.failed_state, scenario.state_size);
	for (unsigned a = 0; a < batch_actor_count(); a++)
		handed->actors[a] = *actors[a];
	handed->finished = true;
	_exit(0);
}

static int process_run(
	const struct batch_config *config, uint64_t number, const struct histogram *before)
{
	pid_t parent = getpid(), pid;
	int status;

	handed->finished = false;
	handed->result.failed_state = NULL;
	pid = fork();
	if (pid < 0)
		event_fatal("cannot fork for an execution: %s", strerror(errno));
	if (pid == 0)
		process_live(config, number, before, parent);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			event_fatal("cannot wait for an execution: %s", strerror(errno));
	return status;
}

/* The case ends as the process did, which has written why. */
static void end_alike(int status)
{
	if (WIFSIGNALED(status)) {
		signal(WTERMSIG(status), SIG_DFL);
		raise(WTERMSIG(status));
	}
	_exit(WEXITSTATUS(status));
}

static void counts_add(struct snarl_actor *into, const struct snarl_actor *from)
{
	for (unsigned i = 0; i < PLAN_RULES_MAX; i++)
		into->fired_total[i] += from->fired_total[i] + from->fired_by_threads[i];
}

/* Count the execution: what the process found in it, or that a program exited. */
static void execution_count(
	struct batch_result *result, uint64_t number, int status, struct snarl_actor *const *actors)
{
	struct outcome ended = {0};

	if (!handed->finished && !(program_is() && WIFEXITED(status)))
		end_alike(status);
	if (!handed->finished) {
		if (WEXITSTATUS(status) && program_rules.status) {
			ended.kinds = ended.first = SNARL_ASSERTION;
			snprintf(ended.message, sizeof ended.message,
				"the program ended with status %d", WEXITSTATUS(status));
		}
		histogram_add(&result->histogram, &ended, number);
		return;
	}
	if (handed->result.histogram.failures && !result->histogram.failures) {
		result->arm = handed->result.arm;
		result->batch_first = number;
		result->failed_state = shared_get(scenario.state_size + 1);
		memcpy(result->failed_state, handed->failed_state, scenario.state_size);
	}
	histogram_merge(&result->histogram, &handed->result.histogram);
	for (unsigned a = 0; a < batch_actor_count(); a++)
		counts_add(actors[a], &handed->actors[a]);
}

static void actors_make(struct snarl_actor *actors[SNARL_ACTORS_MAX])
{
	for (unsigned a = 0; a < batch_actor_count(); a++) {
		actors[a] = shared_get(sizeof *actors[a]);
		actors[a]->index = a;
		actors[a]->name = scenario.actors[a].name;
	}
}

static void progress_write(uint64_t number)
{
	json_t *at = json_array(), *waiting = json_array();

	for (unsigned a = 0; a < batch_actor_count(); a++) {
		json_array_append_new(at, json_integer((json_int_t)number));
		json_array_append_new(waiting, json_false());
	}
	event_write(
		"progress", json_pack("{s:o, s:o, s:n}", "at", at, "waiting", waiting, "phase"));
}

static void fresh_run(const struct batch_config *config, struct batch_result *result,
	struct snarl_actor *actors[SNARL_ACTORS_MAX])
{
	const struct plan *plan = config->plan;
	uint64_t began_ns = clock_ns(), written_ns = 0, made = 0;

	handed = shared_get(sizeof *handed + scenario.state_size);
	actors_make(actors);
	for (bool over = false; !over;) {
		uint64_t number = plan->first + made++, took_ns;
		int status = process_run(config, number, &result->histogram);

		execution_count(result, number, status, actors);
		took_ns = clock_ns() - began_ns;
		if (took_ns - written_ns > PROGRESS_NS) {
			written_ns = took_ns;
			progress_write(number);
		}
		over = (plan->executions && made >= plan->executions) ||
		       took_ns >= (uint64_t)plan->budget_ms * 1000000 ||
		       (!result->histogram.failures && effort_made(&plan->effort, made, took_ns)) ||
		       (config->enough && config->enough(result->histogram.failures));
	}
	result->seconds = (double)(clock_ns() - began_ns) * 1e-9;
}

/*
 * Whether all executions fail once one has failed, though some passed before: as if that had left
 * something behind.
 */
static bool seems_carried(const struct plan *plan, const struct histogram *histogram)
{
	uint64_t passed = histogram->first_failure.first_execution - plan->first;
	uint64_t since = histogram->executions - passed;

	return histogram->failures >= CARRIED_MIN && passed &&
	       histogram->failures >= since - since / CARRIED_EXCEPTIONS;
}

/*
 * A failure that seems to come from the executions before is tried again without them; not if it
 * may come from commands, which change in time, or is made by all executions: threads that each has
 * left.
 */
static void failure_doubt(const struct plan *plan, struct batch_result *result)
{
	struct plan alone = *plan;
	struct outcome *outcome = &result->histogram.first_failure.outcome;
	size_t used = strlen(outcome->message);

	if (plan->commands || oracle_threads_leaked || !result->histogram.failures ||
		!seems_carried(plan, &result->histogram))
		return;
	alone.executions = ALONE_EXECUTIONS;
	alone.budget_ms = ALONE_MS;
	if (alone_try(&alone) == ALONE_PASSES)
		snprintf(outcome->message + used, sizeof outcome->message - used, "; %s",
			alone_sentence);
}

void batch_run(const struct batch_config *config, struct batch_result *result,
	struct snarl_actor *actors[SNARL_ACTORS_MAX])
{
	memset(result, 0, sizeof *result);
	if (scenario.isolation == SNARL_FRESH_PROCESS || config->plan->alone) {
		fresh_run(config, result, actors);
		if (config->plan->alone)
			alone_end(result->histogram.failures);
		return;
	}
	batch_run_here(config, result, actors);
	if (scenario.isolation == SNARL_THREADS)
		failure_doubt(config->plan, result);
}
