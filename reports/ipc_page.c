/*
 * ipc_page.c - the results of snarl bench ipc as a page: shared memory against messages, where
 * their lines cross, and all figures. Every sentence is made from the figures.
 */
#include "ipc_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chart.h"
#include "compare.h"
#include "field.h"
#include "plot.h"
#include "text.h"

enum { PHRASE_MAX = 96, TOLD_SIZES = 3 };

/* A mechanism's result; the JSON owns the strings. */
struct way {
	const json_t *json;
	const char *name, *title, *family, *skipped; /* "" if not */
	bool memory;
	struct spread setup;
	struct spread time[PLOT_SIZES_MAX], stream[PLOT_SIZES_MAX], rate[PLOT_SIZES_MAX];
	const json_t *points[PLOT_SIZES_MAX];
};

struct ipc {
	const json_t *json;
	size_t size_count, way_count;
	double sizes[PLOT_SIZES_MAX];
	struct way ways[PLOT_LINES_MAX];
	double copy_ns; /* a memcpy, per byte */
};

/* --- reading ------------------------------------------------------------------------------- */

static struct spread spread_read(const json_t *object, const char *name)
{
	const json_t *spread = json_object_get(object, name);

	return (struct spread){field_real(spread, "low"), field_real(spread, "median"),
		field_real(spread, "high")};
}

static struct way way_read(const struct ipc *ipc, const json_t *json)
{
	struct way way = {.json = json,
		.name = field_text(json, "name"),
		.title = field_text(json, "title"),
		.family = field_text(json, "family"),
		.skipped = field_text(json, "skipped"),
		.memory = strcmp(field_text(json, "model"), "shared memory") == 0,
		.setup = spread_read(json, "setup")};
	const json_t *point;
	size_t i;

	json_array_foreach(field_array(json, "points"), i, point) {
		for (size_t s = 0; s < ipc->size_count; s++)
			if ((double)field_integer(point, "size", 0) >= ipc->sizes[s] &&
				(double)field_integer(point, "size", 0) <= ipc->sizes[s]) {
				way.points[s] = point;
				way.time[s] = spread_read(point, "time");
				way.stream[s] = spread_read(point, "stream");
				way.rate[s] = spread_read(point, "throughput");
			}
	}
	return way;
}

static struct ipc *ipc_read(const json_t *json)
{
	struct ipc *ipc = calloc(1, sizeof *ipc);
	const json_t *entry;
	size_t i;

	if (!ipc)
		return NULL;
	ipc->json = json;
	ipc->copy_ns = spread_read(json, "copy").median;
	json_array_foreach(field_array(json, "sizes"), i, entry) {
		if (ipc->size_count < PLOT_SIZES_MAX && json_integer_value(entry) > 0)
			ipc->sizes[ipc->size_count++] = (double)json_integer_value(entry);
	}
	json_array_foreach(field_array(json, "mechanisms"), i, entry) {
		if (ipc->way_count < PLOT_LINES_MAX)
			ipc->ways[ipc->way_count++] = way_read(ipc, entry);
	}
	return ipc;
}

/* The measured mechanism of that name, or else the first measured one. */
static const struct way *way_find(const struct ipc *ipc, bool memory, const char *name)
{
	const struct way *found = NULL;

	for (size_t i = 0; i < ipc->way_count; i++) {
		const struct way *way = &ipc->ways[i];

		if (way->memory != memory || *way->skipped)
			continue;
		if (strcmp(way->name, name) == 0)
			return way;
		found = found ? found : way;
	}
	return found;
}

/* --- words --------------------------------------------------------------------------------- */

/* Three significant digits; a whole number has no decimals. */
static const char *unit_text(
	char buffer[static PLOT_TEXT_MAX], double value, const char *const units[4])
{
	unsigned unit = 0;

	for (; value >= 999.5 && unit < 3; unit++)
		value /= 1000;
	if (value >= 99.5 || (double)(int)value >= value)
		snprintf(buffer, PLOT_TEXT_MAX, "%.0f %s", value, units[unit]);
	else
		snprintf(buffer, PLOT_TEXT_MAX, "%.*f %s",
			value < 1    ? 3
			: value < 10 ? 2
				     : 1,
			value, units[unit]);
	return buffer;
}

