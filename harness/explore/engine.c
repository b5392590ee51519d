/*
 * engine.c - explore: the scenario as a program of the controlled scheduler.
 *
 * The only file of this folder that knows scenarios. The rest runs any program that can begin and
 * be judged (search.h).
 */
#define _GNU_SOURCE
#include "engine.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "actor.h"
#include "alone.h"
#include "clock.h"
#include "descriptor.h"
#include "event.h"
#include "signals.h"
#include "hash.h"
#include "globals.h"
#include "heap.h"
#include "inject.h"
#include "kind.h"
#include "ledger.h"
#include "machine.h"
#include "object.h"
#include "unmodelled.h"
#include "location.h"
#include "process.h"
#include "program.h"
#include "race_log.h"
#include "search.h"
#include "snarl.h"
#include "strategies.h"
#include "stuck.h"
#include "emit.h"
#include "text.h"
#include "trace.h"
#include "trace_events.h"

enum {
	PROGRESS_NS = 100 * 1000 * 1000,
	SHRINK_NS = 1000 * 1000 * 1000,
	PATIENCE_MS = 2 * SIGNALS_LONG_MS,
};

static const uintptr_t STATE_ADDRESS = 0x100000000000;

/* NUL-separated names of calls in the variant that explore does not model; "" if none. */
extern const char __start_snarl_unfollowed[] __attribute__((weak));
extern const char __stop_snarl_unfollowed[] __attribute__((weak));

static struct explored {
	const struct plan *plan;
	unsigned actor_count;
	void *state;
	struct snarl_actor *actors[SNARL_ACTORS_MAX];
	struct ledger_log *logs[SNARL_ACTORS_MAX];
	uint64_t written_ns; /* when progress was written last */
	uint64_t began_ns;
} explored;

