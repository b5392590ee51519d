/*
 * interleaving.c - the order in which the actors' steps were made.
 *
 * Arrows live in gutters between the lanes, drawn here: rows and gutters have a fixed size in rem,
 * so that a step's place is known without a browser. Only one actor moves in a step. All other
 * lanes are empty in that row, so an arrow between lanes that are no neighbours leaves along the
 * row of its first step, through empty cells, and turns down in the gutter beside its last one: no
 * line ever runs through text.
 *
 * A channel has a lane as well, between those who send and those who receive: what it holds stands
 * in the rows in which that changes. A message's arrow is level, into the channel in the sender's
 * row, out of it in the receiver's; between the two it lies in the lane.
 *
 * A gutter is drawn in pieces of PIECE rows, each with its rows in a <tbody>: on paper, a piece is
 * what stays together.
 */
#define _GNU_SOURCE
#include "interleaving.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "drawn.h"
#include "exit.h"
#include "field.h"
#include "messages.h"
#include "snarl.h"
#include "text.h"

enum {
	PIECE = 8,
	TRACKS = 5,	/* lines beside each other in a gutter */
	LINKS_MAX = 32, /* of one step */
	ARROWS_MAX = 800,
	HELD_MAX = 32,		     /* locks that are followed */
	BOARD_BYTES_MAX = 16 * 1024, /* of text in the columns of who has what and who waits */
	VALUE_MAX = 80,		     /* bytes shown of an observed value */
	VALUE_LINE = 24,	     /* that stand in one line; the more lanes, the fewer */
	VALUE_LINE_NARROW = 16,
	CODE_MAX = 120,
	TUBES_MAX = 3, /* channels that have a lane */
	COLUMNS_MAX = SNARL_ACTORS_MAX + TUBES_MAX,
};

/*
 * In rem, as in style.css: the width of a row's number and of a gutter, what an arrow's head takes
 * of that, how round a corner is, and where the tracks are.
 */
static const double STEP = 3.5, GUTTER = 3.5, HEAD = .5, BEND = .4;
static const double TUBE = 15, TUBE_NARROW = 12; /* a channel's lane; beside many others */
static const double ROW_OF_TWO = 3.75, ROW_OF_MORE = 4.75; /* lanes; two or three lines */
static const double FIRST_TRACK = .6, NEXT_TRACK = .5;

struct step {
	const json_t *json;
	unsigned lane;
	bool races;
	size_t past[SNARL_ACTORS_MAX]; /* by lane, the last step up to this one, from 1; 0: none */
};

/* A lock that somebody has after a step, or had before it. */
struct held {
	const char *name;
	unsigned lane;
	unsigned levels; /* of a recursive one; 0: it was given back in this step */
	bool taken;	 /* in this step */
};

/* Who has what and who waits, after each step in turn. */
struct board {
	struct held held[HELD_MAX];
	unsigned held_count;
	const json_t *waits[SNARL_ACTORS_MAX]; /* by lane: the step in which it waits, or NULL */
	size_t at;			       /* steps that were taken in */
};

/*
 * From the earlier to the later step, in different lanes, both drawn; of a message, between the
 * lanes of its step and of its channel.
 */
struct arrow {
	size_t from, to;
	enum { ORDER, CONFLICT, MESSAGE } kind;
	unsigned a, b;	 /* the columns it leaves and arrives at */
	unsigned gutter; /* gutter g lies between the columns g and g + 1 */
	unsigned track;
};

/* A lane of the table: an actor's, or a channel's. */
struct column {
	const struct channel *channel; /* NULL: an actor's */
	unsigned lane;
};

struct interleaving {
	const struct shown *shown;
	const struct sources *sources;
	size_t count;
	struct step *steps;
	struct span drawn;
	const char *actors[SNARL_ACTORS_MAX];
	unsigned lane_count;
	struct channels channels;
	struct column columns[COLUMNS_MAX];
	unsigned column_count, tube_count;
	unsigned column_of[SNARL_ACTORS_MAX]; /* by lane */
	double row; /* its height, in rem: the more lanes, the narrower, the more lines of text */
	const char *observed[SNARL_OBSERVED_MAX];
	double observed_width[SNARL_OBSERVED_MAX]; /* rem */
	unsigned observed_count;
	const json_t *waits; /* who waited for whom in the end; NULL: there are no columns for it */
	double held_width, waits_width; /* rem */
	bool changes_only;		/* they would be too long otherwise */
	struct arrow *arrows;
	size_t arrow_count, arrow_room;
};

/* --- lanes
 * ---------------------------------------------------------------------------------------- */

static bool actor_moves(const json_t *trace, const char *actor)
{
	const json_t *step;
	size_t i;

	json_array_foreach(trace, i, step) {
		if (is(field_text(step, "actor"), actor))
			return true;
	}
	return false;
}

static unsigned lane_of(struct interleaving *all, const char *actor)
{
	for (unsigned i = 0; i < all->lane_count; i++)
		if (is(all->actors[i], actor))
			return i;
	/* More there cannot be; what a damaged trace says shares the last lane. */
	if (all->lane_count == SNARL_ACTORS_MAX)
		return SNARL_ACTORS_MAX - 1;
	all->actors[all->lane_count] = actor;
	return all->lane_count++;
}

/* Lanes are in the catalogue's order; who never moves has none. */
static void lanes_find(struct interleaving *all, const json_t *trace)
{
	const json_t *actors = field_array(all->shown->catalog, "actors");

	for (size_t i = 0; i < json_array_size(actors); i++) {
		const char *actor = json_string_value(json_array_get(actors, i));

		if (actor && actor_moves(trace, actor))
			lane_of(all, actor);
	}
	for (size_t i = 0; i < all->count; i++) {
		all->steps[i].json = json_array_get(trace, i);
		all->steps[i].lane = lane_of(all, field_text(all->steps[i].json, "actor"));
	}
}

