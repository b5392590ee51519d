/*
 * culprit.c - the step in which it went wrong.
 *
 * The kind of the failure says where to look: in the wait-for graph for the wait that closed the
 * cycle, before the wait of an actor that missed a signal for that signal, in the ledger for the
 * put or take that was wrong, in the values for an access that another actor came between. Only
 * what the trace shows is said. Where several steps could be meant, variables that the message
 * names, races and preemptions decide: a shrunk schedule has no preemption that it does not need.
 */
#define _GNU_SOURCE
#include "culprit.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "field.h"
#include "kind.h"
#include "text.h"

enum {
	LEDGER_NEAR = 6, /* steps between an entry of the ledger and the access it is about */
	VALUE_MAX = 12,	 /* bytes of a value that a sentence shows */
	NOWHERE = -1,
};

/* A step as the search needs it. Texts belong to the trace. */
struct moment {
	const json_t *json;
	const char *actor, *op, *variable, *old, *new, *sentence;
	bool reads, writes;
};

struct scene {
	const json_t *detail;
	const char *message;
	unsigned verdict;
	struct moment *at;
	size_t count;
	struct culprit culprit;
};

static struct moment moment_of(const json_t *step)
{
	const char *op = field_text(step, "op");

	return (struct moment){
		.json = step,
		.actor = field_text(step, "actor"),
		.op = op,
		.variable = field_text(step, "variable"),
		.old = field_text(step, "old"),
		.new = field_text(step, "new"),
		.sentence = field_text(step, "sentence"),
		.reads = is(op, "read") || is(op, "update"),
		.writes = is(op, "write") || (is(op, "update") && field_true(step, "write")),
	};
}

/* --- words --------------------------------------------------------------------------------- */

static bool in_word(char letter)
{
	return isalnum((unsigned char)letter) || letter == '_' || letter == '#';
}

/* Whether the text has this word, and not only as a part of another one. */
static bool has_word(const char *text, const char *word, size_t length)
{
	for (const char *at = text; length && (at = strstr(at, word)); at++)
		if ((at == text || !in_word(at[-1])) && !in_word(at[length]))
			return true;
	return false;
}

static bool names(const char *text, const char *word)
{
	return has_word(text, word, strlen(word));
}

/* Whether the message names the variable, or the array or struct that it is a part of. */
static bool message_names(const struct scene *scene, const char *variable)
{
	char *whole = format("%.*s", (int)strcspn(variable, "[.+"), variable);
	bool named = names(scene->message, whole);

	free(whole);
	return named;
}

/* --- what was found ------------------------------------------------------------------------ */

/* Takes both texts. */
static void found(struct scene *scene, size_t step, char *note, char *cause)
{
	scene->culprit.known = true;
	scene->culprit.step = step;
	scene->culprit.note = note;
	scene->culprit.cause = cause;
}

static void link_add(struct scene *scene, ssize_t step)
{
	struct culprit *culprit = &scene->culprit;

	if (step != NOWHERE && (size_t)step < scene->count &&
		culprit->link_count < CULPRIT_LINKS_MAX)
		culprit->links[culprit->link_count++] = (size_t)step;
}

/* --- standstills --------------------------------------------------------------------------- */

/* The last step of an actor before `end`. */
static ssize_t last_of(const struct scene *scene, const char *actor, size_t end)
{
	while (end-- > 0)
		if (is(scene->at[end].actor, actor))
			return (ssize_t)end;
	return NOWHERE;
}

/* The last step before `end` in which the actor did `op` to the variable. */
static ssize_t last_done(const struct scene *scene, const char *actor, const char *op,
	const char *variable, size_t end)
{
	while (end-- > 0)
		if (is(scene->at[end].actor, actor) && is(scene->at[end].op, op) &&
			is(scene->at[end].variable, variable))
			return (ssize_t)end;
	return NOWHERE;
}

static bool is_wait(const struct moment *at)
{
	return is(at->op, "wait") || *field_text(at->json, "waits_for");
}

/* The step in which an actor began the wait that it is in at the end. */
static ssize_t last_wait(const struct scene *scene, const char *actor)
{
	ssize_t last = last_of(scene, actor, scene->count);

	return last != NOWHERE && is_wait(&scene->at[last]) ? last : NOWHERE;
}

