/*
 * html.h - a page of HTML, escaped by type: markup can only be a literal of our own source, and a
 * string from a program, a source or the store can only arrive as text.
 *
 * Errors are kept until html_close, which alone can fail: a page is written under a temporary name
 * beside its place and renamed when it is whole, so that a full disk leaves no half page.
 */
#ifndef SNARL_REPORTS_HTML_H
#define SNARL_REPORTS_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct html;

/* Markup that we wrote ourselves. Made by HTML() alone: anything but a literal does not compile. */
struct html_markup {
	const char *literal;
};

#define HTML(text) ((struct html_markup){"" text ""})

/* Remove the unfinished pages that killed processes left in a folder. */
void html_sweep(const char *folder);

/* Begin FOLDER/NAME. Never NULL; out of memory ends the program. */
struct html *html_open(const char *folder, const char *name);

/*
 * Put the page into its place, or remove what was written if anything failed on the way, and free
 * it. 0 or a negative errno: -ENOSPC, -EACCES, ...
 */
int html_close(struct html *html);

/* The script of a page: none, that of an interleaving's steps, or that of the index's filter. */
enum html_script { HTML_NO_SCRIPT, HTML_STEPS, HTML_FILTER, HTML_SCRIPTS };

/*
 * Everything up to and with <body>: title, style sheet, content security policy. `title` is text.
 * html_end adds the script, the only one that the policy lets run.
 */
void html_begin(struct html *html, const char *title, enum html_script script);
void html_end(struct html *html);

/* How many bytes the page has so far. */
size_t html_size(const struct html *html);

void html_put(struct html *html, struct html_markup markup);

/*
 * Text, in an element or in a quoted attribute: & < > " ' are escaped; invisible or misleading
 * bytes (controls, bytes that are not UTF-8, marks that reverse the direction of writing) are made
 * visible.
 */
void html_text(struct html *html, const char *text);
void html_textf(struct html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* As html_text, but `most` bytes of it at the most, then an ellipsis. */
void html_text_upto(struct html *html, const char *text, size_t most);

/* Text between two pieces of markup: html_wrap(page, HTML("<td>"), name, HTML("</td>")). */
void html_wrap(
	struct html *html, struct html_markup before, const char *text, struct html_markup after);

/* 1234567 as 1,234,567. */
void html_number(struct html *html, int64_t number);

/* A share of 0..1 as "12.34 %"; one below 0.01 % as "< 0.01 %". */
void html_share(struct html *html, double share);

#endif
