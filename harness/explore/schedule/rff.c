/*
 * rff.c - reads-from feedback (after Wolff, Shi, Duck, Mathur, Roychoudhury, "Greybox fuzzing for
 * concurrency testing", ASPLOS 2024).
 *
 * An event is an instruction at a location, by whichever actor: equal actors share their events, so
 * that the search does not grow with their number. What an execution does is given by its pairs: a
 * write, or the initial value, and an event that finds it there. An execution is steered by a few
 * constraints: this event must find that write, or must not. A set of constraints that gave a new
 * pair is kept, and later ones vary it: those whose set of pairs was seen least often come first.
 *
 * Constraints only delay: an actor whose next step would break one runs when no other can. Among
 * those that are not delayed, the order is that of partial order sampling, see pos.c.
 */
#include "draw.h"
#include "prng.h"
#include "strategies.h"

enum {
	EVENT_BITS = 11,
	EVENTS_MAX = 1 << (EVENT_BITS - 1),
	PAIR_BITS = 12,
	PAIRS_MAX = 1 << (PAIR_BITS - 1),
	WORD_BITS = 10, /* words whose last write is known; others seem unwritten */
	SETS = 1 << 12,
	CONSTRAINTS_MAX = 4,
	KEPT_MAX = 256,
	INITIAL = 0, /* the event that gives a word its initial value */
};

struct event {
	uint64_t key;
	uintptr_t word;
	bool reads, writes;
	uint16_t next; /* event of the same word: a ring */
};

struct constraint {
	uint16_t write, read; /* events */
	uint8_t skip;	      /* executions of `read` that are free before it holds */
	bool forbids;	      /* the read must not find the write */
};

struct kept {
	unsigned count;
	struct constraint constraints[CONSTRAINTS_MAX];
	uint32_t set; /* its pairs, see sets */
};

struct rff {
	uint64_t random; /* comes first: see draw_choice */
	/* Of this execution. */
	uint32_t execution;
	uint64_t priority[ACTORS_MAX];
	uint16_t pending[ACTORS_MAX]; /* event of the next step; INITIAL: not known */
	const void *last_pc[ACTORS_MAX];
	const struct actor *last; /* that made the last step */
	uint16_t made;		  /* that step's event */
	struct kept now;
	uint16_t found[CONSTRAINTS_MAX]; /* last write to the constraint's word */
	bool over[CONSTRAINTS_MAX];	 /* its read was made */
	uint32_t set;
	bool novel;
	/* Last write to each word. */
	struct {
		uintptr_t word;
		uint32_t execution;
		uint16_t event;
	} written[1 << WORD_BITS];
	/* Of all executions. */
	unsigned event_count, pair_count, kept_count;
	struct event events[EVENTS_MAX]; /* the first is INITIAL */
	uint16_t event_at[1 << EVENT_BITS], word_at[1 << EVENT_BITS];
	struct {
		uint32_t pair, execution;
	} pairs[1 << PAIR_BITS];
	uint32_t sets[SETS]; /* executions with this set of pairs, by its hash */
	struct kept kept[KEPT_MAX];
};

static uint64_t mix(uint64_t a, uint64_t b)
{
	uint64_t state = a * 0x9e3779b97f4a7c15 ^ b;

	return prng_next(&state);
}

static void rff_open(void *state, const struct strategy_config *config)
{
	struct rff *self = state;

	(void)config;
	self->event_count = 1;
}