static bool array_names(const json_t *array, const char *name)
{
	const json_t *one;
	size_t i;

	json_array_foreach(array, i, one) {
		if (json_is_string(one) && is(json_string_value(one), name))
			return true;
	}
	return false;
}

/* "alice → bob → alice" */
static char *cycle_text(const json_t *cycle)
{
	char *text = format("%s", "");
	size_t count = json_array_size(cycle);

	for (size_t i = 0; i <= count; i++) {
		const char *name = json_string_value(json_array_get(cycle, i % count));
		char *longer = format("%s%s%s", text, i ? " → " : "", name ? name : "?");

		free(text);
		text = longer;
	}
	return text;
}

/* Where the actors concerned took what they hold, and began their waits. */
static void waits_link(struct scene *scene, const json_t *actor)
{
	const char *name = field_text(actor, "actor");
	ssize_t wait = last_wait(scene, name);
	const json_t *held;
	size_t i;

	if (wait != NOWHERE && (size_t)wait != scene->culprit.step)
		link_add(scene, wait);
	json_array_foreach(field_array(actor, "holds"), i, held) {
		const char *lock = field_text(held, "name");
		ssize_t taken = last_done(scene, name, "lock", lock, scene->count);

		link_add(scene, taken != NOWHERE
					? taken
					: last_done(scene, name, "read-lock", lock, scene->count));
	}
}

/* The wait that came last closed the cycle; without one it is the last of those still waiting. */
static void standstill_find(struct scene *scene)
{
	const json_t *waits = json_object_get(scene->detail, "waits"), *actor, *last = NULL;
	const json_t *cycle = field_array(waits, "cycle");
	const char *object, *why;
	ssize_t step = NOWHERE;
	size_t i;

	json_array_foreach(field_array(waits, "actors"), i, actor) {
		const char *name = field_text(actor, "actor");
		ssize_t wait = last_wait(scene, name);

		if (json_array_size(cycle) && !array_names(cycle, name))
			continue;
		if (wait > step) {
			step = wait;
			last = actor;
		}
	}
	if (!last)
		return;
	object = field_text(last, "for");
	why = field_text(last, "why");
	if (json_array_size(cycle) > 1) {
		char *text = cycle_text(cycle);

		found(scene, (size_t)step, format("closes the cycle %s", text), NULL);
		free(text);
	} else if (json_array_size(cycle)) {
		found(scene, (size_t)step, format("waits for itself"), NULL);
	} else {
		found(scene, (size_t)step,
			*why ? format("waits for %s, %s", *object ? object : "it", why)
			     : format("still waits at the end"),
			NULL);
	}
	json_array_foreach(field_array(waits, "actors"), i, actor) {
		if (!json_array_size(cycle) || array_names(cycle, field_text(actor, "actor")))
			waits_link(scene, actor);
	}
}

/* Whether the actor is waiting for the object just before step `at`. */
static bool waiting_at(const struct scene *scene, const char *actor, const char *object, size_t at)
{
	ssize_t last = last_of(scene, actor, at);

	return last != NOWHERE && is_wait(&scene->at[last]) && is(scene->at[last].variable, object);
}

static bool any_waiting_at(const struct scene *scene, const char *object, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (is_wait(&scene->at[i]) && waiting_at(scene, scene->at[i].actor, object, at))
			return true;
	return false;
}

/* Whether the waiter had read what step `at` writes, and did not read it again before its wait. */
static bool outdates(const struct scene *scene, size_t at, size_t wait)
{
	const char *waiter = scene->at[wait].actor;
	bool read = false;

	if (!scene->at[at].writes || !*scene->at[at].variable || is(scene->at[at].actor, waiter))
		return false;
	for (size_t i = 0; i < wait; i++) {
		if (!scene->at[i].reads || !is(scene->at[i].actor, waiter) ||
			!is(scene->at[i].variable, scene->at[at].variable))
			continue;
		if (i > at)
			return false;
		read = true;
	}
	return read;
}

