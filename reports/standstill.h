/* standstill.h - who waited for whom when nothing went on any more, as a section of a page. */
#ifndef SNARL_REPORTS_STANDSTILL_H
#define SNARL_REPORTS_STANDSTILL_H

#include "page.h"
#include "source.h"

/* Write the section: in words, drawn, and with all stacks; nothing where nothing got stuck. */
void standstill_write(struct html *html, const struct shown *shown, const struct sources *sources);

#endif
