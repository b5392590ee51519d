/* diff.c - the difference of two texts by lines: what is kept is a longest common subsequence. */
#define _GNU_SOURCE
#include "diff.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "text.h"

enum {
	CONTEXT = 3,	     /* lines kept around a change */
	CELLS_MAX = 4 << 20, /* beyond this many, what lies between the common ends is replaced */
};

struct line {
	const char *text;
	size_t length;
};

/* A line of the result: kept ' ', removed '-', or added '+'. */
struct edit {
	char mark;
	struct line line;
};

struct edits {
	struct edit *all;
	size_t count;
};

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count + 1, size);

	if (!memory)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	return memory;
}

static struct line *lines_of(const char *text, size_t *count)
{
	size_t most = 1;
	struct line *lines;

	for (const char *at = text; *at; at++)
		most += *at == '\n';
	lines = allocate(most, sizeof *lines);
	for (*count = 0; *text; ++*count) {
		const char *end = strchrnul(text, '\n');

		lines[*count] = (struct line){text, (size_t)(end - text)};
		text = *end ? end + 1 : end;
	}
	return lines;
}

static bool same(const struct line *a, const struct line *b)
{
	return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

static void edit_add(struct edits *edits, char mark, const struct line *line)
{
	edits->all[edits->count++] = (struct edit){mark, *line};
}

/*
 * How long the longest common subsequence is of the lines from i and those from j, at
 * [i * (m + 1) + j].
 */
static uint32_t *lengths_make(const struct line *from, size_t n, const struct line *to, size_t m)
{
	size_t width = m + 1;
	uint32_t *lengths = allocate((n + 1) * width, sizeof *lengths);

	for (size_t i = n; i-- > 0;)
		for (size_t j = m; j-- > 0;) {
			uint32_t down = lengths[(i + 1) * width + j];
			uint32_t right = lengths[i * width + j + 1];

			lengths[i * width + j] = same(&from[i], &to[j])
							 ? lengths[(i + 1) * width + j + 1] + 1
						 : down > right ? down
								: right;
		}
	return lengths;
}

static void middle_add(
	struct edits *edits, const struct line *from, size_t n, const struct line *to, size_t m)
{
	uint32_t *lengths = n * m <= CELLS_MAX ? lengths_make(from, n, to, m) : NULL;
	size_t i = 0, j = 0;

	while (lengths && i < n && j < m) {
		if (same(&from[i], &to[j])) {
			edit_add(edits, ' ', &from[i++]);
			j++;
		} else if (lengths[(i + 1) * (m + 1) + j] >= lengths[i * (m + 1) + j + 1]) {
			edit_add(edits, '-', &from[i++]);
		} else {
			edit_add(edits, '+', &to[j++]);
		}
	}
	while (i < n)
		edit_add(edits, '-', &from[i++]);
	while (j < m)
		edit_add(edits, '+', &to[j++]);
	free(lengths);
}

static struct edits edits_make(const char *before, const char *after)
{
	size_t n, m, head = 0, tail = 0;
	struct line *from = lines_of(before, &n), *to = lines_of(after, &m);
	struct edits edits = {.all = allocate(n + m, sizeof *edits.all)};

	while (head < n && head < m && same(&from[head], &to[head]))
		edit_add(&edits, ' ', &from[head++]);
	while (tail < n - head && tail < m - head && same(&from[n - tail - 1], &to[m - tail - 1]))
		tail++;
	middle_add(&edits, from + head, n - head - tail, to + head, m - head - tail);
	for (; tail; tail--)
		edit_add(&edits, ' ', &from[n - tail]);
	free(from);
	free(to);
	return edits;
}

/* The end of the hunk with the change at `at`: changes near each other share one. */
static size_t hunk_end(const struct edits *edits, size_t at)
{
	size_t last = at;

	for (; at < edits->count && at - last <= 2 * CONTEXT + 1; at++)
		if (edits->all[at].mark != ' ')
			last = at;
	return last + 1 + CONTEXT < edits->count ? last + 1 + CONTEXT : edits->count;
}

static size_t marked(const struct edits *edits, size_t from, size_t to, char without)
{
	size_t count = 0;

	for (; from < to; from++)
		count += edits->all[from].mark != without;
	return count;
}

static void hunk_print(FILE *out, const struct edits *edits, size_t from, size_t to)
{
	size_t removed = marked(edits, from, to, '+'), added = marked(edits, from, to, '-');

	/* Of nothing, the line before it is named. */
	fprintf(out, "@@ -%zu,%zu +%zu,%zu @@\n", marked(edits, 0, from, '+') + (removed > 0),
		removed, marked(edits, 0, from, '-') + (added > 0), added);
	for (; from < to; from++)
		fprintf(out, "%c%.*s\n", edits->all[from].mark, (int)edits->all[from].line.length,
			edits->all[from].line.text);
}

char *diff_unified(const char *before_name, const char *before, const char *after_name,
	const char *after, size_t *changed)
{
	struct edits edits = edits_make(before, after);
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	*changed = 0;
	for (size_t i = 0, end = 0; i < edits.count; i++) {
		size_t from = i > end + CONTEXT ? i - CONTEXT : end;

		if (edits.all[i].mark == ' ')
			continue;
		if (!*changed)
			fprintf(out, "--- %s\n+++ %s\n", before_name, after_name);
		end = hunk_end(&edits, i);
		hunk_print(out, &edits, from, end);
		for (; i < end; i++)
			*changed += edits.all[i].mark != ' ';
		i--;
	}
	fclose(out);
	free(edits.all);
	return text;
}
