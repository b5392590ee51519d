/*
 * layout.h - the positions of an interleaving's steps: lanes, columns, arrows and their tracks, and
 * the locks held after each step. No HTML.
 *
 * Arrows live in gutters between the lanes: rows and gutters have a fixed size in rem, so that a
 * step's position is known without a browser. Only one actor moves in a step. All other lanes are
 * empty in that row, so an arrow between lanes that are not neighbours leaves along the row of its
 * first step, through empty cells, and turns down in the gutter beside its last one: no line ever
 * runs through text.
 *
 * A channel has a lane as well, between its senders and its receivers: its contents are shown in
 * the rows in which they change. A message's arrow is level, into the channel in the sender's row,
 * out of it in the receiver's; between the two it lies in the lane.
 */
#ifndef SNARL_REPORTS_LAYOUT_H
#define SNARL_REPORTS_LAYOUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "channels.h"
#include "rows.h"
#include "snarl.h"

enum {
	LAYOUT_TRACKS = 5, /* lines beside each other in a gutter */
	LAYOUT_ARROWS_MAX = 800,
	LAYOUT_ACTORS_MAX = 256, /* whose order is kept: more than any engine runs */
	LAYOUT_HELD_MAX = 32,	 /* locks that are tracked */
	LAYOUT_TUBES_MAX = 3,	 /* channels that have a lane */
	LAYOUT_COLUMNS_MAX = LANES_MAX + LAYOUT_TUBES_MAX,
	LAYOUT_VALUE_LINE = 24,	       /* bytes of an observed value in one line */
	LAYOUT_VALUE_LINE_NARROW = 16, /* the same with many lanes */
	LAYOUT_PIECE = 8,	       /* rows that are drawn as one piece, and stay on one page */
};

/* In rem, as in style.css: the height of a row with two lanes, and with more. */
static const double LAYOUT_ROW_OF_TWO = 3.75, LAYOUT_ROW_OF_MORE = 4.75;
static const double LAYOUT_GUTTER = 3.5; /* its width */

struct step {
	const json_t *json;
	unsigned actor, lane;
	bool races;
	size_t *causal_past; /* by actor, the last step up to this one, from 1; 0: none */
};

/* A lock that an actor holds after a step, or released in it. */
struct held {
	const char *name;
	unsigned actor;
	unsigned levels; /* of a recursive one; 0: released in this step */
	bool taken;	 /* in this step */
};

/* Locks held and actors waiting, after each step in turn. */
struct holdings {
	struct held held[LAYOUT_HELD_MAX];
	unsigned held_count;
	const json_t *waits[LAYOUT_ACTORS_MAX]; /* the step in which each waits, or NULL */
	size_t at;				/* steps applied so far */
};

/*
 * An arrow from the earlier to the later step, in different lanes, both drawn; for a message,
 * between the lanes of its step and of its channel.
 */
struct arrow {
	size_t from, to;
	enum { ORDER, CONFLICT, MESSAGE } kind;
	unsigned a, b;	 /* the columns it leaves and arrives at */
	unsigned gutter; /* gutter g lies between the columns g and g + 1 */
	bool folded;	 /* both of its steps are in folds */
	unsigned track;
};

/* A lane of the table: an actor's, or a channel's. */
struct column {
	const struct channel *channel; /* NULL: an actor's */
	unsigned lane;
};

struct layout {
	size_t count;
	struct step *steps;
	const char *actors[LAYOUT_ACTORS_MAX]; /* all that move: order is kept for each */
	unsigned actor_count;
	size_t *causal_pasts; /* of all steps */
	struct span drawn;
	struct roster roster;
	struct channels channels;
	struct column columns[LAYOUT_COLUMNS_MAX];
	unsigned column_count, channel_lane_count;
	unsigned column_of[LANES_MAX]; /* by lane */
	double row; /* its height, in rem: more lanes are narrower and need more lines of text */
	const char *observed[SNARL_OBSERVED_MAX];
	double observed_width[SNARL_OBSERVED_MAX]; /* rem */
	unsigned observed_count;
	const json_t *waits; /* who waited for whom at the end; NULL: no columns for it */
	double held_width, waits_width; /* rem */
	bool changes_only;		/* otherwise the columns would be too long */
	struct arrow *arrows;
	size_t arrow_count, arrow_capacity;
};

/*
 * Lay out a trace; `actors` has the names in the order of the lanes, `waits` says who waited for
 * whom at the end, if anybody did. The actors of the steps in `concerned` have lanes before all
 * others. To be freed.
 */
struct layout layout_make(
	const json_t *trace, const json_t *actors, const json_t *waits, const json_t *concerned);
void layout_free(struct layout *layout);

/*
 * The column of the channel that a step sends to or receives from; 0 if that channel has none, or
 * there is none.
 */
unsigned channel_lane_of(const struct layout *all, size_t step);

/* Apply the next step. */
void holdings_step(struct holdings *holdings, const struct layout *all);

/* What an actor waits for in a step: an object, or another actor's end. */
const char *wait_name(const json_t *step);

#endif
