/* terminal.c - what a descriptor can show to a person. */
#include "terminal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "command.h"
#include "text.h"

bool terminal_colored(int fd)
{
	const char *none = getenv("NO_COLOR"), *term = getenv("TERM");

	if (strcmp(common_options.color, "auto") != 0)
		return strcmp(common_options.color, "always") == 0;
	return isatty(fd) && !(none && *none) && !(term && strcmp(term, "dumb") == 0);
}

unsigned terminal_width(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col)
		return size.ws_col;
	return 80;
}

void json_print(const json_t *json)
{
	char *line = json_dumps(json, JSON_COMPACT);

	for (const char *at = line ? line : ""; *at;) {
		uint32_t character;
		size_t size = text_character(at, &character);

		if (text_controls(character) || text_reverses(character))
			printf("\\u%04" PRIx32, character);
		else
			fwrite(at, 1, size, stdout);
		at += size;
	}
	putchar('\n');
	free(line);
}
