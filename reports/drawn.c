/* drawn.c - a trace as a page shows it: which of its steps are drawn, and their numbers. */
#include "drawn.h"

#include "field.h"

enum { AFTER_RACE = 40 /* steps drawn behind the last race if the end is too far off */ };

bool span_has(struct span span, size_t step)
{
	return step >= span.from && step < span.to;
}

bool step_races(const json_t *step)
{
	return json_array_size(field_array(step, "races_with")) > 0;
}

/* The end is what went wrong; only a race far before it is worth more. */
struct span trace_drawn(const json_t *trace)
{
	size_t count = json_array_size(trace), last = count, i;
	struct span drawn = {count > TRACE_DRAWN_MAX ? count - TRACE_DRAWN_MAX : 0, count};
	const json_t *step;

	json_array_foreach(trace, i, step) {
		if (step_races(step))
			last = i;
	}
	if (last < drawn.from) {
		drawn.to =
			last + AFTER_RACE > TRACE_DRAWN_MAX ? last + AFTER_RACE : TRACE_DRAWN_MAX;
		drawn.from = drawn.to - TRACE_DRAWN_MAX;
	}
	return drawn;
}

void step_number_write(struct html *html, struct span drawn, size_t step)
{
	bool is_there = span_has(drawn, step);

	if (is_there) {
		html_put(html, HTML("<a href=#s"));
		html_textf(html, "%zu", step + 1);
		html_put(html, HTML(">"));
	}
	html_textf(html, "%zu", step + 1);
	html_put(html, is_there ? HTML("</a>") : HTML(""));
}
