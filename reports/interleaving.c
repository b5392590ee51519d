/*
 * interleaving.c - the order of the actors' steps as a table: a lane for each actor and channel, a
 * row for each step.
 */
#define _GNU_SOURCE
#include "interleaving.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"
#include "field.h"
#include "gutters.h"
#include "kind.h"
#include "layout.h"
#include "messages.h"
#include "ring.h"
#include "snarl.h"
#include "story.h"
#include "text.h"

enum {
	VALUE_MAX = 80, /* bytes shown of an observed value */
	CODE_MAX = 120,
	LINES_LEAST = 2, /* in a row: one of code, one below it */
	LINES_MAX = 9,
	RING_LINES = 3,
};

/* In rem, as in style.css: the width of a row's number, and of a channel's lane. */
static const double STEP = 3.5;
static const double TUBE = 15, TUBE_NARROW = 12; /* beside many others */

/* In rem: a window of 1280 pixels, and of an A4 page in landscape at the size of the screen. */
static const double WINDOW = 77.5, PAPER = 63;
static const double LANE_LEAST = 13, LANE_LEAST_OF_MANY = 11, LANE_PADDING = 1.3;
static const double LANE_IDLE = 5;     /* as in style.css */
static const double FIRST_SCREEN = 34; /* of 800 pixels, below the heads of the lanes */

/* In rem, as in style.css: letters of code and of text, a line, and what is around a row's lines.
 */
static const double CODE_LETTER = .53, TEXT_LETTER = .46, LINE = 1.15, ROW_AROUND = .5;

struct interleaving {
	const struct case_view *case_view;
	const struct sources *sources;
	struct layout layout;
	struct story story;
	struct ring rings[SNARL_OBSERVED_MAX]; /* of the observed variables that are buffers */
	double lane, tube;		       /* widths in rem; */
	double least, least_of_all; /* of the whole table: for the story, and for all steps */
	double paper;		    /* how much higher rows are there */
	double slot;		    /* of a buffer: its width in rem */
	unsigned lines;		    /* of text in a row */
};

/*
 * There may be hundreds of rows with a dozen cells. To keep such a page within its budget,
 * everything that HTML makes optional (end tags of cells and rows, quotes) is left out.
 */

static void step_link_write(struct html *html, const struct interleaving *all, size_t step)
{
	step_number_write(html, all->layout.drawn, step);
}

static bool is_culprit(const struct interleaving *all, size_t i)
{
	return all->story.culprit.known && all->story.culprit.step == i;
}

static void racing_write(struct html *html, const struct interleaving *all, size_t i)
{
	unsigned written = 0;

	if (!all->layout.steps[i].races)
		return;
	html_put(html, HTML("<b class=tag>racing"));
	for (size_t k = 0; k < all->layout.arrow_count; k++) {
		const struct arrow *arrow = &all->layout.arrows[k];

		if (arrow->kind != CONFLICT || (arrow->from != i && arrow->to != i) || written == 4)
			continue;
		html_put(html, written++ ? HTML(", ") : HTML(" with "));
		step_link_write(html, all, arrow->from == i ? arrow->to : arrow->from);
	}
	html_put(html, HTML("</b> "));
}

/* What went wrong in the step, if it is the culprit. */
static void culprit_write(struct html *html, const struct interleaving *all, size_t i)
{
	if (!is_culprit(all, i))
		return;
	html_put(html, HTML("<strong class=why>"));
	html_text_upto(html, all->story.culprit.note, PAGE_WORD_MAX);
	html_put(html, HTML("</strong> "));
}

/* Each row names its actor: where lanes show it, only if it differs from the one above. */
static void actor_write(struct html *html, const struct interleaving *all, size_t i)
{
	const json_t *json = all->layout.steps[i].json;
	const char *actor = field_text(json, "actor");
	bool preempts = *field_text(json, "preempted");

	if (!preempts && i > all->layout.drawn.from &&
		field_is(all->layout.steps[i - 1].json, "actor", actor)) {
		html_put(html, HTML("<i>"));
		html_text_upto(html, actor, 40);
		html_put(html, HTML("</i> "));
		return;
	}
	html_put(html, preempts ? HTML("<b>⤷ ") : HTML("<b>"));
	html_text_upto(html, actor, 40);
	html_put(html, HTML("</b> "));
}

