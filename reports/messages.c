/*
 * messages.c - drawings of what went through the channels.
 *
 * A strip is a table of narrow cells, one per byte. A long run without a boundary of a frame or a
 * read shows its beginning, and counts the rest in one cell. So every boundary is shown, whatever
 * the frames' sizes.
 */
#define _GNU_SOURCE
#include "messages.h"

#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "rows.h"
#include "exit.h"
#include "field.h"
#include "source.h"
#include "text.h"

enum {
	LETTERS_ALONE = 18, /* for the bytes of a frame that is alone in its channel */
	LETTERS_BESIDE = 8,
	LETTERS_FIRST = 6, /* if others are left out between the first and the last */
	NAME_MAX_SHOWN = 40,
	CHANNELS_MAX = 6, /* strips on a page */
	FINDINGS_MAX = 12,
	UNITS = 42,	       /* cells of a line */
	LINES_MAX = 6,	       /* of a strip: the last ones, since the failure is at the end */
	GAP_UNITS = 4,	       /* width of a cell that counts */
	WHOLE_MAX = 2 * UNITS, /* bytes of a stream that is shown byte by byte */
	RUN_SHOWN = 4,	       /* bytes of a longer run */
	RUN_WORDS = 8,	       /* units from which a cell has room for words, */
	RUN_NAME = 4,	       /* or for a short name */
};

/* In rem, as in style.css: the column with the rows' names, and a byte. */
static const double STRIP_HEAD = 4, STRIP_UNIT = 1.5;

/* --- names and bytes ----------------------------------------------------------------------- */

void channel_name_write(struct html *html, const struct channel *channel)
{
	html_put(html, HTML("channel <code>"));
	html_text_upto(html, *channel->name ? channel->name : "a channel", NAME_MAX_SHOWN);
	html_put(html, HTML("</code>"));
}

/* "producer 2" */
static void frame_name_write(struct html *html, const struct frame *frame)
{
	html_text_upto(html, frame->sender ? frame->sender : "earlier data", NAME_MAX_SHOWN);
	if (frame->sender)
		html_textf(html, " %u", frame->number);
}

static struct html_markup frame_class(const struct case_view *case_view, const struct frame *frame)
{
	return frame->sender ? actor_class(actor_number(case_view, frame->sender)) : HTML("t0");
}

/* What is left of a part after `gone` bytes, in about so many letters; to be freed. */
static char *part_text(
	const struct case_view *case_view, const struct part *part, size_t gone, size_t letters)
{
	size_t count = part->count - gone;
	size_t known = part->known > gone ? part->known - gone : 0;
	const unsigned char *left = part->bytes + part->known - known;
	char *item = !gone && part->number == 1
			     ? bytes_item(part->bytes, part->known, case_view->catalog)
			     : NULL;
	char *bytes, *text;

	if (item) {
		text = format("%s%s", item, count > sizeof(uint32_t) ? " …" : "");
		free(item);
		return text;
	}
	if (count > PART_KNOWN_MAX && (!known || letters < LETTERS_ALONE))
		return format(letters < LETTERS_ALONE ? "%zu B" : "%zu bytes", count);
	if (count > PART_KNOWN_MAX) {
		bytes = bytes_text(left, known, count, LETTERS_FIRST);
		text = format("%zu bytes: %s", count, bytes);
	} else {
		bytes = bytes_text(left, known, count, letters);
		text = format("%s%s", gone ? "…" : "", bytes);
	}
	free(bytes);
	return text;
}

/* --- the lane ------------------------------------------------------------------------------ */

