/* ledger.h - the size of one actor's log of one execution. */
#ifndef SNARL_CASE_LEDGER_H
#define SNARL_CASE_LEDGER_H

#include <stddef.h>
#include <stdint.h>

#include "snarl.h"

enum { LEDGER_ITEMS_MAX = 1024, LEDGER_NAME_MAX = 64 };

/* An item is its producer's index plus one, followed by its sequence. */
enum { LEDGER_PRODUCER_SHIFT = 24, LEDGER_SEQUENCE_MASK = (1 << LEDGER_PRODUCER_SHIFT) - 1 };

/* Bytes of a log with the scenario's capacity. */
size_t ledger_log_size(void);

/* How many of the `logged` entries of one side of a log it had the capacity for. */
uint32_t ledger_kept(uint32_t logged);

/* "producer#3"; "nothing" for 0; the number itself if it is no actor's item. */
const char *ledger_item_name(
	struct snarl_actor *const *actors, snarl_item item, char text[LEDGER_NAME_MAX]);

#endif