static void effect_write(struct html *html, const struct interleaving *all, size_t i)
{
	const json_t *json = all->layout.steps[i].json;
	const char *sentence = field_text(json, "sentence"), *waits = field_text(json, "waits_for");
	const char *injected = field_text(json, "injected"),
		   *preempted = field_text(json, "preempted");
	int64_t line = 0;
	const char *path = sources_step_place(all->sources, json, &line);

	actor_write(html, all, i);
	culprit_write(html, all, i);
	racing_write(html, all, i);
	if (*injected)
		html_put(html, HTML("<b class=tag>injected</b> "));
	if (line > 0) {
		sources_line_link_write(html, all->sources, path, line);
		html_put(html, HTML(" "));
	}
	html_text_upto(html, sentence, PAGE_WORD_MAX);
	if (*waits && !strstr(sentence, "waits for")) {
		html_put(html, *sentence ? HTML("; waits for ") : HTML("waits for "));
		html_text_upto(html, waits, 40);
		html_put(html, *field_text(json, "held_by") ? HTML(", held by ") : HTML(""));
		html_text_upto(html, field_text(json, "held_by"), 40);
	}
	html_put(html, *preempted ? HTML("; preempts ") : HTML(""));
	html_text_upto(html, preempted, 40);
	if (*injected)
		html_wrap(html, HTML(" ("), injected, HTML(")"));
}

/*
 * The line of source, above the step's effect; the name of the call or function if there is none.
 */
static unsigned at_most(unsigned number, unsigned most)
{
	return number < most ? number : most;
}

static unsigned lines_of(size_t letters, double letter, double width)
{
	unsigned in_line = (unsigned)((width - LANE_PADDING) / letter);

	return letters ? (unsigned)((letters + in_line - 1) / in_line) : 0;
}

/* The lines that say what the step did. */
static unsigned effect_lines(const struct interleaving *all, size_t i)
{
	const json_t *json = all->layout.steps[i].json;
	int64_t line = 0;
	const char *path = sources_step_place(all->sources, json, &line);
	size_t letters = strlen(field_text(json, "actor")) + strlen(field_text(json, "sentence")) +
			 strlen(field_text(json, "injected")) +
			 sources_place_length(all->sources, path, line);

	if (*field_text(json, "preempted"))
		letters += strlen("; preempts ") + strlen(field_text(json, "preempted"));
	letters += is_culprit(all, i) ? strlen(all->story.culprit.note) : 0;
	letters += all->layout.steps[i].races ? strlen("racing with 10, 12 ") : 0;
	return lines_of(letters, TEXT_LETTER, all->lane);
}

static void code_write(struct html *html, const struct interleaving *all, size_t i)
{
	const json_t *json = all->layout.steps[i].json;
	const char *call = field_text(json, "call");
	int64_t line = 0;
	const char *path = sources_step_place(all->sources, json, &line);
	unsigned effect =
		effect_lines(all, i); /* is never cut: code has the lines that it leaves */

	if (!path && !*call && !*field_text(json, "function"))
		return;
	html_put(html, HTML("<code"));
	if (effect > 1) {
		html_put(html, HTML(" style=--code:"));
		html_number(html, all->lines > effect ? all->lines - effect : 1);
	}
	html_put(html, HTML(">"));
	if (path)
		sources_line_write(html, all->sources, path, line);
	else
		html_text_upto(html, *call ? call : field_text(json, "function"), CODE_MAX);
	html_put(html, HTML("</code>"));
}

static void event_cell_write(struct html *html, const struct interleaving *all, size_t i)
{
	const struct step *step = &all->layout.steps[i];

	html_put(html, HTML("<td class='ev "));
	html_put(html, actor_class(actor_number(all->case_view, field_text(step->json, "actor"))));
	html_put(html, step->races ? HTML(" race") : HTML(""));
	html_put(html, is_culprit(all, i) ? HTML(" culprit") : HTML(""));
	html_put(html, *field_text(step->json, "injected") ? HTML(" fault") : HTML(""));
	html_put(html, *field_text(step->json, "waits_for") ? HTML(" wait") : HTML(""));
	html_put(html, HTML("'><p>"));
	code_write(html, all, i);
	effect_write(html, all, i);
}

/* A lane that is empty in this row; arrows to lanes beyond it may pass through. */
static void passing_write(
	struct html *html, const struct interleaving *all, size_t i, unsigned column)
{
	bool passes[MESSAGE + 1] = {false};
	bool channel_lane = all->layout.columns[column].channel;

