/* failure.h - the page of one case. */
#ifndef SNARL_REPORTS_FAILURE_H
#define SNARL_REPORTS_FAILURE_H

#include "page.h"

/* Write it. 0 or a negative errno. */
int failure_write(const struct report *report, const struct case_view *case_view);

#endif