/* --- channels
 * ------------------------------------------------------------------------------------- */

/* Whether something happened to it that has to be seen. */
static bool channel_matters(const struct interleaving *all, const struct channel *channel)
{
	for (size_t i = 0; i < all->count; i++)
		if (is(field_text(all->steps[i].json, "waits_for"), channel->name))
			return true;
	for (size_t i = 0; i < channel->receipt_count; i++)
		if (*channel->receipts[i].fault ||
			receipt_frames(channel, &channel->receipts[i]) > 1)
			return true;
	for (size_t i = 0; i < channel->frame_count; i++)
		if (*channel->frames[i].fault || channel->frames[i].part_count > 1)
			return true;
	return channel_holds(channel, all->count) > 0;
}

/*
 * How far all messages would go if the channel stood before this lane; one that turns back, since
 * it is sent and received on the same side, goes farther than any.
 */
static size_t way_length(
	const struct interleaving *all, const struct channel *channel, unsigned before)
{
	size_t length = 0, turned = 0, ways = 0;

	for (size_t i = all->drawn.from; i < all->drawn.to; i++) {
		unsigned lane = all->steps[i].lane;
		bool sent = channel_sent(channel, i) >= 0;

		if (!sent && channel_received(channel, i) < 0)
			continue;
		length += lane < before ? before - lane : lane - before + 1;
		turned += sent == (lane >= before);
		ways++;
	}
	turned = turned < ways - turned ? turned : ways - turned;
	return length + COLUMNS_MAX * turned;
}

/* Where a channel stands: between those who send and those who receive, never first. */
static unsigned tube_place(const struct interleaving *all, const struct channel *channel)
{
	unsigned best = 1;

	for (unsigned before = 2; before <= all->lane_count; before++)
		if (way_length(all, channel, before) < way_length(all, channel, best))
			best = before;
	return best;
}

/* Those that matter have a lane, then the others, as long as there is room. */
static void columns_find(struct interleaving *all)
{
	const struct channel *tubes[TUBES_MAX] = {NULL};
	unsigned places[TUBES_MAX] = {0}, most = all->lane_count > 3   ? 1
						 : all->lane_count > 2 ? 2
								       : 3;

	for (int matters = 1; matters >= 0; matters--)
		for (size_t i = 0; i < all->channels.count && all->tube_count < most; i++) {
			const struct channel *channel = &all->channels.all[i];

			if (channel_matters(all, channel) != (bool)matters)
				continue;
			places[all->tube_count] = tube_place(all, channel);
			tubes[all->tube_count++] = channel;
		}
	for (unsigned lane = 0; lane < all->lane_count; lane++) {
		all->column_of[lane] = all->column_count;
		all->columns[all->column_count++].lane = lane;
		for (unsigned i = 0; i < all->tube_count; i++)
			if (places[i] == lane + 1)
				all->columns[all->column_count++].channel = tubes[i];
	}
}

/* --- what orders the steps
 * ------------------------------------------------------------------------ */

/* The step that an array names at `i`, from 0; `all->count` if it names none. */
static size_t step_named(const struct interleaving *all, const json_t *array, size_t i)
{
	json_int_t number = json_integer_value(json_array_get(array, i));

	return number >= 1 && (size_t)number <= all->count ? (size_t)number - 1 : all->count;
}

static bool array_names(const json_t *array, size_t step)
{
	for (size_t i = 0; i < json_array_size(array) && i < LINKS_MAX; i++)
		if (json_integer_value(json_array_get(array, i)) == (json_int_t)step + 1)
			return true;
	return false;
}

static bool is_drawn(const struct interleaving *all, size_t step)
{
	return step >= all->drawn.from && step < all->drawn.to;
}

static void arrow_add(struct interleaving *all, struct arrow arrow)
{
	if (arrow.a == arrow.b || !is_drawn(all, arrow.from) || !is_drawn(all, arrow.to) ||
		all->arrow_count == ARROWS_MAX)
		return;
	if (all->arrow_count == all->arrow_room) {
		size_t room = all->arrow_room ? 2 * all->arrow_room : 64;
		struct arrow *more = reallocarray(all->arrows, room, sizeof *more);

		if (!more)
			die(EXIT_COULD_NOT_RUN, "out of memory");
		all->arrows = more;
		all->arrow_room = room;
	}
	arrow.gutter = arrow.a < arrow.b ? arrow.b - 1 : arrow.b;
	all->arrows[all->arrow_count++] = arrow;
}

static void arrow_between(struct interleaving *all, size_t from, size_t to, bool conflict)
{
	arrow_add(all, (struct arrow){.from = from,
			       .to = to,
			       .kind = conflict ? CONFLICT : ORDER,
			       .a = all->column_of[all->steps[from].lane],
			       .b = all->column_of[all->steps[to].lane]});
}

/* A race stands at both steps, or only at one; it is one arrow. */
static void races_take(struct interleaving *all, size_t i)
{
	const json_t *array = field_array(all->steps[i].json, "races_with");

	for (size_t k = 0; k < json_array_size(array) && k < LINKS_MAX; k++) {
		size_t other = step_named(all, array, k);
		bool again;

		if (other >= all->count || other == i)
			continue;
		all->steps[i].races = all->steps[other].races = true;
		again = array_names(field_array(all->steps[other].json, "races_with"), i);
		if (other < i)
			arrow_between(all, other, i, true);
		else if (!again)
			arrow_between(all, i, other, true);
	}
}

