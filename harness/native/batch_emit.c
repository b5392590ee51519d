/* batch_emit.c - the closing events of a batch. */
#include <jansson.h>

#include "batch.h"
#include "event.h"
#include "kind.h"
#include "emit.h"

void batch_emit(const struct batch_config *config, const struct batch_result *result,
	struct snarl_actor *const *actors)
{
	const struct histogram *histogram = &result->histogram;
	const struct histogram_row *first = histogram->failures ? &histogram->first_failure : NULL;

	snapshot_emit(config->plan, histogram, actors, batch_actor_count());
	if (first)
		event_write("failure",
			json_pack("{s:s, s:o, s:I, s:i, s:s, s:I, s:o}", "kind",
				kind_name(first->outcome.first), "message",
				event_text(first->outcome.message), "execution",
				(json_int_t)first->first_execution, "arm", (int)result->arm,
				"arm_name", config->arms[result->arm].name, "first",
				(json_int_t)result->batch_first, "state",
				result->failed_state
					? event_bytes(result->failed_state, scenario.state_size)
					: json_null()));
	event_write("end",
		json_pack("{s:I, s:I, s:f}", "executions", (json_int_t)histogram->executions,
			"failures", (json_int_t)histogram->failures, "seconds", result->seconds));
}
