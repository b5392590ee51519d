/* declared.c - what a subject declares, held against its program. */
#include "declared.h"

#include "text.h"

char *declared_misuse(struct symbols *symbols, const struct subject *subject)
{
	const struct declaration *declared = subject->declaration;
	const json_t *member;
	size_t i;

	if (!symbols_know_source(symbols))
		return NULL;
	json_array_foreach(json_object_get(subject->json, "observe"), i, member) {
		const char *name = json_string_value(member);

		if (!symbols_have_member(symbols, name))
			return format("the state has no member '%s' that .observe could show: name "
				      "a member of the struct of .state_size (%zu) bytes",
				name, subject->state_size);
	}
	if (declared && declared->race_in && !symbols_have_function(symbols, declared->race_in))
		return format("there is no function '%s' for .expect.race_in: name the one that "
			      "has the racing access",
			declared->race_in);
	return NULL;
}
