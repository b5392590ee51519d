/*
 * figure.c - the wait-for graph as a drawing.
 *
 * The cycle stands on an ellipse, everything else in columns to its right. All lengths are in rem,
 * so that positions are known without a browser. An arrow bends, and its label moves, until neither
 * runs into a shape or a label that is already there. Words are HTML over the drawing, each with a
 * plain background of its own, so that no arrow ever crosses a letter.
 */
#define _GNU_SOURCE
#define _GNU_SOURCE
#include "figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart.h"
#include "field.h"
#include "source.h"

enum {
	SAMPLES = 24, /* points of an arrow that are checked */
	ACTOR_LETTERS_MAX = 12,
	OBJECT_LETTERS_MAX = 16,
};

/* In rem: the letter widths of style.css, and the distances around what is drawn. */
static const double ACTOR_LETTER = .6, OBJECT_LETTER = .53, LABEL_LETTER = .56, LABEL_LINE = 1;
static const double GAP = 5.2, HEAD = .7, MARGIN = .4, PITCH = 2.4, FLAT = .78, APART = 7;

struct point {
	double x, y;
};

/* A rectangle: its middle and half the lengths of its sides. */
struct box {
	struct point at;
	double w, h;
};

struct arrow {
	struct point from, by, to; /* a quadratic curve; a loop's `by` is its top */
	bool loop;
	struct box label;
};

struct figure {
	const struct case_view *case_view;
	const struct graph *graph;
	struct box shapes[GRAPH_NODES_MAX];
	struct arrow arrows[GRAPH_EDGES_MAX];
	size_t arrow_count; /* placed so far */
	struct point least, most;
};

/* --- arithmetic ---------------------------------------------------------------------------- */

static double length(struct point a)
{
	return sqrt(a.x * a.x + a.y * a.y);
}

static struct point between(struct point a, struct point b, double share)
{
	return (struct point){a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share};
}

/*
 * The point on the ellipse of radius 1 after this share of the way around, from the left over the
 * top.
 */
static struct point around(double share)
{
	return (struct point){-cos(share * 2 * M_PI), -sin(share * 2 * M_PI)};
}

static struct point on_curve(const struct arrow *arrow, double share)
{
	return between(between(arrow->from, arrow->by, share), between(arrow->by, arrow->to, share),
		share);
}

static bool boxes_meet(const struct box *a, const struct box *b)
{
	return fabs(a->at.x - b->at.x) < a->w + b->w && fabs(a->at.y - b->at.y) < a->h + b->h;
}

static bool in_box(const struct box *box, struct point point, double margin)
{
	return fabs(point.x - box->at.x) < box->w + margin &&
	       fabs(point.y - box->at.y) < box->h + margin;
}

/* --- shapes -------------------------------------------------------------------------------- */