/* The channel that a step changes, if it has a lane: its column; 0: none. */
static unsigned tube_of(const struct interleaving *all, size_t step)
{
	for (unsigned i = 1; i < all->column_count; i++) {
		const struct channel *channel = all->columns[i].channel;

		if (channel &&
			(channel_sent(channel, step) >= 0 || channel_received(channel, step) >= 0))
			return i;
	}
	return 0;
}

/* What a message orders is drawn as the message's way through its channel. */
static bool tube_joins(const struct interleaving *all, size_t from, size_t to)
{
	return tube_of(all, from) && tube_of(all, from) == tube_of(all, to);
}

static void message_take(struct interleaving *all, size_t i)
{
	unsigned tube = tube_of(all, i), column = all->column_of[all->steps[i].lane];
	const struct channel *channel = all->columns[tube].channel;
	bool sent = tube && channel_sent(channel, i) >= 0;

	if (tube)
		arrow_add(all, (struct arrow){.from = i,
				       .to = i,
				       .kind = MESSAGE,
				       .a = sent ? column : tube,
				       .b = sent ? tube : column});
}

static void order_take(struct interleaving *all, size_t i)
{
	const json_t *array = field_array(all->steps[i].json, "happens_after");
	struct step *step = &all->steps[i];

	for (size_t k = 0; k < json_array_size(array) && k < LINKS_MAX; k++) {
		size_t other = step_named(all, array, k);

		if (other >= i) /* only what was there before can be acquired */
			continue;
		/* A release that was acquired before orders nothing anew. */
		if (step->past[all->steps[other].lane] <= other && !tube_joins(all, other, i))
			arrow_between(all, other, i, false);
		for (unsigned lane = 0; lane < all->lane_count; lane++)
			if (all->steps[other].past[lane] > step->past[lane])
				step->past[lane] = all->steps[other].past[lane];
	}
}

static int arrow_compare(const void *left, const void *right)
{
	const struct arrow *a = left, *b = right;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->to < b->to ? -1 : a->to > b->to;
}

/* Arrows that pass each other in a gutter do so on tracks of their own, as long as there are any.
 */
static void tracks_choose(struct interleaving *all)
{
	size_t ends[COLUMNS_MAX][TRACKS] = {0};

	if (!all->arrow_count)
		return;
	qsort(all->arrows, all->arrow_count, sizeof *all->arrows, arrow_compare);
	for (size_t i = 0; i < all->arrow_count; i++) {
		struct arrow *arrow = &all->arrows[i];
		size_t *end = ends[arrow->gutter];

		if (arrow->kind == MESSAGE)
			continue;
		for (unsigned track = 0; track < TRACKS; track++)
			if (end[track] < end[arrow->track])
				arrow->track = track;
		for (unsigned track = TRACKS; track-- > 0;)
			if (end[track] <= arrow->from)
				arrow->track = track;
		end[arrow->track] = arrow->to;
	}
}

/* Vector clocks, in the order of time: what a step acquires is known when it comes. */
static void order_find(struct interleaving *all)
{
	size_t last[SNARL_ACTORS_MAX] = {0}; /* by lane, from 1 */

	for (size_t i = 0; i < all->count; i++) {
		struct step *step = &all->steps[i];

		if (last[step->lane])
			memcpy(step->past, all->steps[last[step->lane] - 1].past,
				sizeof step->past);
		order_take(all, i);
		races_take(all, i);
		message_take(all, i);
		step->past[step->lane] = last[step->lane] = i + 1;
	}
	tracks_choose(all);
}

/* --- observed variables
 * --------------------------------------------------------------------------- */

/* The value that a step shows of a variable, or NULL. */
static const char *step_value(const json_t *step, const char *name)
{
	const json_t *observed = field_array(step, "observed"), *one;
	size_t i;

	json_array_foreach(observed, i, one) {
		if (is(field_text(one, "name"), name))
			return field_text(one, "value");
	}
	return NULL;
}

/* Names from the last step that has any: members do not come and go. */
static void observed_find(struct interleaving *all)
{
	const json_t *observed = NULL, *one;
	size_t i, longest, most = all->lane_count > 2 ? VALUE_LINE_NARROW : VALUE_LINE;

	for (i = all->drawn.to; i-- > all->drawn.from && !json_array_size(observed);)
		observed = field_array(all->steps[i].json, "observed");
	json_array_foreach(observed, i, one) {
		const char *name = field_text(one, "name");

		if (all->observed_count == SNARL_OBSERVED_MAX)
			break;
		longest = strlen(name);
		for (size_t k = all->drawn.from; k < all->drawn.to; k++) {
			const char *value = step_value(all->steps[k].json, name);

			if (value && strlen(value) > longest)
				longest = strlen(value);
		}
		/* A monospaced letter of .875rem is .53rem wide. */
		longest = longest < 4 ? 4 : longest > most ? most : longest;
		all->observed_width[all->observed_count] = .53 * (double)longest + 1.2;
		all->observed[all->observed_count++] = name;
	}
}

/* --- who has what, and who waits
 * ------------------------------------------------------------------- */

/* A semaphore's units are told only where they stand for a lock, which the end tells. */
static bool is_unit(const struct interleaving *all, const char *name)
{
	const json_t *actors = field_array(all->waits, "actors"), *actor, *held;
	size_t i, k;

	json_array_foreach(actors, i, actor) {
		json_array_foreach(field_array(actor, "holds"), k, held) {
			if (is(field_text(held, "mode"), "unit") &&
				is(field_text(held, "name"), name))
				return true;
		}
	}
	return false;
}

static struct held *held_find(struct board *board, const char *name, unsigned lane)
{
	for (unsigned i = 0; i < board->held_count; i++)
		if (board->held[i].lane == lane && is(board->held[i].name, name))
			return &board->held[i];
	return NULL;
}