static void frame_label_write(struct html *html, const struct case_view *case_view,
	const struct channel *channel, size_t at, size_t gone, size_t letters)
{
	const struct part *part = &channel->parts[at];
	const struct frame *frame = &channel->frames[part->frame];
	char *text = part_text(case_view, part, gone, letters);

	html_put(html, HTML("<span class='fr "));
	html_put(html, frame_class(case_view, frame));
	html_put(html, gone || part->number > 1 ? HTML(" torn") : HTML(""));
	html_put(html, part->number < frame->part_count ? HTML(" more") : HTML(""));
	html_put(html, frame->dropped ? HTML(" dropped'><i>") : HTML("'><i>"));
	frame_name_write(html, frame);
	if (frame->part_count > 1)
		html_textf(html, ", %u/%u", part->number, frame->part_count);
	html_put(html, HTML("</i> "));
	html_text(html, text);
	html_put(html, HTML("</span>"));
	free(text);
}

/*
 * The first and the last of the parts that are in the channel after a step; returns their number.
 */
static size_t parts_held(const struct channel *channel, size_t step, size_t *first, size_t *last)
{
	size_t count = 0;

	for (size_t i = 0; i < channel->part_count; i++) {
		if (part_gone(channel, i, step) == channel->parts[i].count)
			continue;
		if (!count++)
			*first = i;
		*last = i;
	}
	return count;
}

void channel_cell_write(struct html *html, const struct case_view *case_view,
	const struct channel *channel, size_t step)
{
	size_t first = 0, last = 0, count = parts_held(channel, step, &first, &last);
	size_t letters = count == 1 ? LETTERS_ALONE : count == 2 ? LETTERS_BESIDE : LETTERS_FIRST;
	int64_t sent = channel_sent(channel, step);
	bool over = step >= json_array_size(field_array(case_view->json, "trace"));

	html_put(html, over ? HTML("<td class=over><p>✗ never read</p>") : HTML("<td class=has>"));
	if (count)
		frame_label_write(
			html, case_view, channel, first, part_gone(channel, first, step), letters);
	if (count > 2)
		html_textf(html, "+%zu", count - 2);
	if (count > 1)
		frame_label_write(
			html, case_view, channel, last, part_gone(channel, last, step), letters);
	for (size_t i = 0; i < channel->part_count && sent >= 0; i++)
		if (channel->parts[i].step == step && channel->frames[sent].dropped) {
			frame_label_write(html, case_view, channel, i, 0, LETTERS_FIRST);
			html_put(html, HTML("<b>✗ dropped</b>"));
			count++;
		}
	html_put(html, count ? HTML("") : HTML("empty"));
}

/* The frames from which a read received bytes, each once. */
static void frames_write(
	struct html *html, const struct channel *channel, const struct receipt *receipt)
{
	size_t last = channel->frame_count;
	bool first = true;

	for (size_t i = 0; i < receipt->piece_count; i++) {
		size_t frame = channel->parts[channel->pieces[receipt->piece + i].part].frame;

		if (frame == last)
			continue;
		last = frame;
		html_put(html, first ? HTML("") : HTML(", "));
		frame_name_write(html, &channel->frames[frame]);
		first = false;
	}
}

void channel_words_write(struct html *html, const struct channel *channel, size_t step, bool named)
{
	int64_t frame = channel_sent(channel, step), receipt = channel_received(channel, step);

	html_textf(html, "step %zu ", step + 1);
	if (frame >= 0) {
		html_put(html,
			channel->frames[frame].dropped ? HTML("sends (dropped) ") : HTML("sends "));
		frame_name_write(html, &channel->frames[frame]);
		html_put(html, named ? HTML(" into ") : HTML(""));
	} else if (receipt >= 0) {
		html_put(html, HTML("receives "));
		frames_write(html, channel, &channel->receipts[receipt]);
		html_put(html, named ? HTML(" from ") : HTML(""));
	}
	html_text_upto(html, named ? channel->name : "", NAME_MAX_SHOWN);
}

/* --- the strip ----------------------------------------------------------------------------- */

/* Bytes of one part that the same read received, or no read did: no boundary is within. */
struct run {
	size_t part, from, to;
	const struct receipt *receipt; /* NULL: never received */
	const struct receipt *again;   /* a second read of the same bytes */
};

