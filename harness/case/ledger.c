/*
 * ledger.c - the oracle for anything that hands items on.
 *
 * While actors run, each writes only to its own log. Afterwards, every item that was put is looked
 * up among those that were taken.
 */
#include "ledger.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "oracle.h"

size_t ledger_log_size(void)
{
	return sizeof(struct ledger_log) + 2 * scenario.ledger_items * sizeof(struct ledger_entry);
}

uint32_t ledger_kept(uint32_t logged)
{
	return logged < scenario.ledger_items ? logged : scenario.ledger_items;
}

/* The log of the actor that calls. `pc`: the return address of its call. */
static struct ledger_log *ledger_of(struct snarl_actor *self, const void *pc)
{
	if (!self)
		event_misuse(pc, "an item is logged for no actor: hand on the actor's `self`");
	if (!self->log)
		event_misuse(pc, "%s logs an item: set .ledger_items in the scenario", self->name);
	return self->log;
}

snarl_item snarl_item_next(struct snarl_actor *self)
{
	if (!self)
		event_misuse(__builtin_return_address(0),
			"snarl_item_next is called for no actor: hand on the actor's `self`");
	return (self->index + 1) << LEDGER_PRODUCER_SHIFT |
	       (++self->sequence & LEDGER_SEQUENCE_MASK);
}

void snarl_ledger_put(struct snarl_actor *self, snarl_item item, int place)
{
	struct ledger_log *log = ledger_of(self, __builtin_return_address(0));

	if (log->puts < scenario.ledger_items)
		log->entries[log->puts] = (struct ledger_entry){item, place};
	log->puts++;
}

void snarl_ledger_take(struct snarl_actor *self, snarl_item item, int place)
{
	struct ledger_log *log = ledger_of(self, __builtin_return_address(0));

	if (log->takes < scenario.ledger_items)
		log->entries[scenario.ledger_items + log->takes] =
			(struct ledger_entry){item, place};
	log->takes++;
}

static unsigned item_producer(snarl_item item)
{
	return (item >> LEDGER_PRODUCER_SHIFT) - 1;
}

static unsigned item_sequence(snarl_item item)
{
	return item & LEDGER_SEQUENCE_MASK;
}

const char *ledger_item_name(
	struct snarl_actor *const *actors, snarl_item item, char text[LEDGER_NAME_MAX])
{
	unsigned producer = item_producer(item);

	if (!item)
		strcpy(text, "nothing");
	else if (producer < SNARL_ACTORS_MAX && actors[producer])
		snprintf(text, LEDGER_NAME_MAX, "%s#%u", actors[producer]->name,
			item_sequence(item));
	else
		snprintf(text, LEDGER_NAME_MAX, "0x%08x", item);
	return text;
}

static const char *item_name(snarl_item item, char text[LEDGER_NAME_MAX])
{
	return ledger_item_name(oracle_self->actors, item, text);
}

/* "from slot 3", or "" if there are no slots. */
static const char *place_name(const char *before, int place, char text[LEDGER_NAME_MAX])
{
	text[0] = '\0';
	if (place >= 0)
		snprintf(text, LEDGER_NAME_MAX, "%sslot %d", before, place);
	return text;
}

/* All entries of one side of one execution, by actor. */
struct side {
	unsigned actors;
	const struct ledger_entry *entries[SNARL_ACTORS_MAX];
	unsigned counts[SNARL_ACTORS_MAX];
};

static const struct ledger_entry *put_find(const struct side *puts, snarl_item item)
{
	unsigned producer = item_producer(item);

	if (producer >= puts->actors)
		return NULL;
	for (unsigned i = 0; i < puts->counts[producer]; i++)
		if (puts->entries[producer][i].item == item)
			return &puts->entries[producer][i];
	return NULL;
}

static unsigned taken_count(const struct side *takes, snarl_item item)
{
	unsigned count = 0;

	for (unsigned actor = 0; actor < takes->actors; actor++)
		for (unsigned i = 0; i < takes->counts[actor]; i++)
			count += takes->entries[actor][i].item == item;
	return count;
}