static const char *time_text(char buffer[static PLOT_TEXT_MAX], double ns)
{
	static const char *const units[] = {"ns", "µs", "ms", "s"};

	return unit_text(buffer, ns, units);
}

static const char *rate_text(char buffer[static PLOT_TEXT_MAX], double bytes)
{
	static const char *const units[] = {"B/s", "kB/s", "MB/s", "GB/s"};

	return unit_text(buffer, bytes, units);
}

/* "at every size", "from 16 KiB on". */
static const char *crossing_text(
	char buffer[static PHRASE_MAX], const struct ipc *ipc, const struct crossing *crossing)
{
	char size[PLOT_TEXT_MAX];

	switch (crossing->kind) {
	case CROSSING_NOTHING:
		snprintf(buffer, PHRASE_MAX, "at no size that both support");
		break;
	case CROSSING_ALWAYS:
		snprintf(buffer, PHRASE_MAX, "at every size");
		break;
	case CROSSING_NEVER:
		snprintf(buffer, PHRASE_MAX, "at no size");
		break;
	case CROSSING_FROM:
		snprintf(buffer, PHRASE_MAX, "from %s on",
			text_size(ipc->sizes[crossing->first], size));
		break;
	case CROSSING_UP_TO:
		snprintf(buffer, PHRASE_MAX, "up to %s",
			text_size(ipc->sizes[crossing->last], size));
		break;
	case CROSSING_AT:
		snprintf(buffer, PHRASE_MAX, "at %zu of %zu sizes", crossing->below,
			crossing->below + crossing->even + crossing->above);
		break;
	}
	return buffer;
}

/* The crossing, and what holds for the other sizes; `more` is the opposite of the statement. */
static void crossing_write(
	struct html *html, const struct ipc *ipc, const struct crossing *crossing, const char *more)
{
	size_t common = crossing->below + crossing->even + crossing->above;
	char phrase[PHRASE_MAX];

	html_text(html, crossing_text(phrase, ipc, crossing));
	if (crossing->even)
		html_textf(html, "; indistinguishable at %zu of %zu", crossing->even, common);
	if (crossing->above)
		html_textf(html, "%s %s at %zu of %zu", crossing->even ? "," : ";", more,
			crossing->above, common);
}

static struct crossing time_crossing(
	const struct ipc *ipc, const struct way *memory, const struct way *other)
{
	return crossing_find(memory->time, other->time, ipc->size_count);
}

/* The crossing of a stream's times: more throughput is less time. */
static struct crossing rate_crossing(
	const struct ipc *ipc, const struct way *memory, const struct way *other)
{
	return crossing_find(memory->stream, other->stream, ipc->size_count);
}

static void repaid_write(
	struct html *html, const struct way *memory, const struct way *other, size_t s)
{
	double messages;

	if (memory->time[s].median <= 0 || other->time[s].median <= 0) {
		html_put(html, HTML("–"));
		return;
	}
	/* A difference that may be chance cannot repay the set-up. */
	if (memory->setup.median > other->setup.median &&
		crossing_find(&memory->time[s], &other->time[s], 1).even) {
		html_put(html, HTML("undetermined"));
		return;
	}
	messages = messages_until_repaid(memory->setup.median, memory->time[s].median,
		other->setup.median, other->time[s].median);
	if (messages < 0)
		html_put(html, HTML("never"));
	else
		html_number(html, (int64_t)messages);
}

/* The sizes whose set-up is shown: the shortest, one in the middle, the longest. */
static size_t told_size(const struct ipc *ipc, int which)
{
	return which == 0 ? 0 : which == 1 ? ipc->size_count / 2 : ipc->size_count - 1;
}

