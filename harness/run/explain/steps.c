/* steps.c - the steps that explore reports, in words. */
#define _GNU_SOURCE
#include "steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "exit.h"
#include "field.h"
#include "text.h"

enum { SCALAR_MAX = 8, DATA_MAX = 64, DATA_LETTERS_MAX = 24 };

char *steps_sentence(struct symbols *symbols, const char *sentence)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	while (*sentence) {
		unsigned long long offset;
		char *name = NULL;
		int length = 0;

		if (sscanf(sentence, "<state+%llu>%n", &offset, &length) == 1 && length)
			name = symbols_member(symbols, offset);
		else if (sscanf(sentence, "<program+%llu>%n", &offset, &length) == 1 && length)
			name = symbols_global(symbols, offset);
		if (name) {
			fputs(name, out);
			sentence += length;
		} else {
			fputc(*sentence++, out);
		}
		free(name);
	}
	fclose(out);
	return text;
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/*
 * Whether a frame is the harness's, or what the build puts between a variant and its call. The
 * harness is compiled as if it were in /snarl, so that no user's folder is taken for it.
 */
static bool is_ours(const json_t *frame)
{
	const char *file = field_text(frame, "file");

	return begins(file, "/snarl/harness/") || begins(file, "/snarl/injectors/") ||
	       begins(field_text(frame, "function"), "snarl_wrap_");
}

json_t *steps_stack(struct symbols *symbols, const json_t *stack)
{
	static const char interceptor[] = "__interceptor_";
	json_t *frames = json_array(), *address;
	size_t i;

	json_array_foreach(stack, i, address) {
		if (json_is_integer(address) && symbols)
			symbols_frames(symbols, (uint64_t)json_integer_value(address), frames);
		else if (json_is_string(address))
			json_array_append_new(
				frames, json_pack("{s:O, s:s, s:i, s:i}", "function", address,
						"file", "", "line", 0, "column", 0));
	}
	json_array_foreach(frames, i, address) {
		const char *name = field_text(address, "function");

		/* To its caller, TSan's interceptor of a library function is that function. */
		if (begins(name, interceptor)) {
			json_t *plain = json_string(name + strlen(interceptor));

			json_object_set_new(address, "function", plain);
		}
	}
	/*
	 * The caller of the actor is the harness, and its caller a library: no part of the story.
	 */
	for (i = json_array_size(frames); i-- > 0;) {
		const json_t *frame = json_array_get(frames, i);

		if (is_ours(frame) ||
			(!*field_text(frame, "file") && i + 1 == json_array_size(frames)))
			json_array_remove(frames, i);
	}
	return frames;
}

/* The same instructions are reached again and again: each stack is looked up once. */
static json_t *stack_cached(struct symbols *symbols, json_t *cache, const json_t *addresses)
{
	char *key = json_dumps(addresses, JSON_COMPACT);
	json_t *frames = key ? json_incref(json_object_get(cache, key)) : NULL;

	if (!frames) {
		frames = steps_stack(symbols, addresses);
		if (key)
			json_object_set(cache, key, frames);
	}
	free(key);
	return frames;
}

char *steps_place(struct symbols *symbols, const json_t *place)
{
	const json_t *state = json_object_get(place, "state_offset");
	const json_t *program = json_object_get(place, "program_offset");
	const json_t *heap = json_object_get(place, "heap_offset");
	const char *known = field_text(place, "name");
	char *name = NULL;

	if (state && symbols)
		name = symbols_member(symbols, (size_t)json_integer_value(state));
	else if (program && symbols)
		name = symbols_global(symbols, (uint64_t)json_integer_value(program));
	else if (heap)
		name = format("heap+%lld", (long long)json_integer_value(heap));
	else if (*known) /* the name may stand for a variable */
		name = symbols ? steps_sentence(symbols, known) : format("%s", known);
	return name;
}

static char *value_text(
	struct symbols *symbols, const json_t *step, const char *hex, const json_t *actors)
{
	const json_t *offset = json_object_get(json_object_get(step, "place"), "state_offset");
	unsigned char bytes[SCALAR_MAX] = {0};
	size_t size = 0;

	while (size < SCALAR_MAX && sscanf(hex + 2 * size, "%2hhx", &bytes[size]) == 1)
		size++;
	/* An offset beyond the state gives a plain number. */
	return symbols_scalar(symbols, offset ? (size_t)json_integer_value(offset) : SIZE_MAX,
		bytes, size, actors);
}

/* "reads counter: 5", "stores in: 0 → 1" */
static char *access_sentence(const json_t *step, const char *variable)
{
	const char *op = field_text(step, "op"), *old = field_text(step, "old"),
		   *new = field_text(step, "new");
	bool atomic = json_is_true(json_object_get(step, "atomic"));

	if (is(op, "read"))
		return format("%s %s: %s", atomic ? "loads" : "reads", variable, old);
	return format("%s %s: %s → %s",
		is(op, "update") ? "updates"
		: atomic	 ? "stores"
				 : "writes",
		variable, old, new);
}