/* Find or add an event. INITIAL: the step is at no location, or there are too many events. */
static uint16_t event_at(struct rff *self, const struct actor *actor, const void *location,
	const void *pc)
{
	uintptr_t word = (uintptr_t)location >> 3;
	unsigned depth = actor->depth < FRAMES_MAX ? actor->depth : FRAMES_MAX;
	struct event *event;
	uint64_t key;
	unsigned at;

	if (!location)
		return INITIAL;
	/* A call on an object: by its function's caller, and by what the actor did before. */
	if (!pc)
		key = mix((uintptr_t)self->last_pc[actor->index],
			depth ? (uintptr_t)actor->frames[depth - 1] : 0);
	else
		key = (uintptr_t)pc;
	key = mix(key, word);
	at = key >> (64 - EVENT_BITS);
	for (; self->event_at[at]; at = (at + 1) % (1 << EVENT_BITS))
		if (self->events[self->event_at[at]].key == key)
			return self->event_at[at];
	if (self->event_count == EVENTS_MAX)
		return INITIAL;
	self->event_at[at] = (uint16_t)self->event_count;
	event = &self->events[self->event_count++];
	*event = (struct event){.key = key, .word = word};
	at = mix(word, 0) >> (64 - EVENT_BITS);
	while (self->word_at[at] && self->events[self->word_at[at]].word != word)
		at = (at + 1) % (1 << EVENT_BITS);
	if (self->word_at[at]) {
		event->next = self->events[self->word_at[at]].next;
		self->events[self->word_at[at]].next = (uint16_t)(event - self->events);
	} else {
		self->word_at[at] = event->next = (uint16_t)(event - self->events);
	}
	return (uint16_t)(event - self->events);
}

/* A random constraint; false if no event is known that reads. */
static bool constraint_draw(struct rff *self, struct constraint *constraint)
{
	unsigned first = 1 + (unsigned)prng_below(&self->random, self->event_count - 1), read = first;
	unsigned writes = 1, at, choice;

	while (!self->events[read].reads) {
		read = read + 1 < self->event_count ? read + 1 : 1;
		if (read == first)
			return false;
	}
	at = read;
	do {
		writes += self->events[at].writes;
		at = self->events[at].next;
	} while (at != read);
	choice = (unsigned)prng_below(&self->random, writes);
	constraint->write = INITIAL;
	do {
		if (self->events[at].writes && choice-- == 1)
			constraint->write = (uint16_t)at;
		at = self->events[at].next;
	} while (at != read);
	constraint->read = (uint16_t)read;
	constraint->forbids = prng_below(&self->random, 4) == 0;
	constraint->skip = 0;
	while (constraint->skip < 7 && prng_below(&self->random, 4) == 0)
		constraint->skip++;
	return true;
}

/* Vary the constraints: add, replace, remove or reverse one. */
static void vary(struct rff *self)
{
	struct kept *now = &self->now;
	unsigned which = now->count ? (unsigned)prng_below(&self->random, now->count) : 0;

	switch (now->count ? prng_below(&self->random, 6) : 0) {
	case 4:
		now->constraints[which] = now->constraints[--now->count];
		break;
	case 5:
		now->constraints[which].forbids = !now->constraints[which].forbids;
		break;
	default:
		if (now->count < CONSTRAINTS_MAX)
			which = now->count;
		if (constraint_draw(self, &now->constraints[which]) && which == now->count)
			now->count++;
	}
}

static bool rff_begin(void *state, uint64_t seed)
{
	struct rff *self = state;

	self->random = seed;
	self->execution++;
	for (unsigned i = 0; i < ACTORS_MAX; i++) {
		self->priority[i] = prng_next(&self->random);
		self->pending[i] = INITIAL;
		self->last_pc[i] = NULL;
	}
	self->last = NULL;
	self->made = INITIAL;
	self->set = 0;
	self->novel = false;
	self->now.count = 0;
	if (self->event_count == 1)
		return true;
	/* Of two that were kept, the one whose pairs are rarer. */
	if (self->kept_count && prng_below(&self->random, 2)) {
		const struct kept *a = &self->kept[prng_below(&self->random, self->kept_count)];
		const struct kept *b = &self->kept[prng_below(&self->random, self->kept_count)];

		self->now = self->sets[a->set % SETS] < self->sets[b->set % SETS] ? *a : *b;
	}
	do
		vary(self);
	while (prng_below(&self->random, 2));
	for (unsigned i = 0; i < self->now.count; i++) {
		self->found[i] = INITIAL;
		self->over[i] = false;
	}
	return true;
}

