/* emit.c - the closing events of an engine. */
#include "emit.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "event.h"
#include "kind.h"

static void outcome_emit(const char *label, unsigned kinds, const char *message, uint64_t count)
{
	char names[256];

	event_write("outcome", json_pack("{s:o, s:s, s:o, s:I}", "label", event_text(label),
				       "kinds", kind_names(kinds, names, sizeof names), "message",
				       event_text(message), "count", (json_int_t)count));
}

void histogram_emit(const struct histogram *histogram)
{
	char label[256];

	for (unsigned i = 0; i < histogram->used; i++) {
		const struct histogram_row *row = &histogram->rows[i];

		outcome_emit(outcome_label(&row->outcome, label, sizeof label), row->outcome.kinds,
			row->outcome.message, row->count);
	}
	if (histogram->other_failures)
		outcome_emit("other failures", histogram->other_kinds, "not counted separately",
			histogram->other_failures);
	if (histogram->other > histogram->other_failures)
		outcome_emit("other outcomes", SNARL_NO_BUG, "not counted separately",
			histogram->other - histogram->other_failures);
}

void injections_emit(
	const struct plan *plan, struct snarl_actor *const *actors, unsigned actor_count)
{
	for (unsigned i = 0; i < plan->rule_count; i++) {
		uint64_t count = 0;

		for (unsigned a = 0; a < actor_count; a++)
			count += actors[a]->fired_total[i] +
				 atomic_load_explicit(
					 &actors[a]->fired_by_threads[i], memory_order_relaxed);
		event_write("injection", json_pack("{s:s, s:I}", "rule", plan->rules[i], "count",
						 (json_int_t)count));
	}
	command_emit();
}

void snapshot_emit(const struct plan *plan, const struct histogram *histogram,
	struct snarl_actor *const *actors, unsigned actor_count)
{
	event_write("snapshot", json_pack("{s:I}", "failures", (json_int_t)histogram->failures));
	histogram_emit(histogram);
	injections_emit(plan, actors, actor_count);
}
