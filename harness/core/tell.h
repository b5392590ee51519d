/* tell.h - the closing events of an engine. */
#ifndef SNARL_CORE_TELL_H
#define SNARL_CORE_TELL_H

#include "actor.h"
#include "oracle.h"
#include "plan.h"

/* Write the outcomes that were counted. */
void histogram_tell(const struct histogram *histogram);

/*
 * What has been counted up to now, for a run that may not come to its end: event "so_far", and what
 * belongs to it. All of it is told again by the next one, or at the end.
 */
void so_far_tell(const struct plan *plan, const struct histogram *histogram,
	struct snarl_actor *const *actors, unsigned actor_count);

/* Write how often each rule acted. */
void injections_tell(
	const struct plan *plan, struct snarl_actor *const *actors, unsigned actor_count);

#endif
