/* silence.c - when a silent case counts as a hang, and why it hangs. */
#define _GNU_SOURCE
#include "silence.h"

#include <signal.h>
#include <stdlib.h>

#include "child.h"
#include "clock.h"
#include "collector.h"
#include "field.h"
#include "kind.h"
#include "postmortem.h"
#include "procfs.h"
#include "rule.h"
#include "supervise.h"
#include "text.h"

enum {
	OVERRUN_MS = 10000,	 /* beyond twice its budget a case that still moves is stopped */
	OVERRUN_BUSY_MS = 20000, /* further, if it had less than half of a CPU */
	AGAIN_SILENCE_MS = 60,	 /* after which a restarted case ends, stuck or not */
	PROOF_MS = 10,		 /* that all have to stay where they are to be stuck for good */
	PROGRESS_MS = 200,	 /* between two looks at which threads have moved */
	BUSY_MS = 750,		 /* of CPU time without progress: it runs in circles */
	COMPUTES_PART = 4, /* of a silence on a processor: actors compute, if not at this look */
	STARVED_MS_MAX = 5000, /* of silence, however busy the machine is */
	STARVED_TIMES = 4, /* as long as its patience, for a child that looks for hangs itself */
	DELAYS_IN_EXECUTION = 10, /* of the longest length, before silence counts as a hang */
	DELAYED_MS_MAX = 30000,	  /* that rules may lengthen a case */
	LAST_MS_MIN = 5000,	  /* that an execution may last if no standstill is declared */
	LAST_MS_TSAN = 10000,	  /* likewise: instrumented code is slower */
	PHASE_MS = 5000,	  /* that a set-up or a check may take */
	STALLED_LOOKS = 24,	  /* silence counts only if snarl itself ran this often meanwhile */
};

/* For how long rules have kept the actors, one after the other. */
static uint64_t delayed_ms(const struct child *child)
{
	uint64_t us = 0;

	for (unsigned i = 0; child->activity && i < ACTIVITY_ENTRIES; i++)
		us += child->activity->entries[i].delayed_us;
	return us / 1000;
}

static uint64_t at_most(uint64_t number, uint64_t most)
{
	return number < most ? number : most;
}

/*
 * The silence that is too long. Injected delays are no hang, nor are several in one execution; a
 * child that looks for hangs itself gets the time to report what it found.
 */
static unsigned silence_limit_ms(const struct collector *collector)
{
	const struct plan *plan = &collector->result.plan;
	char why[RULE_ERROR_MAX];
	struct rule rule;
	unsigned longest_us = 0;

	for (unsigned i = 0; i < plan->rule_count; i++)
		if (rule_parse(plan->rules[i], &rule, why) == 0 && rule.delay_us_max > longest_us)
			longest_us = rule.delay_us_max;
	/* The processor time of a set-up or a check is its own. */
	if (*collector_phase(collector))
		return PHASE_MS;
	return SUPERVISE_SILENCE_MS + DELAYS_IN_EXECUTION * longest_us / 1000 +
	       collector->patience_ms;
}

/* Whether an actor is still in the execution where it was last seen. */
static bool actor_stuck(const struct collector *collector, size_t actor)
{
	return !json_is_true(json_array_get(collector->waiting, actor));
}

/* What became of the whole process; NULL: it still runs the case. */
static char *process_sentence(const struct child *child)
{
	const struct subject *subject = child->collector.subject;
	struct process_tree tree = process_tree_of(child->pid);
	char state = process_tree_state(&tree, (uint32_t)child->pid);
	char *program = process_program(child->pid), *sentence = NULL;
	char *ours = format("/%s/%s", subject->scenario, subject->name);

	if (program && !strstr(program, ours))
		sentence = format(
			"the case's process executes %s in place of the case: did an actor call "
			"exec?",
			program);
	else if (state == 'T' || state == 't')
		sentence = format("the case's process was stopped by a signal");
	free(program);
	free(ours);
	return sentence;
}

