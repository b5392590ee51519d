/*
 * messages.h - what went through the channels: a lane of the interleaving for a channel's contents,
 * and a strip for each channel's whole stream, with the frames as sent above it and the pieces as
 * received below.
 */
#ifndef SNARL_REPORTS_MESSAGES_H
#define SNARL_REPORTS_MESSAGES_H

#include "channels.h"
#include "page.h"

/* A channel's name as code, after the word for its type. */
void channel_name_write(struct html *html, const struct channel *channel);

/*
 * A cell of a channel's lane: its contents after a step that changed them; after the last step,
 * what was never read.
 */
void channel_cell_write(struct html *html, const struct case_view *case_view,
	const struct channel *channel, size_t step);

/* "step 3 receives producer 1 from ends[0]", as text; without the channel unless `named`. */
void channel_words_write(struct html *html, const struct channel *channel, size_t step, bool named);

/* The section with the strips; nothing if no bytes went through a channel. */
void messages_write(struct html *html, const struct case_view *case_view);

#endif
