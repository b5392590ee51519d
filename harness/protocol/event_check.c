/* event_check.c - checks events against their table. */
#include "event_check.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "event.h"
#include "field.h"
#include "text.h"

static const char or_null[] = " or null", if_any[] = " if any", list[] = "list ";

static char *fields_problem(const char *type, const json_t *object);

static bool ends_with(const char *text, size_t length, const char *end)
{
	size_t tail = strlen(end);

	return length >= tail && strncmp(text + length - tail, end, tail) == 0;
}

static bool is_hex(const json_t *value)
{
	const char *text = json_string_value(value);
	size_t length = text ? strlen(text) : 1;

	for (size_t i = 0; text && i < length; i++)
		if (!isxdigit((unsigned char)text[i]))
			return false;
	return length % 2 == 0;
}

static bool is_simple(const json_t *value, const char *kind)
{
	return is(kind, "text")	     ? json_is_string(value)
	       : is(kind, "integer") ? json_is_integer(value)
	       : is(kind, "real")    ? json_is_number(value)
	       : is(kind, "bool")    ? json_is_boolean(value)
	       : is(kind, "hex")     ? is_hex(value)
	       : is(kind, "frame")   ? json_is_integer(value) || json_is_string(value)
				     : false;
}

/* What is wrong with a value; `kind` has no "or null" and no "if any". To be freed. */
static char *value_problem(const json_t *value, const char *kind)
{
	const json_t *element;
	char *problem;
	size_t i;

	if (strncmp(kind, list, strlen(list)) == 0) {
		if (!json_is_array(value))
			return format("is not a list");
		json_array_foreach(value, i, element) {
			problem = value_problem(element, kind + strlen(list));
			if (problem)
				return problem;
		}
		return NULL;
	}
	if (*kind == '.')
		return json_is_object(value) ? fields_problem(kind, value)
					     : format("is not an object %s", kind + 1);
	return is_simple(value, kind) ? NULL : format("is not of type %s", kind);
}

static char *field_problem(const struct event_field *field, const json_t *value)
{
	size_t length = strlen(field->kind);
	bool optional = ends_with(field->kind, length, if_any), nullable;
	char *kind, *problem;

	length -= optional ? strlen(if_any) : 0;
	nullable = ends_with(field->kind, length, or_null);
	length -= nullable ? strlen(or_null) : 0;
	if (!value)
		return optional ? NULL : format("is missing");
	if (json_is_null(value))
		return nullable ? NULL : format("is null");
	kind = format("%.*s", (int)length, field->kind);
	problem = value_problem(value, kind);
	free(kind);
	return problem;
}

static bool is_known(const char *type, const char *name)
{
	for (const struct event_field *field = event_fields; field->type; field++)
		if (is(field->type, type) && is(field->field, name))
			return true;
	return *type != '.' && (is(name, "v") || is(name, "type"));
}

static char *fields_problem(const char *type, const json_t *object)
{
	const char *name;
	json_t *value;

	for (const struct event_field *field = event_fields; field->type; field++) {
		char *problem, *sentence;

		if (!is(field->type, type))
			continue;
		problem = field_problem(field, json_object_get(object, field->field));
		if (!problem)
			continue;
		sentence = format("'%s' of '%s' %s", field->field, type, problem);
		free(problem);
		return sentence;
	}
	json_object_foreach((json_t *)object, name, value) {
		if (!is_known(type, name))
			return format("'%s' is not a field of '%s'", name, type);
	}
	return NULL;
}

char *event_problem(const json_t *event)
{
	const char *type = field_text(event, "type");

	if (field_integer(event, "v", 0) != EVENT_VERSION)
		return format("its version is %lld, not %d",
			(long long)field_integer(event, "v", 0), EVENT_VERSION);
	for (const struct event_field *field = event_fields; field->type; field++)
		if (*type != '.' && is(field->type, type))
			return fields_problem(type, event);
	return format("there is no event '%s'", type);
}