static size_t letters(const char *text, size_t most)
{
	size_t count = 0;

	for (; *text && count < most; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

/* All circles are as large as the longest name needs; a square is as wide as its own name. */
static void shapes_size(struct figure *figure)
{
	const struct graph *graph = figure->graph;
	size_t longest = 0;

	for (size_t i = 0; i < graph->node_count; i++) {
		const char *name = graph_name(graph, i);
		size_t count = letters(name, ACTOR_LETTERS_MAX);
		double half = OBJECT_LETTER / 2 * (double)letters(name, OBJECT_LETTERS_MAX) + .5;

		if (graph->nodes[i].actor)
			longest = count > longest ? count : longest;
		else
			figure->shapes[i] = (struct box){.w = half > 1.5 ? half : 1.5, .h = 1.5};
	}
	for (size_t i = 0; i < graph->node_count; i++) {
		double radius = ACTOR_LETTER / 2 * (double)longest + .4;

		if (graph->nodes[i].actor)
			figure->shapes[i].w = figure->shapes[i].h = radius > 2 ? radius : 2;
	}
}

/*
 * Place the cycle on its ellipse, far enough apart for labels; two nodes side by side, one alone.
 */
static double ring_place(struct figure *figure)
{
	const struct graph *graph = figure->graph;
	size_t count = graph->ring_count;
	double round = 0, wide = 0, flat = count > 3 ? FLAT : 1, chord, apart;

	for (size_t i = 0; i < count; i++) {
		double w = figure->shapes[graph->ring[i]].w;

		if (graph->nodes[graph->ring[i]].actor)
			round = w > round ? w : round;
		else
			wide = w > wide ? w : wide;
	}
	apart = round + (wide > 0 ? wide : round) + GAP;
	chord = length((struct point){around(1. / (double)count).x - around(0).x,
		around(1. / (double)count).y - around(0).y});
	apart = count > 1 ? apart / chord : 0;
	for (size_t i = 0; i < count; i++) {
		struct point at = around((double)i / (double)count);

		figure->shapes[graph->ring[i]].at =
			(struct point){at.x * apart, at.y * apart * flat};
	}
	return count ? apart + (round > wide ? round : wide) : 0;
}

static bool in_ring(const struct graph *graph, size_t node)
{
	for (size_t i = 0; i < graph->ring_count; i++)
		if (graph->ring[i] == node)
			return true;
	return false;
}

/* Place the actors, or the objects, outside the cycle in a column; returns its half width. */
static double column_place(struct figure *figure, bool actors, double left)
{
	const struct graph *graph = figure->graph;
	double row = 0, wide = 0, count = 0, at;

	for (size_t i = 0; i < graph->node_count; i++) {
		const struct box *shape = &figure->shapes[i];

		row = 2 * shape->h + PITCH > row ? 2 * shape->h + PITCH : row;
		if (graph->nodes[i].actor != actors || in_ring(graph, i))
			continue;
		count++;
		wide = shape->w > wide ? shape->w : wide;
	}
	at = (1 - count) / 2 * row;
	for (size_t i = 0; i < graph->node_count; i++) {
		if (graph->nodes[i].actor != actors || in_ring(graph, i))
			continue;
		figure->shapes[i].at = (struct point){left + wide, at};
		at += row;
	}
	return wide;
}

/*
 * Beside a cycle: what else its actors hold, then the other actors. Without one: actors, then
 * objects.
 */
static void shapes_place(struct figure *figure)
{
	double right = ring_place(figure);
	bool ring = figure->graph->ring_count > 0;

	for (int i = 0; i < 2; i++) {
		double wide =
			column_place(figure, ring == (i == 1), right + (right > 0 ? APART : 0));

		right += wide > 0 ? 2 * wide + (right > 0 ? APART : 0) : 0;
	}
}

/* --- arrows -------------------------------------------------------------------------------- */

/*
 * The point where the line from a shape's middle towards `to` leaves the shape, `more` farther out.
 */
static struct point edge_of(const struct figure *figure, size_t node, struct point to, double more)
{
	const struct box *shape = &figure->shapes[node];
	struct point way = {to.x - shape->at.x, to.y - shape->at.y};
	double far = length(way), out;

	if (far <= 0)
		return shape->at;
	if (figure->graph->nodes[node].actor) {
		out = shape->w / far;
	} else {
		double x = fabs(way.x) > 0 ? shape->w / fabs(way.x) : 1e9;
		double y = fabs(way.y) > 0 ? shape->h / fabs(way.y) : 1e9;

		out = x < y ? x : y;
	}
	return between(shape->at, to, out + more / far);
}

/* An arrow that leaves the straight line by `bend`, to its left. */
static struct arrow arrow_make(
	const struct figure *figure, const struct graph_edge *edge, double bend)
{
	const struct box *from = &figure->shapes[edge->from], *to = &figure->shapes[edge->to];
	struct point way = {to->at.x - from->at.x, to->at.y - from->at.y};
	struct arrow arrow = {.loop = edge->from == edge->to};
	double far = length(way);

	if (arrow.loop) {
		arrow.by = (struct point){from->at.x, from->at.y - from->h - 5};
		arrow.from = (struct point){from->at.x - from->w * .6, from->at.y - from->h * .8};
		arrow.to = (struct point){from->at.x + from->w * .6, from->at.y - from->h * .8};
		arrow.to = between(arrow.to, arrow.by, (HEAD + .1) / 5);
		return arrow;
	}
	arrow.by = between(from->at, to->at, .5);
	if (far > 0) {
		arrow.by.x += way.y / far * 2 * bend;
		arrow.by.y -= way.x / far * 2 * bend;
	}
	arrow.from = edge_of(figure, edge->from, arrow.by, .1);
	arrow.to = edge_of(figure, edge->to, arrow.by, HEAD + .1);
	return arrow;
}

/*
 * Whether the arrow passes near the point. Its ends do not count: two arrows may end at one shape.
 */
static bool arrow_near(const struct arrow *arrow, struct point point)
{
	for (int s = SAMPLES / 6; s <= SAMPLES * 5 / 6; s++) {
		struct point at = on_curve(arrow, (double)s / SAMPLES);

		if (fabs(at.x - point.x) + fabs(at.y - point.y) < .5)
			return true;
	}
	return false;
}

/* How much an arrow runs into shapes that are not its own, and into the arrows placed so far. */
static double arrow_cost(
	const struct figure *figure, const struct graph_edge *edge, const struct arrow *arrow)
{
	double cost = 0;

	for (int s = 0; s <= SAMPLES; s++) {
		struct point at = on_curve(arrow, (double)s / SAMPLES);

		for (size_t i = 0; i < figure->graph->node_count; i++)
			if (i != edge->from && i != edge->to)
				cost += 10 * in_box(&figure->shapes[i], at, MARGIN);
		for (size_t i = 0; i < figure->arrow_count; i++)
			cost += arrow_near(&figure->arrows[i], at);
	}
	return cost;
}

static bool goes_back(const struct graph *graph, const struct graph_edge *edge)
{
	for (size_t i = 0; i < graph->edge_count; i++)
		if (graph->edges[i].from == edge->to && graph->edges[i].to == edge->from)
			return true;
	return false;
}

/*
 * Draw the arrow straight if possible, and beside the arrow of the opposite direction if there is
 * one.
 */
static struct arrow arrow_place(const struct figure *figure, const struct graph_edge *edge)
{
	static const double bends[] = {0, 1.2, -1.2, 2.4, -2.4, 4, -4, 6, -6, 9, -9, 13, -13};
	size_t first = goes_back(figure->graph, edge) ? 1 : 0;
	struct arrow best = arrow_make(figure, edge, bends[first]);
	double least = arrow_cost(figure, edge, &best);

	for (size_t i = first + 1; i < sizeof bends / sizeof *bends && least > 0; i++) {
		struct arrow other = arrow_make(figure, edge, bends[i]);
		double cost = arrow_cost(figure, edge, &other);

		if ((first && bends[i] < 0) || cost >= least)
			continue;
		best = other;
		least = cost;
	}
	return best;
}

/* --- labels -------------------------------------------------------------------------------- */

/* The letters of a label's longest line; "waits for the end of" takes two lines. */
static size_t label_letters(enum graph_relation relation)
{
	return relation == GRAPH_WAITS_FOR_END ? strlen("the end of")
					       : strlen(graph_words(relation));
}

static double label_cost(const struct figure *figure, size_t edge, const struct box *label)
{
	struct box room = {label->at, label->w + .15, label->h + .1};
	double cost = 0;

	for (size_t i = 0; i < figure->graph->node_count; i++)
		cost += 30 * boxes_meet(&room, &figure->shapes[i]);
	for (size_t i = 0; i < edge; i++)
		cost += 30 * boxes_meet(&room, &figure->arrows[i].label);
	for (size_t i = 0; i < figure->arrow_count; i++)
		for (int s = 0; s <= SAMPLES; s++)
			cost += 3 *
				in_box(&room, on_curve(&figure->arrows[i], (double)s / SAMPLES), 0);
	return cost;
}

/*
 * Place a label beside the arrow, as near to its middle as there is room, preferably outside the
 * cycle.
 */
static struct box label_place(const struct figure *figure, size_t edge)
{
	static const double shares[] = {.5, .42, .58, .34, .66, .26, .74};
	const struct arrow *arrow = &figure->arrows[edge];
	enum graph_relation relation = figure->graph->edges[edge].relation;
	struct box best = {.at = {0, 0}},
		   label = {
			   .w = LABEL_LETTER / 2 * (double)label_letters(relation),
			   .h = LABEL_LINE / 2 * (relation == GRAPH_WAITS_FOR_END ? 2 : 1),
		   };
	struct point way = {arrow->to.x - arrow->from.x, arrow->to.y - arrow->from.y};
	double far = length(way), least = 1e9;

	for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
		for (int side = -1; side <= 1; side += 2) {
			struct point at = on_curve(arrow, shares[i]);
			struct point out = {side * way.y / far, side * -way.x / far};
			double away = fabs(out.x) * label.w + fabs(out.y) * label.h + .35;
			double cost;

			label.at = (struct point){at.x + out.x * away, at.y + out.y * away};
			cost = label_cost(figure, edge, &label) + fabs(shares[i] - .5) +
			       (length(label.at) < length(at) ? .5 : 0);
			if (cost < least) {
				least = cost;
				best = label;
			}
		}
	return best;
}

static void extend(struct figure *figure, struct point at, double w, double h)
{
	figure->least.x = at.x - w < figure->least.x ? at.x - w : figure->least.x;
	figure->least.y = at.y - h < figure->least.y ? at.y - h : figure->least.y;
	figure->most.x = at.x + w > figure->most.x ? at.x + w : figure->most.x;
	figure->most.y = at.y + h > figure->most.y ? at.y + h : figure->most.y;
}

/* Place all arrows first: a label can avoid arrows more easily than an arrow can avoid labels. */
static void arrows_place(struct figure *figure)
{
	const struct graph *graph = figure->graph;

	for (size_t i = 0; i < graph->edge_count; i++) {
		figure->arrows[i] = arrow_place(figure, &graph->edges[i]);
		figure->arrow_count = i + 1;
	}
	for (size_t i = 0; i < graph->edge_count; i++)
		figure->arrows[i].label = label_place(figure, i);
}

static void bounds_find(struct figure *figure)
{
	figure->least = figure->most = figure->shapes[0].at;
	for (size_t i = 0; i < figure->graph->node_count; i++)
		extend(figure, figure->shapes[i].at, figure->shapes[i].w + .2,
			figure->shapes[i].h + .2);
	for (size_t i = 0; i < figure->graph->edge_count; i++) {
		const struct box *label = &figure->arrows[i].label;

		extend(figure, label->at, label->w + .2, label->h + .2);
		for (int s = 0; s <= SAMPLES; s++)
			extend(figure, on_curve(&figure->arrows[i], (double)s / SAMPLES), .2, .2);
	}
}

/* --- SVG ----------------------------------------------------------------------------------- */

static void arrow_write(struct html *html, const struct figure *figure, size_t edge)
{
	const struct graph_edge *told = &figure->graph->edges[edge];
	const struct arrow *arrow = &figure->arrows[edge];
	bool soft = told->relation == GRAPH_UP_TO;

	html_put(html, told->cycle ? HTML("<path class='cycle") : HTML("<path class='other"));
	html_put(html, soft ? HTML(" soft' d='") : HTML("' d='"));
	html_textf(html, "M%.2f %.2fQ%.2f %.2f %.2f %.2f", arrow->from.x, arrow->from.y,
		arrow->by.x, arrow->by.y, arrow->to.x, arrow->to.y);
	html_put(html, HTML("'/>\n"));
}

static void shape_write(struct html *html, const struct figure *figure, size_t node)
{
	const struct graph_node *told = &figure->graph->nodes[node];
	const struct box *shape = &figure->shapes[node];

	if (told->actor) {
		html_put(html, HTML("<circle class="));
		html_put(html, actor_class(actor_number(figure->case_view, told->name)));
		html_put(html, HTML(" cx="));
		html_textf(html, "%.2f cy=%.2f r=%.2f", shape->at.x, shape->at.y, shape->w);
	} else {
		html_put(html, HTML("<rect x="));
		html_textf(html, "%.2f y=%.2f width=%.2f height=%.2f", shape->at.x - shape->w,
			shape->at.y - shape->h, 2 * shape->w, 2 * shape->h);
	}
	html_put(html, HTML(" />\n"));
}

/* Two heads, so that colour is not what tells them apart: open, and full. */
static void heads_define(struct html *html)
{
	html_put(html, HTML("<defs><marker id=go viewBox='0 0 8 8' refX=1 refY=4 markerWidth=.85 "
			    "markerHeight=.85 markerUnits=userSpaceOnUse orient=auto>"
			    "<path class=goh d='M0 4H7M1 .5 7 4 1 7.5'/></marker>"
			    "<marker id=gc viewBox='0 0 8 8' refX=1 refY=4 markerWidth=.85 "
			    "markerHeight=.85 markerUnits=userSpaceOnUse orient=auto>"
			    "<path class=gch d='M0 0 8 4 0 8z'/></marker></defs>\n"));
}

/* --- words --------------------------------------------------------------------------------- */

/* Begin a word centred on a point; the caller adds its class and title. */
static void word_begin(struct html *html, const struct figure *figure, double x, double y)
{
	html_put(html, HTML("<span style='left:"));
	html_textf(html, "%.2f%%;top:%.2f%%",
		100 * (x - figure->least.x) / (figure->most.x - figure->least.x),
		100 * (y - figure->least.y) / (figure->most.y - figure->least.y));
	html_put(html, HTML("'"));
}

static void label_write(struct html *html, const struct figure *figure, size_t edge)
{
	const struct graph_edge *told = &figure->graph->edges[edge];
	const struct box *label = &figure->arrows[edge].label;

	word_begin(html, figure, label->at.x, label->at.y);
	html_put(html, told->cycle ? HTML(" class=label>") : HTML(">"));
	if (told->relation == GRAPH_WAITS_FOR_END)
		html_put(html, HTML("waits for<br>the end of"));
	else
		html_text(html, graph_words(told->relation));
	html_put(html, HTML("</span>\n"));
}

/* Cut a long name: keep the beginning of an actor's, and the end of an object's, its member. */
static void name_write(struct html *html, const char *name, bool actor)
{
	size_t most = actor ? ACTOR_LETTERS_MAX : OBJECT_LETTERS_MAX;
	size_t count = letters(name, PAGE_WORD_MAX), skipped = 0;

	if (count <= most) {
		html_text(html, name);
		return;
	}
	if (actor) {
		html_text_upto(html, name, most - 1);
		return;
	}
	for (; *name && skipped < count - most + 2; name++)
		skipped += ((unsigned char)*name & 0xc0) != 0x80;
	html_put(html, HTML("…"));
	html_text(html, name - 1);
}

/* The note below the name of an actor that is not simply blocked. */
static const char *state_note(const json_t *actor)
{
	static const struct {
		const char *state, *note;
	} notes[] = {
		{"ended", "ended"},
		{"progressing", "continues"},
		{"running", "runs"},
		{"waiting", "in a loop"},
	};
	const char *state = field_text(actor, "state");

	for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
		if (strcmp(state, notes[i].state) == 0)
			return strcmp(state, "waiting") != 0 ||
					       strcmp(field_text(actor, "wait"), "loop") == 0
				       ? notes[i].note
				       : "";
	return "";
}

static void shape_name_write(struct html *html, const struct figure *figure, size_t node)
{
	const struct graph_node *told = &figure->graph->nodes[node];
	const struct box *shape = &figure->shapes[node];
	const char *name = graph_name(figure->graph, node);
	const char *note = told->actor ? state_note(told->json) : "";

	word_begin(html, figure, shape->at.x, shape->at.y - (*note ? .45 : 0));
	html_put(html, told->actor ? HTML(" class=actor") : HTML(" class=object"));
	html_wrap(html, HTML(" title='"), name, HTML("'>"));
	name_write(html, name, told->actor);
	html_put(html, HTML("</span>\n"));
	if (*note) {
		word_begin(html, figure, shape->at.x, shape->at.y + .65);
		html_wrap(html, HTML(" class=state>"), note, HTML("</span>\n"));
	}
}

/* Hidden from screen readers: the drawing's label has the same words as a sentence. */
static void words_write(struct html *html, const struct figure *figure)
{
	html_put(html, HTML("<div class=words aria-hidden=true>\n"));
	for (size_t i = 0; i < figure->graph->node_count; i++)
		shape_name_write(html, figure, i);
	for (size_t i = 0; i < figure->graph->edge_count; i++)
		label_write(html, figure, i);
	html_put(html, HTML("</div>\n"));
}

void figure_write(struct html *html, const struct case_view *case_view, const struct graph *graph)
{
	struct figure figure = {.case_view = case_view, .graph = graph};
	char *sentence;

	if (!graph->edge_count)
		return;
	shapes_size(&figure);
	shapes_place(&figure);
	arrows_place(&figure);
	bounds_find(&figure);
	sentence = graph_sentence(graph);
	scroll_begin(html, "Wait-for graph, scrollable");
	html_put(html, HTML("<div class=drawing style='"));
	html_textf(html, "--w:%.2f", figure.most.x - figure.least.x);
	html_put(html, HTML("'><svg class=graph role=img aria-label='Wait-for graph: "));
	html_text_upto(html, sentence, PAGE_TEXT_MAX);
	html_put(html, HTML("' viewBox='"));
	html_textf(html, "%.2f %.2f %.2f %.2f", figure.least.x, figure.least.y,
		figure.most.x - figure.least.x, figure.most.y - figure.least.y);
	html_put(html, HTML("'>\n"));
	heads_define(html);
	for (size_t i = 0; i < graph->edge_count; i++)
		arrow_write(html, &figure, i);
	for (size_t i = 0; i < graph->node_count; i++)
		shape_write(html, &figure, i);
	html_put(html, HTML("</svg>\n"));
	words_write(html, &figure);
	html_put(html, HTML("</div>\n"));
	scroll_end(html);
	free(sentence);
}