static void held_take(struct board *board, const char *name, unsigned lane)
{
	struct held *held = held_find(board, name, lane);

	if (held) {
		held->levels++;
	} else if (board->held_count < HELD_MAX) {
		board->held[board->held_count++] = (struct held){name, lane, 1, true};
	}
}

/* A unit may be given back by another than who took it. */
static void held_give(struct board *board, const char *name, unsigned lane, bool unit)
{
	struct held *held = held_find(board, name, lane);

	for (unsigned i = 0; i < board->held_count && unit && !held; i++)
		if (is(board->held[i].name, name))
			held = &board->held[i];
	if (held && held->levels)
		held->levels--;
}

/* What was given back is told once, in the step that did it. */
static void board_settle(struct board *board)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < board->held_count; i++) {
		if (!board->held[i].levels)
			continue;
		board->held[kept] = board->held[i];
		board->held[kept++].taken = false;
	}
	board->held_count = kept;
}

/* The board after the next step. */
static void board_step(struct board *board, const struct interleaving *all)
{
	const struct step *step = &all->steps[board->at++];
	const char *op = field_text(step->json, "op"), *name = field_text(step->json, "variable");
	bool unit = (is(op, "take") || is(op, "post")) && is_unit(all, name);

	board_settle(board);
	board->waits[step->lane] =
		is(op, "wait") || *field_text(step->json, "waits_for") ? step->json : NULL;
	if (is(op, "lock") || is(op, "read-lock") || (unit && is(op, "take")))
		held_take(board, name, step->lane);
	else if (is(op, "unlock") || (unit && is(op, "post")))
		held_give(board, name, step->lane, unit);
}

/* What a blocked actor waits for: an object, or another's end. */
static const char *wait_name(const json_t *step)
{
	const char *object = field_text(step, "waits_for"), *other = field_text(step, "other");

	return *object ? object : *other ? other : "?";
}

/* In letters: how wide a column must be for entries of which each line has its share. */
static double entries_width(const struct interleaving *all, size_t longest, unsigned most)
{
	unsigned lines = all->row > ROW_OF_TWO ? 4 : 3, in_line = (most + lines - 1) / lines;

	longest = longest < 8 ? 8 : longest > VALUE_LINE ? VALUE_LINE : longest;
	in_line = in_line ? in_line : 1;
	return .53 * (double)(in_line * (longest + 1) + in_line - 1) + 1.2; /* with their commas */
}

/* The two columns of a case that got stuck, as wide as what stands in them. */
static void board_find(struct interleaving *all)
{
	const json_t *waits = json_object_get(all->shown->json, "waits");
	size_t held_longest = 0, wait_longest = 0, bytes = 0;
	unsigned held_most = 0;
	struct board board = {.held_count = 0};

	if (!json_array_size(field_array(waits, "actors")))
		return;
	all->waits = waits;
	while (board.at < all->drawn.to) {
		board_step(&board, all);
		held_most = board.held_count > held_most ? board.held_count : held_most;
		for (unsigned i = 0; i < board.held_count; i++) {
			size_t length = strlen(board.held[i].name) + 2 +
					strlen(all->actors[board.held[i].lane]);

			held_longest = length > held_longest ? length : held_longest;
			bytes += board.at > all->drawn.from ? length + 2 : 0;
		}
		for (unsigned i = 0; i < all->lane_count; i++) {
			size_t length = board.waits[i] ? strlen(all->actors[i]) + 3 +
								 strlen(wait_name(board.waits[i]))
						       : 0;

			wait_longest = length > wait_longest ? length : wait_longest;
			bytes += board.at > all->drawn.from ? length + 2 : 0;
		}
	}
	all->changes_only = bytes > BOARD_BYTES_MAX;
	all->held_width = entries_width(all, held_longest, held_most);
	all->waits_width = entries_width(all, wait_longest, all->lane_count);
}

/* --- gutters
 * -------------------------------------------------------------------------------------- */

/* Where in its row an arrow leaves or arrives: lines that share a row do not share a height. */
static double arrow_y(
	const struct interleaving *all, const struct arrow *arrow, size_t row, size_t top)
{
	double part = arrow->kind != ORDER ? .5 : row == arrow->from ? .72 : .28;

	return ((double)row - (double)top + part) * all->row;
}

/* A path, up to its data: an arrow with its head, or a piece without. */
static void path_begin(struct html *html, const struct arrow *arrow, bool head)
{
	static const struct html_markup paths[] = {
		[ORDER] = HTML("<path class=hb d='"),
		[CONFLICT] = HTML("<path class=cf d='"),
		[MESSAGE] = HTML("<path class=ms d='"),
	};
	static const struct html_markup arrows[] = {
		[ORDER] = HTML("<path class='hb to' d='"),
		[CONFLICT] = HTML("<path class='cf to' d='"),
		[MESSAGE] = HTML("<path class='ms to' d='"),
	};

	html_put(html, head ? arrows[arrow->kind] : paths[arrow->kind]);
}

/* The whole arrow: along its first row, down its track, along its last row to its head. */
static void arrow_write(
	struct html *html, const struct interleaving *all, const struct arrow *arrow, size_t top)
{
	bool right = arrow->a < arrow->b;
	double track = FIRST_TRACK + NEXT_TRACK * arrow->track, way = right ? BEND : -BEND;
	double y = arrow_y(all, arrow, arrow->from, top), end = arrow_y(all, arrow, arrow->to, top);