/* A cell: a byte, or the number of those that are left out. */
struct cell {
	size_t run, at; /* in the part */
	size_t left_out;
	unsigned units;
};

struct byte_strip {
	const struct case_view *case_view;
	const struct channel *channel;
	struct run *runs;
	struct cell *cells;
	size_t run_count, cell_count;
	struct span drawn;
};

static void *array_get(size_t count, size_t size)
{
	void *array = calloc(count + 1, size);

	if (!array)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	return array;
}

/* The first boundary of a read after `from`, or the part's end. */
static size_t run_end(const struct channel *channel, size_t part, size_t from)
{
	size_t end = channel->parts[part].count;

	for (size_t i = 0; i < channel->piece_count; i++) {
		const struct piece *piece = &channel->pieces[i];

		if (piece->part != part)
			continue;
		end = piece->from > from && piece->from < end ? piece->from : end;
		end = piece->to > from && piece->to < end ? piece->to : end;
	}
	return end;
}

static void run_add(struct byte_strip *strip, size_t part, size_t from, size_t to)
{
	const struct channel *channel = strip->channel;
	struct run *run = &strip->runs[strip->run_count++];

	*run = (struct run){part, from, to, NULL, NULL};
	for (size_t i = 0; i < channel->piece_count; i++) {
		const struct piece *piece = &channel->pieces[i];
		const struct receipt *receipt = &channel->receipts[piece->receipt];

		if (piece->part != part || piece->from > from || piece->to <= from)
			continue;
		if (!run->receipt)
			run->receipt = receipt;
		else if (!run->again)
			run->again = receipt;
	}
}

static void run_cells_add(struct byte_strip *strip, size_t at)
{
	const struct run *run = &strip->runs[at];
	const struct part *part = &strip->channel->parts[run->part];
	size_t known = part->known < run->to ? part->known : run->to;
	size_t end = strip->channel->bytes <= WHOLE_MAX || run->to - run->from <= 2 * RUN_SHOWN
			     ? run->to
			     : run->from + RUN_SHOWN;

	end = end < known ? end : known;
	end = end > run->from ? end : run->from;
	for (size_t i = run->from; i < end; i++)
		strip->cells[strip->cell_count++] = (struct cell){at, i, 0, 1};
	if (end < run->to)
		strip->cells[strip->cell_count++] =
			(struct cell){at, end, run->to - end, GAP_UNITS};
}

static void byte_strip_make(struct byte_strip *strip)
{
	const struct channel *channel = strip->channel;
	/* Each piece has two ends, and each part an end of its own. */
	size_t most = 2 * channel->piece_count + channel->part_count;

	strip->runs = array_get(most, sizeof *strip->runs);
	strip->cells = array_get(most * (2 * RUN_SHOWN + 1) + WHOLE_MAX, sizeof *strip->cells);
	for (size_t part = 0; part < channel->part_count; part++)
		for (size_t from = 0, to; from < channel->parts[part].count; from = to) {
			to = run_end(channel, part, from);
			run_add(strip, part, from, to);
		}
	for (size_t i = 0; i < strip->run_count; i++)
		run_cells_add(strip, i);
}

/* The end of the line that begins with cell `from`, and its width in units. */
static size_t line_end(const struct byte_strip *strip, size_t from, unsigned *units)
{
	size_t to = from;

	*units = 0;
	while (to < strip->cell_count && *units + strip->cells[to].units <= UNITS)
		*units += strip->cells[to++].units;
	return to;
}

static const struct part *cell_part(const struct byte_strip *strip, size_t cell)
{
	return &strip->channel->parts[strip->runs[strip->cells[cell].run].part];
}

static bool same_run(const struct byte_strip *strip, size_t a, size_t b)
{
	return strip->cells[a].run == strip->cells[b].run;
}

static const struct run *cell_run(const struct byte_strip *strip, size_t cell)
{
	return &strip->runs[strip->cells[cell].run];
}

