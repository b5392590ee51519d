/* rates.h - how often one case failed, under the rules of each run. */
#ifndef SNARL_REPORTS_RATES_H
#define SNARL_REPORTS_RATES_H

#include "page.h"

/* Write the section; nothing if there is nothing to compare. */
void rates_write(struct html *html, const struct report *report, const struct case_view *case_view);

#endif
