/* ledger.h - the room that one actor's log of one execution needs. */
#ifndef SNARL_CORE_LEDGER_H
#define SNARL_CORE_LEDGER_H

#include <stddef.h>

enum { LEDGER_ITEMS_MAX = 1024 };

/* Bytes of a log with the scenario's capacity. */
size_t ledger_log_size(void);

#endif
