/* scene.c - words in messages, and what was found. */
#include "scene.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

static bool in_word(char letter)
{
	return isalnum((unsigned char)letter) || letter == '_' || letter == '#';
}

bool has_word(const char *text, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = text; length && (at = strstr(at, word)); at++)
		if ((at == text || !in_word(at[-1])) && !in_word(at[length]))
			return true;
	return false;
}

bool message_names(const struct scene *scene, const char *variable)
{
	char *whole = format("%.*s", (int)strcspn(variable, "[.+"), variable);
	bool named = has_word(scene->message, whole);

	free(whole);
	return named;
}

void culprit_set(struct scene *scene, size_t step, char *note, char *cause)
{
	scene->culprit.known = true;
	scene->culprit.step = step;
	scene->culprit.note = note;
	scene->culprit.cause = cause;
}

void culprit_link(struct scene *scene, ssize_t step)
{
	struct culprit *culprit = &scene->culprit;

	if (step != NOWHERE && (size_t)step < scene->count &&
		culprit->link_count < CULPRIT_LINKS_MAX)
		culprit->links[culprit->link_count++] = (size_t)step;
}
