/* named.c - which subjects a word names. */
#define _GNU_SOURCE
#include "named.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* Whether the word is a glob, and not a name. */
static bool is_glob(const char *word)
{
	return strpbrk(word, "*?[");
}

bool subject_fits(const struct subject *subject, const char *word)
{
	char *name;
	bool fits;

	if (!is_glob(word))
		return subject_matches(subject, word);
	name = format("%s%s%s", subject->scenario, strchr(word, '/') ? "/" : "",
		strchr(word, '/') ? subject->name : "");
	fits = fnmatch(word, name, 0) == 0;
	free(name);
	return fits;
}

char *subject_full_name(const struct subject *subject)
{
	return format("%s/%s", subject->scenario, subject->name);
}

bool subject_named(const struct string_list *names, const struct subject *subject)
{
	for (unsigned i = 0; i < names->count; i++)
		if (subject_fits(subject, names->word[i]))
			return true;
	return names->count == 0;
}

bool subject_has(const struct string_list *globs, const struct subject *subject)
{
	char *name = subject_full_name(subject);
	bool has = globs->count == 0;

	for (unsigned i = 0; i < globs->count && !has; i++) {
		char *inside = format("*%s*", globs->word[i]);

		has = fnmatch(inside, name, 0) == 0;
		free(inside);
	}
	free(name);
	return has;
}
