/*
 * args.h - the arguments that a program's main gets, behind its name.
 */
#ifndef SNARL_PROTOCOL_ARGS_H
#define SNARL_PROTOCOL_ARGS_H

#include <jansson.h>

enum { ARGS_MAX = 512 }; /* bytes, with a NUL behind each argument */

struct args {
	unsigned size;
	char text[ARGS_MAX];
};

/* Add an argument. 0, -ENOSPC, or -EINVAL because it is not UTF-8, as JSON has to be. */
int args_add(struct args *args, const char *word);

/* The argument after this one; the first after NULL; NULL after the last. */
char *args_next(struct args *args, const char *word);

/* As an array of texts. */
json_t *args_json(const struct args *args);

/* Add those of an array, which may be NULL. 0 or -EINVAL. */
int args_read(const json_t *array, struct args *args);

#endif
