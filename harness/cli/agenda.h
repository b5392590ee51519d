/*
 * agenda.h - which case of a campaign runs next, how much it has to do, and how long all takes.
 *
 * Cases that want the cores for their actors run alone, one after the other; then come those that
 * can share them. Within each part the order is that of the scenarios, each one's broken variants
 * before those whose effort they say.
 */
#ifndef SNARL_CLI_AGENDA_H
#define SNARL_CLI_AGENDA_H

#include "campaign.h"

struct agenda;

enum { AGENDA_NONE = -1 };

struct agenda *agenda_open(const struct campaign *campaign);
void agenda_close(struct agenda *agenda);

/*
 * The next case to start now, its index in the campaign; it counts as running from here on, and its
 * plan says how much it has to do. AGENDA_NONE: not before one of those that run is done.
 */
int agenda_next(struct agenda *agenda);

/* The running case that this is the result of. */
unsigned agenda_index(
	const struct agenda *agenda, const struct variant *variant, const char *engine);

/* A case is done, and judged: note what it says about others, and in it what others said. */
void agenda_done(struct agenda *agenda, unsigned index, struct result *result);

/* Seconds that the rest will take, by the cases that are done; 0: not known yet. */
double agenda_left(const struct agenda *agenda);

#endif