static void *page_get(size_t size)
{
	void *memory = mmap(
		NULL, size ? size : 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		event_fatal("out of memory for the scenario's state");
	return memory;
}

/*
 * The state lies at an address where nothing else does, whatever the shell's limits, so that
 * pointers into it have the same value in every process.
 */
static void *state_get(size_t size)
{
	void *memory = mmap((void *)STATE_ADDRESS, size ? size : 1, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	return memory == MAP_FAILED ? page_get(size) : memory;
}

static void actor_run(void *argument)
{
	struct snarl_actor *actor = argument;

	actor_self = actor;
	scenario.actors[actor->index].run(explored.state, actor);
	inject_actor_over();
	if (process_emulated)
		process_leave(scheduler.running);
	actor_self = NULL;
}

static void explore_leave(int status)
{
	program_leave(status, "main returns", NULL);
}

/* Emulated processes begin with the descriptors that the set-up opened. */
static void processes_start(void)
{
	process_fork(explored.actor_count);
	descriptors_forked(explored.actors, explored.actor_count);
	if (scenario.started)
		scenario.started(explored.state);
}

static void scenario_begin(uint64_t execution)
{
	globals_restore();
	if (program_is())
		actor_threads_renew();
	if (process_emulated)
		process_sweep();
	memset(explored.state, 0, scenario.state_size);
	oracle_set_up(explored.state);
	descriptors_set_up(explored.state, scenario.state_size);
	if (process_emulated)
		processes_start();
	for (unsigned i = 0; i < explored.actor_count; i++) {
		struct snarl_actor *actor = explored.actors[i];

		actor->sequence = 0;
		actor->execution = execution;
		/* Reset its counts even if the execution has the same number as the last one. */
		actor->stream_execution = actor->created_in = ~execution;
		if (actor->log)
			actor->log->puts = actor->log->takes = 0;
		actor_add(actor->name, actor_run, actor);
	}
}

static const struct outcome *scenario_end(void)
{
	const struct outcome *outcome =
		oracle_check(explored.state, explored.actors, explored.logs);

	if (scenario.teardown)
		scenario.teardown(explored.state);
	if (!program_is() || program_rules.leaks) /* programs leave memory to the system */
		heap_end();
	if (!process_emulated && !program_is()) /* a process leaves no thread behind */
		threads_end();
	return outcome;
}

static bool scenario_pause(uint64_t executions)
{
	uint64_t now = clock_ns();
	json_t *at, *waiting;

	if (now - explored.written_ns < PROGRESS_NS)
		return false;
	explored.written_ns = now;
	at = json_array();
	waiting = json_array();
	for (unsigned i = 0; i < explored.actor_count; i++) {
		json_array_append_new(
			at, json_integer((json_int_t)(explored.plan->first + executions)));
		json_array_append_new(waiting, json_false());
	}
	event_write(
		"progress", json_pack("{s:o, s:o, s:n}", "at", at, "waiting", waiting, "phase"));
	return false;
}

static const struct program program = {scenario_begin, scenario_end, scenario_pause};

/*
 * Hash of the program's code, to which a schedule's counts belong. The file is hashed, because a
 * debugger changes the code in memory.
 */
static uint32_t code_hash(const unsigned char *file)
{
	const ElfW(Ehdr) *header = (const ElfW(Ehdr) *)file;
	const ElfW(Phdr) *segments = (const ElfW(Phdr) *)(file + header->e_phoff);
	uint32_t hash = HASH32_BEGIN;

	for (int i = 0; i < header->e_phnum; i++)
		if (segments[i].p_type == PT_LOAD && segments[i].p_flags & PF_X)
			hash = hash32(hash, file + segments[i].p_offset, segments[i].p_filesz);
	return hash;
}

static const unsigned char *program_file; /* NULL: it cannot be read */

/* Before the actors run, which may leave no descriptor for it. */
static void program_map(void)
{
	int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	off_t size = file < 0 ? 0 : lseek(file, 0, SEEK_END);
	void *bytes = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, file, 0);

	program_file = bytes == MAP_FAILED ? NULL : bytes;
	if (file >= 0)
		close(file);
}

static uint32_t build_hash(void)
{
	static uint32_t hash; /* 0: not known yet */

	if (!program_file)
		event_fatal("the case's own program cannot be read: is /proc mounted?");
	if (!hash)
		hash = code_hash(program_file);
	return hash;
}

_Static_assert((int)SNARL_ACTORS_MAX <= (int)ACTORS_MAX, "every actor of a scenario is one here");

static void actors_make(void)
{
	for (unsigned i = 0; i < SNARL_ACTORS_MAX && scenario.actors[i].run; i++) {
		struct snarl_actor *actor = page_get(sizeof *actor);

		actor->index = i;
		actor->name = scenario.actors[i].name;
		actor->seed = explored.plan->seed;
		if (scenario.ledger_items)
			actor->log = page_get(ledger_log_size());
		explored.logs[i] = actor->log;
		explored.actors[i] = actor;
		explored.actor_count++;
	}
}

static void explore_open(const struct plan *plan)
{
	int error;

	if (__start_snarl_unfollowed && __start_snarl_unfollowed[0])
		event_fatal(
			"%s/%s calls %s, which explore does not model: run it on the other engines",
			plan->scenario, plan->variant, __start_snarl_unfollowed);
	explored.plan = plan;
	explored.began_ns = clock_ns();
	program_map();
	scheduler.may_be_long = !(scenario.expect.bug & KINDS_OF_STANDSTILL);
	machine_open(true);
	explored.state = state_get(scenario.state_size);
	actors_make();
	trace_ledger(explored.actors);
	globals_keep();
	error = search_open(explored.actor_count, explored.state, scenario.state_size);
	if (error)
		event_fatal("cannot create a donor thread for an actor: %s", strerror(-error));
	signals_open();
	/* The hang handler measures CPU time: a loaded machine needs more wall-clock time. */
	event_write("patience", json_pack("{s:i}", "ms", PATIENCE_MS));
}

static json_t *shape_json(struct shape shape)
{
	return json_pack("{s:I, s:I, s:I, s:I}", "steps", (json_int_t)shape.steps, "switches",
		(json_int_t)shape.switches, "preemptions", (json_int_t)shape.preemptions, "faults",
		(json_int_t)shape.faults);
}

/* Write which schedules the strategy has covered completely, if it can say so. */
static void coverage_emit(const struct strategy *strategy, bool exhausted)
{
	char number[TEXT_NUMBER_MAX], text[256], bounds[64];
	struct coverage seen;

	if (!strategy_coverage(strategy, &seen))
		return;
	if (outside_unknown()) {
		snprintf(text, sizeof text,
			"no claim about all schedules: not all that the actors call is modelled "
			"(%s)",
			outside_unknown());
		event_write(
			"coverage", json_pack("{s:s, s:b}", "sentence", text, "exhausted", false));
		return;
	}
	if (seen.all)
		snprintf(bounds, sizeof bounds, "any number of preemptions");
	else
		snprintf(bounds, sizeof bounds, "at most %d preemption%s", seen.preemptions,
			seen.preemptions == 1 ? "" : "s");
	snprintf(text, sizeof text, "all %s %sschedules with %s",
		text_grouped(seen.schedules, number), seen.fair ? "fair " : "", bounds);
	if (seen.faults >= 0)
		snprintf(text + strlen(text), sizeof text - strlen(text), " and at most %d faults",
			seen.faults);
	strncat(text, " seen", sizeof text - strlen(text) - 1);
	event_write("coverage", json_pack("{s:s, s:b}", "sentence", text, "exhausted", exhausted));
}

/* Replay a schedule step by step and write its steps, or only its races. */
static const struct outcome *traced(
	const struct schedule *schedule, uint64_t execution, bool steps, uint64_t stop_at)
{
	const struct outcome *outcome;

	scheduler.races_wanted = !explored.plan->races_off;
	/* Forget which locations are shared, so that every replay learns the same. */
	location_reset();
	trace_begin(stop_at);
	outcome = search_repeat(&program, schedule, execution);
	trace_end();
	trace_write(steps);
	return outcome;
}

static void failure_emit(
	const struct finding *finding, const struct outcome *outcome, bool may_replay)
{
	static char schedule[PLAN_SCHEDULE_MAX];
	bool recorded =
		may_replay && schedule_encode(&finding->schedule, schedule, sizeof schedule) == 0;
	unsigned kind = outcome->first ? outcome->first : SNARL_DATA_RACE;

	event_write("failure",
		json_pack("{s:s, s:o, s:I, s:i, s:s, s:I, s:o, s:b, s:I, s:s}", "kind",
			kind_name(kind), "message", event_text(outcome->message), "execution",
			(json_int_t)finding->execution, "arm", PLAN_ARM_AUTO, "arm_name",
			finding->strategy, "first", (json_int_t)finding->execution, "state",
			event_bytes(explored.state, scenario.state_size), "replay", recorded,
			"build", (json_int_t)build_hash(), "schedule", recorded ? schedule : ""));
}

static void shape_emit(const struct finding *finding)
{
	json_t *shape = shape_json(finding->shape), *actors = json_array();

	for (unsigned i = 0; i < scheduler.actor_count; i++)
		json_array_append_new(actors, json_string(scheduler.actors[i].name));
	json_object_set_new(shape, "actors", actors);
	json_object_set_new(shape, "strategy", json_string(finding->strategy));
	json_object_set_new(shape, "found", shape_json(finding->found));
	event_write("shape", shape);
}

/* Write the races that the finding does not show, each by the schedule that first had it. */
static void races_emit(const struct finding *finding)
{
	for (unsigned i = 0; i < race_log_count(); i++)
		if (!finding->any || race_log_at(i)->key != finding->race)
			traced(&race_log_at(i)->schedule, race_log_at(i)->execution, false, 0);
}

static void outcome_add(struct outcome *outcome, const char *words)
{
	size_t used = strlen(outcome->message);

	snprintf(outcome->message + used, sizeof outcome->message - used, "; %s", words);
}

/* Whether the schedule does not fail in a process that has run nothing before. */
static bool passes_alone(const struct finding *finding)
{
	static struct plan plan;

	plan = *explored.plan;
	plan.replay = true;
	plan.build = build_hash();
	plan.first = finding->execution;
	return schedule_encode(&finding->schedule, plan.schedule, sizeof plan.schedule) == 0 &&
	       alone_try(&plan) == ALONE_PASSES;
}

/*
 * Write the finding, with its steps if its schedule can be replayed. If it cannot, or the replay
 * differs, write the finding without them, and the reason.
 */
static void finding_emit(const struct finding *finding, bool repeats)
{
	bool whole = finding->schedule.count <= SCHEDULE_MAX;
	struct outcome last = finding->outcome;

	if (finding->crashed_in_library) {
		outcome_add(
			&last, "it crashed inside a library: use snarl replay to see the steps");
	} else if (!whole) {
		outcome_add(&last, "its schedule is too long to replay");
	} else {
		last = *traced(&finding->schedule, finding->execution, true, 0);
		outcome_complete(&last);
		if (last.first != finding->outcome.first && !finding->race)
			repeats = false;
		else
			stuck_write();
	}
	if (repeats && whole && outside_possible() && !finding->race && passes_alone(finding))
		outcome_add(&last, alone_sentence);
	if (!repeats) {
		last = finding->outcome;
		outcome_add(&last, "replaying this schedule gave a different result: the "
				   "scenario depends on something besides scheduling (time, "
				   "addresses, randomness?)");
	}
	failure_emit(finding, &last, whole);
	shape_emit(finding);
}

static void end_emit(uint64_t executions, uint64_t failures, uint64_t steps, double seconds)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	event_write(
		"end", json_pack("{s:I, s:I, s:I, s:I, s:f}", "executions", (json_int_t)executions,
			       "failures", (json_int_t)failures, "steps", (json_int_t)steps,
			       "peak_kb", (json_int_t)usage.ru_maxrss, "seconds", seconds));
}