	for (size_t k = 0; k < all->layout.arrow_count; k++) {
		const struct arrow *arrow = &all->layout.arrows[k];
		unsigned a = arrow->a, b = arrow->b;

		if (arrow->from == i && column > (a < b ? a : b) && column < (a < b ? b : a))
			passes[arrow->kind] = true;
	}
	if (passes[ORDER] || passes[CONFLICT] || passes[MESSAGE])
		html_put(html,
			channel_lane ? HTML("<td class='pass tube'>") : HTML("<td class=pass>"));
	else
		html_put(html, channel_lane ? HTML("<td class=tube>") : HTML("<td>"));
	html_put(html, passes[ORDER] ? HTML("<i class=hb></i>") : HTML(""));
	html_put(html, passes[CONFLICT] ? HTML("<i class=cf></i>") : HTML(""));
	html_put(html, passes[MESSAGE] ? HTML("<i class=ms></i>") : HTML(""));
}

/* An observed variable, in the first row and where it changes in the steps from `from` to `i`. */
static void values_write(struct html *html, const struct interleaving *all, size_t from, size_t i)
{
	const json_t *json = all->layout.steps[i].json;
	const json_t *before =
		from > all->layout.drawn.from ? all->layout.steps[from - 1].json : NULL;

	for (unsigned k = 0; k < all->layout.observed_count; k++) {
		const char *name = all->layout.observed[k], *value = step_value(json, name);
		const char *old = before ? step_value(before, name) : NULL;
		bool changed = value && old && !is(value, old), wraps;

		html_put(html, HTML("<td>"));
		if (!value || (old && !changed))
			continue;
		wraps = all->rings[k].slots || strlen(value) > LAYOUT_VALUE_LINE_NARROW;
		html_put(html, wraps ? HTML("<p>") : HTML(""));
		html_wrap(html, HTML("<i>"), *name ? name : "?", HTML(" </i>"));
		if (all->rings[k].slots) {
			ring_write(html, &all->rings[k], json, before);
			continue;
		}
		html_put(html, changed ? HTML("<b>") : HTML(""));
		html_text_upto(html, value, VALUE_MAX);
		html_put(html, changed ? HTML("<i> (changed)</i></b>") : HTML(""));
	}
}

/* One of the entries of a cell; `first` if none is before it. */
static void entry_write(struct html *html, const char *left, const char *between, const char *right,
	bool changed, bool first)
{
	html_put(html, first ? HTML("") : HTML(", "));
	html_put(html, changed ? HTML("<b>") : HTML(""));
	html_text_upto(html, left, 40);
	html_text(html, between);
	html_text_upto(html, right, 40);
	html_put(html, changed ? HTML("<i> (changed)</i></b>") : HTML(""));
}

/*
 * "left: alice, right: bob", and "alice → right", after the step. With `changes_only`, only the
 * last row shows all entries.
 */
static void holdings_write(
	struct html *html, const struct interleaving *all, const struct holdings *holdings)
{
	const json_t *step = all->layout.steps[holdings->at - 1].json;
	bool changes = all->layout.changes_only && holdings->at < all->layout.drawn.to,
	     first = true;

	html_put(html, HTML("<td class=held><p>"));
	for (unsigned i = 0; i < holdings->held_count; i++) {
		const struct held *held = &holdings->held[i];
		bool changed = held->taken || !held->levels;

		if (changes && !changed)
			continue;
		entry_write(html, *held->name ? held->name : "lock", ": ",
			held->levels ? all->layout.actors[held->actor] : "free", changed, first);
		first = false;
	}
	html_put(html, first && !changes ? HTML("–") : HTML(""));
	html_put(html, HTML("<td class=waiting><p>"));
	first = true;
	for (unsigned i = 0; i < all->layout.actor_count; i++) {
		bool changed = holdings->waits[i] == step;

		if (!holdings->waits[i] || (changes && !changed))
			continue;
		entry_write(html, all->layout.actors[i], " → ", wait_name(holdings->waits[i]),
			changed, first);
		first = false;
	}
	html_put(html, first && !changes ? HTML("–") : HTML(""));
}

/*
 * The causal past as far as it differs from that of the step above of the same actor: pairs of an
 * actor's number and its last step.
 */
static void causal_past_write(struct html *html, const struct interleaving *all, size_t i)
{
	const struct step *step = &all->layout.steps[i], *above = NULL;
	bool any = false;

	for (size_t k = i; !above && k-- > all->layout.drawn.from;)
		if (all->layout.steps[k].actor == step->actor)
			above = &all->layout.steps[k];
	for (unsigned actor = 0; actor < all->layout.actor_count; actor++) {
		if (actor == step->actor ||
			step->causal_past[actor] == (above ? above->causal_past[actor] : 0))
			continue;
		html_put(html, any ? HTML(" ") : HTML(" data-past='"));
		html_textf(html, "%u:%zu", actor, step->causal_past[actor]);
		any = true;
	}
	html_put(html, any ? HTML("'") : HTML(""));
}

