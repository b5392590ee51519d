/* ledger_table.c - the table of items: who put each one where, and who took it. */
#define _GNU_SOURCE
#include "ledger_table.h"

#include <stdlib.h>
#include <string.h>

#include "rows.h"
#include "exit.h"
#include "field.h"
#include "source.h"
#include "text.h"

enum { ROWS_MAX = 40, TAKES_MAX = 4, NAME_MAX_SHOWN = 40 };

/* One entry of a log. */
struct entry {
	const char *item, *actor;
	int64_t place, step; /* place -1: places mean nothing; step from 1, 0: not known */
	unsigned sequence;   /* of the item, among its producer's; 0: not an item */
};

struct ledger {
	const struct case_view *case_view;
	struct span drawn;
	struct entry *puts, *takes;
	size_t put_count, take_count, left_out;
};

/* --- what was logged ----------------------------------------------------------------------- */

static size_t entries_count(const json_t *ledger, const char *side)
{
	const json_t *log;
	size_t count = 0, i;

	json_array_foreach(ledger, i, log) {
		count += json_array_size(field_array(log, side));
	}
	return count;
}

static struct entry *entries_read(const json_t *ledger, const char *side, size_t *count)
{
	struct entry *entries = calloc(entries_count(ledger, side) + 1, sizeof *entries);
	const json_t *log, *one;
	size_t i, k;

	if (!entries)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	json_array_foreach(ledger, i, log) {
		json_array_foreach(field_array(log, side), k, one) {
			const char *item = field_text(one, "item"), *hash = strrchr(item, '#');

			entries[(*count)++] = (struct entry){item, field_text(log, "actor"),
				field_integer(one, "place", -1), field_integer(one, "step", 0),
				hash ? (unsigned)strtoul(hash + 1, NULL, 10) : 0};
		}
	}
	return entries;
}

/* Entries that were logged, but are not in the result. */
static size_t entries_missing(const json_t *ledger)
{
	int64_t logged = 0, listed = 0;
	const json_t *log;
	size_t i;

	json_array_foreach(ledger, i, log) {
		logged += field_integer(log, "put", 0) + field_integer(log, "taken", 0);
		listed += (int64_t)json_array_size(field_array(log, "puts")) +
			  (int64_t)json_array_size(field_array(log, "takes"));
	}
	return logged > listed ? (size_t)(logged - listed) : 0;
}

/* --- what became of an item ---------------------------------------------------------------- */

static bool same_producer(const struct entry *a, const struct entry *b)
{
	size_t length = strcspn(a->item, "#");

	return a->sequence && b->sequence && strncmp(a->item, b->item, length + 1) == 0;
}

static size_t takes_of(const struct ledger *ledger, const char *item)
{
	size_t count = 0;

	for (size_t i = 0; i < ledger->take_count; i++)
		count += is(ledger->takes[i].item, item);
	return count;
}

static bool was_put(const struct ledger *ledger, const char *item)
{
	for (size_t i = 0; i < ledger->put_count; i++)
		if (is(ledger->puts[i].item, item))
			return true;
	return false;
}

/* The next item that was put in the same place; NULL: none, or places mean nothing. */
static const struct entry *overwriter(const struct ledger *ledger, const struct entry *put)
{
	const struct entry *next = NULL;

	for (size_t i = 0; i < ledger->put_count && put->place >= 0; i++) {
		const struct entry *other = &ledger->puts[i];

		if (other != put && other->place == put->place && other->step > put->step &&
			(!next || other->step < next->step))
			next = other;
	}
	return next;
}

/* A later item of the same producer that the same taker had taken before this one. */
static const struct entry *overtaker(const struct ledger *ledger, const struct entry *take)
{
	for (const struct entry *other = ledger->takes; other < take; other++)
		if (is(other->actor, take->actor) && same_producer(other, take) &&
			other->sequence > take->sequence)
			return other;
	return NULL;
}

/* --- the table ----------------------------------------------------------------------------- */

