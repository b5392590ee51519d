/* access.c - what an access seldom needs. */
#include "access.h"

#include "races.h"

void access_raced(struct actor *self, struct place *place)
{
	(void)self;
	world.racing++;
	races_note(place->key);
}

void access_unpark_overlapping(struct place *place)
{
	struct place *at = place;

	do {
		if (at->watchers && at->key & place->key & 0xff)
			world_unpark(at);
		at = at->neighbour;
	} while (at != place);
}
