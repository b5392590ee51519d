/* no_progress.c - who waited for whom when progress stopped. */
#include "no_progress.h"

#include <string.h>

#include "field.h"
#include "figure.h"
#include "graph.h"
#include "stack.h"
#include "text.h"
#include "wait_kind.h"

enum { HOLDS_MAX = 16, NAME_MAX_SHOWN = 64 };

static void name_write(struct html *html, const char *name)
{
	html_put(html, HTML("<code>"));
	html_text_upto(html, name, NAME_MAX_SHOWN);
	html_put(html, HTML("</code>"));
}

/* --- in words ------------------------------------------------------------------------------ */

/* Write whether the deadlock was reached or is potential, and describe its cycle. */
static void kind_write(struct html *html, const struct graph *graph)
{
	html_put(html, HTML("<p>"));
	if (!graph->reached)
		html_put(html,
			graph->cycle_count > 2
				? HTML("<b>Potential:</b> all these orders were seen, but the "
				       "cycle itself was not reached. It is drawn as it would be")
				: HTML("<b>Potential:</b> both orders were seen, but the cycle "
				       "itself was not reached. It is drawn as it would be"));
	else if (graph->cycle_count > 1)
		html_put(html, HTML("<b>Reached:</b> each actor of the cycle waits for the next, "
				    "and the last for the first"));
	else if (graph->cycle_count)
		html_put(html,
			HTML("<b>Reached:</b> an actor waits for what only it could release"));
	else
		html_put(html, HTML("<b>Reached</b>; no cycle: nothing has ended these waits"));
	html_put(html, HTML(".</p>\n"));
}

/* An actor's state, as words for the table. */
static struct html_markup state_words(const struct graph *graph, const json_t *actor)
{
	const char *state = field_text(actor, "state"), *wait = field_text(actor, "wait");

	if (is(state, "ended"))
		return HTML("has ended");
	if (!graph->reached)
		return HTML("not stuck in this run");
	if (is(state, "blocked"))
		return HTML("blocked");
	if (is(state, "waiting"))
		return is(wait, "loop") || is(wait, "try") ? HTML("loops")
							   : HTML("waits; may continue by itself");
	if (is(state, "running"))
		return HTML("runs without progress");
	return is(state, "progressing") ? HTML("continues") : HTML("unknown");
}

static void holds_write(struct html *html, const json_t *actor, const struct sources *sources)
{
	const json_t *holds = field_array(actor, "holds");
	size_t all = json_array_size(holds);

	html_put(html, all ? HTML("") : HTML("nothing"));
	for (size_t i = 0; i < all && i < HOLDS_MAX; i++) {
		const json_t *held = json_array_get(holds, i);
		const char *name = field_text(held, "name"), *mode = field_text(held, "mode");

		html_put(html, HTML("<span class=line>"));
		name_write(html, *name ? name : "a lock");
		html_put(html, is(mode, "shared") ? HTML(" (shared)") : HTML(""));
		html_put(html, is(mode, "unit") ? HTML(" (one unit of a semaphore)") : HTML(""));
		html_put(html, HTML(", "));
		sources_file_line_write(
			html, sources, field_text(held, "file"), field_integer(held, "line", 0));
		html_put(html, HTML("</span>"));
	}
	showing_write(html, HOLDS_MAX, all, HTML("locks"));
}

static const char *joined_name(const json_t *actor)
{
	const char *name = json_string_value(json_array_get(field_array(actor, "held_by"), 0));

	return name ? name : "a thread";
}

/* What an actor waits for, without the place. */
static void object_write(struct html *html, const json_t *actor)
{
	const char *name = field_text(actor, "for"), *wait = field_text(actor, "wait"),
		   *call = field_text(actor, "call");

	if (is(wait, "join")) {
		html_put(html, HTML("the end of "));
		html_text_upto(html, joined_name(actor), NAME_MAX_SHOWN);
	} else if (*name) {
		html_text(html, wait_kind(wait)->wanted);
		name_write(html, name);
	} else if (*call) {
		name_write(html, call);
		return;
	} else {
		html_put(html,
			is(wait, "loop") ? HTML("something to change") : HTML("an unknown object"));
	}
	if (*call) {
		html_put(html, HTML(" in "));
		name_write(html, call);
	}
}

static void wait_write(struct html *html, const json_t *actor, const struct sources *sources)
{
	if (is(field_text(actor, "state"), "ended")) {
		html_put(html, HTML("nothing"));
		return;
	}
	if (graph_stuck(actor) && !is(field_text(actor, "state"), "running")) {
		object_write(html, actor);
		html_put(html, HTML(", "));
	}
	sources_file_line_write(
		html, sources, field_text(actor, "file"), field_integer(actor, "line", 0));
}

static void why_write(struct html *html, const json_t *actor)
{
	const json_t *names = field_array(actor, "held_by");
	const char *self = field_text(actor, "actor"), *why = field_text(actor, "why");
	bool join = is(field_text(actor, "wait"), "join");
	size_t all = join ? 0 : json_array_size(names);

	for (size_t i = 0; i < all && i < HOLDS_MAX; i++) {
		const char *name = json_string_value(json_array_get(names, i));

		html_put(html, i ? HTML(", ") : HTML("held by "));
		html_text_upto(html,
			!name		 ? "?"
			: is(name, self) ? "itself"
					 : name,
			NAME_MAX_SHOWN);
	}
	html_put(html, all && *why ? HTML("; ") : HTML(""));
	html_text_upto(html, why, PAGE_WORD_MAX);
	if (!all && !*why && !join && is(field_text(actor, "state"), "blocked"))
		html_put(html, HTML("nobody holds it"));
}