static void explore_search(const struct plan *plan)
{
	static struct search_result result;
	const struct strategy_kind *kind = strategy_find(*plan->strategy ? plan->strategy : "auto");
	const struct strategy_config config = {
		.preemptions_max = plan->preemptions_max, .sampled = plan->sampled};
	struct strategy strategy;
	struct search search = {
		.program = &program,
		.strategy = &strategy,
		.seed = plan->seed,
		.first = plan->first,
		.executions = plan->executions,
		.budget_ns = (uint64_t)plan->budget_ms * 1000000,
		.effort = plan->effort,
		.keep_going = plan->keep_going,
		.first_only = plan->first_only,
		.races_wanted = !plan->races_off,
	};

	bool repeats = true;

	if (!kind)
		event_fatal("unknown strategy '%s'", plan->strategy);
	strategy = strategy_make(kind, &config);
	outside_forget();
	scenario_pause(0); /* a sign of life: the first execution may be long */
	search_run(&search, &result);
	search.executions = result.histogram.executions;
	histogram_emit(&result.histogram);
	coverage_emit(&strategy, result.exhausted);
	if (result.finding.any && !plan->keep_going && !plan->first_only &&
		!result.finding.crashed_in_library)
		repeats = search_shrink(&search, &result.finding, clock_ns() + SHRINK_NS);
	if (result.finding.any)
		finding_emit(&result.finding, repeats);
	if (!result.finding.crashed_in_library)
		races_emit(&result.finding);
	injections_emit(plan, explored.actors, explored.actor_count);
	end_emit(result.histogram.executions, result.histogram.failures, result.steps,
		result.seconds);
}

