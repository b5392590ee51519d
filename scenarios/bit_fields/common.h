/*
 * common.h - a porter opens two doors and an electrician lights two lamps; a house counts both in
 * a few bits each. Each variant says how they are counted; `struct house` needs the members
 * `doors` and `lamps`.
 */
#ifndef SCENARIOS_BIT_FIELDS_COMMON_H
#define SCENARIOS_BIT_FIELDS_COMMON_H

#include <snarl.h>

struct house; /* each variant's own */

enum { DOORS = 2, LAMPS = 2 };

static void open_door(struct house *house);
static void light_lamp(struct house *house);

static void porter(void *state, struct snarl_actor *self)
{
	(void)self;
	for (int i = 0; i < DOORS; i++)
		open_door(state);
}

static void electrician(void *state, struct snarl_actor *self)
{
	(void)self;
	for (int i = 0; i < LAMPS; i++)
		light_lamp(state);
}

static void all_counted(void *state)
{
	struct house *house = state;

	snarl_expect_eq(SNARL_LOST_UPDATE, house->doors, DOORS, "doors");
	snarl_expect_eq(SNARL_LOST_UPDATE, house->lamps, LAMPS, "lamps");
}

#endif
