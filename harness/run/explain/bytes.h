/* bytes.h - the bytes of a message as a person reads them. */
#ifndef SNARL_RUN_BYTES_H
#define SNARL_RUN_BYTES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Decode hexadecimal digits into at most `most` bytes; returns how many there were. */
size_t bytes_decode(const char *hex, unsigned char *bytes, size_t most);

/* Whether they are text: nothing but letters, line ends and NULs, at least half of it letters. */
bool bytes_are_text(const unsigned char *bytes, size_t count);

/*
 * One byte: "a", "\n", "." for one that is no letter; or "0a" in hexadecimal. Static or in `text`.
 */
const char *byte_text(unsigned char byte, bool as_text, char text[3]);

/*
 * All `count` bytes, of which the first `known` are given: "'go north'", "01 02 03 …"; at most
 * about `letters` long. To be freed.
 */
char *bytes_text(const unsigned char *bytes, size_t known, size_t count, size_t letters);

/*
 * "producer#3", if they begin with an item that an actor of this line of the catalogue may have
 * made; to be freed; NULL if not.
 */
char *bytes_item(const unsigned char *bytes, size_t known, const json_t *subject);

#endif
