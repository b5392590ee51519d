/* index.h - the page that leads to all others. */
#ifndef SNARL_REPORTS_INDEX_H
#define SNARL_REPORTS_INDEX_H

#include "page.h"

/* Write index.html. 0 or a negative errno. */
int index_write(const struct report *report);

#endif
