/*
 * rff.c - reads-from fuzzing (Wolff, Shi, Duck, Mathur, Roychoudhury, "Greybox fuzzing for
 * concurrency testing", ASPLOS 2024).
 *
 * An execution is steered by a few constraints: this event must find that write, or must not find
 * it (reads_from.h has the terms). If it shows a new pair, its constraints are kept for later ones
 * to vary, the more often the rarer its set of pairs is.
 *
 * Constraints only delay: an actor whose next step would break one runs when no other can. Those
 * that are not delayed run in the order of partial order sampling, see pos.c. Delays are limited,
 * because the others may be polling for the actor that is delayed.
 */
#include <stdlib.h>

#include "draw.h"
#include "prng.h"
#include "reads_from.h"
#include "strategies.h"

enum {
	CONSTRAINTS_MAX = 4,
	KEPT_MAX = 256,
	SETS = 1 << 12,
	SKIP_MAX = 7,
	SKIPS_ONE_IN = 4,
	FORBIDS_ONE_IN = 4,
	DELAYS_MAX = FAIR_STEPS, /* decisions of an execution */
	TRIES = 2,		 /* for a constraint whose pair is new */
};

struct constraint {
	uint16_t write; /* an event, or INITIAL */
	uint16_t read;	/* the event that finds it, or does not */
	uint8_t skip;	/* the read may find anything as often as this before */
	bool forbids;	/* the read must not find the write */
};

struct kept {
	unsigned count;
	struct constraint constraints[CONSTRAINTS_MAX];
	uint32_t set;
};

struct rff {
	uint64_t random; /* comes first: see draw_choice */
	struct reads_from *log, *own;
	/* Of this execution. */
	uint64_t priority[ACTORS_MAX];
	uint16_t pending[ACTORS_MAX]; /* event of the next step; INITIAL: not known */
	const struct actor *last;     /* that made the last step */
	uint16_t made;		      /* event of that step */
	struct kept now;
	unsigned delays; /* decisions that delayed an actor */
	struct {
		uint16_t found; /* last write to the constraint's word */
		uint8_t skip;	/* what is left of it */
		bool over;	/* the read was made */
	} progress[CONSTRAINTS_MAX];
	/* Of all executions. */
	unsigned kept_count;
	struct kept kept[KEPT_MAX];
	uint32_t sets[SETS]; /* executions with this set of pairs, by its hash */
};

static void rff_open(void *state, const struct strategy_config *config)
{
	struct rff *self = state;

	if (!config->log) {
		self->own = calloc(1, sizeof *self->own);
		if (!self->own)
			abort();
	}
	self->log = config->log ? config->log : self->own;
}

static void rff_close(void *state)
{
	free(((struct rff *)state)->own);
}

/* A write to the word of the event, or INITIAL; all are equally likely. */
static uint16_t write_draw(struct rff *self, uint16_t read)
{
	const struct event *events = self->log->events;
	uint16_t write = INITIAL, at = read;
	unsigned count = 1;

	do {
		if (events[at].writes && prng_below(&self->random, ++count) == 0)
			write = at;
		at = events[at].next;
	} while (at != read);
	return write;
}

static struct constraint constraint_draw(struct rff *self)
{
	struct constraint drawn = {0};

	for (unsigned i = 0; i < TRIES; i++) {
		drawn.read = (uint16_t)(INITIAL + 1 +
					prng_below(&self->random, self->log->event_count - 1));
		drawn.write = write_draw(self, drawn.read);
		if (!reads_from_seen(self->log, drawn.write, drawn.read))
			break;
	}
	drawn.forbids = prng_below(&self->random, FORBIDS_ONE_IN) == 0;
	while (drawn.skip < SKIP_MAX && prng_below(&self->random, SKIPS_ONE_IN) == 0)
		drawn.skip++;
	return drawn;
}

enum variation { REMOVE, REVERSE, VARIATIONS = 6 /* the others add or replace */ };

static void vary(struct rff *self)
{
	struct kept *now = &self->now;
	unsigned which = now->count ? (unsigned)prng_below(&self->random, now->count) : 0;

	switch (now->count ? prng_below(&self->random, VARIATIONS) : VARIATIONS) {
	case REMOVE:
		now->constraints[which] = now->constraints[--now->count];
		break;
	case REVERSE:
		now->constraints[which].forbids = !now->constraints[which].forbids;
		break;
	default:
		if (now->count < CONSTRAINTS_MAX)
			which = now->count++;
		now->constraints[which] = constraint_draw(self);
	}
}

