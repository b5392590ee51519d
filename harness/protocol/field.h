/*
 * field.h - reading JSON that may be older than this program, or damaged: a field that is missing
 * or of another type reads as absent, and absent objects and arrays (NULL) read as empty.
 */
#ifndef SNARL_PROTOCOL_FIELD_H
#define SNARL_PROTOCOL_FIELD_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* The string, or "" if absent. It belongs to `object`. */
const char *field_text(const json_t *object, const char *name);

/* Whether the string is this word. */
bool field_is(const json_t *object, const char *name, const char *word);

int64_t field_integer(const json_t *object, const char *name, int64_t absent);
double field_real(const json_t *object, const char *name); /* 0 if absent */
bool field_true(const json_t *object, const char *name);

/* The array, or NULL. */
json_t *field_array(const json_t *object, const char *name);

#endif