static void explore_replay(const struct plan *plan)
{
	static struct finding finding;
	struct histogram *histogram = page_get(sizeof *histogram);
	const struct outcome *outcome;
	struct outcome last;
	int error;

	if (plan->build != build_hash())
		event_fatal(
			"the token was made for another build of %s/%s, in which the same steps "
			"execute different code: find the failure again with snarl run",
			plan->scenario, plan->variant);
	error = schedule_decode(plan->schedule, &finding.schedule);
	if (error == -EPROTO)
		event_fatal(
			"the token was made by another version of snarl, whose schedules have a "
			"different format: find the failure again with snarl run");
	if (error)
		event_fatal("the token's schedule cannot be decoded");
	finding.execution = plan->first;
	finding.strategy = "replay";
	scheduler.ended_steps = 1; /* as when the failure was found */
	outcome = traced(&finding.schedule, plan->first, true, 0);
	if (plan->stop_at)
		traced(&finding.schedule, plan->first, false, trace_step(plan->stop_at));
	last = *outcome;
	if (plan->alone) {
		search_close();
		alone_end(last.kinds);
	}
	outcome_complete(&last);
	finding.shape = finding.found = scheduler_shape();
	histogram_add(histogram, &last, plan->first);
	histogram_emit(histogram);
	if (last.kinds || scheduler.racing)
		failure_emit(&finding, &last, true);
	if (last.kinds)
		stuck_write();
	shape_emit(&finding);
	injections_emit(plan, explored.actors, explored.actor_count);
	end_emit(1, histogram->failures, scheduler.steps,
		(double)(clock_ns() - explored.began_ns) * 1e-9);
}

/* Whether an emulated process dies of SIGPIPE is decided by the model: the real one is blocked. */
static void pipe_signal_block(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static void explore_run(const struct plan *plan)
{
	explore_open(plan);
	if (scenario.isolation == SNARL_PROCESSES) {
		process_open(plan, true);
		pipe_signal_block();
	}
	if (plan->replay)
		explore_replay(plan);
	else
		explore_search(plan);
	search_close();
}

static bool explore_choose(double probability)
{
	return scheduler.running && scheduler_choose(scheduler.running, probability);
}

static void explore_act(const char *point, const char *fault, bool crash, const void *pc)
{
	if (!scheduler.running)
		return;
	if (!fault) {
		/* Code before a point (a library's) may affect others although it made no step. */
		scheduler.running->fresh = false;
		scheduler_step(scheduler.running, NULL);
	} else if (scheduler.tracing) {
		trace_fault(scheduler.running, NULL, fault, point, pc);
	}
	if (crash && process_emulated)
		process_dies(scheduler.running);
	else if (crash)
		scheduler_fail(SNARL_CRASH, pc, "%s crashes at %s, injected by a rule",
			scheduler.running->name, point);
}

/*
 * Others may run at a point. Where the engine sees all that an actor does, they may run as well at
 * the actor's next step, and nothing lies between: such a point costs no step.
 */
static void explore_reached(void)
{
	if (scheduler.running && outside_possible())
		scheduler_step(scheduler.running, NULL);
}

const struct engine engine = {
	.name = "explore",
	.replays = "steps",
	.witness = "clocks",
	.order = "measured",
	.memory_model = "sequentially consistent",
	.shares_cores = true,
	.strategy = strategy_named,
	.run = explore_run,
	.choose = explore_choose,
	.act = explore_act,
	.leave = explore_leave,
	.reached = explore_reached,
};