static void row_write(struct html *html, const struct interleaving *all, size_t i,
	struct span piece, const struct holdings *holdings)
{
	const struct step *step = &all->layout.steps[i];

	html_put(html, HTML("<tr id=s"));
	html_textf(html, "%zu", i + 1);
	/* Elsewhere, the actor has its lane's number. */
	if (roster_shared(&all->layout.roster, field_text(step->json, "actor"))) {
		html_put(html, HTML(" data-actor="));
		html_textf(html, "%u", step->actor);
	}
	causal_past_write(html, all, i);
	html_put(html, HTML("><th>")); /* of its row, since cells follow it */
	step_link_write(html, all, i);
	for (unsigned k = 0; k < all->layout.column_count; k++) {
		const struct column *column = &all->layout.columns[k];

		if (k && i == piece.from)
			gutter_write(html, &all->layout, k - 1, piece);
		if (!column->channel && column->lane == step->lane)
			event_cell_write(html, all, i);
		else if (column->channel && channel_lane_of(&all->layout, i) == k)
			channel_cell_write(html, all->case_view, column->channel, i);
		else
			passing_write(html, all, i, k);
	}
	if (all->layout.waits)
		holdings_write(html, all, holdings);
	values_write(html, all, i, i);
	html_put(html, HTML("\n"));
}

/* Rows that share their pieces of gutters. */
static void piece_write(struct html *html, const struct interleaving *all, struct span piece,
	struct holdings *holdings)
{
	for (size_t i = piece.from; i < piece.to; i++) {
		if (all->layout.waits)
			holdings_step(holdings, &all->layout);
		row_write(html, all, i, piece, holdings);
	}
}

/* --- the table ----------------------------------------------------------------------------- */

static void column_write(struct html *html, double width)
{
	html_put(html, HTML("<col style='width:"));
	html_textf(html, "%.4grem", width);
	html_put(html, HTML("'>"));
}

/* Slots of all buffers have one width. */
static void rings_find(struct interleaving *all)
{
	const struct layout *layout = &all->layout;

	for (unsigned i = 0; i < layout->observed_count; i++) {
		all->rings[i] = ring_make(all->case_view, layout->drawn, layout->observed[i]);
		all->slot = all->rings[i].slot > all->slot ? all->rings[i].slot : all->slot;
	}
	for (unsigned i = 0; i < layout->observed_count; i++)
		all->rings[i].slot = all->slot;
}

static double observed_width(const struct interleaving *all, unsigned k)
{
	double width = all->layout.observed_width[k];

	return all->rings[k].slots ? ring_width(&all->rings[k]) : width;
}

/* Whether the story has no step in the lane: then it is narrow, until all steps are shown. */
static bool lane_idle(const struct interleaving *all, unsigned lane)
{
	for (size_t i = all->layout.drawn.from; i < all->layout.drawn.to; i++)
		if (all->layout.steps[i].lane == lane && !story_folds(&all->story, i))
			return false;
	return true;
}

/* The widths of the lanes in a window as most have: there, rows are as high as their texts need. */
static void widths_find(struct interleaving *all)
{
	const struct layout *layout = &all->layout;
	double least = layout->roster.count > 3 ? LANE_LEAST_OF_MANY : LANE_LEAST;
	double others = STEP + layout->held_width + layout->waits_width +
			LAYOUT_GUTTER * (layout->column_count - 1);
	unsigned idle = 0, busy;

	for (unsigned lane = 0; lane < layout->roster.count; lane++)
		idle += lane_idle(all, lane);
	busy = layout->roster.count - idle;
	all->tube = layout->column_count > 3 ? TUBE_NARROW : TUBE;
	others += all->tube * layout->channel_lane_count;
	for (unsigned i = 0; i < layout->observed_count; i++)
		others += observed_width(all, i);
	all->least_of_all = others + least * layout->roster.count;
	others += LANE_IDLE * idle;
	all->least = others + least * busy;
	all->lane = (WINDOW - others) / (busy ? busy : 1);
	all->lane = all->lane < least ? least : all->lane;
}

/* The lines of code that a row shows for the step, if they have room. */
static unsigned code_lines(const struct interleaving *all, size_t i)
{
	int64_t line = 0;
	const char *path = sources_step_place(all->sources, all->layout.steps[i].json, &line);
	size_t letters = sources_line_length(all->sources, path, line);

	return lines_of(letters ? letters : 1, CODE_LETTER, all->lane);
}

