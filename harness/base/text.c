/* text.c - strings: formatting, and text for people. */
#define _GNU_SOURCE
#include "text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "exit.h"

void die(int code, const char *text, ...)
{
	va_list arguments;

	va_start(arguments, text);
	fprintf(stderr, "snarl: ");
	vfprintf(stderr, text, arguments);
	fprintf(stderr, "\n");
	va_end(arguments);
	exit(code);
}

char *format(const char *text, ...)
{
	va_list arguments;
	char *string;

	va_start(arguments, text);
	if (vasprintf(&string, text, arguments) < 0)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	va_end(arguments);
	return string;
}

size_t text_character(const char *text, uint32_t *character)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000}; /* below: overlong */
	const unsigned char *at = (const unsigned char *)text;
	size_t size = *at < 0x80   ? 1
		      : *at < 0xc2 ? 0
		      : *at < 0xe0 ? 2
		      : *at < 0xf0 ? 3
		      : *at < 0xf5 ? 4
				   : 0;

	*character = size < 2 ? *at : *at & (0x7fu >> size);
	for (size_t i = 1; i < size; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		*character = *character << 6 | (at[i] & 0x3f);
	}
	if (size && (*character < least[size] || *character > 0x10ffff ||
			    (*character >= 0xd800 && *character <= 0xdfff)))
		return 0;
	return size;
}

bool text_controls(uint32_t character)
{
	return character < 0x20 || (character >= 0x7f && character < 0xa0);
}

bool text_reverses(uint32_t character)
{
	return (character >= 0x202a && character <= 0x202e) ||
	       (character >= 0x2066 && character <= 0x2069) || character == 0x200e ||
	       character == 0x200f || character == 0x061c;
}

char *text_tame(char *text)
{
	char *to = text;

	for (const char *at = text; *at;) {
		uint32_t character;
		size_t size = text_character(at, &character);
		bool shown = size && !text_controls(character) && !text_reverses(character);

		memmove(to, shown ? at : "?", shown ? size : 1);
		to += shown ? size : 1;
		at += size ? size : 1;
	}
	*to = '\0';
	return text;
}

char *text_cut(char *text, size_t most)
{
	size_t length = strlen(text);

	if (length <= most)
		return text;
	while (most && ((unsigned char)text[most] & 0xc0) == 0x80)
		most--;
	text[most] = '\0';
	return text;
}

const char *text_grouped(uint64_t number, char text[TEXT_NUMBER_MAX])
{
	char digits[TEXT_NUMBER_MAX];
	int length = snprintf(digits, sizeof digits, "%" PRIu64, number), at = 0;

	for (int i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			text[at++] = ',';
		text[at++] = digits[i];
	}
	text[at] = '\0';
	return text;
}

const char *text_size(uint64_t bytes, char text[TEXT_NUMBER_MAX])
{
	static const char *const units[] = {"B", "KiB", "MiB"};
	unsigned unit = 0;

	while (unit < 2 && bytes >= 1024) {
		bytes >>= 10;
		unit++;
	}
	snprintf(text, TEXT_NUMBER_MAX, "%" PRIu64 " %s", bytes, units[unit]);
	return text;
}
