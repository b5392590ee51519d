/*
 * agenda.h - which case of a campaign runs next, with how much effort, and how long the rest takes.
 *
 * Cases that need the cores for their actors run alone, one after the other; then come those that
 * can share them. Within each part, scenarios keep their order, and the broken variants of each
 * come before the cases whose effort they set.
 */
#ifndef SNARL_CLI_AGENDA_H
#define SNARL_CLI_AGENDA_H

#include "campaign.h"

struct agenda;

enum { AGENDA_NONE = -1 };

struct agenda *agenda_open(const struct campaign *campaign);
void agenda_close(struct agenda *agenda);

/*
 * The index in the campaign of the next case to start now. It counts as running from here on, and
 * its plan has its effort. AGENDA_NONE: no case can start before a running one is done.
 */
int agenda_next(struct agenda *agenda);

/* The index of a running case. */
unsigned agenda_index(
	const struct agenda *agenda, const struct subject *subject, const char *engine);

/*
 * A case is done and judged: note its effort for other cases, and that of its twins in its result.
 */
void agenda_done(struct agenda *agenda, unsigned index, struct result *result);

/* Seconds that the rest will take, by the cases that are done; 0: not known yet. */
double agenda_left(const struct agenda *agenda);

#endif
