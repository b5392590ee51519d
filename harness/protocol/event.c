/* event.c - the child's side of the event stream. */
#include "event.h"
#include "exit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int event_fd = STDOUT_FILENO; /* set once, before any actor runs */

void event_open(int fd)
{
	event_fd = fd;
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
	char *line;
	size_t length, done = 0;

	json_object_set_new(object, "v", json_integer(EVENT_VERSION));
	json_object_set_new(object, "type", json_string(type));
	line = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	if (!line)
		abort();
	length = strlen(line);
	line[length++] = '\n'; /* in place of the NUL: one write, one line */
	while (done < length) {
		ssize_t wrote = write(event_fd, line + done, length - done);

		if (wrote <= 0)
			_exit(EXIT_EVENTS_LOST);
		done += (size_t)wrote;
	}
	free(line);
}

void event_crash(const char *actor, const char *point, uint64_t execution)
{
	char line[512];
	int length = snprintf(line, sizeof line,
		"{\"v\":%d,\"type\":\"crash\",\"actor\":\"%s\",\"point\":\"%s\",\"execution\":%llu}"
		"\n",
		EVENT_VERSION, actor, point, (unsigned long long)execution);

	if (length > 0 && write(event_fd, line, (size_t)length) < 0)
		_exit(EXIT_EVENTS_LOST);
}

void event_fatal(const char *format, ...)
{
	char message[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	event_write("error", json_pack("{s:o}", "message", event_text(message)));
	_exit(EXIT_COULD_NOT_RUN);
}
