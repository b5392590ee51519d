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
