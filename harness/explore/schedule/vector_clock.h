/*
 * vector_clock.h - vector clocks (Mattern 1989, Fidge 1988): what happened before what.
 *
 * An actor's own component counts its releases in this execution. A component that reaches
 * CLOCK_END stays there: some races may then be missed, but none is reported falsely.
 *
 * Sixteen components of 16 bits are a block, which fits into two SSE2 registers (Neon: two as
 * well), so that its join or comparison is a few instructions. Clocks grow with the number of
 * actors: `clock_blocks` blocks of every clock are in use, enough for each execution so far. The
 * others are never read, and never written, so that they are zero when they come into use.
 */
#ifndef SNARL_EXPLORE_VECTOR_CLOCK_H
#define SNARL_EXPLORE_VECTOR_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
	CLOCK_BLOCK = 16, /* components of a block */
	CLOCK_BLOCKS = 8,
	CLOCK_ACTORS = CLOCK_BLOCK * CLOCK_BLOCKS,
	CLOCK_END = INT16_MAX,
};

typedef int16_t clock_block __attribute__((vector_size(2 * CLOCK_BLOCK)));

struct vector_clock {
	clock_block blocks[CLOCK_BLOCKS];
};

extern unsigned clock_blocks;

/* Actors for which clocks have components in use. Tables by actor are in use as far. */
static inline unsigned clock_actors(void)
{
	return CLOCK_BLOCK * clock_blocks;
}

/* An execution has this actor. */
static inline void clock_grow(unsigned actor)
{
	if (actor >= clock_actors())
		clock_blocks = actor / CLOCK_BLOCK + 1;
}

/*
 * An actor's component, in memory. Subscripts of a block itself would make the compiler copy all of
 * it out and in, which stalls: two bytes were stored, and sixteen are loaded.
 */
static inline int16_t *clock_of(struct vector_clock *clock, unsigned actor)
{
	return (int16_t *)clock->blocks + actor;
}

static inline int16_t clock_at(const struct vector_clock *clock, unsigned actor)
{
	return ((const int16_t *)clock->blocks)[actor];
}

/* The next block in use after block `i`. Most executions have one block. */
static inline bool clock_next(unsigned *i)
{
	return __builtin_expect(++*i < clock_blocks, 0);
}

/*
 * Zero a table by actor, with entries of `size` bytes, as far as it is in use. The usual length is
 * a constant, so that a few instructions do it.
 */
static inline void table_clear(void *table, size_t size)
{
	size_t usual = CLOCK_BLOCK * size;

	memset(table, 0, usual);
	if (__builtin_expect(clock_blocks > 1, 0))
		memset((char *)table + usual, 0, (clock_blocks - 1) * usual);
}

static inline void clock_clear(struct vector_clock *clock)
{
	table_clear(clock, sizeof(int16_t));
}

static inline void clock_copy(struct vector_clock *to, const struct vector_clock *from)
{
	to->blocks[0] = from->blocks[0];
	for (unsigned i = 0; clock_next(&i);)
		to->blocks[i] = from->blocks[i];
}

static inline clock_block block_join(clock_block a, clock_block b)
{
	clock_block later = a > b;

	return (a & later) | (b & ~later);
}

/* Add to a clock all that happened before the other one. */
static inline void clock_join(struct vector_clock *clock, const struct vector_clock *other)
{
	unsigned i = 0;

	do
		clock->blocks[i] = block_join(clock->blocks[i], other->blocks[i]);
	while (clock_next(&i));
}

/* Whether something in `past` did not happen before `now`. */
static inline bool block_beyond(clock_block past, clock_block now)
{
	typedef uint64_t words __attribute__((vector_size(2 * CLOCK_BLOCK)));
	words beyond = (words)(past > now);

	return beyond[0] | beyond[1] | beyond[2] | beyond[3];
}

/* Whether anything happened before it. */
static inline bool clock_any(const struct vector_clock *clock)
{
	bool any = false;
	unsigned i = 0;

	do
		any |= block_beyond(clock->blocks[i], (clock_block){0});
	while (clock_next(&i));
	return any;
}

/* After a release: the actor's later steps are not covered by it. */
static inline void clock_tick(struct vector_clock *clock, unsigned actor)
{
	int16_t *own = clock_of(clock, actor);

	if (*own != CLOCK_END)
		++*own;
}

#endif
