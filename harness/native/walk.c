/*
 * walk.c - the start line, and the loop over a batch's states.
 *
 * Two things bring the actors together. The barrier (workers.c) stands between batches and orders:
 * its accesses are sequentially consistent, so that the set-ups by one actor happen before the
 * executions of all, and the executions before the checks. For a detector, batch_config.publish and
 * receive announce the same. The start line stands before executions within a batch and orders
 * nothing: each actor makes a relaxed store to its own cache line and then spins with relaxed loads
 * of the others'. A relaxed load that reads another actor's relaxed store does not synchronise with
 * it, and the line carries no data of a state. So it adds neither a fence nor a happens-before
 * edge: the actors leave it at nearly the same time, and a race between them remains a race.
 */
#define _GNU_SOURCE
#include "workers.h"
#include "globals.h"
#include "inject.h"

/*
 * Meet the other actors at a start line, by relaxed accesses only. Returns whether to continue.
 *
 * The first actor may also end the batch here, by the lowest bit of its arrival: no actor crosses a
 * line before it has seen the first one arrive, so that all leave at the same line. The very first
 * line is crossed however late it is, because a run without an execution says nothing.
 */
static bool line_cross(struct snarl_actor *self, uint64_t line, uint32_t shift)
{
	struct snarl_actor *leader = &workers.each[0]->actor;
	bool last = self == leader && line > 1 &&
		    atomic_load_explicit(&workers.stop_requested, memory_order_relaxed);
	unsigned spins = 0;

	self->waiting = true;
	atomic_store_explicit(&self->arrived, line << 1 | last, memory_order_relaxed);
	for (unsigned a = 0; a < workers.actors; a++)
		while (atomic_load_explicit(
			       &workers.each[a]->actor.arrived, memory_order_relaxed) >>
			1 < line)
			spin_wait(&spins);
	if (atomic_load_explicit(&leader->arrived, memory_order_relaxed) == (line << 1 | 1))
		return false;
	self->waiting = false;
	/* A thread that was cancelled after its actor's last execution ends here. */
	pthread_testcancel();
	for (uint32_t i = 0; i < shift; i++)
		spin_pause();
	return true;
}

/*
 * In a rehearsal, wait for the actor before this one. Relaxed, because it orders the actors only in
 * time. It does not wait forever, since an actor may need one that comes after it.
 */
static void turn_await(struct snarl_actor *self, uint64_t line)
{
	bool backwards = line % 2 == 0;
	unsigned last = workers.actors - 1, place = backwards ? last - self->index : self->index;
	struct snarl_actor *before;
	uint64_t until = clock_ns() + (uint64_t)workers.arm->turn_us * place * 1000;
	unsigned spins = 0;

	if (!place)
		return;
	before = &workers.each[backwards ? self->index + 1 : self->index - 1]->actor;
	while (atomic_load_explicit(&before->left, memory_order_relaxed) < line &&
		clock_ns() < until)
		spin_wait(&spins);
}

void batch_walk(struct worker *worker)
{
	struct snarl_actor *self = &worker->actor;
	void (*run)(void *, struct snarl_actor *) = scenario.actors[self->index].run;
	uint32_t shift = workers.shifts[self->index];
	const uint32_t *order = workers.order, count = workers.count,
		       line_every = workers.line_every;
	const size_t stride = workers.stride, log_size = workers.log_size;
	const uint64_t first = workers.first;
	char *states = workers.states;
	const bool rehearsal = workers.arm->turn_us, has_locals = thread_locals_any();
	uint32_t i = worker->from, until_line = (line_every - i % line_every) % line_every;
	uint64_t line = workers.lines + (i + line_every - 1) / line_every;

	actor_self = self; /* enables injection, which is off in set-up and checks */
	for (; i < count; i++) {
		size_t at = order[i];

		if (until_line == 0) {
			if (!line_cross(self, ++line, shift))
				break;
			until_line = line_every;
		}
		until_line--;
		self->execution = first + i;
		if (__builtin_expect(has_locals, 0))
			thread_locals_restore();
		if (log_size) {
			self->sequence = 0;
			self->log = log_at(self->index, (uint32_t)at);
			self->log->puts = self->log->takes = 0;
		}
		if (__builtin_expect(rehearsal, 0))
			turn_await(self, line);
		run(states + at * stride, self);
		inject_actor_over();
		if (__builtin_expect(rehearsal, 0))
			atomic_store_explicit(&self->left, line, memory_order_relaxed);
	}
	actor_self = NULL;
	self->waiting = true;
	worker->walked = i;
}