static char *held_text(const json_t *step)
{
	const char *holder = field_text(step, "held_by");

	if (is(holder, field_text(step, "actor")))
		return format(", held by itself");
	return *holder ? format(", held by %s", holder) : format("%s", "");
}

static char *wait_sentence(const json_t *step, const char *variable)
{
	const char *other = field_text(step, "other");
	char *held, *sentence;

	if (*other)
		return format("waits for %s to end", other);
	held = held_text(step);
	sentence = format("waits for %s%s", variable, held);
	free(held);
	return sentence;
}

static char *trylock_sentence(const json_t *step, const char *variable)
{
	char *held = held_text(step);
	char *sentence = format("fails to acquire %s%s", variable, held);

	free(held);
	return sentence;
}

/* ": 'go north'", ": producer#1", or "" if the bytes are not known. */
static char *data_text(const struct subject *subject, const json_t *step)
{
	unsigned char data[DATA_MAX];
	size_t known = bytes_decode(field_text(step, "data"), data, sizeof data);
	size_t count = (size_t)json_integer_value(json_object_get(step, "bytes"));
	char *item = bytes_item(data, known, subject->json), *bytes, *text;

	if (!known)
		return format("%s", "");
	if (item && count == sizeof(uint32_t))
		text = format(": %s", item);
	else if (item)
		text = format(": %s and %zu more", item, count - sizeof(uint32_t));
	else {
		bytes = bytes_text(data, known, count, DATA_LETTERS_MAX);
		text = format(": %s", bytes);
		free(bytes);
	}
	free(item);
	return text;
}

/* "reads 3 of 8 bytes from ends[0]: 'go '" */
static char *transfer_sentence(
	const struct subject *subject, const json_t *step, const char *variable, bool input)
{
	json_int_t bytes = json_integer_value(json_object_get(step, "bytes"));
	json_int_t asked = json_integer_value(json_object_get(step, "asked"));
	char *of = bytes == asked ? format("%s", "") : format(" of %lld", (long long)asked);
	char *data = data_text(subject, step);
	char *sentence = format("%s %lld%s byte%s %s %s%s", input ? "reads" : "writes",
		(long long)bytes, of, asked == 1 ? "" : "s", input ? "from" : "to", variable, data);

	free(of);
	free(data);
	return sentence;
}

/* A step's sentence, and what else it carried: descriptors. */
static char *carried_sentence(struct symbols *symbols, const json_t *step, char *sentence)
{
	char *what = steps_sentence(symbols, field_text(step, "what"));
	char *whole = format("%s; %s", sentence, what);

	free(what);
	free(sentence);
	return whole;
}

static char *step_sentence(const struct subject *subject, const json_t *step, const char *variable)
{
	/* Operations that need only the object's name. */
	static const struct {
		const char *op, *words;
	} plain[] = {
		{"lock", "locks %s"},
		{"read-lock", "locks %s for reading"},
		{"unlock", "unlocks %s"},
		{"wake", "wakes from %s"},
		{"signal", "signals %s"},
		{"broadcast", "wakes all waiters on %s"},
		{"take", "takes one from %s"},
		{"post", "adds one to %s"},
		{"arrive", "arrives at %s"},
		{"once", "passes %s (initialised)"},
		{"close", "closes %s"},
	};
	const char *op = field_text(step, "op");
	json_int_t bytes = json_integer_value(json_object_get(step, "bytes"));

	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		if (is(op, plain[i].op)) {
			const char *at = strstr(plain[i].words, "%s");

			return format("%.*s%s%s", (int)(at - plain[i].words), plain[i].words,
				variable, at + 2);
		}
	if (is(op, "wait"))
		return wait_sentence(step, variable);
	if (is(op, "trylock"))
		return trylock_sentence(step, variable);
	if (is(op, "yield"))
		return format("yields");
	if (is(op, "sleep"))
		return format("sleeps, which orders nothing");
	if (is(op, "clock"))
		return format("reads the clock");
	if (is(op, "input") || is(op, "output"))
		return transfer_sentence(subject, step, variable, is(op, "input"));
	if (is(op, "malloc"))
		return format("allocates %lld byte%s", (long long)bytes, bytes == 1 ? "" : "s");
	if (is(op, "free"))
		return format("frees %lld byte%s", (long long)bytes, bytes == 1 ? "" : "s");
	if (is(op, "create"))
		return format("creates %s", field_text(step, "other"));
	if (is(op, "join"))
		return format("joins %s", field_text(step, "other"));
	if (is(op, "fence"))
		return format("passes a fence");
	if (is(op, "fault"))
		return format("injected: %s", field_text(step, "what"));
	return access_sentence(step, variable);
}

static void text_set(json_t *step, const char *key, char *text)
{
	json_object_set_new(step, key, text ? json_string(text) : json_null());
	free(text);
}

