/*
 * unmodelled.h - calls that leave what the engine sees.
 *
 * A variant's call of a function that is neither instrumented nor modelled goes through a stub that
 * the build makes (injectors/outside.awk). Each such call is a step of its class, so that others
 * may run before it; between two steps it is atomic. The engine may claim to have seen all
 * schedules only if every call of the actors is modelled or harmless.
 */
#ifndef SNARL_EXPLORE_UNMODELLED_H
#define SNARL_EXPLORE_UNMODELLED_H

#include <stdbool.h>

/* Whether the variant can leave the model at all: by a call, or by inline assembly. */
bool outside_possible(void);

/* Forget which calls were made. */
void outside_forget(void);

/* The running actor's call uses a path: outside the case's folder nothing is put back. */
void outside_path(const char *path, const char *call);

/* The calls of actors since then that forbid the claim, "strtok, rename"; NULL: there are none. */
const char *outside_unknown(void);

#endif