/* Whether two neighbouring cells were sent by the same step, or received by the same call. */
static bool sent_together(const struct byte_strip *strip, size_t a, size_t b)
{
	return cell_part(strip, a) == cell_part(strip, b);
}

static bool received_together(const struct byte_strip *strip, size_t a, size_t b)
{
	const struct run *left = cell_run(strip, a), *right = cell_run(strip, b);

	if (left->receipt != right->receipt || left->again != right->again)
		return false;
	/* Frames that nobody received are shown one by one. */
	return left->receipt || cell_part(strip, a) == cell_part(strip, b);
}

/* The end of the cells from `from` on that share one head, and their width in units. */
static size_t together(const struct byte_strip *strip, size_t from, size_t to, unsigned *units,
	bool (*are)(const struct byte_strip *, size_t, size_t))
{
	size_t end = from;

	for (*units = 0; end < to && are(strip, from, end); end++)
		*units += strip->cells[end].units;
	return end;
}

static void colspan_write(struct html *html, unsigned units)
{
	html_put(html, units > 1 ? HTML(" colspan=") : HTML(""));
	if (units > 1)
		html_textf(html, "%u", units);
	html_put(html, HTML(">"));
}

static void step_write(struct html *html, const struct byte_strip *strip, size_t step)
{
	if (step == SIZE_MAX)
		return;
	html_put(html, HTML(", step "));
	step_number_write(html, strip->drawn, step);
}

/* Name the frame or its part and the step that sent it, as far as there is room. */
static void sent_cell_write(
	struct html *html, const struct byte_strip *strip, size_t from, size_t to, unsigned units)
{
	const struct part *part = cell_part(strip, from);
	const struct frame *frame = &strip->channel->frames[part->frame];
	bool begins = !strip->cells[from].at && part->number == 1;
	bool ends = part->number == frame->part_count &&
		    (to == strip->cell_count || !sent_together(strip, from, to));

	html_put(html, HTML("<td class='fr "));
	html_put(html, frame_class(strip->case_view, frame));
	html_put(html, begins ? HTML("") : HTML(" torn"));
	html_put(html, ends ? HTML("") : HTML(" more"));
	html_put(html, frame->dropped ? HTML(" dropped'") : HTML("'"));
	colspan_write(html, units);
	if (units < RUN_NAME && frame->sender) {
		html_textf(html, "%u", frame->number);
		return;
	}
	frame_name_write(html, frame);
	if (units < RUN_WORDS)
		return;
	if (frame->part_count > 1)
		html_textf(html, ", piece %u of %u", part->number, frame->part_count);
	step_write(html, strip, part->step);
}

static void got_cell_write(
	struct html *html, const struct byte_strip *strip, size_t from, size_t to, unsigned units)
{
	const struct run *run = cell_run(strip, from);
	const struct part *part = cell_part(strip, from);
	const struct receipt *receipt = run->receipt;

	if (!receipt) {
		html_put(html, HTML("<td class=lost"));
		colspan_write(html, units);
		html_put(html, units < RUN_NAME				     ? HTML("✗")
			       : strip->channel->frames[part->frame].dropped ? HTML("✗ dropped")
			       : part->cut_step != SIZE_MAX		     ? HTML("✗ cut off")
							    : HTML("✗ never read"));
		return;
	}
	html_put(html, HTML("<td class='fr "));
	html_put(html, actor_class(actor_number(strip->case_view, receipt->receiver)));
	/* The read continues in the line above or below. */
	html_put(html, from && received_together(strip, from - 1, from) ? HTML(" torn") : HTML(""));
	html_put(html, to < strip->cell_count && received_together(strip, from, to) ? HTML(" more'")
										    : HTML("'"));
	colspan_write(html, units);
	html_put(html, units < RUN_NAME ? HTML("") : HTML("read "));
	html_textf(html, "%u", receipt->number);
	if (run->again)
		html_textf(html, ", %u", run->again->number);
	if (units < RUN_WORDS)
		return;
	html_put(html, HTML(", "));
	html_text_upto(html, receipt->receiver, NAME_MAX_SHOWN);
	step_write(html, strip, receipt->step);
}