	path_begin(html, arrow, true);
	if (arrow->kind == MESSAGE)
		html_textf(html, "M%.4g %.4gH%.4g", right ? 0 : GUTTER, y,
			right ? GUTTER - HEAD : HEAD);
	else
		html_textf(html, "M%.4g %.4gH%.4gq%.4g 0 %.4g %.4gV%.4gq0 %.4g %.4g %.4gH%.4g",
			right ? 0 : GUTTER, y, (right ? track : GUTTER - track) - way, way, way,
			BEND, end - BEND, BEND, way, BEND, right ? GUTTER - HEAD : HEAD);
	html_put(html, HTML("'/>"));
}

/* Whether an arrow that turns down elsewhere crosses this gutter on its way, in its first row. */
static bool arrow_crosses(const struct arrow *arrow, unsigned gutter)
{
	unsigned a = arrow->a, b = arrow->b;

	return gutter != arrow->gutter && gutter >= (a < b ? a : b) && gutter < (a < b ? b : a);
}

/* What is seen of an arrow in a piece of a gutter; whether anything. */
static bool arrow_piece_write(struct html *html, const struct interleaving *all,
	const struct arrow *arrow, unsigned gutter, struct span rows)
{
	bool right = arrow->a < arrow->b;
	double track = FIRST_TRACK + NEXT_TRACK * arrow->track;

	if (arrow_crosses(arrow, gutter)) {
		if (!span_has(rows, arrow->from))
			return false;
		path_begin(html, arrow, false);
		html_textf(
			html, "M0 %.4gH%.4g", arrow_y(all, arrow, arrow->from, rows.from), GUTTER);
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
	html_textf(html, "M%.4g 0V%.4g", right ? track : GUTTER - track,
		(double)(rows.to - rows.from) * all->row);
	html_put(html, HTML("'/>"));
	return true;
}

static bool piece_has(const struct interleaving *all, unsigned gutter, struct span rows, bool ends)
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
static const struct channel *message_tube(const struct interleaving *all, const struct arrow *arrow)
{
	return all->columns[all->columns[arrow->a].channel ? arrow->a : arrow->b].channel;
}

/* An arrow is told in words where it arrives. */
static void piece_label_write(
	struct html *html, const struct interleaving *all, unsigned gutter, struct span rows)
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
			channel_words_write(
				html, message_tube(all, arrow), arrow->from, all->tube_count > 1);
		else
			html_textf(html, "step %zu happens before step %zu", arrow->from + 1,
				arrow->to + 1);
	}
	html_put(html, HTML("'>"));
}

static void gutter_write(
	struct html *html, const struct interleaving *all, unsigned gutter, struct span rows)
{
	size_t count = rows.to - rows.from;

