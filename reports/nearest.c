/* nearest.c - what a broken variant differs in from the nearest correct one. */
#include "nearest.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diff.h"
#include "field.h"
#include "text.h"

/*
 * A source without its head comment, which differs in each variant; `*lines` receives its length.
 */
static const char *code_of(const char *text, int64_t *lines)
{
	const char *end = strncmp(text, "/*", 2) == 0 ? strstr(text, "*/\n") : NULL;

	*lines = 0;
	if (!end)
		return text;
	end += strlen("*/\n");
	for (; text < end; text++)
		*lines += *text == '\n';
	return end;
}

/*
 * "@@ -3,7 +3,8 @@" counts lines from the start of the code; write the line numbers of the files,
 * whose head comments have so many lines.
 */
static void hunk_write(FILE *to, const char *line, int64_t before, int64_t after)
{
	int64_t old = 0, old_lines = 1, new = 0, new_lines = 1;
	const char *plus = strchr(line, '+');

	sscanf(line, "@@ -%" SCNd64 ",%" SCNd64, &old, &old_lines);
	if (plus)
		sscanf(plus, "+%" SCNd64 ",%" SCNd64, &new, &new_lines);
	fprintf(to, "@@ -%" PRId64 ",%" PRId64 " +%" PRId64 ",%" PRId64 " @@\n", old + before,
		old_lines, new + after, new_lines);
}

/* The diff with the line numbers of the files, to be freed; takes `diff`. */
static char *diff_placed(char *diff, int64_t before, int64_t after)
{
	char *placed = NULL;
	size_t size;
	FILE *to = open_memstream(&placed, &size);

	for (const char *at = diff; to && *at;) {
		size_t length = strcspn(at, "\n");

		length += at[length] == '\n';
		if (*at == '@')
			hunk_write(to, at, before, after);
		else
			fwrite(at, 1, length, to);
		at += length;
	}
	free(diff);
	return to && fclose(to) == 0 ? placed : NULL;
}

struct nearest nearest_find(const char *path, const char *text, const json_t *correct)
{
	struct nearest nearest = {.diff = NULL};
	size_t i, changed, least = SIZE_MAX;
	int64_t before, after;
	const char *code = code_of(text, &before);
	const json_t *json;

	json_array_foreach(correct, i, json) {
		const char *name = field_text(json, "path");
		const char *other = code_of(field_text(json, "text"), &after);
		char *diff;

		if (is(name, path))
			continue;
		diff = diff_unified(path, code, name, other, &changed);
		if (changed >= least) {
			free(diff);
			continue;
		}
		least = changed;
		free(nearest.diff);
		nearest = (struct nearest){diff_placed(diff, before, after), name};
	}
	return nearest;
}
