/*
 * messages.h - what went through the channels: a lane of the interleaving for what a channel holds,
 * and of each channel the whole stream as a strip, frames as they were sent above it, pieces as
 * they were received below.
 */
#ifndef SNARL_REPORTS_MESSAGES_H
#define SNARL_REPORTS_MESSAGES_H

#include "channels.h"
#include "page.h"

/* A channel's name as code, behind the word. */
void channel_name_write(struct html *html, const struct channel *channel);

/* A cell of its lane: what it holds after a step that changed it; after the last one, unread. */
void channel_cell_write(
	struct html *html, const struct shown *shown, const struct channel *channel, size_t step);

/* "step 3 receives producer 1 from ends[0]", as text; the channel only where it is `named`. */
void channel_words_write(struct html *html, const struct channel *channel, size_t step, bool named);

/* The section with the strips; nothing where no bytes went through a channel. */
void messages_write(struct html *html, const struct shown *shown);

#endif
