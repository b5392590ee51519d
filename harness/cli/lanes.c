/*
 * lanes.c - an interleaving on the terminal.
 *
 * Only one actor moves in a step, so the lanes to the right of its own are empty in that row: its
 * text may continue into them. So lanes can be narrower than their texts are long, and eight of
 * them fit where otherwise there would be room for two.
 */
#define _GNU_SOURCE
#include "lanes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exit.h"
#include "field.h"
#include "rows.h"
#include "snarl.h"
#include "story.h"
#include "terminal.h"
#include "text.h"

enum {
	WIDTH_PLAIN = 80, /* if the terminal is too narrow for lanes */
	TEXT_WIDTH = 30,  /* that a text needs, before lanes move apart */
	LANE_WIDTH = 5,
	VALUE_WIDTH = 14,
	LEAD_WIDTH = 10, /* " 1234 ⤷!  " */
	GAP_WIDTH = 2,
};

struct lanes {
	const json_t *trace;
	size_t count; /* of steps */
	struct story story;
	struct roster roster;
	unsigned step_width; /* from one lane to the next */
	const char *observed[SNARL_OBSERVED_MAX];
	unsigned observed_width[SNARL_OBSERVED_MAX], observed_count;
	unsigned text_columns; /* from the first lane to the values */
	bool colored;
};

/* --- text that fits ------------------------------------------------------------------------ */