/* The lines that the values beside the step need. */
static unsigned value_lines(const struct interleaving *all, size_t i)
{
	unsigned most = 0;

	for (unsigned k = 0; k < all->layout.observed_count; k++) {
		const char *value = step_value(all->layout.steps[i].json, all->layout.observed[k]);
		unsigned lines = all->rings[k].slots ? RING_LINES
						     : lines_of(value ? strlen(value) : 0,
							       CODE_LETTER, observed_width(all, k));

		most = lines > most ? lines : most;
	}
	return most;
}

/* The rows of the first screen, up to the culprit's; a fold's row is half as high. */
static double rows_to_culprit(const struct interleaving *all)
{
	double rows = 0;

	for (size_t i = 0; all->story.culprit.known && i < all->story.row_count; i++) {
		if (all->story.rows[i].steps.from > all->story.culprit.step)
			break;
		rows += all->story.rows[i].folded ? .5 : 1;
	}
	return rows;
}

/*
 * Rows are as high as four of five need, but not so high that the culprit is below the first
 * screen; and as what the steps of the story did needs, which is never cut. On paper, where none
 * can be opened, they are as high as all need.
 */
static void rows_size(struct interleaving *all)
{
	size_t with[LINES_MAX + 1] = {0}, below = 0,
				count = all->layout.drawn.to - all->layout.drawn.from;
	unsigned most = LINES_LEAST, least = LINES_LEAST, fit = LINES_MAX;
	double rows = rows_to_culprit(all);

	for (size_t i = all->layout.drawn.from; i < all->layout.drawn.to; i++) {
		unsigned effect = effect_lines(all, i), values = value_lines(all, i);
		unsigned lines = code_lines(all, i) + effect;

		lines = at_most(lines > values ? lines : values, LINES_MAX);
		most = lines > most ? lines : most;
		with[lines]++;
		if (story_folds(&all->story, i))
			continue;
		lines = at_most(1 + effect > values ? 1 + effect : values, LINES_MAX);
		least = lines > least ? lines : least;
	}
	for (all->lines = 0; all->lines < most; all->lines++) {
		below += with[all->lines];
		if (below * 5 >= count * 4)
			break;
	}
	if (rows > 0)
		fit = (unsigned)((FIRST_SCREEN / rows - ROW_AROUND) / LINE);
	all->lines = at_most(all->lines, fit);
	all->lines = all->lines < least ? least : all->lines;
	all->layout.row = LINE * all->lines + ROW_AROUND;
	all->paper = (LINE * most + ROW_AROUND) / all->layout.row;
}

/* Lanes share what the window has beyond the other columns, but stay wide enough to be read. */
static void columns_write(struct html *html, const struct interleaving *all)
{
	html_put(html, HTML("<table id=steps style='--least:"));
	html_textf(html, "%.4grem;--all:%.4grem;--row:%.4grem;--lines:%u;--code:%u", all->least,
		all->least_of_all, all->layout.row, all->lines, all->lines - 1);
	html_textf(html, ";--paper:%.3g;--slot:%.3grem", all->paper, all->slot);
	html_put(
		html, HTML("'><caption class=vh>One row per step, in order of time. One column per "
			   "actor, with arrows between them; one per channel, with its contents "
			   "when they change; then the state after the step: the holders of "
			   "locks and the waiting actors, if recorded, and the observed "
			   "variables, when they change</caption>\n<colgroup>"));
	column_write(html, STEP);
	for (unsigned i = 0; i < all->layout.column_count; i++) {
		if (i)
			column_write(html, LAYOUT_GUTTER);
		if (all->layout.columns[i].channel)
			column_write(html, all->tube);
		else if (lane_idle(all, all->layout.columns[i].lane))
			html_put(html, HTML("<col class=idle>"));
		else
			html_put(html, HTML("<col>"));
	}
	if (all->layout.waits) {
		column_write(html, all->layout.held_width);
		column_write(html, all->layout.waits_width);
	}
	for (unsigned i = 0; i < all->layout.observed_count; i++)
		column_write(html, observed_width(all, i));
	html_put(html, HTML("</colgroup>\n"));
}