/* Name the actors that are stuck, and the execution. */
static char *actors_sentence(const struct collector *collector, uint64_t silent_ms)
{
	json_t *actors = json_object_get(collector->subject->json, "actors"), *at;
	char *names = format("%s", ""), *sentence;
	const char *phase = collector_phase(collector);
	int64_t execution = -1;
	bool all = true;
	size_t i;

	json_array_foreach(collector->at, i, at) {
		char *more;

		if (!actor_stuck(collector, i)) {
			all = false;
			continue;
		}
		execution = json_integer_value(at);
		more = format("%s%s%s", names, *names ? " and " : "",
			json_string_value(json_array_get(actors, i)));
		free(names);
		names = more;
	}
	if (!json_array_size(collector->at))
		sentence = format(
			"the case showed no sign of life for %d s", SUPERVISE_START_MS / 1000);
	else if (!*names)
		sentence = format("no progress for %.1f s: %s did not finish",
			(double)silent_ms / 1000, *phase ? phase : "the set-up or the check");
	else if (execution < 0)
		sentence = format("no progress for %.1f s: %s did not begin an execution",
			(double)silent_ms / 1000, names);
	else
		sentence = format("no progress for %.1f s: %s did not finish execution %lld%s",
			(double)silent_ms / 1000, names, (long long)execution,
			all ? "" : ", the others did");
	free(names);
	return sentence;
}

/*
 * Whether the machine may have caused the silence: a thread is runnable, but the threads have not
 * yet had the CPU time that would show that they get nowhere. A child that looks for hangs itself
 * goes by its CPU time.
 */
static bool child_starved(struct child *child, uint64_t silent_ms)
{
	const unsigned patience_ms = child->collector.patience_ms;
	bool runnable;
	uint64_t cpu_ms = process_cpu_ms(child->pid, &runnable);

	if (silent_ms >= STARVED_MS_MAX + STARVED_TIMES * patience_ms || !runnable)
		return false;
	if (!child->silence_cpu_ms)
		child->silence_cpu_ms = cpu_ms + 1; /* at the first look in this silence */
	return cpu_ms + 1 - child->silence_cpu_ms < BUSY_MS + patience_ms;
}

static struct attendance attendance_of(const struct child *child)
{
	const struct collector *collector = &child->collector;

	return (struct attendance){json_object_get(collector->subject->json, "actors"),
		collector->at, collector->waiting, child->orphans};
}

/* Whether its threads' progress was noted, and at least `ms` milliseconds ago. */
static bool noted_before(const struct child *child, unsigned ms)
{
	return child->activity && child->progress.noted_ns &&
	       clock_ns() - child->progress.noted_ns >= (uint64_t)ms * 1000000;
}

/* Whether the calls that all actors have been in for a while prove that they are stuck forever. */
static bool silence_proven(const struct child *child)
{
	const struct collector *collector = &child->collector;
	struct attendance attendance = attendance_of(child);

	return noted_before(child, PROOF_MS) && !collector->patience_ms && collector->counted &&
	       postmortem_proves(child->pid, child->activity, &child->progress, &attendance);
}

static bool declares_standstill(const struct collector *collector)
{
	return subject_declares(
		collector->subject, collector->result.plan.engine, KINDS_OF_STANDSTILL);
}

/* For how long an execution may last of which nobody says that it does not end. */
static uint64_t last_ms(const struct collector *collector)
{
	const json_t *traits = result_part(&collector->result, "traits");

	return field_is(traits, "witness", "tsan") ? LAST_MS_TSAN : LAST_MS_MIN;
}

/*
 * Whether a wait that something other than actors could end may still last: for the whole budget,
 * and longer if the subject declares no standstill, since a budget is made for short executions.
 */
static bool may_sleep(const struct collector *collector, uint64_t since_ms, uint64_t silent_ms)
{
	return since_ms < collector->result.plan.budget_ms ||
	       (silent_ms < last_ms(collector) && !declares_standstill(collector));
}

/*
 * Whether an actor may be computing: one that computes for long and an endless loop look the same
 * from outside, so only the declaration of a standstill makes the difference.
 */
static bool may_compute(const struct child *child, uint64_t silent_ms)
{
	const struct collector *collector = &child->collector;
	bool runnable;
	uint64_t cpu_ms = process_cpu_ms(child->pid, &runnable) + 1 - child->silence_cpu_ms;

	return !*collector_phase(collector) && !declares_standstill(collector) &&
	       silent_ms < last_ms(collector) && (runnable || cpu_ms > silent_ms / COMPUTES_PART);
}

/*
 * An actor that sleeps, or waits with a deadline or for something outside, may continue; and once
 * it has woken, it has as long as any other until silence counts as a hang.
 */
static bool child_sleeps(struct child *child, uint64_t since_ms, uint64_t silent_ms)
{
	struct attendance attendance = attendance_of(child);
	uint64_t now = clock_ns();

	if (!child->activity || !may_sleep(&child->collector, since_ms, silent_ms))
		return false;
	if (postmortem_sleeps(child->pid, child->activity, &attendance))
		child->slept_ns = now;
	return (now - child->slept_ns) / 1000000 < silence_limit_ms(&child->collector);
}

