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

#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "field.h"
#include "kind.h"
#include "scene.h"
#include "text.h"

enum { WHOLE_MAX = 2000 /* steps: of a longer trace only the end is known */ };

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
		culprit_link(scene, wait);
	json_array_foreach(field_array(actor, "holds"), i, held) {
		const char *lock = field_text(held, "name");
		ssize_t taken = last_done(scene, name, "lock", lock, scene->count);

		culprit_link(scene,
			taken != NOWHERE ? taken
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

		culprit_set(scene, (size_t)step, format("closes the cycle %s", text), NULL);
		free(text);
	} else if (json_array_size(cycle)) {
		culprit_set(scene, (size_t)step, format("waits for itself"), NULL);
	} else {
		culprit_set(scene, (size_t)step,
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

/* Whether any actor may wait for it then: what was before a long trace is not known. */
static bool any_waiting_at(const struct scene *scene, const char *object, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (is_wait(&scene->at[i]) && waiting_at(scene, scene->at[i].actor, object, at))
			return true;
	return scene->count >= WHOLE_MAX;
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
		culprit_set(scene, (size_t)lost, note, NULL);
		culprit_link(scene, wait);
		for (size_t k = (size_t)wait; k-- > 0;)
			if (scene->at[k].reads && is(scene->at[k].actor, name)) {
				culprit_link(scene, (ssize_t)k);
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

		if (is(scene->at[i].op, "free") && has_word(sentence, scene->at[i].actor) &&
			has_word(sentence, bytes)) {
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
	culprit_set(scene, last,
		freed != NOWHERE
			? format("freed at step %zd by %s", freed + 1, scene->at[freed].actor)
			: format("fails here"),
		NULL);
	culprit_link(scene, freed);
	/* What was done last to the objects that the sentence is about. */
	for (size_t i = last; i-- > 0 && scene->culprit.link_count < 4;)
		if (!scene->at[i].reads && !scene->at[i].writes && *scene->at[i].variable &&
			has_word(at->sentence, scene->at[i].variable))
			culprit_link(scene, (ssize_t)i);
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
	culprit_set(scene, (size_t)step,
		format("races with step %lld: nothing orders the two", (long long)with), NULL);
	culprit_link(scene, (ssize_t)with - 1);
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
			     has_word(scene->message, bytes) && has_word(scene->message, at->actor);

		free(bytes);
		if (!meant)
			continue;
		culprit_set(scene, i, format("allocates what is never freed"), NULL);
		return;
	}
}

static void fault_find(struct scene *scene)
{
	for (size_t i = scene->count; i-- > 0;)
		if (*field_text(scene->at[i].json, "injected")) {
			culprit_set(scene, i, format("the injected fault"), NULL);
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
		{SNARL_LIVELOCK, livelock_find},
		{SNARL_STARVATION, starvation_find},
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
	json_array_foreach(trace, i, step) {
		scene.at[i] = moment_of(step);
	}
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