static void values_symbolise(struct symbols *symbols, json_t *step, const json_t *actors)
{
	static const char *const keys[] = {"old", "new"};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		const char *hex = field_text(step, keys[i]);

		if (*hex)
			text_set(step, keys[i], value_text(symbols, step, hex, actors));
	}
}

static unsigned char *state_bytes(const char *hex, size_t size)
{
	unsigned char *bytes = calloc(1, size + 1);

	if (!bytes)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	for (size_t i = 0; i < size && hex[2 * i] && hex[2 * i + 1]; i++)
		sscanf(hex + 2 * i, "%2hhx", &bytes[i]);
	return bytes;
}

json_t *steps_observed(struct symbols *symbols, const struct subject *subject, const char *hex)
{
	const json_t *catalog = subject->json;
	size_t i, size = (size_t)json_integer_value(json_object_get(catalog, "state_size"));
	unsigned char *state = state_bytes(hex, size);
	json_t *observed = json_array(), *member;

	json_array_foreach(json_object_get(catalog, "observe"), i, member) {
		char *value = symbols_value(symbols, json_string_value(member), state,
			json_object_get(catalog, "actors"));

		json_array_append_new(observed,
			json_pack("{s:O, s:s}", "name", member, "value", value ? value : "?"));
		free(value);
	}
	free(state);
	return observed;
}

/* Whether the step is a wait for this lock by that call. */
static bool waits_in(const json_t *step, const char *call, const char *lock)
{
	return field_is(step, "op", "wait") && strstr(field_text(step, "call"), call) && *lock &&
	       field_is(step, "waits_for", lock);
}

/* The last actor before step `at` that still waits to write; "" if there is none. */
static const char *pending_writer(const json_t *trace, size_t at, const char *lock)
{
	for (size_t i = at; i-- > 0;) {
		const json_t *step = json_array_get(trace, i);
		const char *actor = field_text(step, "actor");
		bool moved = false;

		for (size_t k = i + 1; k < at; k++)
			moved |= field_is(json_array_get(trace, k), "actor", actor);
		if (!moved && waits_in(step, "wrlock", lock))
			return actor;
	}
	return "";
}

/* A reader that no holder keeps out waits behind a writer, which holds nothing yet. */
static void blocked_explain(json_t *trace, size_t i)
{
	json_t *step = json_array_get(trace, i);
	const char *lock = field_text(step, "waits_for"), *writer;

	if (!waits_in(step, "rdlock", lock) || *field_text(step, "held_by"))
		return;
	writer = pending_writer(trace, i, lock);
	if (*writer)
		text_set(step, "sentence",
			format("waits for %s, blocked by %s's pending write lock", lock, writer));
}

static void step_symbolise(
	struct symbols *symbols, const struct subject *subject, json_t *step, json_t *cache)
{
	const char *op = field_text(step, "op");
	char *variable = steps_place(symbols, json_object_get(step, "place"));
	char *end = steps_place(symbols, json_object_get(step, "end"));
	const char *shown = end ? end : variable ? variable : "memory";
	json_t *stack = stack_cached(symbols, cache, json_object_get(step, "stack"));
	const json_t *frame = json_array_get(stack, 0);

	json_object_set_new(step, "variable", variable ? json_string(variable) : json_null());
	json_object_set_new(step, "stack", stack);
	json_object_set(step, "function", json_object_get(frame, "function"));
	json_object_set(step, "file", json_object_get(frame, "file"));
	json_object_set(step, "line", json_object_get(frame, "line"));
	values_symbolise(symbols, step, json_object_get(subject->json, "actors"));
	if (is(op, "failure") || is(op, "call"))
		text_set(step, "sentence", steps_sentence(symbols, field_text(step, "what")));
	else if ((is(op, "input") || is(op, "output")) && *field_text(step, "what"))
		text_set(step, "sentence",
			carried_sentence(symbols, step, step_sentence(subject, step, shown)));
	else
		text_set(step, "sentence", step_sentence(subject, step, shown));
	if (is(op, "fault"))
		text_set(step, "injected",
			format("%s: %s", field_text(step, "call"), field_text(step, "what")));
	if (is(op, "wait"))
		json_object_set_new(
			step, "waits_for", variable || end ? json_string(shown) : json_null());
	json_object_del(step, "end");
	free(end);
	free(variable);
}

void steps_symbolise(struct symbols *symbols, const struct subject *subject, json_t *trace)
{
	json_t *cache = json_object(), *observed = json_array(), *step;
	size_t i;

	json_array_foreach(trace, i, step) {
		const char *state = field_text(step, "state");

		if (*state) {
			json_decref(observed);
			observed = steps_observed(symbols, subject, state);
		}
		step_symbolise(symbols, subject, step, cache);
		blocked_explain(trace, i);
		json_object_set(step, "observed", observed);
		json_object_del(step, "place");
		json_object_del(step, "state");
		json_object_del(step, "what");
		json_object_del(step, "v");
		json_object_del(step, "type");
	}
	json_decref(observed);
	json_decref(cache);
}