static void row_write(struct html *html, const struct case_view *case_view,
	const struct graph *graph, const json_t *actor, const struct sources *sources)
{
	html_put(html, HTML("<tr><th scope=row class='who "));
	html_put(html, actor_class(actor_number(case_view, field_text(actor, "actor"))));
	html_put(html, HTML("'>"));
	html_text_upto(html, field_text(actor, "actor"), NAME_MAX_SHOWN);
	html_put(html, HTML("</th><td>"));
	html_put(html, state_words(graph, actor));
	html_put(html, HTML("</td><td>"));
	holds_write(html, actor, sources);
	html_put(html, HTML("</td><td>"));
	wait_write(html, actor, sources);
	html_put(html, HTML("</td><td>"));
	why_write(html, actor);
	html_put(html, HTML("</td></tr>\n"));
}

static void table_write(struct html *html, const struct case_view *case_view,
	const struct graph *graph, const struct sources *sources)
{
	scroll_begin(html, "Waits and holders, scrollable");
	html_put(html,
		HTML("<table class=waits><caption class=vh>One row per actor: what it "
		     "holds, what it waits for, and why the wait does not end</caption><thead>"
		     "<tr><th scope=col>Actor</th><th scope=col>State</th>"
		     "<th scope=col>Holds, taken at</th><th scope=col>"));
	html_put(html, graph->reached ? HTML("Waits for, at") : HTML("Would wait for, at"));
	html_put(html, HTML("</th><th scope=col>Held by, or why</th></tr></thead><tbody>\n"));
	for (size_t i = 0; i < graph->node_count; i++)
		if (graph->nodes[i].actor)
			row_write(html, case_view, graph, graph->nodes[i].json, sources);
	html_put(html, HTML("</tbody></table>\n"));
	scroll_end(html);
	showing_write(
		html, GRAPH_ACTORS_MAX, GRAPH_ACTORS_MAX + graph->actors_left_out, HTML("actors"));
}

/* --- drawn --------------------------------------------------------------------------------- */

/* The meaning of the kinds of lines that the drawing has. */
static void legend_write(struct html *html, const struct graph *graph)
{
	bool cycle = false, other = false, soft = false;

	for (size_t i = 0; i < graph->edge_count; i++) {
		cycle |= graph->edges[i].cycle;
		other |= !graph->edges[i].cycle;
		soft |= graph->edges[i].relation == GRAPH_UP_TO;
	}
	html_put(html, HTML("<p class=note>Circles are actors, squares what they wait for."));
	if (cycle)
		html_put(html, HTML(" Thick arrows with full heads make up the cycle."));
	if (cycle && other)
		html_put(html, HTML(" Thin arrows with open heads are waits outside the cycle."));
	if (soft)
		html_put(html, HTML(" Dashed: nobody holds this object; the actor at the arrowhead "
				    "could have ended the wait, but is stuck as well."));
	html_put(html, HTML("</p>\n"));
}

/* --- stacks -------------------------------------------------------------------------------- */

static void stack_begin(struct html *html, const struct case_view *case_view, const json_t *actor)
{
	html_put(html, HTML("<div class='access "));
	html_put(html, actor_class(actor_number(case_view, field_text(actor, "actor"))));
	html_put(html, HTML("'>\n<h4>"));
	html_text_upto(html, field_text(actor, "actor"), NAME_MAX_SHOWN);
}

static void stacks_of_write(struct html *html, const struct case_view *case_view,
	const struct graph *graph, const json_t *actor, const struct sources *sources)
{
	const json_t *holds = field_array(actor, "holds"), *held;
	size_t i;

	json_array_foreach(holds, i, held) {
		const char *name = field_text(held, "name");

		if (i == HOLDS_MAX)
			break;
		stack_begin(html, case_view, actor);
		html_put(html, HTML(" took "));
		name_write(html, *name ? name : "a lock");
		html_put(html, HTML("</h4>\n"));
		stack_write(html, field_array(held, "stack"), sources);
		html_put(html, HTML("</div>\n"));
	}
	if (is(field_text(actor, "state"), "ended"))
		return;
	stack_begin(html, case_view, actor);
	if (graph_stuck(actor) && !is(field_text(actor, "state"), "running")) {
		html_put(html, graph->reached ? HTML(" waits for ") : HTML(" would wait for "));
		object_write(html, actor);
	} else {
		html_put(html, HTML(" runs"));
	}
	html_put(html, HTML("</h4>\n"));
	stack_write(html, field_array(actor, "stack"), sources);
	html_put(html, HTML("</div>\n"));
}

bool no_progress_has(const struct case_view *case_view)
{
	return json_array_size(field_array(json_object_get(case_view->json, "waits"), "actors"));
}

void no_progress_write(struct html *html, const struct case_view *case_view,
	const struct sources *sources, bool open)
{
	struct graph graph = graph_make(json_object_get(case_view->json, "waits"));

	if (!graph.node_count)
		return;
	fold_begin(html, HTML("waits"), HTML("Waits and holders"), "", open);
	kind_write(html, &graph);
	figure_write(html, case_view, &graph);
	table_write(html, case_view, &graph, sources);
	if (graph.edge_count)
		legend_write(html, &graph);
	html_put(html,
		graph.reached ? HTML("<h3>Where they are, and where they took what they hold</h3>\n"
				     "<div class=accesses>\n")
			      : HTML("<h3>Where they take their locks</h3>\n"
				     "<div class=accesses>\n"));
	for (size_t i = 0; i < graph.node_count; i++)
		if (graph.nodes[i].actor)
			stacks_of_write(html, case_view, &graph, graph.nodes[i].json, sources);
	html_put(html, HTML("</div>\n"));
	fold_end(html);
}