static void lead_write(struct html *html, const struct ipc *ipc)
{
	const struct way *memory = way_find(ipc, true, "shm_semaphore");
	const struct way *other = way_find(ipc, false, "pipe");
	struct crossing crossing;
	char mine[PLOT_TEXT_MAX], theirs[PLOT_TEXT_MAX];

	if (!memory || !other || !ipc->size_count) {
		html_put(html, HTML("<p class=top>Nothing to compare: see what was skipped, "
				    "below.</p>\n"));
		return;
	}
	html_put(html, HTML("<p class=top>A message takes less time through "));
	html_text(html, memory->title);
	html_put(html, HTML(" than through a "));
	html_text(html, other->title);
	html_put(html, HTML(" "));
	crossing = time_crossing(ipc, memory, other);
	crossing_write(html, ipc, &crossing, "longer");
	html_put(html, HTML(". Its throughput is higher "));
	crossing = rate_crossing(ipc, memory, other);
	crossing_write(html, ipc, &crossing, "lower");
	html_put(html, HTML(".</p>\n<p class=lead>Setting it up takes "));
	html_textf(html, "%s instead of %s", time_text(mine, memory->setup.median),
		time_text(theirs, other->setup.median));
	html_put(html, HTML(". Messages needed to recoup the set-up cost, by size: "));
	for (int which = 0; which < TOLD_SIZES; which++) {
		size_t s = told_size(ipc, which);

		html_textf(html, "%s%s: ", which ? "; " : "", text_size(ipc->sizes[s], mine));
		repaid_write(html, memory, other, s);
	}
	html_put(html, HTML(".</p>\n"));
}

/* --- figures ------------------------------------------------------------------------------- */

/* The numbers of a mechanism's family, and of the mechanism in it, by order of appearance. */
static unsigned family_of(const struct ipc *ipc, size_t at, unsigned *member)
{
	unsigned family = 0;

	*member = 0;
	for (size_t i = 0; i < at; i++) {
		bool same = strcmp(ipc->ways[i].family, ipc->ways[at].family) == 0;
		bool next = strcmp(ipc->ways[i].family, ipc->ways[i + 1].family) != 0;

		*member += same;
		family += next;
	}
	return family;
}

/* "shared memory with semaphores" becomes "semaphores" in the drawing of shared memory. */
static const char *title_in_family(const struct way *way)
{
	size_t length = strlen(way->family);

	if (*way->family && strncmp(way->title, way->family, length) == 0 &&
		strncmp(way->title + length, " with ", strlen(" with ")) == 0)
		return way->title + length + strlen(" with ");
	return way->title;
}

static const char *bytes_text(char buffer[static PLOT_TEXT_MAX], double size)
{
	return text_size((uint64_t)size, buffer);
}

static struct plot *plot_make(const struct ipc *ipc, bool rate)
{
	struct plot *plot = calloc(1, sizeof *plot);

	if (!plot)
		return NULL;
	plot->size_count = ipc->size_count;
	plot->line_count = plot->reference = ipc->way_count;
	plot->along = "message size";
	plot->text = rate ? rate_text : time_text;
	plot->size_text = bytes_text;
	memcpy(plot->sizes, ipc->sizes, sizeof plot->sizes);
	for (size_t i = 0; i < ipc->way_count; i++) {
		struct plot_line *line = &plot->lines[i];

		line->title = title_in_family(&ipc->ways[i]);
		line->alone = ipc->ways[i].family;
		line->family = family_of(ipc, i, &line->member);
		memcpy(line->at, rate ? ipc->ways[i].rate : ipc->ways[i].time, sizeof line->at);
		if (!line->family && !*ipc->ways[i].skipped && plot->reference == ipc->way_count)
			plot->reference = i;
	}
	return plot;
}

/* One drawing per family, all with the same axes; the other families are drawn behind it. */
static void family_draw(
	struct html *html, const struct ipc *ipc, struct plot *plot, size_t first, bool rate)
{
	size_t reference = plot->reference;
	char label[256];

	plot->family = plot->lines[first].family;
	if (reference < plot->line_count && plot->lines[reference].family == plot->family)
		plot->reference = plot->line_count;
	snprintf(label, sizeof label, "%s by message size, %s: the figures are in the table below",
		rate ? "Throughput" : "Time per message", ipc->ways[first].family);
	plot->label = label;
	html_wrap(html, HTML("<figure><figcaption>"), ipc->ways[first].family,
		HTML("</figcaption>\n"));
	plot_write(html, plot);
	html_put(html, HTML("</figure>\n"));
	plot->reference = reference;
}