static void name_write(struct html *html, const char *name)
{
	html_text_upto(html, name, NAME_MAX_SHOWN);
}

static void entry_write(struct html *html, const struct ledger *ledger, const struct entry *entry)
{
	html_put(html, HTML("<span class='line who "));
	html_put(html, actor_class(actor_number(ledger->case_view, entry->actor)));
	html_put(html, HTML("'>"));
	name_write(html, entry->actor);
	html_put(html, HTML("</span>"));
}

static void when_write(struct html *html, const struct ledger *ledger, const struct entry *entry)
{
	html_put(html, HTML("<span class=line>"));
	if (entry->step > 0)
		step_number_write(html, ledger->drawn, (size_t)entry->step - 1);
	html_put(html, entry->step > 0 ? HTML("</span>") : HTML("–</span>"));
}

static void where_write(struct html *html, const struct entry *entry)
{
	if (entry->place < 0)
		html_put(html, HTML("–"));
	else
		html_number(html, entry->place);
}

/* A shape and words for what became of an item that was put. */
static void fate_write(struct html *html, const struct ledger *ledger, const struct entry *put)
{
	size_t taken = takes_of(ledger, put->item);
	const struct entry *other = taken ? NULL : overwriter(ledger, put);

	for (size_t i = 0; i < ledger->take_count && taken == 1; i++)
		if (is(ledger->takes[i].item, put->item))
			other = overtaker(ledger, &ledger->takes[i]);
	if (taken == 1 && !other) {
		html_put(html, HTML("○ taken once"));
		return;
	}
	html_put(html, HTML("<b class=bad>"));
	if (taken > 1) {
		html_put(html, HTML("✗✗ duplicated: taken "));
		html_number(html, (int64_t)taken);
		html_put(html, HTML(" times"));
	} else if (taken) {
		html_put(html, HTML("⇅ out of order: taken after "));
		name_write(html, other->item);
	} else if (other) {
		html_put(html, HTML("✗ overwritten by "));
		name_write(html, other->item);
		html_put(html, HTML(", never taken"));
	} else {
		html_put(html, HTML("✗ lost: never taken"));
	}
	html_put(html, HTML("</b>"));
}

static void takes_write(struct html *html, const struct ledger *ledger, const struct entry *put,
	void (*write)(struct html *, const struct ledger *, const struct entry *))
{
	size_t written = 0;

	html_put(html, write == when_write ? HTML("<td class=n>") : HTML("<td>"));
	for (size_t i = 0; i < ledger->take_count; i++)
		if (is(ledger->takes[i].item, put->item) && written++ < TAKES_MAX)
			write(html, ledger, &ledger->takes[i]);
	html_put(html, written ? HTML("</td>") : HTML("nobody</td>"));
}

static void put_row_write(struct html *html, const struct ledger *ledger, const struct entry *put)
{
	bool lost = !takes_of(ledger, put->item);

	html_put(html, lost ? HTML("<tr class=lost><th scope=row><code>")
			    : HTML("<tr><th scope=row><code>"));
	name_write(html, put->item);
	html_put(html, HTML("</code></th><td>"));
	entry_write(html, ledger, put);
	html_put(html, HTML("</td><td class=n>"));
	when_write(html, ledger, put);
	html_put(html, HTML("</td><td class=n>"));
	where_write(html, put);
	html_put(html, HTML("</td>"));
	takes_write(html, ledger, put, entry_write);
	if (lost)
		html_put(html, HTML("<td class=n>–</td>"));
	else
		takes_write(html, ledger, put, when_write);
	html_put(html, HTML("<td>"));
	fate_write(html, ledger, put);
	html_put(html, HTML("</td></tr>\n"));
}

