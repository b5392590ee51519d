/* args.c - arguments as bytes, and as JSON. */
#include "args.h"

#include <errno.h>
#include <string.h>

int args_add(struct args *args, const char *word)
{
	size_t size = strlen(word) + 1;
	json_t *text = json_string(word);

	json_decref(text);
	if (!text)
		return -EINVAL;
	if (size > sizeof args->text - args->size)
		return -ENOSPC;
	memcpy(args->text + args->size, word, size);
	args->size += (unsigned)size;
	return 0;
}

char *args_next(struct args *args, const char *word)
{
	char *next = word ? args->text + (word - args->text) + strlen(word) + 1 : args->text;

	return next < args->text + args->size ? next : NULL;
}

json_t *args_json(const struct args *args)
{
	json_t *array = json_array();

	for (unsigned at = 0; at < args->size; at += (unsigned)strlen(args->text + at) + 1)
		json_array_append_new(array, json_string(args->text + at));
	return array;
}

int args_read(const json_t *array, struct args *args)
{
	const json_t *word;
	size_t i;

	json_array_foreach(array, i, word) {
		const char *text = json_string_value(word);

		if (!text || args_add(args, text) != 0)
			return -EINVAL;
	}
	return 0;
}
