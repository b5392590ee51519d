/* lost_signal.c - the signal that a waiter needed and missed, in a traced execution. */
#include "lost_signal.h"

#include "location.h"
#include "object.h"
#include "trace.h"

enum { LOOK_BACK_MAX = 4000 /* steps before the wait: each is compared with the others */ };

static bool reads(const struct step *step)
{
	return (step->op == TRACE_READ || step->op == TRACE_UPDATE) && step->location &&
	       step->location->shared;
}

/* The step in which an actor began the wait that it is in; 0: it is not in the trace. */
static uint32_t wait_of(const struct actor *waiter)
{
	for (uint32_t i = trace.cut ? 0 : trace.count; i; i--)
		if (trace.steps[i].actor == waiter->index)
			return trace.steps[i].op == TRACE_WAIT ? i : 0;
	return 0;
}

/* Whether the waiter had read what step `at` writes, and did not read it again before its wait. */
static bool outdates(const struct step *at, const struct step *from, const struct step *wait)
{
	bool read = false;

	if ((at->op != TRACE_WRITE && at->op != TRACE_UPDATE) || !at->location ||
		at->actor == wait->actor)
		return false;
	for (const struct step *step = from; step < wait; step++) {
		if (step->actor != wait->actor || !reads(step) || step->location != at->location)
			continue;
		if (step > at)
			return false;
		read = true;
	}
	return read;
}

/* The first step after the last one in which the waiter woke from the same condition. */
static const struct step *woken(const struct step *from, const struct step *wait)
{
	for (const struct step *step = wait; step-- > from;)
		if (step->actor == wait->actor && step->op == TRACE_WAKE &&
			step->address == wait->address)
			return step + 1;
	return from;
}

const struct step *lost_signal(const struct actor *waiter)
{
	uint32_t number = wait_of(waiter);
	const struct step *wait = &trace.steps[number], *lost = NULL, *last = NULL;
	const struct step *from, *looked;
	actor_set writers = 0;

	if (!number)
		return NULL;
	from = number > LOOK_BACK_MAX ? wait - LOOK_BACK_MAX : &trace.steps[1];
	for (looked = wait; looked > from; looked--)
		if (looked->actor == waiter->index && reads(looked))
			break;
	for (const struct step *step = woken(from, wait); step < wait; step++) {
		if (outdates(step, from, wait))
			writers |= actor_one(step->actor);
		if ((step->op != TRACE_SIGNAL && step->op != TRACE_BROADCAST) ||
			step->address != wait->address || step->actor == waiter->index)
			continue;
		last = step;
		if (step > looked || writers & actor_one(step->actor))
			lost = step;
	}
	return lost ? lost : last;
}