static void heads_write(struct html *html, const struct interleaving *all)
{
	html_put(html, HTML("<thead><tr><th scope=col>Step</th>"));
	for (unsigned i = 0; i < all->layout.column_count; i++) {
		const struct column *column = &all->layout.columns[i];
		const char *actor = all->layout.roster.actors[column->lane];

		html_put(html, i ? HTML("<td></td>") : HTML(""));
		if (column->channel) {
			html_put(html, HTML("<th scope=col class=tube>"));
			channel_name_write(html, column->channel);
		} else {
			html_put(html, HTML("<th scope=col class='lane "));
			html_put(html, actor_class(actor_number(all->case_view, actor)));
			html_put(html, HTML("'>"));
			html_text_upto(html, *actor ? actor : "an actor", 64);
		}
		html_put(html, HTML("</th>"));
	}
	if (all->layout.waits)
		html_put(html, all->layout.changes_only
				       ? HTML("<th scope=col>held (changes)</th>"
					      "<th scope=col>waits (changes)</th>")
				       : HTML("<th scope=col>held</th><th scope=col>waits</th>"));
	for (unsigned i = 0; i < all->layout.observed_count; i++) {
		html_put(html, HTML("<th scope=col><code>"));
		html_text_upto(html, *all->layout.observed[i] ? all->layout.observed[i] : "?", 64);
		html_put(html, HTML("</code>"));
		if (all->rings[i].producer)
			html_textf(html, ", %.*s's", (int)all->rings[i].producer_length,
				all->rings[i].producer);
		html_put(html, HTML("</th>"));
	}
	html_put(html, HTML("</tr></thead>\n"));
}

/* The last step of an actor, if it is blocked in it; else NULL. */
static const json_t *actor_blocked(const struct interleaving *all, unsigned actor)
{
	for (size_t i = all->layout.count; i-- > 0;)
		if (all->layout.steps[i].actor == actor)
			return is(field_text(all->layout.steps[i].json, "op"), "wait") ||
					       *field_text(all->layout.steps[i].json, "waits_for")
				       ? all->layout.steps[i].json
				       : NULL;
	return NULL;
}

static bool any_state(const json_t *waits, const char *state)
{
	const json_t *actors = field_array(waits, "actors"), *actor;
	size_t i;

	json_array_foreach(actors, i, actor) {
		if (is(field_text(actor, "state"), state))
			return true;
	}
	return false;
}

/* How the actors got stuck: none can run, or none makes progress. */
static struct html_markup end_words(const struct interleaving *all)
{
	if (all->layout.waits && any_state(all->layout.waits, "progressing"))
		return HTML("");
	if (all->layout.waits && (any_state(all->layout.waits, "waiting") ||
					 any_state(all->layout.waits, "running")))
		return HTML("><b>✗ no actor makes progress</b>");
	return all->layout.waits || is(all->case_view->verdict, "deadlock")
		       ? HTML("><b>✗ no actor can run</b>")
		       : HTML("");
}

/* What is still in the channels at the end, in their lanes. */
static void unread_write(struct html *html, const struct interleaving *all)
{
	bool any = false;

	for (unsigned i = 0; i < all->layout.column_count; i++)
		any |= all->layout.columns[i].channel &&
		       channel_holds(all->layout.columns[i].channel, all->layout.count);
	if (!any || all->layout.drawn.to < all->layout.count)
		return;
	html_put(html, HTML("<tbody><tr class=unread><th scope=row>end"));
	for (unsigned i = 0; i < all->layout.column_count; i++) {
		const struct channel *channel = all->layout.columns[i].channel;

		html_put(html, i ? HTML("<td class=gut>") : HTML(""));
		if (channel && channel_holds(channel, all->layout.count))
			channel_cell_write(html, all->case_view, channel, all->layout.count);
		else
			html_put(html, channel ? HTML("<td class=tube>") : HTML("<td>"));
	}
	for (unsigned i = all->layout.observed_count + (all->layout.waits ? 2 : 0); i-- > 0;)
		html_put(html, HTML("<td>"));
	html_put(html, HTML("</tbody>\n"));
}

/* If the trace ends without progress, say so, and who waits for what. */
static void stuck_write(struct html *html, const struct interleaving *all)
{
	struct html_markup words = end_words(all);
	const char *separator = ": ";

	if (!*words.literal || all->layout.drawn.to < all->layout.count)
		return;
	html_put(html, HTML("<tbody><tr class=stuck><td></td><td colspan="));
	html_textf(html, "%u",
		2 * all->layout.column_count - 1 + all->layout.observed_count +
			(all->layout.waits ? 2 : 0));
	html_put(html, words);
	for (unsigned actor = 0; actor < all->layout.actor_count; actor++) {
		const json_t *json = actor_blocked(all, actor);

		if (!json)
			continue;
		html_text(html, separator);
		separator = "; ";
		html_text_upto(html, field_text(json, "actor"), 64);
		html_put(html, HTML(" waits for "));
		html_text_upto(html, wait_name(json), 64);
		html_put(html, *field_text(json, "waits_for") ? HTML("") : HTML(" to end"));
		html_put(html, *field_text(json, "held_by") ? HTML(", held by ") : HTML(""));
		html_text_upto(html, field_text(json, "held_by"), 64);
	}
	html_put(html, HTML("</td></tr></tbody>\n"));
}

