/* layout.c - the positions of an interleaving's steps. */
#include "layout.h"

#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "field.h"
#include "text.h"

enum {
	LINKS_MAX = 32,			/* per step */
	HOLDINGS_BYTES_MAX = 16 * 1024, /* of text in the columns of held locks and of waits */
};

/* The number of an actor; all beyond the last share it. */
static unsigned actor_find(struct layout *all, const char *actor)
{
	unsigned i = 0;

	while (i < all->actor_count && !is(all->actors[i], actor))
		i++;
	if (i == LAYOUT_ACTORS_MAX)
		return LAYOUT_ACTORS_MAX - 1;
	if (i == all->actor_count)
		all->actors[all->actor_count++] = actor;
	return i;
}

static void lanes_find(
	struct layout *all, const json_t *trace, const json_t *actors, const json_t *concerned)
{
	all->roster = roster_of(trace, actors, concerned);
	for (unsigned lane = 0; lane + all->roster.others < all->roster.count; lane++)
		actor_find(all, all->roster.actors[lane]);
	for (size_t i = 0; i < all->count; i++) {
		const char *actor;

		all->steps[i].json = json_array_get(trace, i);
		actor = field_text(all->steps[i].json, "actor");
		all->steps[i].actor = actor_find(all, actor);
		all->steps[i].lane = roster_lane(&all->roster, actor);
	}
	all->causal_pasts = calloc(all->count * all->actor_count + 1, sizeof *all->causal_pasts);
	if (!all->causal_pasts)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	for (size_t i = 0; i < all->count; i++)
		all->steps[i].causal_past = all->causal_pasts + i * all->actor_count;
}

/* --- channels ------------------------------------------------------------------------------ */

/*
 * Whether the channel is worth showing: an actor waits for it, a message is faulty, split or joined
 * to another, or something is left in it.
 */
static bool channel_matters(const struct layout *all, const struct channel *channel)
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
 * The total distance of all messages if the channel stood before this lane. A message that is sent
 * and received on the same side turns back, which counts as farther than any distance.
 */
static size_t way_length(const struct layout *all, const struct channel *channel, unsigned before)
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
	return length + LAYOUT_COLUMNS_MAX * turned;
}

/* The lane before which a channel stands: between senders and receivers, never first. */
static unsigned channel_lane_place(const struct layout *all, const struct channel *channel)
{
	unsigned best = 1;

	for (unsigned before = 2; before <= all->roster.count; before++)
		if (way_length(all, channel, before) < way_length(all, channel, best))
			best = before;
	return best;
}

/* Give lanes to the channels that matter, then to the others, as long as there is room. */
static void columns_find(struct layout *all)
{
	const struct channel *channel_lanes[LAYOUT_TUBES_MAX] = {NULL};
	unsigned places[LAYOUT_TUBES_MAX] = {0}, most = all->roster.count > 3	? 1
							: all->roster.count > 2 ? 2
										: 3;

	for (int matters = 1; matters >= 0; matters--)
		for (size_t i = 0; i < all->channels.count && all->channel_lane_count < most; i++) {
			const struct channel *channel = &all->channels.all[i];

			if (channel_matters(all, channel) != (bool)matters)
				continue;
			places[all->channel_lane_count] = channel_lane_place(all, channel);
			channel_lanes[all->channel_lane_count++] = channel;
		}
	for (unsigned lane = 0; lane < all->roster.count; lane++) {
		all->column_of[lane] = all->column_count;
		all->columns[all->column_count++].lane = lane;
		for (unsigned i = 0; i < all->channel_lane_count; i++)
			if (places[i] == lane + 1)
				all->columns[all->column_count++].channel = channel_lanes[i];
	}
}

/* --- what orders the steps ----------------------------------------------------------------- */

/* The step that an array names at `i`, from 0; `all->count` if it names none. */
static size_t step_named(const struct layout *all, const json_t *array, size_t i)
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

static bool is_drawn(const struct layout *all, size_t step)
{
	return step >= all->drawn.from && step < all->drawn.to;
}

static void arrow_add(struct layout *all, struct arrow arrow)
{
	if (arrow.a == arrow.b || !is_drawn(all, arrow.from) || !is_drawn(all, arrow.to) ||
		all->arrow_count == LAYOUT_ARROWS_MAX)
		return;
	if (all->arrow_count == all->arrow_capacity) {
		size_t capacity = all->arrow_capacity ? 2 * all->arrow_capacity : 64;
		struct arrow *more = reallocarray(all->arrows, capacity, sizeof *more);

		if (!more)
			die(EXIT_COULD_NOT_RUN, "out of memory");
		all->arrows = more;
		all->arrow_capacity = capacity;
	}
	arrow.gutter = arrow.a < arrow.b ? arrow.b - 1 : arrow.b;
	all->arrows[all->arrow_count++] = arrow;
}

