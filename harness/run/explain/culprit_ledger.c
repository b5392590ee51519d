/* culprit_ledger.c - the put or the take that went wrong, by the ledger of the execution. */
#include "scene.h"

#include <stdlib.h>

#include "field.h"
#include "snarl.h"
#include "text.h"

enum { LEDGER_NEAR = 6 /* steps between an entry and the access that it is about */ };

struct entry {
	const char *actor, *item;
	int64_t place, step;
};

/* Visit the puts or the takes of all actors; returns false behind the last. */
static bool entry_next(
	const struct scene *scene, const char *side, size_t cursor[2], struct entry *entry)
{
	const json_t *ledger = field_array(json_object_get(scene->detail, "shape"), "ledger");

	for (; cursor[0] < json_array_size(ledger); cursor[0]++, cursor[1] = 0) {
		const json_t *actor = json_array_get(ledger, cursor[0]);
		const json_t *one = json_array_get(field_array(actor, side), cursor[1]);

		if (!one)
			continue;
		*entry = (struct entry){field_text(actor, "actor"), field_text(one, "item"),
			field_integer(one, "place", -1), field_integer(one, "step", 0)};
		cursor[1]++;
		return true;
	}
	return false;
}

/* Whether the step moves another item than this one. */
static bool moves_another(const struct scene *scene, const struct moment *at, const char *item)
{
	struct entry put;
	size_t cursor[2] = {0, 0};

	while (entry_next(scene, "puts", cursor, &put))
		if (!is(put.item, item) && has_word(at->sentence, put.item))
			return true;
	return false;
}

/* The step that the entry is about: the nearest that moves the item, or the noted one. */
static ssize_t entry_step(const struct scene *scene, const struct entry *entry)
{
	ssize_t noted = (ssize_t)entry->step - 1;

	if (entry->step < 1 || (size_t)entry->step > scene->count)
		return NOWHERE;
	for (ssize_t off = 0; off <= LEDGER_NEAR; off++)
		for (int side = -1; side <= 1; side += 2) {
			ssize_t i = noted + side * off;

			if (i >= 0 && (size_t)i < scene->count &&
				is(scene->at[i].actor, entry->actor) &&
				has_word(scene->at[i].sentence, entry->item))
				return i;
		}
	return is(scene->at[noted].actor, entry->actor) &&
			       !moves_another(scene, &scene->at[noted], entry->item)
		       ? noted
		       : NOWHERE;
}

/* The last entry of a side before `step` with the same place, or, without one, the same item. */
static struct entry entry_before(
	const struct scene *scene, const char *side, const struct entry *later, bool by_item)
{
	struct entry entry, best = {"", "", -1, 0};
	size_t cursor[2] = {0, 0};

	while (entry_next(scene, side, cursor, &entry))
		if (entry.step > best.step && entry.step < later->step &&
			(by_item ? is(entry.item, later->item) : entry.place == later->place))
			best = entry;
	return best;
}

static void entry_found(
	struct scene *scene, const struct entry *entry, const struct entry *before, char *note)
{
	ssize_t step = entry_step(scene, entry);

	if (scene->culprit.known || step == NOWHERE) {
		free(note);
		return;
	}
	culprit_set(scene, (size_t)step, note, NULL);
	if (before && before->step)
		culprit_link(scene, entry_step(scene, before));
}

void puts_find(struct scene *scene)
{
	struct entry put, before, taken;
	size_t cursor[2] = {0, 0};

	while (entry_next(scene, "puts", cursor, &put)) {
		if (!has_word(scene->message, put.item))
			continue;
		before = entry_before(scene, "puts", &put, false);
		taken = entry_before(scene, "takes", &put, false);
		if (scene->verdict & SNARL_OVERWRITE && put.place >= 0 && before.step &&
			taken.step < before.step && has_word(scene->message, before.item))
			entry_found(scene, &put, &before,
				format("overwrites %s, never read", before.item));
		else if (scene->verdict & SNARL_LOST_ITEM)
			entry_found(scene, &put, NULL,
				format("puts %s, which is never taken", put.item));
	}
}

static bool was_put(const struct scene *scene, const char *item)
{
	struct entry put;
	size_t cursor[2] = {0, 0};

	while (entry_next(scene, "puts", cursor, &put))
		if (is(put.item, item))
			return true;
	return false;
}

/* Whether the message is about this actor's take from this slot. */
static bool message_has_slot(const struct scene *scene, const struct entry *taken)
{
	char *slot = format("%lld", (long long)taken->place);
	bool has = taken->place >= 0 && has_word(scene->message, slot) &&
		   has_word(scene->message, taken->actor);

	free(slot);
	return has;
}

void takes_find(struct scene *scene)
{
	struct entry taken, before;
	size_t cursor[2] = {0, 0};

	while (entry_next(scene, "takes", cursor, &taken)) {
		bool named = has_word(scene->message, taken.item);

		before = entry_before(scene, "takes", &taken, true);
		if (scene->verdict & SNARL_DUPLICATE_ITEM && named && before.step)
			entry_found(scene, &taken, &before,
				format("takes %s again: %s took it at step %lld", taken.item,
					before.actor, (long long)entry_step(scene, &before) + 1));
		else if (scene->verdict & SNARL_STALE_READ && message_has_slot(scene, &taken) &&
			 !entry_before(scene, "puts", &taken, false).step)
			entry_found(scene, &taken, NULL,
				format("takes from slot %lld: nothing was put there yet",
					(long long)taken.place));
		else if (scene->verdict & SNARL_TORN_MESSAGE && named &&
			 !was_put(scene, taken.item))
			entry_found(scene, &taken, NULL,
				format("takes %s, which was never put", taken.item));
		else if (scene->verdict & SNARL_OUT_OF_ORDER && named)
			entry_found(
				scene, &taken, NULL, format("takes %s out of order", taken.item));
	}
}