/* Whether a case that still moves has run for too long; on a busy machine it has more time. */
static bool overruns(const struct child *child, uint64_t since_ms, uint64_t delays_ms)
{
	uint64_t most_ms = 2 * (uint64_t)child->collector.result.plan.budget_ms + OVERRUN_MS +
			   at_most(delays_ms, DELAYED_MS_MAX);
	bool runnable;

	if (since_ms <= most_ms)
		return false;
	return since_ms > most_ms + OVERRUN_BUSY_MS ||
	       process_cpu_ms(child->pid, &runnable) > since_ms / 2 || !runnable;
}

/* Record what it is stuck in before it is killed. */
static void silence_explain(struct child *child)
{
	struct collector *collector = &child->collector;
	struct attendance attendance = attendance_of(child);
	int64_t execution = postmortem_execution(&attendance);

	if (child->activity && child->progress.noted_ns && !collector->stuck)
		collector->stuck =
			postmortem(child->pid, child->activity, &child->progress, &attendance);
	if (execution < 0)
		execution =
			(int64_t)(collector_executions(collector) + collector->result.plan.first);
	collector->result.verdict = SNARL_HANG;
	collector->result.executions = collector_executions(collector);
	collector->result.first_failure_execution = execution;
}

/*
 * A case that was restarted after a standstill falls silent again. It ends with what it had
 * counted, because explaining the second standstill takes longer than the count is worth. It counts
 * as a hang if it is stuck.
 */
static void again_end(struct child *child, bool stuck)
{
	struct result *result = &child->collector.result;

	child_read(child);
	if (!child->looks)
		return; /* it was heard after all */
	/* Executions whose outcomes were not sent in time are not counted either. */
	if (json_array_size(result_part(result, "outcomes")))
		result->executions = collector_executions(&child->collector);
	if (stuck) {
		result->verdict = SNARL_HANG;
		collector_say(
			&child->collector, format("no actor could continue, this time either"));
	} else {
		child->collector.ended = true;
	}
	child_kill(child);
}

void silence_judge(struct child *child)
{
	uint64_t now = clock_ns(), silent_ms = (now - child->heard_ns) / 1000000;
	uint64_t since_ms = (now - child->began_ns) / 1000000, delays_ms;
	unsigned limit =
		child->collector.at ? silence_limit_ms(&child->collector) : SUPERVISE_START_MS;
	bool runnable, overrun = false;
	char *sentence;

	child->looks++;
	if (child->closed_ns || child->killed_ns)
		return;
	if (silent_ms >= SILENCE_NOTED_MS && !child->silence_cpu_ms) {
		child->silence_cpu_ms = process_cpu_ms(child->pid, &runnable) + 1;
		child->delayed_ms = delayed_ms(child);
		if (child->activity)
			progress_note(&child->progress, child->activity);
	}
	/*
	 * A single step since the first look means the thread was slow, not that it is making
	 * progress.
	 */
	if (noted_before(child, PROGRESS_MS) && progress_made(&child->progress, child->activity))
		progress_note(&child->progress, child->activity);
	if (child->stopped && silent_ms >= SILENCE_NOTED_MS) {
		bool stuck = silence_proven(child);

		if (stuck || silent_ms >= AGAIN_SILENCE_MS)
			again_end(child, stuck);
		return;
	}
	delays_ms = delayed_ms(child);
	if (silent_ms >= SILENCE_NOTED_MS && silence_proven(child)) {
		child_read(child);
		if (!child->looks)
			return; /* it was heard after all */
	} else if (silent_ms >= limit + delays_ms - child->delayed_ms &&
		   child->looks >= STALLED_LOOKS) {
		child_read(child);
		if (!child->looks || (child->activity && !noted_before(child, PROOF_MS)) ||
			child_starved(child, silent_ms) || may_compute(child, silent_ms) ||
			child_sleeps(child, since_ms, silent_ms))
			return; /* it was heard after all, was starved, or may still continue */
	} else if (overruns(child, since_ms, delays_ms)) {
		overrun = true;
	} else {
		return;
	}
	sentence = process_sentence(child);
	if (!sentence && overrun)
		sentence = format("the case was still running %llu ms after its start",
			(unsigned long long)since_ms);
	collector_say(&child->collector,
		sentence ? sentence : actors_sentence(&child->collector, silent_ms));
	silence_explain(child);
	child->collector.result.seconds = (double)(clock_ns() - child->began_ns) * 1e-9;
	child_kill(child);
}
