/*
 * scenario.h - the page of a scenario: its variants under each engine, what each does, and the fix
 * of each broken one. The pages of all scenarios, one after the other, are a course.
 */
#ifndef SNARL_REPORTS_SCENARIO_H
#define SNARL_REPORTS_SCENARIO_H

#include "page.h"

/* Write the page of the scenario whose cases begin at `from`. 0 or a negative errno. */
int scenario_write(const struct report *report, size_t from);

#endif
