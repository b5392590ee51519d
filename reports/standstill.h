/* standstill.h - who waited for whom when progress stopped, as a section of a page. */
#ifndef SNARL_REPORTS_STANDSTILL_H
#define SNARL_REPORTS_STANDSTILL_H

#include "page.h"
#include "source.h"

/* Write the section: in words, as a drawing, and with all stacks; nothing if nothing got stuck. */
void standstill_write(struct html *html, const struct shown *shown, const struct sources *sources);

#endif