static void plots_write(struct html *html, const struct ipc *ipc, bool rate)
{
	struct plot *plot = plot_make(ipc, rate);

	if (!plot)
		return;
	html_put(html, HTML("<div class=plots>\n"));
	for (size_t i = 0; i < ipc->way_count; i++)
		if (!plot->lines[i].member)
			family_draw(html, ipc, plot, i, rate);
	html_put(html, HTML("</div>\n"));
	free(plot);
}

struct said {
	const struct way *other;
	char phrase[PHRASE_MAX];
	bool done;
};

/* Write each phrase once, with all mechanisms that it holds for. */
static void phrases_write(struct html *html, struct said *said, size_t count)
{
	html_put(html, HTML("<dl class=where>\n"));
	for (size_t i = 0; i < count; i++) {
		if (said[i].done)
			continue;
		html_wrap(html, HTML("<dt>"), said[i].phrase, HTML("</dt><dd>"));
		for (size_t k = i; k < count; k++) {
			if (strcmp(said[k].phrase, said[i].phrase) != 0)
				continue;
			html_text(html, k == i ? "" : ", ");
			html_text(html, said[k].other->title);
			said[k].done = true;
		}
		html_put(html, HTML("</dd>\n"));
	}
	html_put(html, HTML("</dl>\n"));
}

/* For each mechanism with shared memory: which others it beats, and at which sizes. */
static void crossings_say(struct html *html, const struct ipc *ipc, bool rate)
{
	for (size_t i = 0; i < ipc->way_count; i++) {
		const struct way *memory = &ipc->ways[i];
		struct said said[PLOT_LINES_MAX] = {0};
		size_t count = 0;

		if (!memory->memory || *memory->skipped)
			continue;
		for (size_t k = 0; k < ipc->way_count; k++) {
			const struct way *other = &ipc->ways[k];
			struct crossing crossing = rate ? rate_crossing(ipc, memory, other)
							: time_crossing(ipc, memory, other);

			if (other->memory || *other->skipped)
				continue;
			said[count].other = other;
			crossing_text(said[count++].phrase, ipc, &crossing);
		}
		if (!count)
			continue;
		html_put(html, rate ? HTML("<h3>Higher throughput through ")
				    : HTML("<h3>Less time through "));
		html_wrap(html, HTML(""), memory->title, HTML(" than through</h3>\n"));
		phrases_write(html, said, count);
	}
}

/* --- tables -------------------------------------------------------------------------------- */

static void crossings_table_write(
	struct html *html, const struct ipc *ipc, const struct way *memory)
{
	char text[PLOT_TEXT_MAX], label[PAGE_WORD_MAX];

	snprintf(label, sizeof label, "Where %s crosses the others, scrollable", memory->title);
	scroll_begin(html, label);
	html_put(html, HTML("<table class=against><caption>"));
	html_text(html, memory->title);
	html_textf(html, ", set up in %s, against the others. ",
		time_text(text, memory->setup.median));
	html_put(html,
		HTML("Indistinguishable: the middle halves of both samples overlap, so that the "
		     "difference may be chance. Last columns: the number of messages of that "
		     "size that recoup a more expensive set-up.</caption>\n<thead><tr>"
		     "<th scope=col>Against</th><th scope=col>Less time per message</th>"
		     "<th scope=col>Higher throughput</th>"));
	for (int which = 0; which < TOLD_SIZES; which++) {
		html_put(html, HTML("<th scope=col class=n>Recouped, "));
		html_text(html, text_size(ipc->sizes[told_size(ipc, which)], text));
		html_put(html, HTML("</th>"));
	}
	html_put(html, HTML("</tr></thead><tbody>\n"));
	for (size_t i = 0; i < ipc->way_count; i++) {
		const struct way *other = &ipc->ways[i];
		struct crossing time, rate;

		if (other->memory || *other->skipped)
			continue;
		time = time_crossing(ipc, memory, other);
		rate = rate_crossing(ipc, memory, other);
		html_wrap(html, HTML("<tr><th scope=row>"), other->title, HTML("</th><td>"));
		crossing_write(html, ipc, &time, "more");
		html_put(html, HTML("</td><td>"));
		crossing_write(html, ipc, &rate, "lower");
		html_put(html, HTML("</td>"));
		for (int which = 0; which < TOLD_SIZES; which++) {
			html_put(html, HTML("<td class=n>"));
			repaid_write(html, memory, other, told_size(ipc, which));
			html_put(html, HTML("</td>"));
		}
		html_put(html, HTML("</tr>\n"));
	}
	html_put(html, HTML("</tbody></table>\n"));
	scroll_end(html);
}

