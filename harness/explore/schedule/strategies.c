/* strategies.c - the strategies that search, by name. */
#include "strategies.h"

#include <string.h>

#include "strategy_names.h"

#define KIND(name) &strategy_##name
#define COMMA ,
static const struct strategy_kind *const searching[] = {STRATEGIES(KIND, COMMA)};

const struct strategy_kind *strategy_find(const char *name)
{
	for (size_t i = 0; i < sizeof searching / sizeof *searching; i++)
		if (strcmp(searching[i]->name, name) == 0)
			return searching[i];
	return NULL;
}

const char *strategy_named(unsigned number)
{
	return number < sizeof searching / sizeof *searching ? searching[number]->name : NULL;
}