static void arrow_between(struct layout *all, size_t from, size_t to, bool conflict)
{
	arrow_add(all, (struct arrow){.from = from,
			       .to = to,
			       .kind = conflict ? CONFLICT : ORDER,
			       .a = all->column_of[all->steps[from].lane],
			       .b = all->column_of[all->steps[to].lane]});
}

/* A race may be recorded at both steps, or only at one; it is one arrow. */
static void races_take(struct layout *all, size_t i)
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

/* The column of the channel that a step changes; 0 if no such channel has a lane. */
unsigned channel_lane_of(const struct layout *all, size_t step)
{
	for (unsigned i = 1; i < all->column_count; i++) {
		const struct channel *channel = all->columns[i].channel;

		if (channel &&
			(channel_sent(channel, step) >= 0 || channel_received(channel, step) >= 0))
			return i;
	}
	return 0;
}

/* Order that a message establishes is drawn as the message's path through its channel. */
static bool channel_lane_joins(const struct layout *all, size_t from, size_t to)
{
	return channel_lane_of(all, from) && channel_lane_of(all, from) == channel_lane_of(all, to);
}

static void message_take(struct layout *all, size_t i)
{
	unsigned channel_lane = channel_lane_of(all, i),
		 column = all->column_of[all->steps[i].lane];
	const struct channel *channel = all->columns[channel_lane].channel;
	bool sent = channel_lane && channel_sent(channel, i) >= 0;

	if (channel_lane)
		arrow_add(all, (struct arrow){.from = i,
				       .to = i,
				       .kind = MESSAGE,
				       .a = sent ? column : channel_lane,
				       .b = sent ? channel_lane : column});
}

static void order_take(struct layout *all, size_t i)
{
	const json_t *array = field_array(all->steps[i].json, "happens_after");
	struct step *step = &all->steps[i];

	for (size_t k = 0; k < json_array_size(array) && k < LINKS_MAX; k++) {
		size_t other = step_named(all, array, k);

		if (other >= i) /* only an earlier release can be acquired */
			continue;
		/* A release that was already acquired adds no order. */
		if (step->causal_past[all->steps[other].actor] <= other &&
			!channel_lane_joins(all, other, i))
			arrow_between(all, other, i, false);
		for (unsigned actor = 0; actor < all->actor_count; actor++)
			if (all->steps[other].causal_past[actor] > step->causal_past[actor])
				step->causal_past[actor] = all->steps[other].causal_past[actor];
	}
}

static int arrow_compare(const void *left, const void *right)
{
	const struct arrow *a = left, *b = right;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->to < b->to ? -1 : a->to > b->to;
}

/* Arrows that overlap in a gutter get tracks of their own, as long as there are free ones. */
static void tracks_choose(struct layout *all)
{
	size_t ends[LAYOUT_COLUMNS_MAX][LAYOUT_TRACKS] = {0};

	if (!all->arrow_count)
		return;
	qsort(all->arrows, all->arrow_count, sizeof *all->arrows, arrow_compare);
	for (size_t i = 0; i < all->arrow_count; i++) {
		struct arrow *arrow = &all->arrows[i];
		size_t *end = ends[arrow->gutter];

		if (arrow->kind == MESSAGE)
			continue;
		for (unsigned track = 0; track < LAYOUT_TRACKS; track++)
			if (end[track] < end[arrow->track])
				arrow->track = track;
		for (unsigned track = LAYOUT_TRACKS; track-- > 0;)
			if (end[track] <= arrow->from)
				arrow->track = track;
		end[arrow->track] = arrow->to;
	}
}

/* Vector clocks are computed in time order, so that what a step acquires is already known. */
static void order_find(struct layout *all)
{
	size_t last[LAYOUT_ACTORS_MAX] = {0}; /* by actor, from 1 */

	for (size_t i = 0; i < all->count; i++) {
		struct step *step = &all->steps[i];

		if (last[step->actor])
			memcpy(step->causal_past, all->steps[last[step->actor] - 1].causal_past,
				all->actor_count * sizeof *step->causal_past);
		order_take(all, i);
		races_take(all, i);
		message_take(all, i);
		step->causal_past[step->actor] = last[step->actor] = i + 1;
	}
	tracks_choose(all);
}

/* --- observed variables -------------------------------------------------------------------- */

