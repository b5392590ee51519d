/* source.c - the sources that a failure page shows. */
#define _GNU_SOURCE
#include "source.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"
#include "exit.h"
#include "field.h"
#include "graph.h"
#include "text.h"

enum {
	SOURCES_MAX = 6,
	VARIANT_LINES_MAX = 1000,
	OTHER_LINES_MAX = 300,
	LINE_MAX = 240,		       /* bytes shown of a line */
	VARIANT_BYTES_MAX = 48 * 1024, /* of a listing, without markup: a page may have 150 KB */
	OTHER_BYTES_MAX = 12 * 1024,
	MARKS_MAX = 64,
	LINE_STEPS_MAX = 12, /* of one actor, listed at a line */
};

struct mark {
	int64_t line;
	unsigned actor;
	bool racing, stuck;
	char *words; /* "producer writes counter", "waiter waits for changed" */
};

/* A step that was made in a line. */
struct line_step {
	int64_t line;
	size_t step; /* from 0 */
	unsigned actor;
	const char *name; /* of the actor */
	bool races;
};

struct source {
	char *path;
	json_t *json; /* owns the text */
	const char *text;
	int64_t lines, from, to; /* shown: [from, to), from 1 */
	struct mark marks[MARKS_MAX];
	unsigned mark_count;
	struct line_step *line_steps; /* in time order */
	size_t line_step_count;
};

struct sources {
	struct source all[SOURCES_MAX]; /* the variant first */
	unsigned count;
};

static int64_t line_count(const char *text)
{
	int64_t lines = 0;

	for (; *text; text = *text ? text + 1 : text) {
		text = strchrnul(text, '\n');
		lines++;
	}
	return lines;
}

/* The start of line `line`, from 1; the text's end if it has fewer. */
static const char *line_find(const char *text, int64_t line)
{
	while (--line > 0 && *text) {
		text = strchrnul(text, '\n');
		text += *text == '\n';
	}
	return text;
}

static void text_line_write(struct html *html, const char *line, size_t most)
{
	size_t length = strcspn(line, "\n");
	char *copy;

	if (length && line[length - 1] == '\r')
		length--;
	copy = format("%.*s", (int)(length < 4 * LINE_MAX ? length : 4 * LINE_MAX), line);
	html_text_upto(html, copy, most);
	free(copy);
}

static struct source *source_find(const struct sources *sources, const char *path)
{
	for (unsigned i = 0; i < sources->count; i++)
		if (strcmp(sources->all[i].path, path) == 0)
			return (struct source *)&sources->all[i];
	return NULL;
}

static struct source *source_add(
	struct sources *sources, const struct report *report, int64_t run, const char *path)
{
	struct source *source = source_find(sources, path);
	json_t *json;

	if (source || sources->count == SOURCES_MAX || !*path)
		return source;
	json = store_source(report->store, run, path);
	if (!json_is_string(json_object_get(json, "text"))) {
		json_decref(json);
		return NULL;
	}
	source = &sources->all[sources->count++];
	source->path = format("%s", path);
	source->json = json;
	source->text = field_text(json, "text");
	source->lines = line_count(source->text);
	return source;
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && strcmp(text + length - tail, end) == 0;
}

/*
 * The variant's path is not in the store; its folder is that of the correct variants beside it, or
 * of a point in it, else the one for scenarios.
 */
static void variant_add(
	struct sources *sources, const struct report *report, const struct case_view *case_view)
{
	json_t *correct = store_correct_sources(report->store, case_view->run, case_view->scenario),
	       *json;
	char *file = format("/%s/%s.c", case_view->scenario, case_view->variant), *path;
	size_t i;

