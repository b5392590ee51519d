/* tell.h - the closing events of an engine that runs batches. */
#ifndef SNARL_CORE_TELL_H
#define SNARL_CORE_TELL_H

#include "batch.h"

/* Write what was found: outcomes, the first failure, injections, the end. */
void batch_tell(const struct batch_config *config, const struct batch_result *result,
	struct snarl_actor *const *actors);

#endif