static void byte_cell_write(
	struct html *html, const struct byte_strip *strip, size_t at, bool as_text)
{
	const struct cell *cell = &strip->cells[at];
	const struct part *part = cell_part(strip, at);
	char text[3];

	if (cell->left_out) {
		html_put(html, HTML("<td class=gap"));
		colspan_write(html, cell->units);
		html_put(html, HTML("… "));
		html_number(html, (int64_t)cell->left_out);
		html_put(html, HTML(" …"));
		return;
	}
	html_put(html, HTML("<td>"));
	if (as_text && part->bytes[cell->at] == ' ')
		html_put(html, HTML("sp"));
	else
		html_text(html, byte_text(part->bytes[cell->at], as_text, text));
}

/* Whether all known bytes of the stream are text: the whole strip uses one notation. */
static bool byte_strip_is_text(const struct byte_strip *strip)
{
	const struct channel *channel = strip->channel;

	for (size_t i = 0; i < channel->part_count; i++)
		if (!bytes_are_text(channel->parts[i].bytes, channel->parts[i].known))
			return false;
	return true;
}

/* Four rows: places in the stream, frames, bytes, reads. */
static void line_write(
	struct html *html, const struct byte_strip *strip, size_t from, size_t to, unsigned units)
{
	bool as_text = byte_strip_is_text(strip);
	unsigned wide;

	html_put(html, HTML("<table class=strip style='width:"));
	html_textf(html, "%.4grem", STRIP_HEAD + STRIP_UNIT * units);
	html_put(html, HTML("'><caption class=vh>Frames as they were sent, their bytes, and what "
			    "each read received from them</caption><colgroup><col style='width:"));
	html_textf(html, "%.4grem", STRIP_HEAD);
	html_put(html, HTML("'><col span="));
	html_textf(html, "%u", units);
	html_put(html, HTML("></colgroup><tbody><tr class=at><th scope=row>at"));
	for (size_t cell = from, end; cell < to; cell = end) {
		end = together(strip, cell, to, &wide, same_run);
		html_put(html, HTML("<td"));
		colspan_write(html, wide);
		html_number(html, (int64_t)(cell_part(strip, cell)->at + strip->cells[cell].at));
	}
	html_put(html, HTML("<tr><th scope=row>sent"));
	for (size_t cell = from, end; cell < to; cell = end) {
		end = together(strip, cell, to, &wide, sent_together);
		sent_cell_write(html, strip, cell, end, wide);
	}
	html_put(html, HTML("<tr class=bytes><th scope=row>bytes"));
	for (size_t cell = from; cell < to; cell++)
		byte_cell_write(html, strip, cell, as_text);
	html_put(html, HTML("<tr><th scope=row>read"));
	for (size_t cell = from, end; cell < to; cell = end) {
		end = together(strip, cell, to, &wide, received_together);
		got_cell_write(html, strip, cell, end, wide);
	}
	html_put(html, HTML("</tbody></table>\n"));
}

static void byte_strip_write(
	struct html *html, const struct case_view *case_view, const struct channel *channel)
{
	struct byte_strip strip = {.case_view = case_view,
		.channel = channel,
		.drawn = trace_drawn(field_array(case_view->json, "trace"))};
	size_t lines = 0, skipped;
	unsigned units;

