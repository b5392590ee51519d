/*
 * junit.c - results as JUnit XML: a testsuite per scenario, a testcase per case. A case fails if
 * somebody has to look at it; the replay line is in its <failure>. A scenario that misuses snarl.h
 * is an <error>. What an expected failure showed is in its <system-out>.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "exports.h"
#include "field.h"
#include "result.h"
#include "rows.h"
#include "text.h"

/* Whether XML 1.0 can hold the character, in whatever form. */
static bool is_xml(uint32_t character)
{
	return character >= 0x20 ? character != 0xfffe && character != 0xffff
				 : character == '\t' || character == '\n' || character == '\r';
}

/*
 * Text, in an element or in a quoted attribute. White space is escaped as well, because a reader
 * turns it into blanks in attributes. U+FFFD replaces what XML cannot hold, and bytes that are not
 * UTF-8; marks that reverse the direction of writing are made visible.
 */
static void text_write(FILE *file, const char *text)
{
	while (*text) {
		uint32_t character;
		size_t size = text_character(text, &character);

		if (!size || !is_xml(character))
			fputs("\xef\xbf\xbd", file);
		else if (text_reverses(character))
			fprintf(file, "[U+%04X]", character);
		else if (character < 0x20 || (character >= 0x7f && character < 0xa0) ||
			 (character < 0x80 && strchr("&<>\"'", (int)character)))
			fprintf(file, "&#%u;", character);
		else
			fwrite(text, 1, size, file);
		text += size ? size : 1;
	}
}

static void attribute_write(FILE *file, const char *name, const char *value)
{
	fprintf(file, " %s=\"", name);
	text_write(file, value);
	fputc('"', file);
}

/* A line of text, in an element. */
static void line_write(FILE *file, char *line)
{
	text_write(file, line);
	fputc('\n', file);
	free(line);
}

enum standing { PASSED, FAILED, ERRED, SKIPPED, STANDINGS };

static enum standing standing_of(const json_t *one)
{
	const char *outcome = field_text(one, "outcome");

	if (is(outcome, outcome_name(OUTCOME_SKIPPED)))
		return SKIPPED;
	if (is(outcome, outcome_name(OUTCOME_ERROR)))
		return ERRED;
	return outcome_named_alarms(outcome) ? FAILED : PASSED;
}

/* What was seen: the sentence, how to see it again, and the interleaving. */
static void finding_write(FILE *file, const json_t *one)
{
	const json_t *trace = field_array(one, "trace");
	struct span drawn = trace_drawn(trace);

	line_write(file, format("%s, %s: %s", field_text(one, "outcome"),
				 field_text(one, "verdict"), field_text(one, "message")));
	if (*field_text(one, "token"))
		line_write(file, format("replay: snarl replay %s", field_text(one, "token")));
	for (size_t i = drawn.from; i < drawn.to; i++) {
		const json_t *step = json_array_get(trace, i);

		line_write(file, format("%4zu  %s:%lld  %s: %s", i + 1, field_text(step, "file"),
					 (long long)field_integer(step, "line", 0),
					 field_text(step, "actor"), field_text(step, "sentence")));
	}
}

static void case_write(FILE *file, const json_t *one)
{
	enum standing standing = standing_of(one);

	fputs("    <testcase", file);
	attribute_write(file, "classname", field_text(one, "scenario"));
	fputs(" name=\"", file);
	text_write(file, field_text(one, "variant"));
	fputs(" (", file);
	text_write(file, field_text(one, "engine"));
	fprintf(file, ")\" time=\"%.3f\">\n", field_real(one, "seconds"));
	if (standing == SKIPPED) {
		fputs("      <skipped", file);
		attribute_write(file, "message", field_text(one, "message"));
		fputs("/>\n", file);
	} else if (standing == FAILED) {
		fputs("      <failure", file);
		attribute_write(file, "type", field_text(one, "verdict"));
		attribute_write(file, "message", field_text(one, "message"));
		fputs(">", file);
		finding_write(file, one);
		fputs("</failure>\n", file);
	} else if (standing == ERRED) {
		fputs("      <error type=\"misuse\"", file);
		attribute_write(file, "message", field_text(one, "message"));
		fputs("/>\n", file);
	} else if (!is(field_text(one, "verdict"), "clean")) {
		fputs("      <system-out>", file);
		finding_write(file, one);
		fputs("</system-out>\n", file);
	}
	fputs("    </testcase>\n", file);
}

/* Write the counts of the cases [from, to) as attributes, and close the tag. */
static void counts_write(FILE *file, const json_t *cases, size_t from, size_t to)
{
	unsigned counts[STANDINGS] = {0};
	double seconds = 0;

	for (size_t i = from; i < to; i++) {
		counts[standing_of(json_array_get(cases, i))]++;
		seconds += field_real(json_array_get(cases, i), "seconds");
	}
	fprintf(file,
		" tests=\"%zu\" failures=\"%u\" errors=\"%u\" skipped=\"%u\" time=\"%.3f\">\n",
		to - from, counts[FAILED], counts[ERRED], counts[SKIPPED], seconds);
}

/* The end of the cases of the scenario at `from`; they are in order of their scenarios. */
static size_t suite_end(const json_t *cases, size_t from)
{
	const char *scenario = field_text(json_array_get(cases, from), "scenario");
	size_t to = from;

	while (to < json_array_size(cases) &&
		is(field_text(json_array_get(cases, to), "scenario"), scenario))
		to++;
	return to;
}

void junit_write(struct store *store, const json_t *cases, FILE *file)
{
	(void)store;
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"snarl\"", file);
	counts_write(file, cases, 0, json_array_size(cases));
	for (size_t from = 0, to; from < json_array_size(cases); from = to) {
		to = suite_end(cases, from);
		fputs("  <testsuite", file);
		attribute_write(file, "name", field_text(json_array_get(cases, from), "scenario"));
		counts_write(file, cases, from, to);
		for (size_t i = from; i < to; i++)
			case_write(file, json_array_get(cases, i));
		fputs("  </testsuite>\n", file);
	}
	fputs("</testsuites>\n", file);
}
