/* stack.c - a stack as a list of frames. */
#include "stack.h"

#include "field.h"
#include "page.h"

enum { FRAMES_MAX = 10 };

static void frame_write(struct html *html, const json_t *frame, const struct sources *sources)
{
	const char *file = field_text(frame, "file"), *function = field_text(frame, "function");
	int64_t line = field_integer(frame, "line", 0);

	html_put(html, HTML("<li><code>"));
	html_text_upto(html, *function ? function : "?", PAGE_WORD_MAX);
	html_put(html, HTML("</code> <span class=place>"));
	if (*file)
		sources_place_write(html, sources, file, line);
	else
		html_put(html, HTML("no source"));
	html_put(html, HTML("</span>"));
	if (sources_has(sources, file, line)) {
		html_put(html, HTML("<code class=excerpt>"));
		sources_line_write(html, sources, file, line);
		html_put(html, HTML("</code>"));
	}
	html_put(html, HTML("</li>\n"));
}

void stack_write(struct html *html, const json_t *stack, const struct sources *sources)
{
	size_t all = json_array_size(stack);

	if (!all) {
		html_put(html, HTML("<p class=note>No stack was recorded.</p>\n"));
		return;
	}
	html_put(html, HTML("<ol class=stack>\n"));
	for (size_t i = 0; i < all && i < FRAMES_MAX; i++)
		frame_write(html, json_array_get(stack, i), sources);
	html_put(html, HTML("</ol>\n"));
	showing_write(html, FRAMES_MAX, all, HTML("frames"));
}
