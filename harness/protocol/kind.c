/* kind.c - the names of the kinds of bugs, in the order of enum snarl_kind's bits. */
#include "kind.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *const words[] = {
	"data-race",
	"lost-update",
	"overwrite",
	"lost-item",
	"duplicate-item",
	"stale-read",
	"torn-message",
	"out-of-order",
	"lost-wakeup",
	"deadlock",
	"lock-order",
	"livelock",
	"hang",
	"starvation",
	"leak",
	"crash",
	"assertion",
};

enum { WORDS = sizeof words / sizeof *words };

bool kinds_known(unsigned kinds)
{
	return kinds && !(kinds >> WORDS);
}

const char *kind_name(unsigned kinds)
{
	for (int i = 0; i < WORDS; i++)
		if (kinds & 1u << i)
			return words[i];
	return "clean";
}

const char *kind_names(unsigned kinds, char *buffer, size_t size)
{
	size_t used = 0;

	kinds &= (1u << WORDS) - 1;
	snprintf(buffer, size, "%s", kinds ? "" : "clean");
	for (int i = 0; i < WORDS && used < size; i++)
		if (kinds & 1u << i)
			used += (size_t)snprintf(
				buffer + used, size - used, "%s%s", used ? "|" : "", words[i]);
	return buffer;
}

int kind_parse(const char *text, unsigned *kinds)
{
	*kinds = 0;
	if (strcmp(text, "clean") == 0)
		return 0;
	while (*text) {
		size_t length = strcspn(text, "|");
		int i = 0;

		while (i < WORDS &&
			(strlen(words[i]) != length || memcmp(words[i], text, length) != 0))
			i++;
		if (i == WORDS)
			return -EINVAL;
		*kinds |= 1u << i;
		text += length;
		if (*text == '|' && !*++text)
			return -EINVAL;
	}
	return *kinds ? 0 : -EINVAL;
}