	html_put(html, HTML("<td class=gut rowspan="));
	html_textf(html, "%zu", count);
	html_put(html, HTML(">"));
	if (piece_has(all, gutter, rows, false)) {
		html_put(html, HTML("<svg viewBox='0 0 "));
		html_textf(html, "%.4g %.4g", GUTTER, (double)count * all->row);
		html_put(html, HTML("'"));
		if (count < PIECE) { /* style.css knows the height of a whole one */
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

/* --- rows
 * ----------------------------------------------------------------------------------------- */

/*
 * There may be hundreds of rows with a dozen cells: what HTML lets one leave out (the ends of cells
 * and rows, quotes) is left out, and keeps such a page within its budget.
 */

static void step_link_write(struct html *html, const struct interleaving *all, size_t step)
{
	step_number_write(html, all->drawn, step);
}

static void racing_write(struct html *html, const struct interleaving *all, size_t i)
{
	unsigned written = 0;

	if (!all->steps[i].races)
		return;
	html_put(html, HTML("<b class=tag>racing"));
	for (size_t k = 0; k < all->arrow_count; k++) {
		const struct arrow *arrow = &all->arrows[k];

		if (arrow->kind != CONFLICT || (arrow->from != i && arrow->to != i) || written == 4)
			continue;
		html_put(html, written++ ? HTML(", ") : HTML(" with "));
		step_link_write(html, all, arrow->from == i ? arrow->to : arrow->from);
	}
	html_put(html, HTML("</b> "));
}

/*
 * A write to what this actor read before, and another has written since: an update of that other
 * is lost if the value was made from the one read.
 */
static void stale_write(struct html *html, const struct interleaving *all, size_t i)
{
	const json_t *json = all->steps[i].json, *other;
	const char *variable = field_text(json, "variable");
	size_t since = i;

	if (!*variable || !is(field_text(json, "op"), "write"))
		return;
	for (size_t k = i; k-- > 0;) {
		other = all->steps[k].json;
		if (!is(field_text(other, "variable"), variable))
			continue;
		if (all->steps[k].lane != all->steps[i].lane) {
			since = field_true(other, "write") ? k : since;
			continue;
		}
		if (since == i || !is(field_text(other, "op"), "read"))
			return;
		html_put(html, HTML("; its read at "));
		step_link_write(html, all, k);
		html_put(html, HTML(" is stale since "));
		step_link_write(html, all, since);
		return;
	}
}

static void effect_write(struct html *html, const struct interleaving *all, size_t i)
{
	const json_t *json = all->steps[i].json;
	const char *sentence = field_text(json, "sentence"), *waits = field_text(json, "waits_for");
	const char *injected = field_text(json, "injected"),
		   *preempted = field_text(json, "preempted");
	int64_t line = 0;
	const char *path = sources_step_place(all->sources, json, &line);

	html_put(html, HTML("<p>"));
	racing_write(html, all, i);
	if (*injected)
		html_put(html, HTML("<b class=tag>injected</b> "));
	if (*preempted || i == all->drawn.from || all->steps[i - 1].lane != all->steps[i].lane) {
		html_put(html, *preempted ? HTML("<b>⤷ ") : HTML("<b>"));
		html_text_upto(html, field_text(json, "actor"), 40);
		html_put(html, HTML("</b> "));
	}
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
	stale_write(html, all, i);
	html_put(html, *preempted ? HTML("; preempts ") : HTML(""));
	html_text_upto(html, preempted, 40);
	if (*injected)
		html_wrap(html, HTML(" ("), injected, HTML(")"));
}

/* Above its effect, the line of source; what was called, where there is none. */
static void code_write(struct html *html, const struct interleaving *all, size_t i)
{
	const json_t *json = all->steps[i].json;
	const char *call = field_text(json, "call");
	int64_t line = 0;
	const char *path = sources_step_place(all->sources, json, &line);

	html_put(html, HTML("<code>"));
	if (path)
		sources_line_write(html, all->sources, path, line);
	else
		html_text_upto(html, *call ? call : field_text(json, "function"), CODE_MAX);
	html_put(html, HTML("</code>"));
}

static void event_cell_write(struct html *html, const struct interleaving *all, size_t i)
{
	const struct step *step = &all->steps[i];

	html_put(html, HTML("<td class='ev "));
	html_put(html, actor_class(actor_number(all->shown, field_text(step->json, "actor"))));
	html_put(html, step->races ? HTML(" race") : HTML(""));
	html_put(html, *field_text(step->json, "injected") ? HTML(" fault") : HTML(""));
	html_put(html, *field_text(step->json, "waits_for") ? HTML(" wait") : HTML(""));
	html_put(html, HTML("'>"));
	code_write(html, all, i);
	effect_write(html, all, i);
}

/* A lane that is empty in this row; arrows on their way to lanes behind it may pass. */
static void passing_write(
	struct html *html, const struct interleaving *all, size_t i, unsigned column)
{
	bool passes[MESSAGE + 1] = {false};
	bool tube = all->columns[column].channel;

	for (size_t k = 0; k < all->arrow_count; k++) {
		const struct arrow *arrow = &all->arrows[k];
		unsigned a = arrow->a, b = arrow->b;

		if (arrow->from == i && column > (a < b ? a : b) && column < (a < b ? b : a))
			passes[arrow->kind] = true;
	}
	if (passes[ORDER] || passes[CONFLICT] || passes[MESSAGE])
		html_put(html, tube ? HTML("<td class='pass tube'>") : HTML("<td class=pass>"));
	else
		html_put(html, tube ? HTML("<td class=tube>") : HTML("<td>"));
	html_put(html, passes[ORDER] ? HTML("<i class=hb></i>") : HTML(""));
	html_put(html, passes[CONFLICT] ? HTML("<i class=cf></i>") : HTML(""));
	html_put(html, passes[MESSAGE] ? HTML("<i class=ms></i>") : HTML(""));
}

static void values_write(struct html *html, const struct interleaving *all, size_t i)
{
	for (unsigned k = 0; k < all->observed_count; k++) {
		const char *value = step_value(all->steps[i].json, all->observed[k]);
		const char *old = i ? step_value(all->steps[i - 1].json, all->observed[k]) : NULL;
		bool changed = value && old && !is(value, old);

		bool wraps = value && strlen(value) > VALUE_LINE_NARROW;

		html_put(html, HTML("<td>"));
		html_put(html, wraps ? HTML("<p>") : HTML(""));
		html_put(html, changed ? HTML("<b>") : HTML(""));
		html_text_upto(html, value ? value : "", VALUE_MAX);
		html_put(html, changed ? HTML("<i> (changed)</i></b>") : HTML(""));
	}
}

/* One of the entries of a cell, whether it is the first. */
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

/* "left: alice, right: bob", and "alice → right", after the step; the last row tells it all. */
static void board_write(
	struct html *html, const struct interleaving *all, const struct board *board)
{
	const json_t *step = all->steps[board->at - 1].json;
	bool changes = all->changes_only && board->at < all->drawn.to, first = true;

	html_put(html, HTML("<td><p>"));
	for (unsigned i = 0; i < board->held_count; i++) {
		const struct held *held = &board->held[i];
		bool changed = held->taken || !held->levels;

		if (changes && !changed)
			continue;
		entry_write(html, *held->name ? held->name : "lock", ": ",
			held->levels ? all->actors[held->lane] : "free", changed, first);
		first = false;
	}
	html_put(html, first && !changes ? HTML("–<td><p>") : HTML("<td><p>"));
	first = true;
	for (unsigned i = 0; i < all->lane_count; i++) {
		bool changed = board->waits[i] == step;

		if (!board->waits[i] || (changes && !changed))
			continue;
		entry_write(
			html, all->actors[i], " → ", wait_name(board->waits[i]), changed, first);
		first = false;
	}
	html_put(html, first && !changes ? HTML("–") : HTML(""));
}

/* Whether the causal past in other lanes is not that of the step above in the same lane. */
static bool past_changed(const struct interleaving *all, size_t i)
{
	const struct step *step = &all->steps[i];

	for (size_t k = i; k-- > all->drawn.from;) {
		if (all->steps[k].lane != step->lane)
			continue;
		for (unsigned lane = 0; lane < all->lane_count; lane++)
			if (lane != step->lane && all->steps[k].past[lane] != step->past[lane])
				return true;
		return false;
	}
	return true; /* none is above */
}

static void row_write(struct html *html, const struct interleaving *all, size_t i,
	struct span piece, const struct board *board)
{
	const struct step *step = &all->steps[i];

	html_put(html, HTML("<tr id=s"));
	html_textf(html, "%zu", i + 1);
	if (past_changed(all, i)) {
		html_put(html, HTML(" data-past='"));
		for (unsigned lane = 0; lane < all->lane_count; lane++)
			html_textf(html, lane ? " %zu" : "%zu", step->past[lane]);
		html_put(html, HTML("'"));
	}
	html_put(html, HTML("><th scope=row>"));
	step_link_write(html, all, i);
	for (unsigned k = 0; k < all->column_count; k++) {
		const struct column *column = &all->columns[k];

		if (k && i == piece.from)
			gutter_write(html, all, k - 1, piece);
		if (!column->channel && column->lane == step->lane)
			event_cell_write(html, all, i);
		else if (column->channel && tube_of(all, i) == k)
			channel_cell_write(html, all->shown, column->channel, i);
		else
			passing_write(html, all, i, k);
	}
	if (all->waits)
		board_write(html, all, board);
	values_write(html, all, i);
	html_put(html, HTML("\n"));
}

/* --- the table
 * ------------------------------------------------------------------------------------ */

static void column_write(struct html *html, double width)
{
	html_put(html, HTML("<col style='width:"));
	html_textf(html, "%.4grem", width);
	html_put(html, HTML("'>"));
}

/* Lanes share what the page is wide, within what can be read. */
static void columns_write(struct html *html, const struct interleaving *all)
{
	double after = all->held_width + all->waits_width, all_width = STEP, lane;
	double tube = all->column_count > 3 ? TUBE_NARROW : TUBE;

	for (unsigned i = 0; i < all->observed_count; i++)
		after += all->observed_width[i];
	after += GUTTER * (all->column_count - 1) + tube * all->tube_count;
	lane = 69.4 - STEP - after;
	lane /= all->lane_count;
	lane = lane < 11 ? 11 : lane > 21 ? 21 : lane;
	all_width += lane * all->lane_count + after;
	html_put(html, HTML("<table id=steps style='width:"));
	html_textf(html, "%.4grem;--row:%.4grem;--lines:%d", all_width, all->row,
		all->row > ROW_OF_TWO ? 3 : 2);
	html_put(
		html, HTML("'><caption class=vh>A row for each step in order of time, a column for "
			   "each actor with arrows between them, one for each channel with "
			   "what is in it when that changes, then what holds after the "
			   "step: who has which lock and who waits, where that is told, and "
			   "the observed variables</caption>\n<colgroup>"));
	column_write(html, STEP);
	for (unsigned i = 0; i < all->column_count; i++) {
		if (i)
			column_write(html, GUTTER);
		column_write(html, all->columns[i].channel ? tube : lane);
	}
	if (all->waits) {
		column_write(html, all->held_width);
		column_write(html, all->waits_width);
	}
	for (unsigned i = 0; i < all->observed_count; i++)
		column_write(html, all->observed_width[i]);
	html_put(html, HTML("</colgroup>\n"));
}

static void heads_write(struct html *html, const struct interleaving *all)
{
	html_put(html, HTML("<thead><tr><th scope=col>Step</th>"));
	for (unsigned i = 0; i < all->column_count; i++) {
		const struct column *column = &all->columns[i];
		const char *actor = all->actors[column->lane];

		html_put(html, i ? HTML("<td></td>") : HTML(""));
		if (column->channel) {
			html_put(html, HTML("<th scope=col class=tube>"));
			channel_name_write(html, column->channel);
		} else {
			html_put(html, HTML("<th scope=col class='lane "));
			html_put(html, actor_class(actor_number(all->shown, actor)));
			html_put(html, HTML("'>"));
			html_text_upto(html, *actor ? actor : "an actor", 64);
		}
		html_put(html, HTML("</th>"));
	}
	if (all->waits)
		html_put(html, all->changes_only
				       ? HTML("<th scope=col>held, changes</th>"
					      "<th scope=col>waits, changes</th>")
				       : HTML("<th scope=col>held</th><th scope=col>waits</th>"));
	for (unsigned i = 0; i < all->observed_count; i++) {
		html_put(html, HTML("<th scope=col><code>"));
		html_text_upto(html, *all->observed[i] ? all->observed[i] : "?", 64);
		html_put(html, HTML("</code></th>"));
	}
	html_put(html, HTML("</tr></thead>\n"));
}

/* The last step of a lane, if its actor is blocked in it; else NULL. */
static const json_t *lane_blocked(const struct interleaving *all, unsigned lane)
{
	for (size_t i = all->count; i-- > 0;)
		if (all->steps[i].lane == lane)
			return is(field_text(all->steps[i].json, "op"), "wait") ||
					       *field_text(all->steps[i].json, "waits_for")
				       ? all->steps[i].json
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

/* What became of the actors where they got stuck: none can run, or none gets anywhere. */
static struct html_markup end_words(const struct interleaving *all)
{
	if (all->waits && any_state(all->waits, "progressing"))
		return HTML("");
	if (all->waits && (any_state(all->waits, "waiting") || any_state(all->waits, "running")))
		return HTML("><b>✗ no actor gets any further</b>");
	return all->waits || is(all->shown->verdict, "deadlock")
		       ? HTML("><b>✗ no actor can run</b>")
		       : HTML("");
}

/* What is still in the channels when all is over, in their lanes. */
static void unread_write(struct html *html, const struct interleaving *all)
{
	bool any = false;

	for (unsigned i = 0; i < all->column_count; i++)
		any |= all->columns[i].channel &&
		       channel_holds(all->columns[i].channel, all->count);
	if (!any || all->drawn.to < all->count)
		return;
	html_put(html, HTML("<tbody><tr class=unread><th scope=row>end"));
	for (unsigned i = 0; i < all->column_count; i++) {
		const struct channel *channel = all->columns[i].channel;

		html_put(html, i ? HTML("<td class=gut>") : HTML(""));
		if (channel && channel_holds(channel, all->count))
			channel_cell_write(html, all->shown, channel, all->count);
		else
			html_put(html, channel ? HTML("<td class=tube>") : HTML("<td>"));
	}
	for (unsigned i = all->observed_count + (all->waits ? 2 : 0); i-- > 0;)
		html_put(html, HTML("<td>"));
	html_put(html, HTML("</tbody>\n"));
}

/* A standstill ends the trace: say so, and who waits for what. */
static void stuck_write(struct html *html, const struct interleaving *all)
{
	struct html_markup words = end_words(all);
	const char *separator = ": ";

	if (!*words.literal || all->drawn.to < all->count)
		return;
	html_put(html, HTML("<tbody><tr class=stuck><td></td><td colspan="));
	html_textf(
		html, "%u", 2 * all->column_count - 1 + all->observed_count + (all->waits ? 2 : 0));
	html_put(html, words);
	for (unsigned lane = 0; lane < all->lane_count; lane++) {
		const json_t *json = lane_blocked(all, lane);

		if (!json)
			continue;
		html_text(html, separator);
		separator = "; ";
		html_text_upto(html, all->actors[lane], 64);
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

static void table_write(struct html *html, const struct interleaving *all)
{
	struct board board = {.held_count = 0};

	heads_define(html);
	html_put(html, HTML("<div class=ctl><button type=button id=previous>← Previous "
			    "step</button><button type=button id=next>Next step "
			    "→</button><span>Keys: ← → or k j, Home, End</span></div>\n"
			    "<p class=said id=said role=status></p>\n"
			    "<div class=scroll tabindex=0 role=region aria-label="
			    "'Interleaving, scrollable' data-steps="));
	html_textf(html, "%zu", all->count);
	html_put(html, HTML(">\n"));
	columns_write(html, all);
	heads_write(html, all);
	while (all->waits && board.at < all->drawn.from)
		board_step(&board, all);
	for (size_t i = all->drawn.from; i < all->drawn.to; i += PIECE) {
		struct span piece = {i, i + PIECE < all->drawn.to ? i + PIECE : all->drawn.to};

		html_put(html, HTML("<tbody>\n"));
		for (size_t k = piece.from; k < piece.to; k++) {
			if (all->waits)
				board_step(&board, all);
			row_write(html, all, k, piece, &board);
		}
		html_put(html, HTML("</tbody>\n"));
	}
	unread_write(html, all);
	stuck_write(html, all);
	html_put(html, HTML("</table></div>\n"));
	if (all->drawn.to - all->drawn.from < all->count) {
		html_put(html, HTML("<p class=note>Showing steps "));
		html_number(html, (int64_t)all->drawn.from + 1);
		html_put(html, HTML(" to "));
		html_number(html, (int64_t)all->drawn.to);
		html_put(html, HTML(" of "));
		html_number(html, (int64_t)all->count);
		html_put(html, HTML(".</p>\n"));
	}
}

static void legend_write(struct html *html, const struct interleaving *all)
{
	bool kinds[MESSAGE + 1] = {false}, turn = false;

	for (size_t i = 0; i < all->arrow_count; i++)
		kinds[all->arrows[i].kind] = true;
	for (size_t i = all->drawn.from; i < all->drawn.to; i++)
		turn |= *field_text(all->steps[i].json, "preempted") != '\0';
	html_put(html, HTML("<p>Time runs downwards, a step a row."));
	if (kinds[ORDER])
		html_put(html, HTML(" A dashed arrow leads from a release to the step that "
				    "acquired it: all before it has happened for all after it."));
	if (kinds[MESSAGE])
		html_put(
			html, HTML(" A solid arrow leads from who sends into the channel, and from "
				   "there to who receives; the channel shows what it holds after "
				   "the step, what is next to be received first."));
	if (kinds[CONFLICT])
		html_put(html, HTML(" A thick arrow joins two accesses that race: nothing orders "
				    "them."));
	if (turn)
		html_put(html, HTML(" ⤷ The scheduler took the turn from an actor that could have "
				    "gone on."));
	if (all->arrow_count == ARROWS_MAX)
		html_textf(html, " Only the first %d arrows are drawn.", ARROWS_MAX);
	html_put(html, HTML(" <span class=ctl-note>Of a step that is chosen, the causal past is "
			    "shaded: what must have happened before it in any order.</span>"));
	if (field_is(all->shown->traits, "memory_model", "sequentially consistent"))
		html_put(html, HTML(" Each read sees the newest write (sequential consistency): "
				    "what a weaker machine may do besides is not explored."));
	html_put(html, HTML("</p>\n"));
}

void interleaving_write(struct html *html, const struct shown *shown, const struct sources *sources)
{
	const json_t *trace = field_array(shown->json, "trace");
	struct interleaving all = {.shown = shown,
		.sources = sources,
		.count = json_array_size(trace),
		.drawn = trace_drawn(trace)};

	all.steps = calloc(all.count + 1, sizeof *all.steps);
	if (!all.steps)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	lanes_find(&all, trace);
	all.channels = channels_find(trace);
	columns_find(&all);
	all.row = all.lane_count > 2 ? ROW_OF_MORE : ROW_OF_TWO;
	order_find(&all);
	observed_find(&all);
	board_find(&all);
	html_put(html, HTML("<section aria-labelledby=interleaving><h2 id=interleaving>"
			    "Interleaving</h2>\n"));
	legend_write(html, &all);
	table_write(html, &all);
	textbook_write(html, sources);
	html_put(html, HTML("</section>\n"));
	channels_free(&all.channels);
	free(all.arrows);
	free(all.steps);
}