/* Whether its actor wrote something between `from` and step `at` that outdates the waiter. */
static bool writer_outdates(const struct scene *scene, size_t from, size_t at, size_t wait)
{
	for (size_t i = from; i < at; i++)
		if (is(scene->at[i].actor, scene->at[at].actor) && outdates(scene, i, wait))
			return true;
	return false;
}

static bool signals(const struct moment *at, const char *object)
{
	return (is(at->op, "signal") || is(at->op, "broadcast")) && is(at->variable, object);
}

/*
 * The signal that a waiter missed, as explore's lost_signal.c chooses it: between its last read and
 * its wait, or after a write of the same actor that the waiter did not see.
 */
static ssize_t signal_missed(const struct scene *scene, size_t wait, const char *object)
{
	const char *waiter = scene->at[wait].actor;
	ssize_t woken = last_done(scene, waiter, "wake", object, wait), lost = NOWHERE,
		last = NOWHERE;
	size_t from = woken == NOWHERE ? 0 : (size_t)woken + 1, looked = wait;

	while (looked > from && !(is(scene->at[looked].actor, waiter) && scene->at[looked].reads))
		looked--;
	for (size_t i = from; i < wait; i++) {
		if (!signals(&scene->at[i], object) || is(scene->at[i].actor, waiter))
			continue;
		last = (ssize_t)i;
		if (i > looked || writer_outdates(scene, from, i, wait))
			lost = (ssize_t)i;
	}
	return lost != NOWHERE ? lost : last;
}

/* The last signal after the wait began: it woke another, or none that could wait. */
static ssize_t signal_elsewhere(const struct scene *scene, size_t wait, const char *object)
{
	for (size_t i = scene->count; i-- > wait + 1;)
		if (signals(&scene->at[i], object))
			return (ssize_t)i;
	return NOWHERE;
}

static void wakeup_find(struct scene *scene)
{
	const json_t *actors = field_array(json_object_get(scene->detail, "waits"), "actors");
	const json_t *actor;
	size_t i;

	json_array_foreach(actors, i, actor) {
		const char *name = field_text(actor, "actor"), *object = field_text(actor, "for");
		ssize_t wait = last_wait(scene, name), lost;
		char *note;

		if (!field_true(actor, "missed_signal") || wait == NOWHERE)
			continue;
		lost = signal_elsewhere(scene, (size_t)wait, object);
		if (lost == NOWHERE)
			lost = signal_missed(scene, (size_t)wait, object);
		if (lost == NOWHERE)
			continue;
		if (lost > wait)
			note = format("signals %s, but does not wake %s", object, name);
		else if (any_waiting_at(scene, object, (size_t)lost))
			note = format("signals %s: %s does not wait yet", object, name);
		else
			note = format("signals %s: nobody waits: lost", object);
		found(scene, (size_t)lost, note, NULL);
		link_add(scene, wait);
		for (size_t k = (size_t)wait; k-- > 0;)
			if (scene->at[k].reads && is(scene->at[k].actor, name)) {
				link_add(scene, (ssize_t)k);
				break;
			}
		return;
	}
}

/* --- misuse and crashes -------------------------------------------------------------------- */

/* The only step in which `bytes` were freed by an actor that the sentence names. */
static ssize_t freed_at(const struct scene *scene, const char *sentence)
{
	ssize_t only = NOWHERE;

	for (size_t i = 0; i < scene->count; i++) {
		char *bytes =
			format("%lld", (long long)field_integer(scene->at[i].json, "bytes", 0));

		if (is(scene->at[i].op, "free") && names(sentence, scene->at[i].actor) &&
			names(sentence, bytes)) {
			if (only != NOWHERE)
				i = scene->count;
			only = i < scene->count ? (ssize_t)i : NOWHERE;
		}
		free(bytes);
	}
	return only;
}

