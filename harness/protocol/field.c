/* field.c - reading JSON that may be damaged. */
#include "field.h"

#include <string.h>

const char *field_text(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

bool field_is(const json_t *object, const char *name, const char *word)
{
	return strcmp(field_text(object, name), word) == 0;
}

int64_t field_integer(const json_t *object, const char *name, int64_t absent)
{
	const json_t *value = json_object_get(object, name);

	return json_is_integer(value) ? json_integer_value(value) : absent;
}

double field_real(const json_t *object, const char *name)
{
	return json_number_value(json_object_get(object, name));
}

bool field_true(const json_t *object, const char *name)
{
	return json_is_true(json_object_get(object, name));
}

json_t *field_array(const json_t *object, const char *name)
{
	json_t *value = json_object_get(object, name);

	return json_is_array(value) ? value : NULL;
}