static bool continues(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

static unsigned text_width(const char *text)
{
	unsigned width = 0;

	for (; *text; text++)
		width += !continues(*text);
	return width;
}

/* Bytes of the first `width` characters. */
static size_t text_bytes(const char *text, unsigned width)
{
	size_t bytes = 0;

	while (text[bytes] && (width || continues(text[bytes])))
		width -= !continues(text[bytes++]);
	return bytes;
}

/* Write at most `width` columns, the last `end` of them from its end, and blanks if `pad`. */
static void fit_print(const char *text, unsigned width, unsigned end, bool pad)
{
	char *tame = text_tame(format("%s", text));
	unsigned wide = text_width(tame);

	if (wide > width)
		printf("%.*s…%s", (int)text_bytes(tame, width - 1 - end), tame,
			tame + text_bytes(tame, wide - end));
	else
		printf("%s%*s", tame, pad ? (int)(width - wide) : 0, "");
	free(tame);
}

static void text_print(const char *text, unsigned width, bool pad)
{
	fit_print(text, width, 0, pad);
}

/* The name of one of many may end in what tells it from the others: "wor…17". */
static void name_print(const char *name, unsigned width, bool pad)
{
	fit_print(name, width, width / 2, pad);
}

static void color_print(const struct lanes *lanes, const char *color)
{
	if (lanes->colored && *color)
		printf("\033[%sm", color);
}

static const json_t *step_at(const struct lanes *lanes, size_t i)
{
	return json_array_get(lanes->trace, i);
}

/* --- the columns --------------------------------------------------------------------------- */

static unsigned value_width(const struct lanes *lanes, const char *name)
{
	unsigned most = text_width(name);

	for (size_t i = 0; i < lanes->story.row_count; i++) {
		const struct story_row *row = &lanes->story.rows[i];
		const char *value = step_value(step_at(lanes, row->steps.from), name);
		unsigned width = value && !row->folded ? text_width(value) : 0;

		most = width > most ? width : most;
	}
	return most < VALUE_WIDTH ? most : VALUE_WIDTH;
}

/* Show as many values as leave two thirds of the line to the lanes. */
static void values_fit(struct lanes *lanes, unsigned width)
{
	const json_t *observed = field_array(step_at(lanes, lanes->count - 1), "observed"), *one;
	unsigned used = 0;
	size_t i;

	json_array_foreach(observed, i, one) {
		const char *name = field_text(one, "name");
		unsigned needed = value_width(lanes, name) + GAP_WIDTH;

		if (lanes->observed_count == SNARL_OBSERVED_MAX || used + needed > width / 3)
			break;
		used += needed;
		lanes->observed_width[lanes->observed_count] = needed - GAP_WIDTH;
		lanes->observed[lanes->observed_count++] = name;
	}
	lanes->text_columns = width - LEAD_WIDTH - used;
}

static void lanes_fit(struct lanes *lanes)
{
	unsigned columns = lanes->text_columns, others = lanes->roster.count - 1;
	unsigned apart = columns / lanes->roster.count;

	if (others && apart < TEXT_WIDTH)
		apart = columns > TEXT_WIDTH ? (columns - TEXT_WIDTH) / others : 0;
	lanes->step_width = apart < LANE_WIDTH ? LANE_WIDTH : apart;
}

static unsigned stdout_width(void)
{
	unsigned width = terminal_width(STDOUT_FILENO);

	return width < WIDTH_PLAIN / 2 ? WIDTH_PLAIN : width;
}

/* --- rows ---------------------------------------------------------------------------------- */

static void blanks_print(unsigned count)
{
	printf("%*s", (int)count, "");
}

static void header_print(const struct lanes *lanes)
{
	blanks_print(LEAD_WIDTH);
	color_print(lanes, "1");
	for (unsigned i = 0; i < lanes->roster.count; i++) {
		bool last = i + 1 == lanes->roster.count;
		unsigned columns =
			last ? lanes->text_columns - i * lanes->step_width : lanes->step_width - 1;

		name_print(lanes->roster.actors[i], columns, !last || lanes->observed_count);
		if (!last)
			blanks_print(1);
	}
	for (unsigned i = 0; i < lanes->observed_count; i++) {
		blanks_print(GAP_WIDTH);
		text_print(lanes->observed[i], lanes->observed_width[i],
			i + 1 < lanes->observed_count);
	}
	color_print(lanes, "0");
	printf("\n");
}

/* "L43 writes counter: 5 → 6", to be freed. In a shared lane, the actor's name comes first. */
static char *step_text(const struct lanes *lanes, const json_t *step)
{
	const char *actor = field_text(step, "actor");
	bool named = roster_shared(&lanes->roster, actor);
	const char *sentence = field_text(step, "sentence"), *waits = field_text(step, "waits_for");
	const char *injected = field_text(step, "injected"), *held = field_text(step, "held_by");
	int64_t line = field_integer(step, "line", 0);
	bool blocked = *waits && !strstr(sentence, "waits for");
	char *place = line > 0 ? format("L%lld ", (long long)line) : format("%s", "");
	char *text = format("%s%s%s%s%s%s%s%s%s%s%s", named ? actor : "", named ? ": " : "", place,
		sentence, blocked ? "; waits for " : "", blocked ? waits : "",
		blocked && *held ? ", held by " : "", blocked ? held : "",
		*injected ? " (injected: " : "", injected, *injected ? ")" : "");

	free(place);
	return text_tame(text);
}

static void values_print(const struct lanes *lanes, const json_t *before, const json_t *step)
{
	for (unsigned i = 0; i < lanes->observed_count; i++) {
		const char *value = step_value(step, lanes->observed[i]);
		const char *old = step_value(before, lanes->observed[i]);
		bool changed = value && old && !is(value, old);

		blanks_print(GAP_WIDTH);
		color_print(lanes, changed ? "1" : "");
		text_print(value ? value : "", lanes->observed_width[i],
			i + 1 < lanes->observed_count);
		color_print(lanes, changed ? "0" : "");
	}
}

/* How much of the text fits: whole words if the rest continues in the next line. */
static size_t text_fits(const char *text, unsigned columns)
{
	size_t bytes = text_bytes(text, columns), space = bytes;

	if (!text[bytes])
		return bytes;
	while (space && text[space] != ' ')
		space--;
	return space ? space : bytes;
}

/* Continue a text in lines of its own, in its lane. */
static void lines_print(
	const struct lanes *lanes, const char *text, unsigned indent, const char *color)
{
	unsigned columns = lanes->text_columns - indent;

	while (*text) {
		size_t fits;

		text += strspn(text, " ");
		fits = text_fits(text, columns);
		blanks_print(LEAD_WIDTH + indent);
		color_print(lanes, color);
		printf("%.*s", (int)fits, text);
		color_print(lanes, *color ? "0" : "");
		printf("\n");
		text += fits;
	}
}

/* What went wrong in the culprit's row, below it. */
static void note_print(const struct lanes *lanes, unsigned indent)
{
	char *note = text_tame(format("✗ %s", lanes->story.culprit.note));

	lines_print(lanes, note, indent, "1;31");
	free(note);
}

static void row_print(struct lanes *lanes, size_t i, bool full)
{
	const json_t *step = step_at(lanes, i);
	unsigned lane = roster_lane(&lanes->roster, field_text(step, "actor")), columns;
	unsigned indent = lane * lanes->step_width;
	bool races = step_races(step), fault = *field_text(step, "injected");
	const char *color = races ? "1;31" : fault || *field_text(step, "waits_for") ? "33" : "";
	char *text = step_text(lanes, step), *rest = text;

	/* The lane may begin beyond the room for texts, on a very narrow terminal. */
	if (indent + LANE_WIDTH > lanes->text_columns)
		indent = lanes->text_columns - LANE_WIDTH;
	columns = lanes->text_columns - indent;
	printf(" %4zu %s%s%s  ", i + 1, *field_text(step, "preempted") ? "⤷" : " ",
		races ? "!" : "", fault ? "*" : "");
	blanks_print((unsigned)!races + !fault - 1 + indent);
	color_print(lanes, color);
	if (full) {
		size_t fits = text_fits(rest, columns);

		printf("%.*s", (int)fits, rest);
		rest += fits;
		if (lanes->observed_count)
			blanks_print(columns - text_width(text) + text_width(rest));
	} else {
		text_print(rest, columns, lanes->observed_count);
		rest += strlen(rest);
	}
	color_print(lanes, *color ? "0" : "");
	values_print(lanes, i ? step_at(lanes, i - 1) : NULL, step);
	printf("\n");
	lines_print(lanes, rest, indent, color);
	if (lanes->story.culprit.known && lanes->story.culprit.step == i)
		note_print(lanes, indent);
	free(text);
}

static void title_print(const struct lanes *lanes, const json_t *shape)
{
	const json_t *found = json_object_get(shape, "found");
	int64_t preemptions = field_integer(shape, "preemptions", -1);
	int64_t before = field_integer(found, "preemptions", 0);
	int64_t steps = field_integer(found, "steps", 0);

	char text[160];
	int used = 0;

	if (lanes->story.shown < lanes->count)
		used += snprintf(text, sizeof text, "%zu of ", lanes->story.shown);
	used += snprintf(text + used, sizeof text - (size_t)used, "%zu steps", lanes->count);
	if (preemptions >= 0)
		used += snprintf(text + used, sizeof text - (size_t)used,
			", %" PRId64 " preemption%s", preemptions, preemptions == 1 ? "" : "s");
	if (before > preemptions || steps > field_integer(shape, "steps", 0))
		snprintf(text + used, sizeof text - (size_t)used,
			"; shrunk from %" PRId64 " in %" PRId64 " steps", before, steps);
	printf("        interleaving: ");
	words_print(stdout, text, 22, 10, terminal_width(STDOUT_FILENO));
}

static void legend_print(const struct lanes *lanes)
{
	bool turns = false, races = false, faults = false;

	for (size_t i = 0; i < lanes->story.row_count; i++) {
		const struct story_row *row = &lanes->story.rows[i];
		const json_t *step = row->folded ? NULL : step_at(lanes, row->steps.from);

		turns |= *field_text(step, "preempted") != '\0';
		races |= step_races(step);
		faults |= *field_text(step, "injected") != '\0';
	}
	if (turns || races || faults)
		printf("%*s%s%s%s%s%s\n", LEAD_WIDTH, "", turns ? "⤷ preempts" : "",
			turns && (races || faults) ? ", " : "", races ? "! racing" : "",
			races && faults ? ", " : "", faults ? "* injected" : "");
}

/* What a fold hides, in one line. */
static void fold_print(const struct lanes *lanes, struct span steps)
{
	char *text = story_fold_text(lanes->trace, steps);

	printf("   ...    ");
	color_print(lanes, "2");
	text_print(text, lanes->text_columns, false);
	color_print(lanes, "0");
	printf("\n");
	free(text);
}

void lanes_print(const struct result *result, unsigned most, bool full)
{
	struct lanes lanes = {.trace = result_part(result, "trace"),
		.count = json_array_size(result_part(result, "trace")),
		.colored = terminal_colored(STDOUT_FILENO)};
	json_t *shown;

	if (!lanes.count)
		return;
	lanes.story = story_make(result->verdict, result->message ? result->message : "",
		result->detail, (struct span){0, lanes.count}, most ? most : lanes.count);
	shown = story_steps(&lanes.story, lanes.trace);
	lanes.roster = roster_of(shown, field_array(result_part(result, "shape"), "actors"), shown);
	values_fit(&lanes, stdout_width());
	lanes_fit(&lanes);
	title_print(&lanes, result_part(result, "shape"));
	header_print(&lanes);
	for (size_t i = 0; i < lanes.story.row_count; i++) {
		const struct story_row *row = &lanes.story.rows[i];

		if (row->folded)
			fold_print(&lanes, row->steps);
		else
			row_print(&lanes, row->steps.from, full);
	}
	if (result->verdict & SNARL_DEADLOCK)
		printf("%*sno actor can run\n", LEAD_WIDTH, "");
	legend_print(&lanes);
	story_free(&lanes.story);
	json_decref(shown);
}
