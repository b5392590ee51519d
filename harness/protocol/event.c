/* event.c - the child's side of the event stream. */
#define _GNU_SOURCE
#include "event.h"
#include "exit.h"
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { EVENT_QUOTED_MAX = 256 };

extern const char __executable_start; /* from the linker */

/* Set once, before any actor runs. */
static int event_fd = STDOUT_FILENO;
static char event_begin[EVENT_PREFIX_MAX] = "{";

void event_prefix(char prefix[EVENT_PREFIX_MAX], const char *key)
{
	snprintf(prefix, EVENT_PREFIX_MAX, *key ? "{\"key\":\"%s\"," : "{", key);
}

void event_open(int fd, const char *key)
{
	event_fd = fd;
	event_prefix(event_begin, key);
}

bool event_goes_to(int fd)
{
	return fd == event_fd;
}

json_t *event_text(const char *text)
{
	json_t *string = json_string(text);
	char *copy;

	if (string)
		return string;
	copy = strdup(text);
	if (!copy)
		abort();
	for (char *at = copy; *at; at++)
		if (*at & 0x80)
			*at = '?';
	string = json_string(copy);
	free(copy);
	return string;
}

json_t *event_bytes(const void *bytes, size_t size)
{
	const unsigned char *byte = bytes;
	char *text;
	json_t *string;

	if (size > EVENT_BYTES_MAX)
		return json_null();
	text = calloc(2 * size + 1, 1);
	for (size_t i = 0; text && i < size; i++)
		sprintf(text + 2 * i, "%02x", byte[i]);
	string = json_string(text ? text : "");
	free(text);
	return string;
}

void event_stack_add(json_t *stack, const void *pc, uintptr_t base)
{
	json_array_append_new(stack, json_integer((json_int_t)((uintptr_t)pc - base)));
}

void event_write(const char *type, json_t *object)
{
	char *json, *line;
	size_t length, done = 0;

	json_object_set_new(object, "v", json_integer(EVENT_VERSION));
	json_object_set_new(object, "type", json_string(type));
	json = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	if (!json)
		abort();
	line = format("%s%s\n", event_begin, json + 1); /* one write, one line */
	free(json);
	length = strlen(line);
	while (done < length) {
		ssize_t wrote = write(event_fd, line + done, length - done);

		if (wrote <= 0)
			_exit(EXIT_EVENTS_LOST);
		done += (size_t)wrote;
	}
	free(line);
}

/* The text as a JSON string, without its end if it is long; "?" for what is no printable UTF-8. */
static const char *text_quoted(const char *text, char quoted[EVENT_QUOTED_MAX])
{
	size_t length = 0;

	quoted[length++] = '"';
	while (*text && length < EVENT_QUOTED_MAX - sizeof "four\"") {
		uint32_t character;
		size_t bytes = text_character(text, &character);

		if (text_controls(character))
			bytes = 0;

		if (*text == '"' || *text == '\\')
			quoted[length++] = '\\';
		if (!bytes)
			quoted[length++] = '?';
		for (size_t i = 0; i < bytes; i++)
			quoted[length++] = text[i];
		text += bytes ? bytes : 1;
	}
	quoted[length++] = '"';
	quoted[length] = '\0';
	return quoted;
}

/* A line that is put together without the C library. */
struct line {
	char bytes[1024];
	size_t length;
};

static void line_add(struct line *line, const char *text)
{
	while (*text && line->length < sizeof line->bytes)
		line->bytes[line->length++] = *text++;
}

static void line_add_number(struct line *line, uint64_t number)
{
	char digits[24] = "";
	size_t at = sizeof digits - 1;

	do
		digits[--at] = (char)('0' + number % 10);
	while (number /= 10);
	line_add(line, digits + at);
}

void event_crash(const struct event_crash *crash)
{
	struct line line = {.length = 0};
	char quoted[EVENT_QUOTED_MAX];

	line_add(&line, event_begin);
	line_add(&line, "\"v\":");
	line_add_number(&line, EVENT_VERSION);
	line_add(&line, ",\"type\":\"crash\",\"actor\":");
	line_add(&line, crash->actor ? text_quoted(crash->actor, quoted) : "null");
	line_add(&line, ",\"execution\":");
	if (crash->execution >= 0)
		line_add_number(&line, (uint64_t)crash->execution);
	else
		line_add(&line, "null");
	if (crash->point) {
		line_add(&line, ",\"point\":");
		line_add(&line, text_quoted(crash->point, quoted));
	} else {
		line_add(&line, ",\"signal\":");
		line_add_number(&line, (uint64_t)crash->signal);
		line_add(&line, ",\"address\":");
		if (crash->at_address)
			line_add_number(&line, (uint64_t)(uintptr_t)crash->address);
		else
			line_add(&line, "null");
	}
	line_add(&line, "}\n");
	if (syscall(SYS_write, event_fd, line.bytes, line.length) < 0)
		syscall(SYS_exit_group, EXIT_EVENTS_LOST);
}

/* A sentence; it is cut if it is longer than any should be. */
static json_t *message_text(const char *format, va_list arguments)
{
	char message[1024];

	vsnprintf(message, sizeof message, format, arguments);
	return event_text(message);
}

void event_fatal(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	event_write("error", json_pack("{s:o}", "message", message_text(format, arguments)));
	va_end(arguments);
	_exit(EXIT_COULD_NOT_RUN);
}

void event_misuse(const void *pc, const char *format, ...)
{
	json_t *stack = json_array();
	va_list arguments;

	if (pc)
		event_stack_add(stack, pc, (uintptr_t)&__executable_start);
	va_start(arguments, format);
	event_write("error", json_pack("{s:o, s:b, s:o}", "message",
				     message_text(format, arguments), "misuse", 1, "stack", stack));
	va_end(arguments);
	_exit(EXIT_COULD_NOT_RUN);
}
