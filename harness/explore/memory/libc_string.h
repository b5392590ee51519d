/* libc_string.h - what the C library's functions do to texts and blocks in shared memory. */
#ifndef SNARL_EXPLORE_LIBC_STRING_H
#define SNARL_EXPLORE_LIBC_STRING_H

#include <stddef.h>

/* Read a text as strnlen does, step by step: its length, or `most`. */
size_t text_read(const char *text, size_t most, const void *pc, const void *sp);

#endif