/* Half of the executions vary kept constraints: of two sets, the one whose pairs are rarer. */
static void constraints_draw(struct rff *self)
{
	self->now.count = 0;
	if (self->log->event_count == INITIAL + 1)
		return;
	if (self->kept_count && prng_below(&self->random, 2)) {
		const struct kept *a = &self->kept[prng_below(&self->random, self->kept_count)];
		const struct kept *b = &self->kept[prng_below(&self->random, self->kept_count)];

		self->now = self->sets[a->set % SETS] < self->sets[b->set % SETS] ? *a : *b;
	}
	do
		vary(self);
	while (prng_below(&self->random, 2));
	for (unsigned i = 0; i < self->now.count; i++) {
		self->progress[i].found = INITIAL;
		self->progress[i].skip = self->now.constraints[i].skip;
		self->progress[i].over = false;
	}
}

static bool rff_begin(void *state, uint64_t seed)
{
	struct rff *self = state;

	self->random = seed;
	reads_from_begin(self->log);
	for (unsigned i = 0; i < ACTORS_MAX; i++) {
		self->priority[i] = prng_next(&self->random);
		self->pending[i] = INITIAL;
	}
	self->last = NULL;
	self->made = INITIAL;
	self->delays = 0;
	constraints_draw(self);
	return true;
}

/* Whether the event would break a constraint if it came now. */
static bool breaks(const struct rff *self, unsigned which, uint16_t pending)
{
	const struct constraint *constraint = &self->now.constraints[which];
	const struct event *event = &self->log->events[pending];
	bool holds = (self->progress[which].found == constraint->write) != constraint->forbids;

	if (self->progress[which].over || event->word != self->log->events[constraint->read].word)
		return false;
	if (pending == constraint->read && !self->progress[which].skip)
		return !holds;
	/* The read may come: nothing may overwrite what it wants, or write what it does not. */
	return event->writes && holds && (pending == constraint->write) == constraint->forbids;
}

static actor_set delayed(const struct rff *self, actor_set choices)
{
	actor_set found = 0;

	for (actor_set rest = choices; rest; rest &= rest - 1) {
		unsigned actor = (unsigned)actor_first(rest);

		for (unsigned i = 0; self->pending[actor] && i < self->now.count; i++)
			if (breaks(self, i, self->pending[actor]))
				found |= actor_one(actor);
	}
	return found;
}

/* The step chosen last is made: its successor and its rivals draw new priorities. */
static void priorities_renew(struct rff *self, const struct actor *current, actor_set choices)
{
	const struct event *events = self->log->events, *made = &events[self->made];

	self->priority[current->index] = prng_next(&self->random);
	for (actor_set rest = choices; self->made && rest; rest &= rest - 1) {
		const struct actor *actor = &scheduler.actors[actor_first(rest)];
		const struct event *event = &events[self->pending[actor->index]];

		if (actor != self->last && event->word == made->word &&
			(event->writes || made->writes))
			self->priority[actor->index] = prng_next(&self->random);
	}
}

static struct decision rff_next(void *state, const struct point *point)
{
	struct rff *self = state;
	const struct actor *current = point->current;
	actor_set choices = point->choices, late;
	bool steps = point->reason == DECIDE_STEP || point->reason == DECIDE_UNFAIR;
	unsigned best;

	self->pending[current->index] = steps ? reads_from_event(self->log, current,
							current->next_location, current->next_pc)
					      : INITIAL;
	if (point->reason != DECIDE_STEP && choices & ~actor_one(current->index))
		choices &= ~actor_one(current->index);
	choices = draw_patient(&self->random, choices);
	priorities_renew(self, current, choices);
	late = self->delays < DELAYS_MAX ? delayed(self, choices) : 0;
	if (late && choices & ~late) {
		choices &= ~late;
		self->delays++;
	}
	best = (unsigned)actor_first(choices);
	for (actor_set rest = choices; rest; rest &= rest - 1)
		if (self->priority[actor_first(rest)] > self->priority[best])
			best = (unsigned)actor_first(rest);
	self->last = &scheduler.actors[best];
	self->made = self->pending[best];
	return (struct decision){best, 1};
}

static void rff_step(void *state, const struct step_made *step)
{
	struct rff *self = state;
	const struct event *events = self->log->events;
	uint16_t made = reads_from_step(self->log, step);

	for (unsigned i = 0; made && i < self->now.count; i++) {
		uint16_t read = self->now.constraints[i].read;

		if (read == made && self->progress[i].skip)
			self->progress[i].skip--;
		else if (read == made)
			self->progress[i].over = true;
		if (step->writes && events[made].word == events[read].word)
			self->progress[i].found = made;
	}
}

static void rff_end(void *state)
{
	struct rff *self = state;

	self->now.set = self->log->set;
	self->sets[self->now.set % SETS]++;
	if (self->log->novel && self->now.count)
		self->kept[self->kept_count < KEPT_MAX ? self->kept_count++
						       : prng_below(&self->random, KEPT_MAX)] =
			self->now;
}

const struct strategy_kind strategy_rff = {
	.name = "rff",
	.eager = true,
	.size = sizeof(struct rff),
	.open = rff_open,
	.close = rff_close,
	.begin = rff_begin,
	.next = rff_next,
	.choice = draw_choice,
	.step = rff_step,
	.end = rff_end,
};