/* Two heads, so that colour is not what tells them apart: open, and full. */
static void heads_define(struct html *html)
{
	html_put(html, HTML("<svg class=defs aria-hidden=true><defs>"
			    "<marker id=hb viewBox='0 0 8 8' refX=1 refY=4 markerWidth=.56 "
			    "markerHeight=.56 markerUnits=userSpaceOnUse orient=auto>"
			    "<path class=hbh d='M0 4H7M1 .5 7 4 1 7.5'/></marker>"
			    "<marker id=cf viewBox='0 0 8 8' refX=1 refY=4 markerWidth=.6 "
			    "markerHeight=.6 markerUnits=userSpaceOnUse orient=auto>"
			    "<path class=cfh d='M0 0 7 4 0 8z'/></marker></defs></svg>\n"));
}

/* Rows in a row, in pieces that stay together on paper. */
static void steps_write(struct html *html, const struct interleaving *all, struct span steps,
	struct holdings *holdings)
{
	for (size_t i = steps.from; i < steps.to; i += LAYOUT_PIECE) {
		struct span piece = {i, i + LAYOUT_PIECE < steps.to ? i + LAYOUT_PIECE : steps.to};

		html_put(html, HTML("<tbody>\n"));
		piece_write(html, all, piece, holdings);
		html_put(html, HTML("</tbody>\n"));
	}
}

/*
 * A row that stands for several steps, and opens to show them: a checkbox, since <details> cannot
 * be a part of a table. The values beside it are those after its last step.
 */
static void fold_write(struct html *html, const struct interleaving *all, struct span steps,
	struct holdings *holdings)
{
	char *text = story_fold_text(field_array(all->case_view->json, "trace"), steps);

	html_put(html, HTML("<tbody class=fold><tr><th scope=row>"));
	html_textf(html, "%zu–%zu", steps.from + 1, steps.to);
	html_put(html, HTML("<td colspan="));
	html_textf(html, "%u", 2 * all->layout.column_count - 1 + (all->layout.waits ? 2 : 0));
	html_put(html, HTML("><label><input type=checkbox> "));
	html_text_upto(html, text, PAGE_WORD_MAX);
	html_put(html, HTML("</label>"));
	values_write(html, all, steps.from, steps.to - 1);
	html_put(html, HTML("</tbody>\n<tbody class=in>\n"));
	for (size_t i = steps.from; i < steps.to; i += LAYOUT_PIECE)
		piece_write(html, all,
			(struct span){i, i + LAYOUT_PIECE < steps.to ? i + LAYOUT_PIECE : steps.to},
			holdings);
	html_put(html, HTML("</tbody>\n"));
	free(text);
}

/* The choice between the story and all steps; the style sheet obeys it. */
static void views_write(struct html *html, const struct interleaving *all)
{
	size_t drawn = all->layout.drawn.to - all->layout.drawn.from;

	if (all->story.shown == drawn)
		return;
	html_put(html, HTML("<fieldset class=views><legend class=vh>Steps to show</legend>"
			    "<label><input type=radio name=view id=view-story checked> Story: "));
	html_textf(html, "%zu of %zu steps", all->story.shown, all->layout.count);
	html_put(html, HTML("</label> <label><input type=radio name=view id=view-all> All "));
	html_textf(html, "%zu steps", drawn);
	html_put(html, HTML("</label><span class=ctl-note> Key: s</span></fieldset>\n"));
}