/* The engine stopped the execution at its last step. */
static void failure_find(struct scene *scene)
{
	size_t last = scene->count - 1;
	const struct moment *at = &scene->at[last];
	ssize_t freed;

	if (!is(at->op, "failure"))
		return;
	freed = strstr(at->sentence, "freed") ? freed_at(scene, at->sentence) : NOWHERE;
	found(scene, last,
		freed != NOWHERE
			? format("freed at step %zd by %s", freed + 1, scene->at[freed].actor)
			: format("fails here"),
		NULL);
	link_add(scene, freed);
	/* What was done last to the objects that the sentence is about. */
	for (size_t i = last; i-- > 0 && scene->culprit.link_count < 4;)
		if (!scene->at[i].reads && !scene->at[i].writes && *scene->at[i].variable &&
			names(at->sentence, scene->at[i].variable))
			link_add(scene, (ssize_t)i);
}

/* --- the ledger ---------------------------------------------------------------------------- */

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
		if (!is(put.item, item) && names(at->sentence, put.item))
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
				names(scene->at[i].sentence, entry->item))
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
	found(scene, (size_t)step, note, NULL);
	if (before && before->step)
		link_add(scene, entry_step(scene, before));
}

static void puts_find(struct scene *scene)
{
	struct entry put, before, taken;
	size_t cursor[2] = {0, 0};

	while (entry_next(scene, "puts", cursor, &put)) {
		if (!names(scene->message, put.item))
			continue;
		before = entry_before(scene, "puts", &put, false);
		taken = entry_before(scene, "takes", &put, false);
		if (scene->verdict & SNARL_OVERWRITE && put.place >= 0 && before.step &&
			taken.step < before.step && names(scene->message, before.item))
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

static void takes_find(struct scene *scene)
{
	struct entry taken, before;
	size_t cursor[2] = {0, 0};

	while (entry_next(scene, "takes", cursor, &taken)) {
		bool named = names(scene->message, taken.item);

		before = entry_before(scene, "takes", &taken, true);
		if (scene->verdict & SNARL_DUPLICATE_ITEM && named && before.step)
			entry_found(scene, &taken, &before,
				format("takes %s again: %s took it at step %lld", taken.item,
					before.actor, (long long)entry_step(scene, &before) + 1));
		else if (scene->verdict & SNARL_STALE_READ && taken.place >= 0 &&
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

/* --- values -------------------------------------------------------------------------------- */

/*
 * Accesses of one actor that another actor's came between, so that no serial order gives these
 * values (Lu, Tucek, Qin, Zhou: "AVIO", ASPLOS 2006): a write of a variable that was read before
 * another's write, two reads around such a write, a read before the write that it needed, or reads
 * of two variables of which another actor had written only one.
 */
struct torn {
	enum { NONE, WROTE_STALE, READ_TWICE, READ_EARLY, READ_MIXED } kind;
	size_t first, second; /* of the one actor; READ_EARLY has no first */
	size_t other;	      /* the write between them; READ_EARLY, READ_MIXED: the later one */
	size_t earlier;	      /* READ_MIXED: the write that `first` reads */
	unsigned weight;
};

static bool races_between(const struct scene *scene, size_t earlier, size_t later)
{
	const json_t *array = field_array(scene->at[later].json, "races_with"), *one;
	size_t i;

	json_array_foreach(array, i, one) {
		if (json_integer_value(one) == (json_int_t)earlier + 1)
			return true;
	}
	return false;
}

/* Whether the actor was preempted in one of these steps. */
static bool preempted_in(const struct scene *scene, const char *actor, size_t from, size_t to)
{
	for (size_t i = from; i <= to; i++)
		if (field_is(scene->at[i].json, "preempted", actor))
			return true;
	return false;
}

static bool torn_races(const struct scene *scene, const struct torn *torn)
{
	if (torn->kind == READ_EARLY || torn->kind == READ_MIXED)
		return races_between(scene, torn->second, torn->other);
	return races_between(scene, torn->first, torn->other) ||
	       races_between(scene, torn->other, torn->second);
}

/* Whether a preemption made room for it. */
static bool torn_preempts(const struct scene *scene, const struct torn *torn)
{
	const char *actor = scene->at[torn->second].actor, *other = scene->at[torn->other].actor;

	if (torn->kind == READ_EARLY)
		return preempted_in(scene, other, 0, torn->second);
	if (torn->kind == READ_MIXED)
		return preempted_in(scene, other, torn->earlier + 1, torn->second);
	return preempted_in(scene, actor, torn->first + 1, torn->other);
}

/* Keep the better one: what nothing but the order of steps suggests may well be meant so. */
static void torn_take(const struct scene *scene, struct torn *best, struct torn torn)
{
	bool races = torn_races(scene, &torn), preempted = torn_preempts(scene, &torn);

	if (!races && !preempted && !(scene->verdict & SNARL_LOST_UPDATE))
		return;
	torn.weight = (torn.kind == READ_TWICE ? 1 : 3) + 2 * races + 2 * preempted +
		      4 * message_names(scene, scene->at[torn.second].variable);
	if (torn.weight > best->weight)
		*best = torn;
}

/* The access of the same actor to the same variable before step `at`. */
static ssize_t access_before(const struct scene *scene, size_t at)
{
	for (size_t i = at; i-- > 0;)
		if ((scene->at[i].reads || scene->at[i].writes) &&
			is(scene->at[i].variable, scene->at[at].variable) &&
			is(scene->at[i].actor, scene->at[at].actor))
			return (ssize_t)i;
	return NOWHERE;
}

/* The last write of another actor to the variable of step `at`, in (from, at). */
static ssize_t write_between(const struct scene *scene, size_t from, size_t at)
{
	for (size_t i = at; i-- > from + 1;)
		if (scene->at[i].writes && is(scene->at[i].variable, scene->at[at].variable) &&
			!is(scene->at[i].actor, scene->at[at].actor))
			return (ssize_t)i;
	return NOWHERE;
}

/* Step `at` with the access of its actor to the same variable before. */
static void pair_take(const struct scene *scene, struct torn *best, size_t at)
{
	const struct moment *second = &scene->at[at];
	ssize_t first = access_before(scene, at), other;
	struct torn torn = {.second = at};

	if (first == NOWHERE || !is(scene->at[first].op, "read") || is(second->op, "update"))
		return;
	other = write_between(scene, (size_t)first, at);
	if (other == NOWHERE)
		return;
	torn.kind = second->writes ? WROTE_STALE : READ_TWICE;
	torn.first = (size_t)first;
	torn.other = (size_t)other;
	/* A stale value is all that explains a lost update, or a leak. */
	if (torn.kind == WROTE_STALE ||
		(!is(second->old, scene->at[first].old) &&
			!(scene->verdict & (SNARL_LOST_UPDATE | SNARL_LEAK))))
		torn_take(scene, best, torn);
}

/* The last write before the read `at` of the actor of step `later`, to another variable. */
static ssize_t companion_of(const struct scene *scene, size_t at, size_t later)
{
	for (size_t i = at; i-- > 0;)
		if (scene->at[i].writes && is(scene->at[i].actor, scene->at[later].actor))
			return !*scene->at[i].variable ||
					       is(scene->at[i].variable, scene->at[at].variable)
				       ? NOWHERE
				       : (ssize_t)i;
	return NOWHERE;
}

/* The read `at`, before the write `later`, with a read of what the same writer wrote before. */
static void mixed_take(const struct scene *scene, struct torn *best, size_t at, size_t later)
{
	ssize_t companion = companion_of(scene, at, later);

	for (size_t i = at; companion != NOWHERE && i-- > (size_t)companion + 1;)
		if (is(scene->at[i].op, "read") && is(scene->at[i].actor, scene->at[at].actor) &&
			is(scene->at[i].variable, scene->at[companion].variable)) {
			torn_take(scene, best,
				(struct torn){READ_MIXED, i, at, later, (size_t)companion, 0});
			return;
		}
}

/* A read, and the next write of another actor to the same variable. */
static void early_take(const struct scene *scene, struct torn *best, size_t at)
{
	for (size_t i = at + 1; i < scene->count; i++) {
		if (!scene->at[i].writes || !is(scene->at[i].variable, scene->at[at].variable))
			continue;
		if (is(scene->at[i].actor, scene->at[at].actor) ||
			is(scene->at[i].old, scene->at[i].new))
			return;
		if (scene->verdict & SNARL_STALE_READ && races_between(scene, at, i))
			torn_take(scene, best, (struct torn){READ_EARLY, at, at, i, at, 0});
		if (!(scene->verdict & (SNARL_LOST_UPDATE | SNARL_LEAK)))
			mixed_take(scene, best, at, i);
		return;
	}
}

static struct torn torn_find(const struct scene *scene)
{
	struct torn best = {.kind = NONE};

	for (size_t i = 0; i < scene->count; i++) {
		const struct moment *at = &scene->at[i];

		if (!*at->variable)
			continue;
		if (at->reads || at->writes)
			pair_take(scene, &best, i);
		if (is(at->op, "read"))
			early_take(scene, &best, i);
	}
	return best;
}

/* "42 ", or "" for a value that tells a person nothing, such as an address; to be freed. */
static char *value_words(const char *value, const char *before, const char *after)
{
	bool telling = *value && strlen(value) <= VALUE_MAX && strncmp(value, "0x", 2) != 0;

	return telling ? format("%s%s%s", before, value, after) : format("%s", "");
}

static void wrote_stale_say(
	struct scene *scene, const struct torn *torn, const struct moment *other)
{
	const struct moment *at = &scene->at[torn->second];
	size_t read = torn->first + 1, written = torn->other + 1;
	char *value = value_words(at->new, "", " to ");

	if (scene->verdict & SNARL_LOST_UPDATE)
		found(scene, torn->second,
			format("its read at step %zu is stale since step %zu: %s's write is lost",
				read, written, other->actor),
			format("%s wrote %s%s from the value read at step %zu; %s's write at step "
			       "%zu was lost",
				at->actor, value, at->variable, read, other->actor, written));
	else
		found(scene, torn->second,
			format("its read at step %zu is stale since step %zu", read, written),
			format("%s wrote %s%s at step %zu, having read it at step %zu; %s wrote it "
			       "in between, at step %zu",
				at->actor, value, at->variable, torn->second + 1, read,
				other->actor, written));
	free(value);
}

static void read_twice_say(struct scene *scene, const struct torn *torn, const struct moment *other)
{
	const struct moment *at = &scene->at[torn->second];
	size_t read = torn->first + 1, written = torn->other + 1;
	char *before = value_words(scene->at[torn->first].old, " (", ")");
	char *now = value_words(at->old, " (", ")");

	found(scene, torn->second,
		format("not the value of step %zu%s: %s wrote it at step %zu", read, before,
			other->actor, written),
		format("%s read %s at step %zu%s and again at step %zu%s; %s wrote it in between, "
		       "at step %zu",
			at->actor, at->variable, read, before, torn->second + 1, now, other->actor,
			written));
	free(before);
	free(now);
}

static void read_early_say(struct scene *scene, const struct torn *torn, const struct moment *other)
{
	const struct moment *at = &scene->at[torn->second];
	char *now = value_words(at->old, " (", ")"), *later = value_words(other->new, " ", "");

	found(scene, torn->second,
		format("too early: %s writes%s at step %zu", other->actor, later, torn->other + 1),
		format("%s read %s%s at step %zu, before %s wrote%s at step %zu", at->actor,
			at->variable, now, torn->second + 1, other->actor, later, torn->other + 1));
	free(now);
	free(later);
}

static void read_mixed_say(struct scene *scene, const struct torn *torn, const struct moment *other)
{
	const struct moment *first = &scene->at[torn->first], *at = &scene->at[torn->second];
	char *now = value_words(at->old, " (", ")");

	found(scene, torn->second,
		format("before %s writes it at step %zu, but %s is that of its step %zu",
			other->actor, torn->other + 1, first->variable, torn->earlier + 1),
		format("%s read %s of %s's step %zu, but %s%s from before %s's step %zu", at->actor,
			first->variable, other->actor, torn->earlier + 1, at->variable, now,
			other->actor, torn->other + 1));
	free(now);
	link_add(scene, (ssize_t)torn->earlier);
}

static void values_find(struct scene *scene)
{
	static void (*const say[])(
		struct scene * scene, const struct torn *torn, const struct moment *other) = {
		[WROTE_STALE] = wrote_stale_say,
		[READ_TWICE] = read_twice_say,
		[READ_EARLY] = read_early_say,
		[READ_MIXED] = read_mixed_say,
	};
	struct torn torn = torn_find(scene);

	if (torn.kind == NONE)
		return;
	say[torn.kind](scene, &torn, &scene->at[torn.other]);
	if (torn.first != torn.second)
		link_add(scene, (ssize_t)torn.first);
	link_add(scene, (ssize_t)torn.other);
}

/* --- races, memory, faults ----------------------------------------------------------------- */

/* The later access of a race; of the one in the message, if its variable is known. */
static void race_find(struct scene *scene)
{
	ssize_t step = NOWHERE;
	int64_t with;

	for (size_t i = scene->count; i-- > 0;)
		if (json_array_size(field_array(scene->at[i].json, "races_with")) &&
			(step == NOWHERE || message_names(scene, scene->at[i].variable)))
			step = (ssize_t)i;
	if (step == NOWHERE)
		return;
	with = json_integer_value(
		json_array_get(field_array(scene->at[step].json, "races_with"), 0));
	found(scene, (size_t)step,
		format("races with step %lld: nothing orders the two", (long long)with), NULL);
	link_add(scene, (ssize_t)with - 1);
}

static bool freed_later(const struct scene *scene, size_t at)
{
	for (size_t i = at + 1; i < scene->count; i++)
		if (is(scene->at[i].op, "free") &&
			is(scene->at[i].variable, scene->at[at].variable))
			return true;
	return false;
}

static void leak_find(struct scene *scene)
{
	for (size_t i = 0; i < scene->count; i++) {
		const struct moment *at = &scene->at[i];
		char *bytes = format("%lld", (long long)field_integer(at->json, "bytes", 0));
		bool meant = is(at->op, "malloc") && *at->variable && !freed_later(scene, i) &&
			     names(scene->message, bytes) && names(scene->message, at->actor);

		free(bytes);
		if (!meant)
			continue;
		found(scene, i, format("allocates what is never freed"), NULL);
		return;
	}
}

static void fault_find(struct scene *scene)
{
	for (size_t i = scene->count; i-- > 0;)
		if (*field_text(scene->at[i].json, "injected")) {
			found(scene, i, format("the injected fault"), NULL);
			return;
		}
}

/* --- all of it ----------------------------------------------------------------------------- */

struct culprit culprit_find(unsigned verdict, const char *message, const json_t *detail)
{
	/* In this order, until one has found something; each is for some kinds of bugs. */
	static const struct {
		unsigned kinds;
		void (*find)(struct scene *scene);
	} ways[] = {
		{SNARL_LOST_WAKEUP, wakeup_find},
		{SNARL_LOST_WAKEUP | SNARL_DEADLOCK | SNARL_LOCK_ORDER | SNARL_HANG,
			standstill_find},
		{~(unsigned)KINDS_OF_STANDSTILL, failure_find},
		{SNARL_DATA_RACE, race_find},
		{SNARL_OVERWRITE | SNARL_LOST_ITEM, puts_find},
		{SNARL_DUPLICATE_ITEM | SNARL_STALE_READ | SNARL_TORN_MESSAGE | SNARL_OUT_OF_ORDER,
			takes_find},
		{~(unsigned)(KINDS_OF_STANDSTILL | SNARL_CRASH), values_find},
		{SNARL_LEAK, leak_find},
		{~(unsigned)(KINDS_OF_STANDSTILL), fault_find},
	};
	const json_t *trace = field_array(detail, "trace"), *step;
	struct scene scene = {.detail = detail,
		.message = message,
		.verdict = verdict,
		.count = json_array_size(trace)};
	size_t i;

	if (!scene.count)
		return scene.culprit;
	scene.at = calloc(scene.count, sizeof *scene.at);
	if (!scene.at)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	json_array_foreach(trace, i, step)
		scene.at[i] = moment_of(step);
	for (i = 0; i < sizeof ways / sizeof *ways && !scene.culprit.known; i++)
		if (ways[i].kinds & verdict)
			ways[i].find(&scene);
	free(scene.at);
	return scene.culprit;
}

void culprit_free(struct culprit *culprit)
{
	free(culprit->note);
	free(culprit->cause);
}
