/* replay.c - repeats a schedule: its deviations at their actors' counts, otherwise the default. */
#include "scheduler.h"
#include "strategies.h"

struct replay {
	const struct schedule *schedule;
	unsigned count; /* of the deviations that are stored */
	/* The next deviation of each actor. */
	unsigned next[ACTORS_MAX];
};

/* The first deviation of an actor from number `from` on. */
static unsigned deviation_of(const struct replay *self, unsigned actor, unsigned from)
{
	while (from < self->count && self->schedule->deviations[from].actor != actor)
		from++;
	return from;
}

static void replay_open(void *state, const struct strategy_config *config)
{
	struct replay *self = state;
	unsigned count = config->schedule->count;

	self->schedule = config->schedule;
	self->count = count < SCHEDULE_MAX ? count : SCHEDULE_MAX;
}

static bool replay_begin(void *state, uint64_t seed)
{
	struct replay *self = state;

	(void)seed;
	for (unsigned i = 0; i < ACTORS_MAX; i++)
		self->next[i] = self->count;
	for (unsigned i = self->count; i-- > 0;)
		self->next[self->schedule->deviations[i].actor] = i;
	return true;
}

/* The actor's deviation at its present count; deviations at earlier counts are void. */
static const struct deviation *deviation_now(struct replay *self, const struct actor *actor)
{
	const struct deviation *deviations = self->schedule->deviations;
	unsigned *next = &self->next[actor->index];

	while (*next < self->count && deviations[*next].count < actor->count)
		*next = deviation_of(self, actor->index, *next + 1);
	if (*next == self->count || deviations[*next].count != actor->count)
		return NULL;
	return &deviations[*next];
}

static void deviation_made(struct replay *self, unsigned actor)
{
	self->next[actor] = deviation_of(self, actor, self->next[actor] + 1);
}

/* Steps of the actor until its next deviation; one if every step is traced. */
static uint32_t quantum_of(const struct replay *self, unsigned actor)
{
	unsigned next = self->next[actor];

	if (scheduler.tracing)
		return 1;
	if (next == self->count)
		return QUANTUM_WHOLE;
	return self->schedule->deviations[next].count - scheduler.actors[actor].count;
}

static struct decision replay_next(void *state, const struct point *point)
{
	struct replay *self = state;
	const struct deviation *deviation = deviation_now(self, point->current);
	unsigned next = scheduler_default(point);

	if (deviation && deviation->kind == DEVIATION_SWITCH &&
		point->choices & actor_one(deviation->to))
		next = deviation->to;
	if (deviation)
		deviation_made(self, point->current->index);
	return (struct decision){next, quantum_of(self, next)};
}

static unsigned replay_choice(
	void *state, const struct actor *current, enum choice_kind kind, unsigned count, double p)
{
	struct replay *self = state;
	const struct deviation *deviation = deviation_now(self, current);

	(void)kind;
	(void)count;
	if (!deviation)
		return p >= 1;
	deviation_made(self, current->index);
	return deviation->kind == DEVIATION_FAULT;
}

const struct strategy_kind strategy_replay = {
	.name = "replay",
	.exact = true,
	.size = sizeof(struct replay),
	.open = replay_open,
	.begin = replay_begin,
	.next = replay_next,
	.choice = replay_choice,
};