/* An item that was taken, though nobody put it. */
static void stranger_row_write(
	struct html *html, const struct ledger *ledger, const struct entry *take)
{
	html_put(html, HTML("<tr class=lost><th scope=row><code>"));
	name_write(html, take->item);
	html_put(html, HTML("</code></th><td>nobody</td><td class=n>–</td><td class=n>"));
	where_write(html, take);
	html_put(html, HTML("</td><td>"));
	entry_write(html, ledger, take);
	html_put(html, HTML("</td><td class=n>"));
	when_write(html, ledger, take);
	html_put(html, is(take->item, "nothing")
			       ? HTML("</td><td><b class=bad>✗ taken before any item was there</b>")
			       : HTML("</td><td><b class=bad>✗ torn: nobody put it</b>"));
	html_put(html, HTML("</td></tr>\n"));
}

/* Whether nothing went wrong with an item: the others come first if not all can be shown. */
static bool is_well(const struct ledger *ledger, const struct entry *put)
{
	if (takes_of(ledger, put->item) != 1)
		return false;
	for (size_t i = 0; i < ledger->take_count; i++)
		if (is(ledger->takes[i].item, put->item))
			return !overtaker(ledger, &ledger->takes[i]);
	return true;
}

static void rows_write(struct html *html, const struct ledger *ledger)
{
	bool *chosen = calloc(ledger->put_count + 1, sizeof *chosen);
	size_t written = 0, all = ledger->put_count;

	if (!chosen)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	for (int well = 0; well < 2; well++)
		for (size_t i = 0; i < ledger->put_count && written < ROWS_MAX; i++)
			if (is_well(ledger, &ledger->puts[i]) == (bool)well) {
				chosen[i] = true;
				written++;
			}
	for (size_t i = 0; i < ledger->put_count; i++)
		if (chosen[i])
			put_row_write(html, ledger, &ledger->puts[i]);
	for (size_t i = 0; i < ledger->take_count; i++) {
		if (was_put(ledger, ledger->takes[i].item))
			continue;
		all++;
		if (written < ROWS_MAX) {
			stranger_row_write(html, ledger, &ledger->takes[i]);
			written++;
		}
	}
	html_put(html, HTML("</tbody></table>\n"));
	scroll_end(html);
	showing_write(html, written, all, HTML("items; the faulty ones come first"));
	free(chosen);
}

void ledger_write(struct html *html, const struct case_view *case_view)
{
	const json_t *logs = field_array(json_object_get(case_view->json, "shape"), "ledger");
	struct ledger ledger = {.case_view = case_view,
		.drawn = trace_drawn(field_array(case_view->json, "trace"))};
	char *words;

	if (!json_array_size(logs))
		return;
	ledger.puts = entries_read(logs, "puts", &ledger.put_count);
	ledger.takes = entries_read(logs, "takes", &ledger.take_count);
	ledger.left_out = entries_missing(logs);
	words = format("%zu put, %zu taken", ledger.put_count, ledger.take_count);
	fold_begin(html, HTML("ledger"), HTML("Ledger"), words, false);
	free(words);
	html_put(html, HTML("<p>The items that each actor put and took in this execution."));
	if (ledger.left_out) {
		html_put(html, HTML(" Only the end of the longest logs is shown: "));
		html_number(html, (int64_t)ledger.left_out);
		html_put(html, ledger.left_out == 1 ? HTML(" entry is missing here.")
						    : HTML(" entries are missing here."));
	}
	html_put(html, HTML("</p>\n"));
	scroll_begin(html, "Ledger, scrollable");
	html_put(html, HTML("<table class=ledger><caption class=vh>One row per item: who put it "
			    "where, who took it, and what became of it</caption><thead><tr>"
			    "<th scope=col>Item</th><th scope=col>Put by</th>"
			    "<th scope=col class=n>in step</th><th scope=col class=n>to slot</th>"
			    "<th scope=col>Taken by</th><th scope=col class=n>in step</th>"
			    "<th scope=col>What became of it</th></tr></thead><tbody>\n"));
	rows_write(html, &ledger);
	fold_end(html);
	free(ledger.puts);
	free(ledger.takes);
}
