/* terminal.c - what a descriptor can show to a person. */
#include "terminal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "text.h"

struct common_options common_options = {"auto", "auto"};

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

/* The columns of the first `size` bytes. */
static unsigned columns_of(const char *text, size_t size)
{
	unsigned columns = 0;

	for (size_t i = 0; i < size; i++)
		columns += ((unsigned char)text[i] & 0xc0) != 0x80;
	return columns;
}

unsigned text_columns(const char *text)
{
	return columns_of(text, strlen(text));
}

void words_print(FILE *out, const char *text, unsigned at, unsigned indent, unsigned width)
{
	while (*text) {
		size_t spaces = strspn(text, " "), length = strcspn(text + spaces, " ");
		unsigned columns = columns_of(text, spaces + length);

		if (at > indent && at + columns > width) {
			fprintf(out, "\n%*s", (int)indent, "");
			at = indent;
			text += spaces;
			columns -= (unsigned)spaces;
			spaces = 0;
		}
		fprintf(out, "%.*s", (int)(spaces + length), text);
		at += columns;
		text += spaces + length;
	}
	fputc('\n', out);
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
