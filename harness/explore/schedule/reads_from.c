/* reads_from.c - events and pairs in tables of a fixed size, found by their hashes. */
#include "reads_from.h"

#include <string.h>

#include "prng.h"

static uint64_t mix(uint64_t a, uint64_t b)
{
	return prng_stream(a, b + 1);
}

void reads_from_begin(struct reads_from *log)
{
	if (!log->event_count)
		log->event_count = INITIAL + 1;
	log->execution++;
	log->set = 0;
	log->novel = false;
	memset(log->last_pc, 0, sizeof log->last_pc);
}

/*
 * A call on an object has no instruction of its own here. Its function's caller stands for it, and
 * the last instruction at which the actor accessed shared memory.
 */
static uint64_t call_place(const struct reads_from *log, const struct actor *actor)
{
	unsigned depth = actor->depth < FRAMES_MAX ? actor->depth : FRAMES_MAX;

	return mix((uintptr_t)log->last_pc[actor->index],
		depth ? (uintptr_t)actor->frames[depth - 1] : 0);
}

/* Add the event to the ring of its word. */
static void ring_join(struct reads_from *log, uint16_t number)
{
	struct event *event = &log->events[number], *other;
	unsigned at = mix(event->word, 0) >> (64 - EVENT_BITS);

	for (; log->by_word[at]; at = (at + 1) % (1 << EVENT_BITS)) {
		other = &log->events[log->by_word[at]];
		if (other->word != event->word)
			continue;
		event->next = other->next;
		other->next = number;
		return;
	}
	log->by_word[at] = event->next = number;
}

uint16_t reads_from_event(
	struct reads_from *log, const struct actor *actor, const void *location, const void *pc)
{
	uintptr_t word = (uintptr_t)location >> 3;
	uint64_t key;
	uint16_t number;
	unsigned at;

	if (!location)
		return INITIAL;
	key = mix(pc ? (uintptr_t)pc : call_place(log, actor), word);
	for (at = key >> (64 - EVENT_BITS); log->by_key[at]; at = (at + 1) % (1 << EVENT_BITS))
		if (log->events[log->by_key[at]].key == key)
			return log->by_key[at];
	if (log->event_count == EVENTS_MAX)
		return INITIAL;
	number = (uint16_t)log->event_count++;
	log->by_key[at] = number;
	log->events[number] = (struct event){.key = key, .word = word};
	ring_join(log, number);
	return number;
}

/* The slot of a pair, or the free one where it would be. */
static unsigned pair_slot(const struct reads_from *log, uint32_t pair)
{
	unsigned at = mix(pair, 0) >> (64 - PAIR_BITS);

	while (log->pairs[at].pair && log->pairs[at].pair != pair)
		at = (at + 1) % (1 << PAIR_BITS);
	return at;
}

static uint32_t pair_of(uint16_t write, uint16_t read)
{
	return (uint32_t)write << 16 | read;
}

bool reads_from_seen(const struct reads_from *log, uint16_t write, uint16_t read)
{
	return log->pairs[pair_slot(log, pair_of(write, read))].pair;
}

static void pair_note(struct reads_from *log, uint32_t pair)
{
	unsigned at = pair_slot(log, pair);

	if (!log->pairs[at].pair) {
		if (log->pair_count == PAIRS_MAX)
			return;
		log->pair_count++;
		log->pairs[at].pair = pair;
		log->novel = true;
	}
	if (log->pairs[at].execution == log->execution)
		return;
	log->pairs[at].execution = log->execution;
	log->set += (uint32_t)mix(pair, 1);
}

uint16_t reads_from_step(struct reads_from *log, const struct step_made *step)
{
	uint16_t made;
	struct event *event;
	unsigned at;

	if (!step->shared)
		return INITIAL;
	made = reads_from_event(log, step->actor, step->location, step->pc);
	if (step->pc)
		log->last_pc[step->actor->index] = step->pc;
	if (!made)
		return INITIAL;
	event = &log->events[made];
	event->writes |= step->writes;
	at = mix(event->word, 1) >> (64 - WORD_BITS);
	if (log->written[at].word != event->word || log->written[at].execution != log->execution) {
		log->written[at].word = event->word;
		log->written[at].execution = log->execution;
		log->written[at].write = INITIAL;
	}
	pair_note(log, pair_of(log->written[at].write, made));
	if (step->writes)
		log->written[at].write = made;
	return made;
}
