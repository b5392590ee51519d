/* ring.c - a buffer's slots as a strip. */
#include "ring.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "field.h"

enum { LABEL_MAX = 12 /* bytes shown of an item */ };

/* In rem, as in style.css: a letter, and a slot's borders and padding. */
static const double LETTER = .47, AROUND = .6, SLOT_LEAST = 2.7;

/* An element of an array, as text: "producer#5" in "[producer#5, empty]". */
struct element {
	const char *text;
	size_t length;
};

static bool element_is(const struct element *element, const char *text)
{
	return strlen(text) == element->length &&
	       strncmp(element->text, text, element->length) == 0;
}

static bool elements_equal(const struct element *a, const struct element *b)
{
	return a->length == b->length && strncmp(a->text, b->text, a->length) == 0;
}

/* The length of the producer's name in "producer#5"; 0: it is no item. */
static size_t item_producer(const struct element *element)
{
	const char *hash = memchr(element->text, '#', element->length);

	return hash && hash + 1 < element->text + element->length && isdigit((unsigned char)hash[1])
		       ? (size_t)(hash - element->text)
		       : 0;
}

/* Split an array's value; 0 if it is none, has too many elements, or one that is no item. */
static unsigned elements_of(const char *value, struct element elements[static RING_SLOTS_MAX])
{
	unsigned count = 0;

	if (!value || *value++ != '[')
		return 0;
	while (*value && count < RING_SLOTS_MAX) {
		struct element *element = &elements[count++];

		*element = (struct element){value, strcspn(value, ",]")};
		if (!item_producer(element) && !element_is(element, "empty") &&
			!element_is(element, "?"))
			return 0;
		value += element->length;
		if (*value == ']')
			return value[1] ? 0 : count;
		value += strspn(value, ", ");
	}
	return 0;
}

/* Take the elements of one step into account; returns whether they can be a buffer's. */
static bool ring_take(struct ring *ring, const struct element *elements, unsigned count)
{
	if (!count || (ring->slots && count != ring->slots))
		return false;
	ring->slots = count;
	for (unsigned i = 0; i < count; i++) {
		size_t producer = item_producer(&elements[i]);

		if (!producer)
			continue;
		if (!ring->producer_length) {
			ring->producer = elements[i].text;
			ring->producer_length = producer;
		} else if (producer != ring->producer_length || !ring->producer ||
			   strncmp(elements[i].text, ring->producer, producer) != 0) {
			ring->producer = NULL;
		}
	}
	return true;
}

static struct element label_of(const struct ring *ring, const struct element *element)
{
	if (!item_producer(element))
		return (struct element){element_is(element, "empty") ? "·" : "?", 1};
	if (!ring->producer)
		return *element;
	return (struct element){
		element->text + ring->producer_length, element->length - ring->producer_length};
}

struct ring ring_make(const struct case_view *case_view, struct span drawn, const char *name)
{
	const json_t *trace = field_array(case_view->json, "trace");
	struct ring ring = {.name = name,
		.ledger = field_array(json_object_get(case_view->json, "shape"), "ledger")};
	struct element elements[RING_SLOTS_MAX];
	size_t longest = 0;

	for (size_t i = drawn.from; i < drawn.to; i++) {
		const char *value = step_value(json_array_get(trace, i), name);

		if (value && !ring_take(&ring, elements, elements_of(value, elements)))
			return (struct ring){.slots = 0};
	}
	if (!ring.producer_length)
		return (struct ring){.slots = 0};
	for (size_t i = drawn.from; i < drawn.to; i++) {
		unsigned count = elements_of(step_value(json_array_get(trace, i), name), elements);

		for (unsigned k = 0; k < count; k++) {
			size_t length = label_of(&ring, &elements[k]).length;

			longest = length > longest ? length : longest;
		}
	}
	ring.slot = LETTER * (double)(longest < LABEL_MAX ? longest : LABEL_MAX) + AROUND;
	ring.slot = ring.slot < SLOT_LEAST ? SLOT_LEAST : ring.slot;
	return ring;
}

double ring_width(const struct ring *ring)
{
	return ring->slot * ring->slots + 1.5;
}

/* Whether the ledger says for certain that nobody ever took an item. */
static bool never_taken(const json_t *ledger, const struct element *item)
{
	const json_t *log, *take;
	size_t i, k;

	json_array_foreach(ledger, i, log) {
		const json_t *takes = field_array(log, "takes");

		if (field_integer(log, "taken", 0) > (int64_t)json_array_size(takes))
			return false; /* some takes are not listed */
		json_array_foreach(takes, k, take) {
			if (element_is(item, field_text(take, "item")))
				return false;
		}
	}
	return json_array_size(ledger) > 0;
}

static void label_write(struct html *html, const struct ring *ring, const struct element *element)
{
	struct element label = label_of(ring, element);
	char text[LABEL_MAX * 2];

	if (!item_producer(element)) {
		html_put(html, element_is(element, "empty") ? HTML("·") : HTML("?"));
		return;
	}
	if (label.length >= sizeof text)
		label.length = sizeof text - 1;
	memcpy(text, label.text, label.length);
	text[label.length] = '\0';
	html_text_upto(html, text, LABEL_MAX);
}

/* "in" or "out" below the slot that it is at. */
static void mark_write(struct html *html, const struct ring *ring, const json_t *step,
	const char *name, unsigned slot, bool *any)
{
	const char *value = step_value(step, name);
	char *end;
	unsigned long at = value ? strtoul(value, &end, 10) : 0;

	if (!value || end == value || *end || at % ring->slots != slot)
		return;
	html_put(html, *any ? HTML(" ") : HTML("<small>"));
	html_text(html, name);
	*any = true;
}

static void slot_write(struct html *html, const struct ring *ring, const struct element *now,
	const struct element *old)
{
	bool changed = old && !elements_equal(now, old);
	bool lost = changed && item_producer(old) && item_producer(now) &&
		    never_taken(ring->ledger, old);

	html_put(html, lost	 ? HTML("<span class=lost><s>")
		       : changed ? HTML("<span class=new>")
				 : HTML("<span>"));
	if (lost) {
		label_write(html, ring, old);
		html_put(html, HTML("</s><i class=vh> overwritten, never taken; now </i> "));
	}
	html_put(html, changed ? HTML("<b>") : HTML(""));
	label_write(html, ring, now);
	html_put(html, changed ? HTML("<i> (changed)</i></b>") : HTML(""));
}

void ring_write(
	struct html *html, const struct ring *ring, const json_t *step, const json_t *before)
{
	struct element now[RING_SLOTS_MAX], old[RING_SLOTS_MAX];
	unsigned count = elements_of(step_value(step, ring->name), now);
	unsigned known = before ? elements_of(step_value(before, ring->name), old) : 0;

	html_put(html, HTML("<span class=ring>"));
	for (unsigned i = 0; i < count; i++) {
		bool any = false;

		slot_write(html, ring, &now[i], i < known ? &old[i] : NULL);
		mark_write(html, ring, step, "in", i, &any);
		mark_write(html, ring, step, "out", i, &any);
		html_put(html, any ? HTML("</small></span>") : HTML("</span>"));
	}
	html_put(html, HTML("</span>"));
}
