/* rows.c - the drawn rows and the lanes of a trace. */
#include "rows.h"

#include "field.h"
#include "text.h"

enum { AFTER_RACE = 40 /* steps drawn after the last race if the end is too far away */ };

bool span_has(struct span span, size_t step)
{
	return step >= span.from && step < span.to;
}

bool step_races(const json_t *step)
{
	return json_array_size(field_array(step, "races_with")) > 0;
}

/* The failure is at the end, so the end is drawn; only a race far before it matters more. */
struct span trace_drawn(const json_t *trace)
{
	size_t count = json_array_size(trace), last = count, i;
	struct span drawn = {count > TRACE_DRAWN_MAX ? count - TRACE_DRAWN_MAX : 0, count};
	const json_t *step;

	json_array_foreach(trace, i, step) {
		if (step_races(step))
			last = i;
	}
	if (last < drawn.from) {
		drawn.to =
			last + AFTER_RACE > TRACE_DRAWN_MAX ? last + AFTER_RACE : TRACE_DRAWN_MAX;
		drawn.from = drawn.to - TRACE_DRAWN_MAX;
	}
	return drawn;
}

const char *step_value(const json_t *step, const char *name)
{
	const json_t *observed = field_array(step, "observed"), *one;
	size_t i;

	json_array_foreach(observed, i, one) {
		if (is(field_text(one, "name"), name))
			return field_text(one, "value");
	}
	return NULL;
}

unsigned roster_lane(const struct roster *roster, const char *actor)
{
	unsigned lane = 0, named = roster->count - roster->others;

	while (lane < named && !is(roster->actors[lane], actor))
		lane++;
	return lane;
}

bool roster_shared(const struct roster *roster, const char *actor)
{
	return roster->others && roster_lane(roster, actor) == roster->count - 1;
}

/* Give the actor a lane; if there is no room, the last lane becomes that of all others. */
static void roster_add(struct roster *roster, const char *actor)
{
	if (roster_lane(roster, actor) < roster->count)
		return;
	if (roster->count < LANES_MAX) {
		roster->actors[roster->count++] = actor;
		return;
	}
	roster->actors[LANES_MAX - 1] = "others";
	roster->others = true;
}

static bool moves(const json_t *trace, const char *actor)
{
	const json_t *step;
	size_t i;

	json_array_foreach(trace, i, step) {
		if (field_is(step, "actor", actor))
			return true;
	}
	return false;
}

static void roster_fill(struct roster *roster, const json_t *trace, const json_t *actors)
{
	const json_t *one;
	size_t i;

	json_array_foreach(actors, i, one) {
		const char *actor = json_string_value(one);

		if (actor && moves(trace, actor))
			roster_add(roster, actor);
	}
	json_array_foreach(trace, i, one) {
		roster_add(roster, field_text(one, "actor"));
	}
}

/* The steps of those actors that come first, of as many as leave a lane to the others. */
static json_t *steps_of_first(const json_t *steps)
{
	struct roster first = {.count = 0};
	json_t *chosen = json_array(), *step;
	size_t i;

	json_array_foreach(steps, i, step) {
		const char *actor = field_text(step, "actor");

		if (first.count < LANES_MAX - 1)
			roster_add(&first, actor);
		if (roster_lane(&first, actor) < first.count)
			json_array_append(chosen, step);
	}
	return chosen;
}

struct roster roster_of(const json_t *trace, const json_t *actors, const json_t *concerned)
{
	struct roster roster = {.count = 0}, few = {.count = 0};
	json_t *chosen;

	roster_fill(&roster, trace, actors);
	if (!roster.others || !json_array_size(concerned))
		return roster;
	chosen = steps_of_first(concerned);
	roster_fill(&few, chosen, actors);
	json_decref(chosen);
	few.actors[few.count++] = "others";
	few.others = true;
	return few;
}