/* An earlier item of the same place and producer that was taken again instead of `lost`. */
static const struct ledger_entry *stale_find(
	const struct side *puts, const struct side *takes, const struct ledger_entry *lost)
{
	unsigned producer = item_producer(lost->item);

	for (unsigned i = 0; i < puts->counts[producer]; i++) {
		const struct ledger_entry *put = &puts->entries[producer][i];

		if (put == lost)
			break;
		if (put->place == lost->place && taken_count(takes, put->item) > 1)
			return put;
	}
	return NULL;
}

/*
 * The item that went to the place of `lost`: a later one of its producer, or one of another
 * producer. Logs of different actors have no common order, so the nearest in number is chosen,
 * another producer's before its own.
 */
static const struct ledger_entry *overwriter_find(
	const struct side *puts, const struct ledger_entry *lost)
{
	unsigned producer = item_producer(lost->item);
	const struct ledger_entry *nearest = NULL;
	long position = lost - puts->entries[producer], least = LONG_MAX;

	for (unsigned actor = 0; actor < puts->actors; actor++) {
		for (long i = 0; i < (long)puts->counts[actor]; i++) {
			const struct ledger_entry *put = &puts->entries[actor][i];
			long distance = 2 * labs(i - position) + (actor == producer);

			if (put->place != lost->place || (actor == producer && i <= position) ||
				distance >= least)
				continue;
			nearest = put;
			least = distance;
		}
	}
	return nearest;
}

struct tally {
	long overwritten, stale, lost, duplicated, torn, disordered;
};

static void missing_judge(const struct side *puts, const struct side *takes,
	const struct ledger_entry *lost, struct tally *tally)
{
	const struct ledger_entry *other = NULL;
	char item[LEDGER_NAME_MAX], second[LEDGER_NAME_MAX], place[LEDGER_NAME_MAX];

	if (lost->place >= 0 && (other = stale_find(puts, takes, lost))) {
		tally->stale++;
		snarl_fail(SNARL_STALE_READ, "%s was taken again from slot %d before %s was there",
			item_name(other->item, second), lost->place, item_name(lost->item, item));
	} else if (lost->place >= 0 && (other = overwriter_find(puts, lost))) {
		tally->overwritten++;
		snarl_fail(SNARL_OVERWRITE, "%s was overwritten by %s in slot %d, never read",
			item_name(lost->item, item), item_name(other->item, second), lost->place);
	} else {
		tally->lost++;
		snarl_fail(SNARL_LOST_ITEM, "%s was put%s and never taken",
			item_name(lost->item, item), place_name(" into ", lost->place, place));
	}
}

static void takes_judge(
	const struct side *puts, const struct side *takes, unsigned actor, struct tally *tally)
{
	const char *taker = oracle_self->actors[actor]->name;
	char item[LEDGER_NAME_MAX], place[LEDGER_NAME_MAX];

	for (unsigned i = 0; i < takes->counts[actor]; i++) {
		const struct ledger_entry *take = &takes->entries[actor][i];

		place_name(" from ", take->place, place);
		if (!take->item) {
			tally->stale++;
			snarl_fail(SNARL_STALE_READ, "%s took%s before anything was put there",
				taker, place);
		} else if (!put_find(puts, take->item)) {
			tally->torn++;
			snarl_fail(SNARL_TORN_MESSAGE, "%s took %s%s, which was never put", taker,
				item_name(take->item, item), place);
		}
	}
}

static void order_judge(const struct side *takes, unsigned actor, struct tally *tally)
{
	unsigned latest[SNARL_ACTORS_MAX] = {0};
	char item[LEDGER_NAME_MAX];

	for (unsigned i = 0; i < takes->counts[actor]; i++) {
		snarl_item taken = takes->entries[actor][i].item;
		unsigned producer = item_producer(taken);

		if (producer >= takes->actors)
			continue;
		if (item_sequence(taken) >= latest[producer]) {
			latest[producer] = item_sequence(taken);
			continue;
		}
		tally->disordered++;
		snarl_fail(SNARL_OUT_OF_ORDER, "%s took %s after #%u",
			oracle_self->actors[actor]->name, item_name(taken, item), latest[producer]);
	}
}

