/* refuse.c - a word that is not valid: which one was meant, or which ones there are. */
#include "refuse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "terminal.h"
#include "text.h"

enum { COMPARED_MAX = 64, PREFIX_MIN = 3, UNLIKE_MAX = 3, LIST_INDENT = 8 };

static unsigned least(unsigned one, unsigned other)
{
	return one < other ? one : other;
}

/* How many letters have to be put in, left out, replaced or swapped with their neighbour. */
static unsigned distance(const char *one, const char *other)
{
	unsigned rows[3][COMPARED_MAX + 1] = {{0}}, *last = rows[0], *row = rows[1],
					*before = rows[2];
	size_t width = strlen(other);

	for (unsigned k = 0; k <= width; k++)
		row[k] = k;
	for (unsigned i = 1; one[i - 1]; i++) {
		unsigned *reused = before;

		before = last;
		last = row;
		row = reused;
		row[0] = i;
		for (unsigned k = 1; k <= width; k++) {
			row[k] = least(least(last[k], row[k - 1]) + 1,
				last[k - 1] + (one[i - 1] != other[k - 1]));
			if (i > 1 && k > 1 && one[i - 1] == other[k - 2] &&
				one[i - 2] == other[k - 1])
				row[k] = least(row[k], before[k - 2] + 1);
		}
	}
	return row[width];
}

/* 0: certainly meant; a word's beginning is as good as one wrong letter. */
static unsigned unlikeness(const char *given, const char *word)
{
	const char *slash = strchr(word, '/');
	size_t length = strlen(given);

	if (slash && is(slash + 1, given))
		return 0;
	if (length >= PREFIX_MIN && strncmp(word, given, length) == 0)
		return 1;
	return length > COMPARED_MAX || strlen(word) > COMPARED_MAX ? COMPARED_MAX
								    : distance(given, word);
}

const char *word_near(const char *given, const struct string_list *valid)
{
	unsigned most = least((unsigned)strlen(given) / 3, UNLIKE_MAX), nearest;
	const char *near = NULL;

	nearest = (most ? most : 1) + 1;
	for (unsigned i = 0; *given && i < valid->count; i++) {
		unsigned unlike = unlikeness(given, valid->word[i]);

		if (unlike >= nearest)
			continue;
		nearest = unlike;
		near = valid->word[i];
	}
	return near;
}

void word_refuse(const char *what, const char *given, const struct string_list *valid)
{
	const char *near = word_near(given, valid);
	char *text;

	if (near)
		die(EXIT_USAGE, "%s: did you mean '%s'?", what, near);
	text = format("snarl: %s; valid:", what);
	for (unsigned i = 0; i < valid->count; i++) {
		char *longer = format("%s %s", text, valid->word[i]);

		free(text);
		text = longer;
	}
	words_print(stderr, text, 0, LIST_INDENT, terminal_width(STDERR_FILENO));
	exit(EXIT_USAGE);
}

void word_check(const char *kind, const char *given, const struct string_list *valid)
{
	for (unsigned i = 0; i < valid->count; i++)
		if (is(given, valid->word[i]))
			return;
	word_refuse(format("unknown %s '%s'", kind, given), given, valid);
}
