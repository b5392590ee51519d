/*
 * rand.c - rand and random: the same numbers in every execution of a schedule. glibc's generator
 * would continue from execution to execution, so that no token could reproduce them.
 */
#include <stdint.h>

#include "spin.h"
#include "object.h"

int snarl_model_rand(void);
void snarl_model_srand(unsigned seed);
long snarl_model_random(void);
void snarl_model_srandom(unsigned seed);

static struct chance {
	uint32_t execution; /* that the state belongs to */
	uint64_t state;
} chance;

static struct chance *chance_here(void)
{
	struct actor *self = scheduler.running;

	if (self) {
		scheduler_step(self, &chance); /* the first caller gets the first number */
		spin_break(self);
	}
	if (chance.execution != scheduler.execution)
		chance = (struct chance){scheduler.execution, 1}; /* as after srand(1) */
	return &chance;
}

/* Knuth's MMIX generator; 31 bits, as RAND_MAX requires. */
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
