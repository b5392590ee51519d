/* replay.c - a schedule again: its deviations where their actors' counts say, else the default. */
#include "strategies.h"

static struct replay {
	const struct schedule *schedule;
	unsigned count; /* of its deviations that are there */
	/* By actor: its next deviation. */
	unsigned next[ACTORS_MAX];
} state;

void replay_open(const struct schedule *schedule)
{
	state.schedule = schedule;
	state.count = schedule->count < SCHEDULE_MAX ? schedule->count : SCHEDULE_MAX;
}

/* The first deviation of an actor from number `from` on. */
static unsigned deviation_of(unsigned actor, unsigned from)
{
	while (from < state.count && state.schedule->deviations[from].actor != actor)
		from++;
	return from;
}

static void replay_begin(uint64_t seed)
{
	(void)seed;
	for (unsigned i = 0; i < ACTORS_MAX; i++)
		state.next[i] = deviation_of(i, 0);
}

/* The actor's deviation at its present count; those that it has passed by are void. */
static const struct deviation *deviation_now(const struct actor *actor)
{
	unsigned *next = &state.next[actor->index];

	while (*next < state.count && state.schedule->deviations[*next].count < actor->count)
		*next = deviation_of(actor->index, *next + 1);
	if (*next == state.count || state.schedule->deviations[*next].count != actor->count)
		return NULL;
	return &state.schedule->deviations[*next];
}

static void decide_next(struct actor *actor)
{
	unsigned next = state.next[actor->index];

	actor->decide_at = UINT32_MAX;
	if (scheduler.tracing)
		actor->decide_at = actor->count + 1;
	else if (next < state.count)
		actor->decide_at = state.schedule->deviations[next].count;
}

static unsigned replay_pick(struct actor *current, uint32_t choices, enum turn turn)
{
	const struct deviation *deviation = deviation_now(current);
	unsigned next = scheduler_default(current, choices, turn);

	if (deviation && deviation->to != DEVIATION_FAULT && choices & 1u << deviation->to)
		next = deviation->to;
	if (deviation)
		state.next[current->index] =
			deviation_of(current->index, state.next[current->index] + 1);
	decide_next(current);
	decide_next(&scheduler.actors[next]);
	return next;
}

static bool replay_choose(struct actor *current, double probability)
{
	const struct deviation *deviation = deviation_now(current);

	if (!deviation)
		return probability >= 1;
	state.next[current->index] = deviation_of(current->index, state.next[current->index] + 1);
	decide_next(current);
	return deviation->to == DEVIATION_FAULT;
}

const struct strategy strategy_replay = {
	.name = "replay",
	.exact = true,
	.begin = replay_begin,
	.pick = replay_pick,
	.choose = replay_choose,
};
