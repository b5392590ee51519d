/*
 * engine.c - tsan: the actors under ThreadSanitizer.
 *
 * Two witnesses: TSan's reports and the scenario's oracle. A race that TSan can see is one without
 * a happens-before edge, so nothing here may draw one between actors during an execution. The start
 * line is relaxed; edges are announced to TSan only around batches, where the harness itself moves
 * memory between its threads.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdlib.h>

#include "batch.h"
#include "clock.h"
#include "custom.h"
#include "engine.h"
#include "fences.h"
#include "report.h"
#include "emit.h"

void __tsan_acquire(void *address);
void __tsan_release(void *address);
void AnnotateIgnoreReadsBegin(const char *file, int line);
void AnnotateIgnoreReadsEnd(const char *file, int line);
const char *__tsan_default_options(void);
const char *__tsan_default_suppressions(void);

enum {
	/* After one witness has seen the bug, wait this long for the other. */
	SECOND_WITNESS_MS = 200,
	REPORT_NAP_NS = 1000 * 1000,
};

/*
 * A line before every execution, because TSan remembers only a location's last few accesses, and
 * head starts of up to some microseconds, because which race is seen depends on which actor comes
 * first.
 */
static const struct arm arms[] = {
	/*
	 * An inversion of locks is reported once both orders have been seen completely, and a real
	 * deadlock never: so the actors run one by one first.
	 */
	{.name = "one after the other", .line_every = 1, .states_max = 2, .turn_us = 20000},
	{.name = "line every time",
		.line_every = 1,
		.states_max = 512,
		.shift_max = 16,
		.padded = true,
		.shuffled = true,
		.pinned = true},
	{.name = "line every time, head starts",
		.line_every = 1,
		.states_max = 512,
		.shift_max = 400,
		.padded = true,
		.shuffled = true},
};

/* Used by the last actor between batches. */
static struct {
	const struct plan *plan;
	uint64_t reported_ns; /* when the first witness was noticed; 0: none yet */
} watch;

const char *__tsan_default_options(void)
{
	/*
	 * exitcode: TSan's must not replace the program's. Reports are read as data, not text.
	 * An allocation that is too large fails, as it does without TSan.
	 */
	return "exitcode=0:atexit_sleep_ms=0:symbolize=0:report_thread_leaks=0:handle_segv=0:"
	       "handle_abort=0:handle_sigbus=0:handle_sigill=0:handle_sigfpe=0:"
	       "allow_user_segv_handler=1:second_deadlock_stack=1:"
	       "allocator_may_return_null=1";
}

const char *__tsan_default_suppressions(void)
{
	/* libfiu's locks would order every actor that reaches a point. */
	return "called_from_lib:libfiu.so\n";
}

/* Whether there may be a race to report, though the oracle was faster. */
static bool may_report(void)
{
	return scenario.expect.race_in || !scenario.expect.bug;
}

static bool enough(uint64_t failures)
{
	uint64_t now = clock_ns();

	fences_forget();
	/* A declared race has to be seen; an undeclared one may exist or not. */
	if (watch.plan->keep_going || (!report_count() && (!failures || scenario.expect.race_in)))
		return false;
	/* Known false positives do not stop the run. */
	if (scenario.expect.tsan.bug & SNARL_LOCK_ORDER && !scenario.expect.bug &&
		report_inversions() == report_count())
		return false;
	if (!watch.reported_ns)
		watch.reported_ns = now;
	if (failures && report_count() && !watch.plan->commands)
		return true;
	return rate_known(failures, now - watch.reported_ns, watch.plan->commands) &&
	       (!may_report() || now - watch.reported_ns > (uint64_t)SECOND_WITNESS_MS * 1000000);
}

static void look(bool begin)
{
	if (begin)
		AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
	else
		AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
}

static void tsan_run(const struct plan *plan)
{
	const struct batch_config config = {
		.plan = plan,
		.arms = arms,
		.arm_count = sizeof arms / sizeof *arms,
		.publish = __tsan_release,
		.receive = __tsan_acquire,
		.renews = custom_any_robust, /* TSan keeps a dead owner as the owner */
		.look = look,
		.enough = enough,
		.tell = report_emit,
	};
	struct snarl_actor *actors[SNARL_ACTORS_MAX] = {NULL};
	struct batch_result result;

	watch.plan = plan;
	report_open();
	batch_run(&config, &result, actors);
	report_emit();
	batch_emit(&config, &result, actors);
}

/* The main thread writes what was reported, and the process ends with this one. */
static void tsan_leave(int status)
{
	while (report_unwritten())
		clock_sleep_ns(REPORT_NAP_NS);
	exit(status);
}

const struct engine engine = {
	.name = "tsan",
	.replays = "settings",
	.witness = "tsan",
	.order = "none",
	.memory_model = "hardware",
	.run = tsan_run,
	.leave = tsan_leave,
	.unwritten = report_unwritten,
};