	byte_strip_make(&strip);
	for (size_t cell = 0; cell < strip.cell_count; cell = line_end(&strip, cell, &units))
		lines++;
	skipped = lines > LINES_MAX ? lines - LINES_MAX : 0;
	scroll_begin(html, "Bytes of the channel, scrollable");
	for (size_t cell = 0, end, line = 0; cell < strip.cell_count; cell = end, line++) {
		end = line_end(&strip, cell, &units);
		if (line >= skipped)
			line_write(html, &strip, cell, end, units);
	}
	scroll_end(html);
	if (skipped) {
		html_put(html, HTML("<p class=note>Showing the last "));
		html_number(html, LINES_MAX);
		html_put(html, HTML(" of "));
		html_number(html, (int64_t)lines);
		html_put(html, HTML(" lines.</p>\n"));
	}
	free(strip.runs);
	free(strip.cells);
}

/* --- in words ------------------------------------------------------------------------------ */

struct findings {
	struct html *html;
	size_t count; /* at most FINDINGS_MAX of them are written */
};

/* Begin a finding; returns whether there is room for it. */
static bool finding_begin(struct findings *findings)
{
	if (findings->count++ >= FINDINGS_MAX)
		return false;
	html_put(findings->html, HTML("<li>"));
	return true;
}

static void bytes_write(struct html *html, size_t count)
{
	html_number(html, (int64_t)count);
	html_put(html, count == 1 ? HTML(" byte") : HTML(" bytes"));
}

/* Whether bytes of other frames are between those of this one. */
static bool is_split(const struct channel *channel, size_t frame)
{
	size_t before = channel->part_count;

	for (size_t i = 0; i < channel->part_count; i++) {
		if (channel->parts[i].frame != frame)
			continue;
		if (before != channel->part_count && i != before + 1)
			return true;
		before = i;
	}
	return false;
}

static size_t frame_taken(const struct channel *channel, size_t frame)
{
	size_t taken = 0;

	for (size_t i = 0; i < channel->part_count; i++)
		taken += channel->parts[i].frame == frame ? channel->parts[i].taken : 0;
	return taken;
}

/* The number of calls that received bytes of a frame. */
static unsigned frame_reads(const struct channel *channel, size_t frame)
{
	size_t last = channel->receipt_count;
	unsigned count = 0;

	for (size_t i = 0; i < channel->piece_count; i++) {
		const struct piece *piece = &channel->pieces[i];

		if (channel->parts[piece->part].frame != frame || piece->receipt == last ||
			channel->receipts[piece->receipt].again)
			continue;
		last = piece->receipt;
		count++;
	}
	return count;
}

static bool frame_cut(const struct channel *channel, size_t frame)
{
	for (size_t i = 0; i < channel->part_count; i++)
		if (channel->parts[i].frame == frame && channel->parts[i].cut_step != SIZE_MAX)
			return true;
	return false;
}

static void frame_find(struct findings *findings, const struct channel *channel, size_t at)
{
	const struct frame *frame = &channel->frames[at];
	size_t taken = frame_taken(channel, at);
	unsigned reads = frame_reads(channel, at);
	struct html *html = findings->html;

	if (frame->part_count > 1 && is_split(channel, at) && finding_begin(findings)) {
		frame_name_write(html, frame);
		html_put(html, HTML(", "));
		bytes_write(html, frame->count);
		html_textf(html, ", was sent in %u pieces: ", frame->part_count);
		html_put(html, HTML("<b>other frames' bytes lie between them</b>"));
	}
	if (reads > 1 && finding_begin(findings)) {
		frame_name_write(html, frame);
		html_textf(html, " was received in %u pieces", reads);
	}
	if (frame->dropped && finding_begin(findings)) {
		frame_name_write(html, frame);
		html_put(html, HTML(" was <b>dropped</b> on its way into the channel"));
	} else if (!frame->dropped && taken < frame->count && finding_begin(findings)) {
		html_put(html, taken ? HTML("in frame ") : HTML(""));
		frame_name_write(html, frame);
		html_put(html, HTML(", "));
		if (taken) {
			bytes_write(html, frame->count - taken);
			html_put(html, HTML(" of "));
			html_number(html, (int64_t)frame->count);
		} else {
			bytes_write(html, frame->count);
		}
		html_put(html, frame_cut(channel, at)	   ? HTML(" were <b>cut off</b>")
			       : !taken			   ? HTML(", was <b>never read</b>")
			       : frame->count - taken == 1 ? HTML(" was <b>never read</b>")
							   : HTML(" were <b>never read</b>"));
	}
}

