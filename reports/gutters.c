/*
 * gutters.c - arrows between lanes. A gutter is drawn in pieces, each with its rows in a <tbody>:
 * on paper, a piece is what stays together.
 */
#include "gutters.h"

#include "messages.h"

/* In rem: the radius of a corner, and the positions of the tracks. */
static const double BEND = .4, FIRST_TRACK = .6, NEXT_TRACK = .5;

/* Where in its row an arrow leaves or arrives: lines that share a row do not share a height. */
static double arrow_y(const struct layout *all, const struct arrow *arrow, size_t row, size_t top)
{
	double part = arrow->kind != ORDER ? .5 : row == arrow->from ? .72 : .28;

	return ((double)row - (double)top + part) * all->row;
}

/* Begin a path, up to its data: an arrow with its head, or a piece without one. */
static void path_begin(struct html *html, const struct arrow *arrow, bool head)
{
	static const struct html_markup kinds[] = {
		[ORDER] = HTML("<path class='hb"),
		[CONFLICT] = HTML("<path class='cf"),
		[MESSAGE] = HTML("<path class='ms"),
	};

	html_put(html, kinds[arrow->kind]);
	html_put(html, head ? HTML(" to") : HTML(""));
	html_put(html, arrow->folded ? HTML(" far' d='") : HTML("' d='"));
}

/* The whole arrow: along its first row, down its track, along its last row to its head. */
static void arrow_write(
	struct html *html, const struct layout *all, const struct arrow *arrow, size_t top)
{
	bool right = arrow->a < arrow->b;
	double track = FIRST_TRACK + NEXT_TRACK * arrow->track, way = right ? BEND : -BEND;
	double y = arrow_y(all, arrow, arrow->from, top), end = arrow_y(all, arrow, arrow->to, top);

	path_begin(html, arrow, true);
	if (arrow->kind == MESSAGE)
		html_textf(html, "M%.4g %.4gH%.4g", right ? 0 : LAYOUT_GUTTER, y,
			right ? LAYOUT_GUTTER - GUTTER_HEAD : GUTTER_HEAD);
	else
		html_textf(html, "M%.4g %.4gH%.4gq%.4g 0 %.4g %.4gV%.4gq0 %.4g %.4g %.4gH%.4g",
			right ? 0 : LAYOUT_GUTTER, y, (right ? track : LAYOUT_GUTTER - track) - way,
			way, way, BEND, end - BEND, BEND, way, BEND,
			right ? LAYOUT_GUTTER - GUTTER_HEAD : GUTTER_HEAD);
	html_put(html, HTML("'/>"));
}

/* Whether an arrow that turns down elsewhere crosses this gutter on its way, in its first row. */
static bool arrow_crosses(const struct arrow *arrow, unsigned gutter)
{
	unsigned a = arrow->a, b = arrow->b;

	return gutter != arrow->gutter && gutter >= (a < b ? a : b) && gutter < (a < b ? b : a);
}

/*
 * Draw the part of an arrow that is visible in a piece of a gutter; returns whether there is any.
 */
static bool arrow_piece_write(struct html *html, const struct layout *all,
	const struct arrow *arrow, unsigned gutter, struct span rows)
{
	bool right = arrow->a < arrow->b;
	double track = FIRST_TRACK + NEXT_TRACK * arrow->track;

	if (arrow_crosses(arrow, gutter)) {
		if (!span_has(rows, arrow->from))
			return false;
		path_begin(html, arrow, false);
		html_textf(html, "M0 %.4gH%.4g", arrow_y(all, arrow, arrow->from, rows.from),
			LAYOUT_GUTTER);
		html_put(html, HTML("'/>"));
		return true;
	}
	if (gutter != arrow->gutter || arrow->to < rows.from || arrow->from >= rows.to)
		return false;
	if (span_has(rows, arrow->from) || span_has(rows, arrow->to)) {
		arrow_write(html, all, arrow, rows.from);
		return true;
	}
	path_begin(html, arrow, false);
	html_textf(html, "M%.4g 0V%.4g", right ? track : LAYOUT_GUTTER - track,
		(double)(rows.to - rows.from) * all->row);
	html_put(html, HTML("'/>"));
	return true;
}

static bool piece_has(const struct layout *all, unsigned gutter, struct span rows, bool ends)
{
	for (size_t i = 0; i < all->arrow_count; i++) {
		const struct arrow *arrow = &all->arrows[i];

		if (arrow->gutter == gutter && span_has(rows, arrow->to))
			return true;
		if (!ends && ((arrow->gutter == gutter && arrow->to >= rows.from &&
				      arrow->from < rows.to) ||
				     (arrow_crosses(arrow, gutter) && span_has(rows, arrow->from))))
			return true;
	}
	return false;
}

/* The channel that a message goes into or comes from. */
static const struct channel *message_tube(const struct layout *all, const struct arrow *arrow)
{
	return all->columns[all->columns[arrow->a].channel ? arrow->a : arrow->b].channel;
}

/* An arrow is described in the piece where it arrives. */
static void piece_label_write(
	struct html *html, const struct layout *all, unsigned gutter, struct span rows)
{
	bool first = true;

	if (!piece_has(all, gutter, rows, true)) {
		html_put(html, HTML(" aria-hidden=true>"));
		return;
	}
	html_put(html, HTML(" role=img aria-label='Arrows: "));
	for (size_t i = 0; i < all->arrow_count; i++) {
		const struct arrow *arrow = &all->arrows[i];

		if (arrow->gutter != gutter || !span_has(rows, arrow->to))
			continue;
		html_put(html, first ? HTML("") : HTML("; "));
		first = false;
		if (arrow->kind == CONFLICT)
			html_textf(html, "conflict: steps %zu and %zu race", arrow->from + 1,
				arrow->to + 1);
		else if (arrow->kind == MESSAGE)
			channel_words_write(html, message_tube(all, arrow), arrow->from,
				all->channel_lane_count > 1);
		else
			html_textf(html, "step %zu happens before step %zu", arrow->from + 1,
				arrow->to + 1);
	}
	html_put(html, HTML("'>"));
}

void gutter_write(struct html *html, const struct layout *all, unsigned gutter, struct span rows)
{
	size_t count = rows.to - rows.from;

	html_put(html, HTML("<td class=gut rowspan="));
	html_textf(html, "%zu", count);
	html_put(html, HTML(">"));
	if (piece_has(all, gutter, rows, false)) {
		html_put(html, HTML("<svg viewBox='0 0 "));
		html_textf(html, "%.4g %.4g", LAYOUT_GUTTER, (double)count * all->row);
		html_put(html, HTML("'"));
		if (count < LAYOUT_PIECE) { /* style.css knows the height of a whole one */
			html_put(html, HTML(" style='height:"));
			html_textf(html, "%.4grem", (double)count * all->row);
			html_put(html, HTML("'"));
		}
		piece_label_write(html, all, gutter, rows);
		for (size_t i = 0; i < all->arrow_count; i++)
			arrow_piece_write(html, all, &all->arrows[i], gutter, rows);
		html_put(html, HTML("</svg>"));
	}
}