static void puts_judge(
	const struct side *puts, const struct side *takes, unsigned actor, struct tally *tally)
{
	char item[LEDGER_NAME_MAX];

	for (unsigned i = 0; i < puts->counts[actor]; i++) {
		const struct ledger_entry *put = &puts->entries[actor][i];
		unsigned taken = taken_count(takes, put->item);

		if (taken == 0)
			missing_judge(puts, takes, put, tally);
		else if (taken > 1) {
			tally->duplicated++;
			if (taken == 2)
				snarl_fail(SNARL_DUPLICATE_ITEM, "%s was taken twice",
					item_name(put->item, item));
			else
				snarl_fail(SNARL_DUPLICATE_ITEM, "%s was taken %u times",
					item_name(put->item, item), taken);
		}
	}
}

static void side_load(struct side *puts, struct side *takes)
{
	puts->actors = takes->actors = 0;
	for (unsigned actor = 0; actor < SNARL_ACTORS_MAX && oracle_self->actors[actor]; actor++) {
		const struct ledger_log *log = oracle_self->logs[actor];

		puts->actors = takes->actors = actor + 1;
		puts->entries[actor] = log->entries;
		puts->counts[actor] = log->puts;
		takes->entries[actor] = log->entries + scenario.ledger_items;
		takes->counts[actor] = log->takes;
	}
}

/*
 * The common case, in one pass: one actor has taken all items of one producer once and in order. A
 * stress run checks millions of executions per second.
 */
static bool ledger_in_order(const struct side *puts, const struct side *takes)
{
	unsigned producer = SNARL_ACTORS_MAX, taker = SNARL_ACTORS_MAX;
	snarl_item last = 0;

	for (unsigned actor = 0; actor < puts->actors; actor++) {
		if (puts->counts[actor]) {
			if (producer != SNARL_ACTORS_MAX)
				return false;
			producer = actor;
		}
		if (takes->counts[actor]) {
			if (taker != SNARL_ACTORS_MAX)
				return false;
			taker = actor;
		}
	}
	if (producer == SNARL_ACTORS_MAX || taker == SNARL_ACTORS_MAX)
		return producer == taker;
	if (puts->counts[producer] != takes->counts[taker])
		return false;
	for (unsigned i = 0; i < puts->counts[producer]; i++) {
		snarl_item item = puts->entries[producer][i].item;

		if (takes->entries[taker][i].item != item || item <= last)
			return false;
		last = item;
	}
	return true;
}

void snarl_ledger_check(void)
{
	struct side puts, takes;
	struct tally tally = {0};

	oracle_needed("snarl_ledger_check", __builtin_return_address(0));
	if (!scenario.ledger_items)
		event_misuse(__builtin_return_address(0),
			"snarl_ledger_check has no ledger: set .ledger_items in the scenario");
	side_load(&puts, &takes);
	if (ledger_in_order(&puts, &takes))
		return;
	/* In the order of a reader's questions: was it real, what became of it, was it in order? */
	for (unsigned actor = 0; actor < takes.actors; actor++)
		if (takes.counts[actor])
			takes_judge(&puts, &takes, actor, &tally);
	for (unsigned actor = 0; actor < puts.actors; actor++)
		if (puts.counts[actor])
			puts_judge(&puts, &takes, actor, &tally);
	for (unsigned actor = 0; actor < takes.actors; actor++)
		if (takes.counts[actor])
			order_judge(&takes, actor, &tally);
	if (tally.overwritten)
		oracle_value("overwritten", tally.overwritten);
	if (tally.stale)
		oracle_value("stale", tally.stale);
	if (tally.lost)
		oracle_value("lost", tally.lost);
	if (tally.duplicated)
		oracle_value("duplicated", tally.duplicated);
	if (tally.torn)
		oracle_value("torn", tally.torn);
	if (tally.disordered)
		oracle_value("out of order", tally.disordered);
}
