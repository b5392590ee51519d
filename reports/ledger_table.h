/*
 * ledger_table.h - the ledger of the failing execution: who put each item where, who took it, and
 * what became of it.
 */
#ifndef SNARL_REPORTS_LEDGER_TABLE_H
#define SNARL_REPORTS_LEDGER_TABLE_H

#include "page.h"

/* Write the section; nothing if the case has no ledger. */
void ledger_write(struct html *html, const struct case_view *case_view);

#endif
