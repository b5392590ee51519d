/* named.h - which subjects a word names. */
#ifndef SNARL_CLI_NAMED_H
#define SNARL_CLI_NAMED_H

#include "command.h"
#include "subject.h"

/* "SCENARIO/VARIANT", to be freed. */
char *subject_full_name(const struct subject *subject);

/* Whether the subject is what the word names: SCENARIO, SCENARIO/VARIANT, or a glob of either. */
bool subject_fits(const struct subject *subject, const char *word);

/* Whether the subject is among those named; all are if none is. */
bool subject_named(const struct string_list *names, const struct subject *subject);

/* Whether one of the globs is in the subject's name SCENARIO/VARIANT, or there is none. */
bool subject_has(const struct string_list *globs, const struct subject *subject);

#endif
