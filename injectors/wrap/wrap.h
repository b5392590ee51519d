/*
 * wrap.h - wrapped calls: one file each, named after the call it stands for.
 *
 * The build takes the list of wrapped calls from the names of these files and points a variant's
 * references to `call` at `snarl_wrap_call`. Only the scenario's own object code is redirected, so
 * that the harness's calls are never injected. A wrapper that nothing refers to is not linked.
 */
#ifndef SNARL_INJECTORS_WRAP_H
#define SNARL_INJECTORS_WRAP_H

#include "inject.h"

#endif