	json_array_foreach(correct, i, json) {
		const char *beside = field_text(json, "path"), *slash = strrchr(beside, '/');

		if (!slash)
			continue;
		path = format("%.*s/%s.c", (int)(slash - beside), beside, case_view->variant);
		source_add(sources, report, case_view->run, path);
		free(path);
		if (sources->count)
			break;
	}
	json_array_foreach(field_array(case_view->catalog, "points"), i, json)
		if (!sources->count && ends_with(field_text(json, "file"), file))
			source_add(sources, report, case_view->run, field_text(json, "file"));
	path = format("scenarios%s", file);
	if (!sources->count)
		source_add(sources, report, case_view->run, path);
	free(path);
	free(file);
	json_decref(correct);
}

/* Add a mark once: two races often share an access. Takes ownership of `words`. */
static void mark_add(struct source *source, struct mark mark)
{
	for (unsigned i = 0; i < source->mark_count; i++)
		if (source->marks[i].line == mark.line &&
			strcmp(source->marks[i].words, mark.words) == 0)
			mark.line = 0;
	if (mark.line < 1 || mark.line > source->lines || source->mark_count == MARKS_MAX) {
		free(mark.words);
		return;
	}
	source->marks[source->mark_count++] = mark;
}

/*
 * Mark an access in the innermost frame whose source we have: frames inside that one are a
 * runtime's.
 */
static void access_mark(struct sources *sources, const struct report *report,
	const struct case_view *case_view, const json_t *access)
{
	const char *actor = field_text(access, "actor"), *variable = field_text(access, "variable");
	const json_t *frame;
	size_t i;

	json_array_foreach(field_array(access, "stack"), i, frame) {
		struct source *source =
			source_add(sources, report, case_view->run, field_text(frame, "file"));

		if (!source)
			continue;
		mark_add(source,
			(struct mark){
				.line = field_integer(frame, "line", 0),
				.actor = actor_number(case_view, actor),
				.racing = true,
				.words = format("%.60s %s%s%.60s", *actor ? actor : "an actor",
					field_true(access, "write") ? "writes" : "reads",
					*variable ? " " : "", variable),
			});
		return;
	}
}

/*
 * Mark where an actor waits, or acquired what it holds: in the innermost frame whose source we
 * have.
 */
static void wait_mark(struct sources *sources, const struct report *report,
	const struct case_view *case_view, const json_t *place, struct mark mark)
{
	const json_t *frame;
	size_t i;

	json_array_foreach(field_array(place, "stack"), i, frame) {
		struct source *source =
			source_add(sources, report, case_view->run, field_text(frame, "file"));

		if (!source)
			continue;
		mark.line = field_integer(frame, "line", 0);
		mark_add(source, mark);
		return;
	}
	free(mark.words);
}

static void waits_mark(
	struct sources *sources, const struct report *report, const struct case_view *case_view)
{
	const json_t *waits = json_object_get(case_view->json, "waits"), *actor, *held;
	const char *waiting = field_true(waits, "reached") ? "waits" : "would wait";
	size_t i, k;

	json_array_foreach(field_array(waits, "actors"), i, actor) {
		const char *name = field_text(actor, "actor"), *object = field_text(actor, "for");
		struct mark mark = {.actor = actor_number(case_view, name), .stuck = true};

		json_array_foreach(field_array(actor, "holds"), k, held) {
			const char *lock = field_text(held, "name");

			mark.words = format("%.60s took %.60s", name, *lock ? lock : "a lock");
			wait_mark(sources, report, case_view, held, mark);
		}
		if (graph_stuck(actor)) {
			bool runs = strcmp(field_text(actor, "state"), "running") == 0;

			mark.words = format("%.60s %s%s%.60s", name, runs ? "runs" : waiting,
				*object && !runs ? " for " : "", runs ? "" : object);
			wait_mark(sources, report, case_view, actor, mark);
		}
	}
}

const char *sources_step_place(const struct sources *sources, const json_t *step, int64_t *line)
{
	const struct source *source = source_find(sources, field_text(step, "file"));
	const json_t *frame = step;
	size_t i;

	*line = field_integer(step, "line", 0);
	if (source)
		return source->path;
	json_array_foreach(field_array(step, "stack"), i, frame) {
		source = source_find(sources, field_text(frame, "file"));
		if (source) {
			*line = field_integer(frame, "line", 0);
			return source->path;
		}
	}
	return NULL;
}

