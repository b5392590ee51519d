/*
 * rand.c - rand and random: numbers that are the same in every execution of one schedule. glibc's
 * would go on from execution to execution, and no token could bring them back.
 */
#include <stdint.h>

#include "spin.h"
#include "object.h"

int snarl_model_rand(void);
void snarl_model_srand(unsigned seed);
long snarl_model_random(void);
void snarl_model_srandom(unsigned seed);

static struct chance {
	uint32_t execution; /* that the state is of */
	uint64_t state;
} chance;

static struct chance *chance_here(void)
{
	struct actor *self = scheduler.running;

	if (self) {
		scheduler_step(self, &chance); /* who comes first gets the first number */
		spin_break(self);
	}
	if (chance.execution != scheduler.execution)
		chance = (struct chance){scheduler.execution, 1}; /* as if srand(1) was called */
	return &chance;
}

/* Knuth's MMIX generator; 31 bits, as RAND_MAX says. */
static int next(void)
{
	struct chance *here = chance_here();

	here->state = here->state * 6364136223846793005u + 1442695040888963407u;
	return (int)(here->state >> 33);
}

int snarl_model_rand(void)
{
	return next();
}

void snarl_model_srand(unsigned seed)
{
	chance_here()->state = seed;
}

long snarl_model_random(void)
{
	return next();
}

void snarl_model_srandom(unsigned seed)
{
	chance_here()->state = seed;
}