static void spread_cell(struct html *html, struct spread spread,
	const char *(*text)(char buffer[static PLOT_TEXT_MAX], double value))
{
	char buffer[PLOT_TEXT_MAX];

	html_put(html, HTML("<td class=n>"));
	if (spread.median <= 0) {
		html_put(html, HTML("–</td>"));
		return;
	}
	html_text(html, text(buffer, spread.median));
	html_put(html, HTML("<span class=effort>"));
	html_text(html, text(buffer, spread.low));
	html_put(html, HTML(" – "));
	html_text(html, text(buffer, spread.high));
	html_put(html, HTML("</span></td>"));
}

static void way_head(struct html *html, const struct way *way)
{
	html_wrap(html, HTML("<tr><th scope=row>"), way->title, HTML("</th>"));
}

/* The longest message that the mechanism carries. */
static size_t longest(const struct ipc *ipc, const struct way *way)
{
	size_t last = 0;

	for (size_t s = 0; s < ipc->size_count; s++)
		if (way->stream[s].median > 0)
			last = s;
	return last;
}

static void costs_row_write(struct html *html, const struct ipc *ipc, const struct way *way)
{
	size_t last = longest(ipc, way);
	double bytes_ns = way->stream[last].median / ipc->sizes[last];
	char text[PLOT_TEXT_MAX];

	way_head(html, way);
	if (*way->skipped) {
		html_wrap(html, HTML("<td colspan=5><span class='word skipped'>– skipped</span> "),
			way->skipped, HTML("</td></tr>\n"));
		return;
	}
	spread_cell(html, way->setup, time_text);
	html_put(html, HTML("<td class=n>"));
	html_number(html, field_integer(way->json, "copies", 0));
	html_wrap(html, HTML("</td><td>"), field_text(way->json, "copied"),
		HTML("</td><td class=n>"));
	html_textf(html, "%.3f", bytes_ns);
	html_wrap(html, HTML("<span class=effort>at "), text_size(ipc->sizes[last], text),
		HTML("</span></td><td class=n>"));
	if (ipc->copy_ns > 0)
		html_textf(html, "%.1f", bytes_ns / ipc->copy_ns);
	html_put(html, HTML("</td></tr>\n"));
}

static void costs_write(struct html *html, const struct ipc *ipc)
{
	html_put(html,
		HTML("<section aria-labelledby=h-costs><h2 id=h-costs>Set-up and copies</h2>\n"));
	scroll_begin(html, "Set-up and copies, scrollable");
	html_put(html,
		HTML("<table><caption>Set-up: the time to create the channel, to join it from "
		     "both processes, and for the round trip of a first message; without the "
		     "time to fork. The number of copies is not measured: it follows from how "
		     "the mechanism works. The time per byte is measured, in a stream of the "
		     "longest messages; the last column divides it by the time of a plain "
		     "memcpy of a mebibyte in the same run ("));
	html_textf(html, "%.3f ns", ipc->copy_ns);
	html_put(html,
		HTML(" per byte). Sender and receiver work at the same time, so two copies may "
		     "take the time of one.</caption>\n<thead><tr><th scope=col>Mechanism</th>"
		     "<th scope=col class=n>Set-up</th><th scope=col class=n>Copies</th><th "
		     "scope=col>Which</th><th scope=col class=n>ns per byte</th><th scope=col "
		     "class=n>× memcpy</th></tr></thead><tbody>\n"));
	for (size_t i = 0; i < ipc->way_count; i++)
		costs_row_write(html, ipc, &ipc->ways[i]);
	html_put(html, HTML("</tbody></table>\n"));
	scroll_end(html);
	html_put(html, HTML("</section>\n"));
}

static void table_head(struct html *html, const struct ipc *ipc)
{
	char text[PLOT_TEXT_MAX];

	html_put(html, HTML("<thead><tr><th scope=col>Mechanism</th>"));
	for (size_t s = 0; s < ipc->size_count; s++)
		html_wrap(html, HTML("<th scope=col class=n>"), text_size(ipc->sizes[s], text),
			HTML("</th>"));
	html_put(html, HTML("</tr></thead><tbody>\n"));
}