static void line_step_add(struct source *source, struct line_step line_step)
{
	struct line_step *more;

	if (line_step.line < 1 || line_step.line > source->lines)
		return;
	more = reallocarray(source->line_steps, source->line_step_count + 1, sizeof *more);
	if (!more)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	source->line_steps = more;
	source->line_steps[source->line_step_count++] = line_step;
}

/* Mark the steps that are drawn: links to others would lead nowhere. */
static void steps_mark(
	struct sources *sources, const struct report *report, const struct case_view *case_view)
{
	const json_t *trace = field_array(case_view->json, "trace"), *frame;
	struct span drawn = trace_drawn(trace);
	size_t k;

	for (size_t i = drawn.from; i < drawn.to; i++) {
		const json_t *step = json_array_get(trace, i);
		struct line_step line_step = {.step = i,
			.name = field_text(step, "actor"),
			.actor = actor_number(case_view, field_text(step, "actor")),
			.races = step_races(step)};
		const char *path;

		source_add(sources, report, case_view->run, field_text(step, "file"));
		path = sources_step_place(sources, step, &line_step.line);
		json_array_foreach(field_array(step, "stack"), k, frame) {
			if (path)
				break;
			source_add(sources, report, case_view->run, field_text(frame, "file"));
			path = sources_step_place(sources, step, &line_step.line);
		}
		if (path)
			line_step_add(source_find(sources, path), line_step);
	}
}

/* A window of at most `lines` lines and about `bytes` bytes, around the first racing line. */
static void window_set(struct source *source, int64_t lines, size_t bytes)
{
	int64_t first = source->mark_count ? source->marks[0].line : 1, line;
	const char *at;

	for (unsigned i = 0; i < source->mark_count; i++)
		if (source->marks[i].line < first)
			first = source->marks[i].line;
	if (!source->mark_count && source->line_step_count)
		first = source->line_steps[source->line_step_count - 1].line;
	source->from = 1;
	if (source->lines > lines && first > lines / 2)
		source->from = first - lines / 2;
	at = line_find(source->text, source->from);
	for (line = source->from; line <= source->lines && line - source->from < lines; line++) {
		size_t length = strcspn(at, "\n"),
		       case_view = length < LINE_MAX ? length : LINE_MAX;

		if (case_view > bytes)
			break;
		bytes -= case_view;
		at += length + (at[length] == '\n');
	}
	source->to = line;
}

struct sources *sources_load(const struct report *report, const struct case_view *case_view)
{
	struct sources *sources = calloc(1, sizeof *sources);
	const json_t *races = field_array(case_view->json, "races"), *race, *part;
	size_t i, k;

	if (!sources)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	variant_add(sources, report, case_view);
	json_array_foreach(races, i, race) {
		const json_t *accesses = field_array(race, "accesses");

		for (k = 0; k < json_array_size(accesses); k++)
			access_mark(sources, report, case_view, json_array_get(accesses, k));
	}
	steps_mark(sources, report, case_view);
	waits_mark(sources, report, case_view);
	json_array_foreach(field_array(case_view->catalog, "points"), i, part) {
		struct source *source =
			source_add(sources, report, case_view->run, field_text(part, "file"));

		if (source)
			mark_add(source,
				(struct mark){
					.line = field_integer(part, "line", 0),
					.words = format("point %.100s", field_text(part, "name")),
				});
	}
	for (unsigned n = 0; n < sources->count; n++)
		window_set(&sources->all[n], n ? OTHER_LINES_MAX : VARIANT_LINES_MAX,
			n ? OTHER_BYTES_MAX : VARIANT_BYTES_MAX);
	return sources;
}

