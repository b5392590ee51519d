/*
 * source.h - the sources that a failure page shows: the variant itself, and the other files in the
 * store that a stack or a point refers to. Some of their lines are marked as racing.
 */
#ifndef SNARL_REPORTS_SOURCE_H
#define SNARL_REPORTS_SOURCE_H

#include "page.h"

struct sources;

/*
 * Read the sources of a case; never NULL. Its races' accesses, its steps, its points, and the
 * places where it got stuck are marked.
 */
struct sources *sources_load(const struct report *report, const struct case_view *case_view);
void sources_free(struct sources *sources);

/* The variant's own text and path; "" if the store does not have it. */
const char *sources_text(const struct sources *sources);
const char *sources_path(const struct sources *sources);

/* Whether the line is shown on the page, so that a link to it leads somewhere. */
bool sources_has(const struct sources *sources, const char *path, int64_t line);

/* Write the text of a line without its indentation; nothing if the line is not there. */
void sources_line_write(
	struct html *html, const struct sources *sources, const char *path, int64_t line);

/* The length in bytes of what sources_line_write writes. */
size_t sources_line_length(const struct sources *sources, const char *path, int64_t line);

/* "FILE:LINE", a link if the line is shown. */
void sources_place_write(
	struct html *html, const struct sources *sources, const char *path, int64_t line);

/* The same without the folder: "transfer.c:43"; "no source" if there is none. */
void sources_file_line_write(
	struct html *html, const struct sources *sources, const char *path, int64_t line);

/* The same in short: "L43" if all steps were made in one file, else "queue.c:43". */
void sources_line_link_write(
	struct html *html, const struct sources *sources, const char *path, int64_t line);

/* The length in bytes of what sources_line_link_write shows, and a blank. */
size_t sources_place_length(const struct sources *sources, const char *path, int64_t line);

/*
 * Where a step of a trace was made: in the innermost of its frames whose source is there; NULL if
 * there is none, and `*line` is the step's own, or 0.
 */
const char *sources_step_place(const struct sources *sources, const json_t *step, int64_t *line);

/* The sections with the sources, marked. */
void sources_write(struct html *html, const struct sources *sources);

/*
 * A section with sentences and columns of a source's first comment: what goes wrong, and how it
 * interleaves. Nothing if the source has none.
 */
void textbook_write(struct html *html, const struct sources *sources, bool open);

/* The same of a text; nothing if it does not begin with a comment. */
void comment_write(struct html *html, const char *path, const char *text);

#endif
