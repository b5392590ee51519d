/* libc_string.h - the C library's functions on strings and blocks in shared memory. */
#ifndef SNARL_EXPLORE_LIBC_STRING_H
#define SNARL_EXPLORE_LIBC_STRING_H

#include <stddef.h>

/* Read a string as strnlen does, step by step. Returns its length, or `most`. */
size_t text_read(const char *text, size_t most, const void *pc, const void *sp);

#endif