/* Whether the event would break a constraint if it came now. */
static bool breaks(const struct rff *self, unsigned which, uint16_t pending)
{
	const struct constraint *constraint = &self->now.constraints[which];
	const struct event *event = &self->events[pending];
	bool holds = (self->found[which] == constraint->write) != constraint->forbids;

	if (self->over[which] || event->word != self->events[constraint->read].word)
		return false;
	if (pending == constraint->read && !constraint->skip)
		return !holds;
	/* The write that is wanted lies there, or one that is not wanted would come to lie there. */
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

static struct decision rff_next(void *state, const struct point *point)
{
	struct rff *self = state;
	const struct actor *current = point->current;
	actor_set choices = point->choices, late;
	bool stays = point->reason == DECIDE_STEP || point->reason == DECIDE_UNFAIR;
	unsigned best;

	self->pending[current->index] =
		stays ? event_at(self, current, current->next_location, current->next_pc) : INITIAL;
	if (point->reason != DECIDE_STEP && choices & ~actor_one(current->index))
		choices &= ~actor_one(current->index);
	choices = draw_patient(&self->random, choices);
	/* The step chosen last is made: its successor and its rivals draw new priorities. */
	self->priority[current->index] = prng_next(&self->random);
	for (actor_set rest = choices; self->made && rest; rest &= rest - 1) {
		const struct actor *actor = &scheduler.actors[actor_first(rest)];
		const struct event *event = &self->events[self->pending[actor->index]];

		if (actor != self->last && event->word == self->events[self->made].word &&
			(event->writes || self->events[self->made].writes))
			self->priority[actor->index] = prng_next(&self->random);
	}
	if (self->now.count) {
		late = delayed(self, choices);
		if (choices & ~late)
			choices &= ~late;
	}
	best = (unsigned)actor_first(choices);
	for (actor_set rest = choices; rest; rest &= rest - 1)
		if (self->priority[actor_first(rest)] > self->priority[best])
			best = (unsigned)actor_first(rest);
	self->last = &scheduler.actors[best];
	self->made = self->pending[best];
	return (struct decision){best, 1};
}

static void pair_note(struct rff *self, uint16_t write, uint16_t read)
{
	uint32_t pair = (uint32_t)write << 16 | read;
	unsigned at = mix(pair, 1) >> (64 - PAIR_BITS);

	while (self->pairs[at].pair && self->pairs[at].pair != pair)
		at = (at + 1) % (1 << PAIR_BITS);
	if (!self->pairs[at].pair) {
		if (self->pair_count == PAIRS_MAX)
			return;
		self->pair_count++;
		self->pairs[at].pair = pair;
		self->novel = true;
	}
	if (self->pairs[at].execution == self->execution)
		return;
	self->pairs[at].execution = self->execution;
	self->set += (uint32_t)mix(pair, 2);
}

static void rff_step(void *state, const struct step_made *step)
{
	struct rff *self = state;
	const struct actor *actor = step->actor;
	uint16_t made;
	struct event *event;
	unsigned at;

	if (!step->shared)
		return;
	made = event_at(self, actor, step->location, step->pc);
	if (step->pc)
		self->last_pc[actor->index] = step->pc;
	if (!made)
		return;
	event = &self->events[made];
	event->writes |= step->writes;
	event->reads |= !step->writes || step->atomic;
	at = mix(event->word, 3) >> (64 - WORD_BITS);
	if (self->written[at].word != event->word ||
		self->written[at].execution != self->execution) {
		self->written[at].word = event->word;
		self->written[at].execution = self->execution;
		self->written[at].event = INITIAL;
	}
	if (event->reads)
		pair_note(self, self->written[at].event, made);
	if (step->writes)
		self->written[at].event = made;
	for (unsigned i = 0; i < self->now.count; i++) {
		struct constraint *constraint = &self->now.constraints[i];

		if (constraint->read == made && !self->over[i]) {
			self->over[i] = !constraint->skip;
			constraint->skip -= constraint->skip > 0;
		}
		if (step->writes && event->word == self->events[constraint->read].word)
			self->found[i] = made;
	}
}

static void rff_end(void *state)
{
	struct rff *self = state;

	self->now.set = self->set;
	self->sets[self->set % SETS]++;
	if (self->novel && self->now.count)
		self->kept[self->kept_count < KEPT_MAX
				   ? self->kept_count++
				   : prng_below(&self->random, KEPT_MAX)] = self->now;
}

const struct strategy_kind strategy_rff = {
	.name = "rff",
	.eager = true,
	.size = sizeof(struct rff),
	.open = rff_open,
	.begin = rff_begin,
	.next = rff_next,
	.choice = draw_choice,
	.step = rff_step,
	.end = rff_end,
};