void sources_free(struct sources *sources)
{
	for (unsigned i = 0; i < sources->count; i++) {
		for (unsigned k = 0; k < sources->all[i].mark_count; k++)
			free(sources->all[i].marks[k].words);
		free(sources->all[i].line_steps);
		free(sources->all[i].path);
		json_decref(sources->all[i].json);
	}
	free(sources);
}

const char *sources_text(const struct sources *sources)
{
	return sources->count ? sources->all[0].text : "";
}

const char *sources_path(const struct sources *sources)
{
	return sources->count ? sources->all[0].path : "";
}

bool sources_has(const struct sources *sources, const char *path, int64_t line)
{
	const struct source *source = source_find(sources, path);

	return source && line >= source->from && line < source->to;
}

/* The text of a line without its indentation; NULL if the line is not there. */
static const char *line_text(const struct sources *sources, const char *path, int64_t line)
{
	const struct source *source = path ? source_find(sources, path) : NULL;
	const char *at;

	if (!source || line < 1 || line > source->lines)
		return NULL;
	at = line_find(source->text, line);
	return at + strspn(at, " \t");
}

size_t sources_line_length(const struct sources *sources, const char *path, int64_t line)
{
	const char *text = line_text(sources, path, line);
	size_t length = text ? strcspn(text, "\r\n") : 0;

	return length < LINE_MAX ? length : LINE_MAX;
}

void sources_line_write(
	struct html *html, const struct sources *sources, const char *path, int64_t line)
{
	const char *text = line_text(sources, path, line);

	if (text)
		text_line_write(html, text, LINE_MAX);
}

/* "L43" in the variant, as is customary; "F2-L43" in the next file. */
static void anchor_write(
	struct html *html, const struct sources *sources, const struct source *source, int64_t line)
{
	if (source != sources->all)
		html_textf(html, "F%td-", source - sources->all + 1);
	html_textf(html, "L%" PRId64, line);
}

static void link_begin(struct html *html, const struct sources *sources, const char *path,
	int64_t line, bool linked)
{
	if (!linked)
		return;
	html_put(html, HTML("<a href='#"));
	anchor_write(html, sources, source_find(sources, path), line);
	html_put(html, HTML("'>"));
}

void sources_place_write(
	struct html *html, const struct sources *sources, const char *path, int64_t line)
{
	bool linked = sources_has(sources, path, line);

	link_begin(html, sources, path, line, linked);
	html_text_upto(html, *path ? path : "no source", PAGE_WORD_MAX);
	if (line > 0)
		html_textf(html, ":%" PRId64, line);
	html_put(html, linked ? HTML("</a>") : HTML(""));
}

void sources_file_line_write(
	struct html *html, const struct sources *sources, const char *path, int64_t line)
{
	bool linked = sources_has(sources, path, line);
	const char *slash = strrchr(path, '/');

	link_begin(html, sources, path, line, linked);
	html_text_upto(html, !*path ? "no source" : slash ? slash + 1 : path, 64);
	if (*path && line > 0)
		html_textf(html, ":%" PRId64, line);
	html_put(html, linked ? HTML("</a>") : HTML(""));
}

/* Whether steps were made in more than one file, so that a line needs its file's name. */
static bool several_files(const struct sources *sources)
{
	unsigned files = 0;

	for (unsigned i = 0; i < sources->count; i++)
		files += sources->all[i].line_step_count > 0;
	return files > 1;
}

/* The name of the file if a line needs it; "". */
static const char *file_shown(const struct sources *sources, const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	if (!path || (source_find(sources, path) == sources->all && !several_files(sources)))
		return "";
	return slash ? slash + 1 : path;
}

size_t sources_place_length(const struct sources *sources, const char *path, int64_t line)
{
	return line > 0 ? strlen(file_shown(sources, path)) + strlen("L1000 ") : 0;
}

