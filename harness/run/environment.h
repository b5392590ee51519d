/* environment.h - the environment of a run: commit, compiler, machine. */
#ifndef SNARL_RUN_ENVIRONMENT_H
#define SNARL_RUN_ENVIRONMENT_H

#include <jansson.h>

#include "catalog.h"

/* {"commit","clang","kernel","machine","cpu","cpus","libfiu","flags":{engine: text}} */
json_t *environment_json(const struct catalog *catalog);

#endif
