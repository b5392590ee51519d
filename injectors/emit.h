/* emit.h - the closing events of an engine. */
#ifndef SNARL_INJECTORS_EMIT_H
#define SNARL_INJECTORS_EMIT_H

#include "actor.h"
#include "oracle.h"
#include "plan.h"

/* Write the outcomes that were counted. */
void histogram_emit(const struct histogram *histogram);

/*
 * Write what has been counted up to now, because the run may never end: event "snapshot", and what
 * belongs to it. The next snapshot, or the end, replaces all of it.
 */
void snapshot_emit(const struct plan *plan, const struct histogram *histogram,
	struct snarl_actor *const *actors, unsigned actor_count);

/* Write how often each rule acted. */
void injections_emit(
	const struct plan *plan, struct snarl_actor *const *actors, unsigned actor_count);

#endif