void sources_line_link_write(
	struct html *html, const struct sources *sources, const char *path, int64_t line)
{
	bool linked = path && sources_has(sources, path, line);
	const char *file = file_shown(sources, path);

	link_begin(html, sources, path, line, linked);
	html_text_upto(html, file, 40);
	html_put(html, *file ? HTML(":") : HTML("L"));
	html_textf(html, "%" PRId64, line);
	html_put(html, linked ? HTML("</a>") : HTML(""));
}

/* "producer: steps 2, 5", the numbers linked. */
static void line_steps_write(
	struct html *html, const struct source *source, int64_t line, const struct line_step *first)
{
	const struct line_step *end = source->line_steps + source->line_step_count;
	unsigned count = 0;

	html_put(html, HTML("<span class='mark "));
	html_put(html, actor_class(first->actor));
	html_put(html, HTML("'>"));
	html_text_upto(html, *first->name ? first->name : "an actor", 64);
	html_put(html, HTML(": step "));
	for (const struct line_step *line_step = first; line_step < end && count <= LINE_STEPS_MAX;
		line_step++) {
		if (line_step->line != line || strcmp(line_step->name, first->name) != 0)
			continue;
		html_put(html, count ? HTML(", ") : HTML(""));
		if (count++ == LINE_STEPS_MAX) {
			html_put(html, HTML("…"));
			break;
		}
		html_put(html, HTML("<a href='#s"));
		html_textf(html, "%zu", line_step->step + 1);
		html_put(html, HTML("'>"));
		html_textf(html, "%zu", line_step->step + 1);
		html_put(html, line_step->races ? HTML("</a> (racing)") : HTML("</a>"));
	}
	html_put(html, HTML("</span>"));
}

/* A note for each actor that made steps in the line, in the order of their first steps. */
static void line_visits_write(struct html *html, const struct source *source, int64_t line)
{
	for (size_t i = 0; i < source->line_step_count; i++) {
		const struct line_step *line_step = &source->line_steps[i];
		bool first = line_step->line == line;

		for (size_t k = 0; k < i && first; k++)
			first = source->line_steps[k].line != line ||
				strcmp(source->line_steps[k].name, line_step->name) != 0;
		if (first)
			line_steps_write(html, source, line, line_step);
	}
}

static void notes_write(struct html *html, const struct source *source, int64_t line)
{
	for (unsigned i = 0; i < source->mark_count; i++) {
		const struct mark *mark = &source->marks[i];

		if (mark->line != line)
			continue;
		if (mark->racing || mark->stuck) {
			html_put(html, HTML("<span class='mark "));
			html_put(html, actor_class(mark->actor));
			html_put(html, mark->racing ? HTML("'>◀ racing: ") : HTML("'>◀ "));
		} else {
			html_put(html, HTML("<span class=mark>"));
		}
		html_text(html, mark->words);
		html_put(html, HTML("</span>"));
	}
}

static bool line_matters(const struct source *source, int64_t line)
{
	for (size_t i = 0; i < source->line_step_count; i++)
		if (source->line_steps[i].line == line && source->line_steps[i].races)
			return true;
	for (unsigned i = 0; i < source->mark_count; i++)
		if (source->marks[i].line == line &&
			(source->marks[i].racing || source->marks[i].stuck))
			return true;
	return false;
}

static void source_write(
	struct html *html, const struct sources *sources, const struct source *source)
{
	const char *at = line_find(source->text, source->from);
	char *label = format("Source of %.100s, scrollable", source->path);