/* Take the names from the last step that has any: the observed members never change. */
static void observed_find(struct layout *all)
{
	const json_t *observed = NULL, *one;
	size_t i, longest,
		most = all->roster.count > 2 ? LAYOUT_VALUE_LINE_NARROW : LAYOUT_VALUE_LINE;

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

/* --- who has what, and who waits ----------------------------------------------------------- */

/* A semaphore's units are shown only if the end of the trace lists the semaphore as a held lock. */
static bool is_unit(const struct layout *all, const char *name)
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

static struct held *held_find(struct holdings *holdings, const char *name, unsigned actor)
{
	for (unsigned i = 0; i < holdings->held_count; i++)
		if (holdings->held[i].actor == actor && is(holdings->held[i].name, name))
			return &holdings->held[i];
	return NULL;
}

static void held_take(struct holdings *holdings, const char *name, unsigned actor)
{
	struct held *held = held_find(holdings, name, actor);

	if (held) {
		held->levels++;
	} else if (holdings->held_count < LAYOUT_HELD_MAX) {
		holdings->held[holdings->held_count++] = (struct held){name, actor, 1, true};
	}
}

/* A unit may be released by an actor that did not acquire it. */
static void held_give(struct holdings *holdings, const char *name, unsigned actor, bool unit)
{
	struct held *held = held_find(holdings, name, actor);

	for (unsigned i = 0; i < holdings->held_count && unit && !held; i++)
		if (is(holdings->held[i].name, name))
			held = &holdings->held[i];
	if (held && held->levels)
		held->levels--;
}

/* A lock that was released is shown once more, in the step that released it. */
static void holdings_settle(struct holdings *holdings)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < holdings->held_count; i++) {
		if (!holdings->held[i].levels)
			continue;
		holdings->held[kept] = holdings->held[i];
		holdings->held[kept++].taken = false;
	}
	holdings->held_count = kept;
}

/* Advance the holdings by one step. */
void holdings_step(struct holdings *holdings, const struct layout *all)
{
	const struct step *step = &all->steps[holdings->at++];
	const char *op = field_text(step->json, "op"), *name = field_text(step->json, "variable");
	bool unit = (is(op, "take") || is(op, "post")) && is_unit(all, name);

	holdings_settle(holdings);
	holdings->waits[step->actor] =
		is(op, "wait") || *field_text(step->json, "waits_for") ? step->json : NULL;
	if (is(op, "lock") || is(op, "read-lock") || (unit && is(op, "take")))
		held_take(holdings, name, step->actor);
	else if (is(op, "unlock") || (unit && is(op, "post")))
		held_give(holdings, name, step->actor, unit);
}

/* What a blocked actor waits for: an object, or another's end. */
const char *wait_name(const json_t *step)
{
	const char *object = field_text(step, "waits_for"), *other = field_text(step, "other");

	return *object ? object : *other ? other : "?";
}

/* The width in rem of a column whose entries are spread evenly over its lines. */
static double entries_width(const struct layout *all, size_t longest, unsigned most)
{
	unsigned lines = all->row > LAYOUT_ROW_OF_TWO ? 4 : 3, in_line = (most + lines - 1) / lines;

	longest = longest < 8 ? 8 : longest > LAYOUT_VALUE_LINE ? LAYOUT_VALUE_LINE : longest;
	in_line = in_line ? in_line : 1;
	return .53 * (double)(in_line * (longest + 1) + in_line - 1) + 1.2; /* with commas */
}

/* Size the two columns of a case that got stuck by their contents. */
static void holdings_find(struct layout *all, const json_t *waits)
{
	size_t held_longest = 0, wait_longest = 0, bytes = 0;
	unsigned held_most = 0;
	struct holdings holdings = {.held_count = 0};

	if (!json_array_size(field_array(waits, "actors")))
		return;
	all->waits = waits;
	while (holdings.at < all->drawn.to) {
		holdings_step(&holdings, all);
		held_most = holdings.held_count > held_most ? holdings.held_count : held_most;
		for (unsigned i = 0; i < holdings.held_count; i++) {
			size_t length = strlen(holdings.held[i].name) + 2 +
					strlen(all->actors[holdings.held[i].actor]);

			held_longest = length > held_longest ? length : held_longest;
			bytes += holdings.at > all->drawn.from ? length + 2 : 0;
		}
		for (unsigned i = 0; i < all->actor_count; i++) {
			size_t length = holdings.waits[i]
						? strlen(all->actors[i]) + 3 +
							  strlen(wait_name(holdings.waits[i]))
						: 0;

			wait_longest = length > wait_longest ? length : wait_longest;
			bytes += length && holdings.at > all->drawn.from ? length + 2 : 0;
		}
	}
	all->changes_only = bytes > HOLDINGS_BYTES_MAX;
	all->held_width = entries_width(all, held_longest, held_most);
	all->waits_width = entries_width(all, wait_longest, all->roster.count);
}

struct layout layout_make(
	const json_t *trace, const json_t *actors, const json_t *waits, const json_t *concerned)
{
	struct layout layout = {.count = json_array_size(trace), .drawn = trace_drawn(trace)};

	layout.steps = calloc(layout.count + 1, sizeof *layout.steps);
	if (!layout.steps)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	lanes_find(&layout, trace, actors, concerned);
	layout.channels = channels_find(trace);
	columns_find(&layout);
	layout.row = layout.roster.count > 2 ? LAYOUT_ROW_OF_MORE : LAYOUT_ROW_OF_TWO;
	order_find(&layout);
	observed_find(&layout);
	holdings_find(&layout, waits);
	return layout;
}

void layout_free(struct layout *layout)
{
	channels_free(&layout->channels);
	free(layout->arrows);
	free(layout->causal_pasts);
	free(layout->steps);
}