static void sizes_table_write(struct html *html, const struct ipc *ipc, bool rate)
{
	scroll_begin(html, rate ? "Throughput, scrollable" : "Time per message, scrollable");
	html_put(html,
		rate ? HTML("<table class=sizes><caption>Throughput: median, and below it the "
			    "middle half of the rounds.</caption>\n")
		     : HTML("<table class=sizes><caption>Time per message: median, and below "
			    "it the middle half of the rounds.</caption>\n"));
	table_head(html, ipc);
	for (size_t i = 0; i < ipc->way_count; i++) {
		const struct way *way = &ipc->ways[i];

		if (*way->skipped)
			continue;
		way_head(html, way);
		for (size_t s = 0; s < ipc->size_count; s++)
			spread_cell(html, rate ? way->rate[s] : way->time[s],
				rate ? rate_text : time_text);
		html_put(html, HTML("</tr>\n"));
	}
	html_put(html, HTML("</tbody></table>\n"));
	scroll_end(html);
}

static void calls_cell(struct html *html, const json_t *point)
{
	const json_t *calls = json_object_get(point, "calls");

	html_put(html, HTML("<td class=n>"));
	if (calls)
		html_textf(html, "%.3g / %.3g", field_real(calls, "ping"),
			field_real(calls, "stream"));
	else
		html_put(html, HTML("–"));
	html_put(html, HTML("</td>"));
}

static void calls_write(struct html *html, const struct ipc *ipc)
{
	scroll_begin(html, "System calls, scrollable");
	html_put(html,
		HTML("<table class=sizes><caption>System calls of both processes per message: in "
		     "a round trip / one after the other. They are counted with ptrace in a "
		     "separate short run. Tracing slows each call down and can change which "
		     "process waits: calls that are only made to sleep or to wake the other "
		     "process (semaphores) may be more or fewer at full speed.</caption>\n"));
	table_head(html, ipc);
	for (size_t i = 0; i < ipc->way_count; i++) {
		const struct way *way = &ipc->ways[i];

		if (*way->skipped)
			continue;
		way_head(html, way);
		for (size_t s = 0; s < ipc->size_count; s++)
			calls_cell(html, way->points[s]);
		html_put(html, HTML("</tr>\n"));
	}
	html_put(html, HTML("</tbody></table>\n"));
	scroll_end(html);
}

/* What was left out, and why: a whole mechanism, its long messages, or the count of its calls. */
static void skipped_write(struct html *html, const struct ipc *ipc)
{
	char text[PLOT_TEXT_MAX];

	html_put(html, HTML("<ul>\n"));
	for (size_t i = 0; i < ipc->way_count; i++) {
		const struct way *way = &ipc->ways[i];
		const char *calls = field_text(way->json, "calls_skipped");
		size_t s = 0;

		if (*way->skipped) {
			html_wrap(html, HTML("<li>"), way->title, HTML(": skipped, "));
			html_wrap(html, HTML(""), way->skipped, HTML(".</li>\n"));
			continue;
		}
		while (s < ipc->size_count && !*field_text(way->points[s], "skipped"))
			s++;
		if (s < ipc->size_count) {
			html_wrap(html, HTML("<li>"), way->title, HTML(", from "));
			html_wrap(html, HTML(""), text_size(ipc->sizes[s], text),
				HTML(" on: skipped, "));
			html_wrap(html, HTML(""), field_text(way->points[s], "skipped"),
				HTML(".</li>\n"));
		}
		if (*calls) {
			html_wrap(
				html, HTML("<li>"), way->title, HTML(", system calls: skipped, "));
			html_wrap(html, HTML(""), calls, HTML(".</li>\n"));
		}
	}
	html_put(html, HTML("</ul>\n"));
}

/* --- the page ------------------------------------------------------------------------------ */