	html_wrap(html, HTML("<h3><code>"), source->path, HTML("</code></h3>\n"));
	scroll_begin(html, label);
	html_put(html, HTML("<ol class=src start="));
	html_textf(html, "%" PRId64, source->from);
	html_put(html, HTML(">\n"));
	for (int64_t line = source->from; line < source->to; line++) {
		html_put(html, HTML("<li id="));
		anchor_write(html, sources, source, line);
		html_put(html,
			line_matters(source, line) ? HTML(" class=hit><code>") : HTML("><code>"));
		text_line_write(html, at, LINE_MAX);
		html_put(html, HTML("</code>"));
		line_visits_write(html, source, line);
		notes_write(html, source, line);
		html_put(html, HTML("\n"));
		at = strchrnul(at, '\n');
		at += *at == '\n';
	}
	html_put(html, HTML("</ol>\n"));
	scroll_end(html);
	showing_write(
		html, (size_t)(source->to - source->from), (size_t)source->lines, HTML("lines"));
	free(label);
}

void sources_write(struct html *html, const struct sources *sources)
{
	fold_begin(html, HTML("source"), HTML("Source"), sources_path(sources), false);
	if (!sources->count)
		html_put(html, HTML("<p>Not recorded.</p>\n"));
	for (unsigned i = 0; i < sources->count; i++)
		source_write(html, sources, &sources->all[i]);
	fold_end(html);
}

/* --- the head comment ---------------------------------------------------------------------- */

/* The line after " *" or "/" and stars, up to the comment's end; `*length` receives its length. */
static const char *comment_line(const char *line, size_t *length, bool *last)
{
	const char *newline = strchrnul(line, '\n'),
		   *end = memmem(line, (size_t)(newline - line), "*/", 2);

	*last = end || !*newline;
	if (!end)
		end = newline;
	while (line < end && isblank((unsigned char)*line))
		line++;
	if (line < end && *line == '/')
		line++;
	while (line < end && *line == '*')
		line++;
	while (end > line && isspace((unsigned char)end[-1]))
		end--;
	*length = (size_t)(end - line);
	return line;
}

/* Columns are indented by three spaces or more, or by a tab; sentences by one space. */
static bool is_columns(const char *line, size_t length)
{
	return length > 2 && (line[0] == '\t' || strncmp(line, "  ", 2) == 0);
}

/* Write the sentences, or the columns, of the comment; returns whether there were any. */
static bool comment_part_write(struct html *html, const char *path, const char *text, bool columns)
{
	bool open = false, any = false, last = false;
	int gap = 0;

	while (!last) {
		size_t length;
		const char *line = comment_line(text, &length, &last);

		text = strchrnul(text, '\n');
		text += *text == '\n';
		gap += !length;
		if (!length || is_columns(line, length) != columns) {
			html_put(html, open && !columns ? HTML("</p>\n") : HTML(""));
			open = open && columns;
			continue;
		}
		if (!open && columns)
			html_wrap(html,
				HTML("<pre tabindex=0 role=region aria-label='The interleaving in "
				     "columns, from "),
				path, HTML("'><code>"));
		else if (!open)
			html_put(html, HTML("<p>"));
		else
			html_put(html, columns && gap ? HTML("\n\n") : HTML("\n"));
		open = any = true;
		gap = 0;
		text_line_write(html, line + (columns ? 0 : strspn(line, " ")), LINE_MAX);
	}
	if (open)
		html_put(html, columns ? HTML("</code></pre>\n") : HTML("</p>\n"));
	return any;
}

/* The head comment, after blanks; NULL if the source does not begin with one. */
static const char *head_comment(const struct sources *sources)
{
	const char *text = sources_text(sources);

	text += strspn(text, " \t\r\n");
	return strncmp(text, "/*", 2) == 0 ? text : NULL;
}

void comment_write(struct html *html, const char *path, const char *text)
{
	if (strncmp(text, "/*", 2) != 0)
		return;
	comment_part_write(html, path, text, false);
	comment_part_write(html, path, text, true);
}

void textbook_write(struct html *html, const struct sources *sources, bool open)
{
	const char *text = head_comment(sources);

	if (!text)
		return;
	fold_begin(html, HTML("textbook"), HTML("The textbook's picture"),
		"from the source's head comment, not recorded", open);
	comment_write(html, sources_path(sources), text);
	fold_end(html);
}