/* Whether a read took what was sent after something that was read later, or is still there. */
static bool is_early(const struct channel *channel, const struct receipt *receipt)
{
	for (size_t i = 0; i < channel->pieces[receipt->piece].part && receipt->piece_count; i++)
		if (part_gone(channel, i, receipt->step) < channel->parts[i].count &&
			!channel->frames[channel->parts[i].frame].dropped)
			return true;
	return false;
}

static void receipt_find(
	struct findings *findings, const struct channel *channel, const struct receipt *receipt)
{
	unsigned frames = receipt_frames(channel, receipt);
	bool early = is_early(channel, receipt);
	struct html *html = findings->html;

	if ((frames < 2 && !receipt->again && !early && !*receipt->fault) ||
		!finding_begin(findings))
		return;
	html_textf(html, "read %u, ", receipt->number);
	bytes_write(html, receipt->count);
	if (*receipt->fault) {
		html_put(html, HTML(" (injected: "));
		html_text_upto(html, receipt->fault, NAME_MAX_SHOWN);
		html_put(html, HTML(")"));
	}
	html_put(
		html, frames > 1       ? HTML(", <b>has bytes of several frames</b>: ")
		      : receipt->again ? HTML(", <b>received again</b>: ")
		      : early ? HTML(", <b>received</b> a frame that had <b>overtaken</b> others: ")
			      : HTML(", from frame "));
	frames_write(html, channel, receipt);
}

static void findings_write(struct html *html, const struct channel *channel)
{
	struct findings findings = {html, 0};

	html_put(html, HTML("<ul class=found>\n"));
	for (size_t i = 0; i < channel->frame_count; i++)
		frame_find(&findings, channel, i);
	for (size_t i = 0; i < channel->receipt_count; i++)
		receipt_find(&findings, channel, &channel->receipts[i]);
	if (!findings.count)
		html_put(html, HTML("<li>every frame was read as it was sent"));
	html_put(html, HTML("</ul>\n"));
	showing_write(html, FINDINGS_MAX, findings.count, HTML("findings"));
}

static void channel_write(
	struct html *html, const struct case_view *case_view, const struct channel *channel)
{
	html_put(html, HTML("<h3>"));
	channel_name_write(html, channel);
	html_put(html, channel->messages ? HTML(": keeps message boundaries; ")
					 : HTML(": a byte stream; "));
	html_number(html, (int64_t)channel->frame_count);
	html_put(html, channel->frame_count == 1 ? HTML(" frame, ") : HTML(" frames, "));
	bytes_write(html, channel->bytes);
	html_put(html, HTML(", "));
	html_number(html, (int64_t)channel->receipt_count);
	html_put(html, channel->receipt_count == 1 ? HTML(" read</h3>\n") : HTML(" reads</h3>\n"));
	findings_write(html, channel);
	byte_strip_write(html, case_view, channel);
}

void messages_write(struct html *html, const struct case_view *case_view)
{
	struct channels channels = channels_find(field_array(case_view->json, "trace"));

	if (channels.count) {
		fold_begin(html, HTML("messages"), HTML("Messages"), "", false);
		html_put(html, HTML("<p>All bytes of each channel, in order. Above them are the "
				    "frames, one per sending call; below them is what each read "
				    "received. If the boundaries above and below differ, a frame "
				    "was torn.</p>\n"));
		for (size_t i = 0; i < channels.count && i < CHANNELS_MAX; i++)
			channel_write(html, case_view, &channels.all[i]);
		showing_write(html, CHANNELS_MAX, channels.count, HTML("channels"));
		fold_end(html);
	}
	channels_free(&channels);
}