static void how_write(struct html *html, const struct ipc *ipc)
{
	html_put(html,
		HTML("<section aria-labelledby=h-how><h2 id=h-how>What was measured</h2>\n<p>"));
	html_textf(html,
		"%lld rounds of %.1f ms per mechanism, size and way of sending, begun %s, "
		"%.0f s in all. ",
		(long long)field_integer(ipc->json, "rounds", 0),
		field_real(ipc->json, "slot_us") / 1000, field_text(ipc->json, "began"),
		field_real(ipc->json, "seconds"));
	html_put(html,
		HTML("Each round goes through all mechanisms, so that other load on the machine "
		     "affects all of them alike; each time the two processes and their channel "
		     "are new. If there are two processors, each process has one of its own."
		     "</p>\n<p>Time per message: half of a round trip, with messages of that "
		     "size both ways. Throughput: a stream of messages, until the receiver has "
		     "answered the last. In every mechanism the bytes go from a buffer of the "
		     "sender to a buffer of the receiver. Every message carries its number at "
		     "both ends, and the receiver checks it; before each size is measured, "
		     "messages are compared byte for byte. Interrupted calls and short "
		     "transfers are continued. For UDP the receiver grants credit, so that no "
		     "datagrams are lost. A process_vm_readv is a rendezvous: the sender waits "
		     "until each message has been taken.</p>\n"));
	skipped_write(html, ipc);
	html_put(html,
		HTML("</section>\n<section aria-labelledby=h-env><h2 id=h-env>Machine</h2>\n"));
	environment_write(html, json_object_get(ipc->json, "environment"));
	html_put(html, HTML("</section>\n"));
}

static void figure_section_write(struct html *html, const struct ipc *ipc, bool rate)
{
	const struct way *memory = way_find(ipc, true, "");

	html_put(
		html, rate ? HTML("<section aria-labelledby=h-rate><h2 id=h-rate>Throughput</h2>\n")
			   : HTML("<section aria-labelledby=h-time><h2 id=h-time>Time per message"
				  "</h2>\n"));
	plots_write(html, ipc, rate);
	html_put(html,
		HTML("<p class=note>Both axes are logarithmic, and the same in all drawings. "
		     "Points are medians, bars the middle half of the rounds. Thin grey lines are "
		     "the other families; the dashed one, for comparison, is "));
	html_text(html, memory ? memory->title : "shared memory");
	html_put(html, HTML(".</p>\n"));
	crossings_say(html, ipc, rate);
	html_put(html, HTML("</section>\n"));
}

int ipc_page_write(const struct report *report)
{
	struct html *html = html_open(report->folder, "ipc.html");
	struct ipc *ipc = ipc_read(report->ipc);

	html_begin(html, "snarl: shared memory and messages", false);
	html_put(html, HTML("<header><p class=note><a href='index.html'>All cases</a></p>\n"
			    "<h1>Shared memory and messages, measured</h1>\n"));
	if (ipc) {
		lead_write(html, ipc);
		plot_marks_define(html);
		html_put(html, HTML("</header>\n<main>\n"));
		figure_section_write(html, ipc, false);
		figure_section_write(html, ipc, true);
		html_put(html,
			HTML("<section aria-labelledby=h-cross><h2 id=h-cross>Where they cross"
			     "</h2>\n"));
		for (size_t i = 0; i < ipc->way_count && ipc->size_count; i++)
			if (ipc->ways[i].memory && !*ipc->ways[i].skipped)
				crossings_table_write(html, ipc, &ipc->ways[i]);
		html_put(html, HTML("</section>\n"));
		costs_write(html, ipc);
		html_put(html,
			HTML("<section aria-labelledby=h-all><h2 id=h-all>All figures</h2>\n"));
		sizes_table_write(html, ipc, false);
		sizes_table_write(html, ipc, true);
		calls_write(html, ipc);
		html_put(html, HTML("</section>\n"));
		how_write(html, ipc);
		html_put(html, HTML("</main>\n"));
	}
	html_end(html);
	free(ipc);
	return html_close(html);
}

void ipc_link_write(struct html *html, const struct report *report)
{
	html_put(html,
		HTML("<section aria-labelledby=h-ipc><h2 id=h-ipc>Shared memory and messages</h2>\n"
		     "<p><a href='ipc.html'>Measured on this machine</a>, "));
	html_text_upto(html, field_text(report->ipc, "began"), PAGE_WORD_MAX);
	html_put(html,
		HTML(": set-up, time per message and throughput of shared memory and of each way "
		     "of passing messages, and where they cross.</p></section>\n"));
}
