/* ipc_page.h - the page that compares the mechanisms of communication. */
#ifndef SNARL_REPORTS_IPC_PAGE_H
#define SNARL_REPORTS_IPC_PAGE_H

#include "page.h"

/* Write ipc.html; for a report that has one. 0 or a negative errno. */
int ipc_page_write(const struct report *report);

/* The line of the index that leads to it. */
void ipc_link_write(struct html *html, const struct report *report);

#endif