static void table_write(struct html *html, const struct interleaving *all)
{
	struct holdings holdings = {.held_count = 0};

	heads_define(html);
	views_write(html, all);
	html_put(html, HTML("<div class=ctl><button type=button id=previous>← Previous "
			    "step</button><button type=button id=next>Next step "
			    "→</button><span>Keys: ← → or k j, Home, End</span></div>\n"
			    "<p class=said id=said role=status></p>\n"
			    "<div class='"));
	html_put(html, all->least > WINDOW ? HTML("lanes wide") : HTML("lanes"));
	html_put(html, HTML("' tabindex=0 role=region aria-label='Interleaving, scrollable' "
			    "style='--zoom:"));
	html_textf(html, "%.3g", PAPER / (all->least > WINDOW ? all->least : WINDOW));
	html_put(html, HTML("' data-steps="));
	html_textf(html, "%zu", all->layout.count);
	html_put(html, HTML(">\n"));
	columns_write(html, all);
	heads_write(html, all);
	while (all->layout.waits && holdings.at < all->layout.drawn.from)
		holdings_step(&holdings, &all->layout);
	for (size_t i = 0; i < all->story.row_count; i++) {
		struct span steps = all->story.rows[i].steps;

		if (all->story.rows[i].folded) {
			fold_write(html, all, steps, &holdings);
			continue;
		}
		while (i + 1 < all->story.row_count && !all->story.rows[i + 1].folded)
			steps.to = all->story.rows[++i].steps.to;
		steps_write(html, all, steps, &holdings);
	}
	unread_write(html, all);
	stuck_write(html, all);
	html_put(html, HTML("</table></div>\n"));
	if (all->layout.drawn.to - all->layout.drawn.from < all->layout.count) {
		html_put(html, HTML("<p class=note>Showing steps "));
		html_number(html, (int64_t)all->layout.drawn.from + 1);
		html_put(html, HTML(" to "));
		html_number(html, (int64_t)all->layout.drawn.to);
		html_put(html, HTML(" of "));
		html_number(html, (int64_t)all->layout.count);
		html_put(html, HTML(".</p>\n"));
	}
}

static void legend_write(struct html *html, const struct interleaving *all)
{
	bool kinds[MESSAGE + 1] = {false}, turn = false;

	for (size_t i = 0; i < all->layout.arrow_count; i++)
		kinds[all->layout.arrows[i].kind] = true;
	for (size_t i = all->layout.drawn.from; i < all->layout.drawn.to; i++)
		turn |= *field_text(all->layout.steps[i].json, "preempted") != '\0';
	html_put(html, HTML("<p class=note>Time runs downwards, one step per row."));
	if (kinds[ORDER])
		html_put(html, HTML(" Dashed arrow: from a release to its acquire; everything "
				    "before happens before everything after."));
	if (kinds[MESSAGE])
		html_put(
			html, HTML(" Solid arrow: a message, from its sender into the channel, and "
				   "from there to its receiver; the channel shows what it holds "
				   "after the step, the next to be received first."));
	if (kinds[CONFLICT])
		html_put(html, HTML(" Thick arrow: two accesses that race, because nothing orders "
				    "them."));
	if (turn)
		html_put(html, HTML(" ⤷ Preemption: the scheduler switched away from an actor that "
				    "could have continued."));
	if (all->layout.arrow_count == LAYOUT_ARROWS_MAX)
		html_textf(html, " Only the first %d arrows are drawn.", LAYOUT_ARROWS_MAX);
	html_put(html, HTML(" <span class=ctl-note>Select a step to shade its causal past, "
			    "everything that must happen before it, and its causal "
			    "future.</span>"));
	if (field_is(all->case_view->traits, "memory_model", "sequentially consistent"))
		html_put(html, HTML(" Sequential consistency is assumed: each read sees the newest "
				    "write; weaker hardware orderings are not explored."));
	html_put(html, HTML("</p>\n"));
}

void interleaving_write(
	struct html *html, const struct case_view *case_view, const struct sources *sources)
{
	const json_t *trace = field_array(case_view->json, "trace");
	struct interleaving all = {.case_view = case_view, .sources = sources};
	unsigned verdict = 0;
	json_t *shown;

	kind_parse(case_view->verdict, &verdict);
	all.story = story_make(
		verdict, case_view->message, case_view->json, trace_drawn(trace), STORY_MOST);
	shown = story_steps(&all.story, trace);
	all.layout = layout_make(trace, field_array(case_view->catalog, "actors"),
		json_object_get(case_view->json, "waits"), shown);
	for (size_t i = 0; i < all.layout.arrow_count; i++) {
		struct arrow *arrow = &all.layout.arrows[i];

		arrow->folded =
			story_folds(&all.story, arrow->from) && story_folds(&all.story, arrow->to);
	}
	rings_find(&all);
	widths_find(&all);
	rows_size(&all);
	html_put(html, HTML("<section aria-labelledby=interleaving><h2 id=interleaving class=vh>"
			    "Interleaving</h2>\n"));
	table_write(html, &all);
	legend_write(html, &all);
	html_put(html, HTML("</section>\n"));
	layout_free(&all.layout);
	story_free(&all.story);
	json_decref(shown);
}
