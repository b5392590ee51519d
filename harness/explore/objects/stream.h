/* stream.h - the locks of streams. */
#ifndef SNARL_EXPLORE_STREAM_H
#define SNARL_EXPLORE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The running actor calls a function of the C library on streams: wait for those that are locked.
 */
void streams_pass(const char *call, const uintptr_t *arguments, unsigned count, const void *pc);

/* Provider of names (address.h). */
bool stream_name(uintptr_t address, char *text, size_t size);

#endif
