/* loops.h - what a waiting loop reads, and who is left to change it, as far as a trace shows it. */
#ifndef SNARL_RUN_LOOPS_H
#define SNARL_RUN_LOOPS_H

#include <jansson.h>

/* Say why the loops of a wait-for graph (`waits` of result.h) do not end. */
void loops_explain(json_t *waits, const json_t *trace);

#endif
