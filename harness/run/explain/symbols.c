/* symbols.c - addresses as names, through libdw. */
#define _GNU_SOURCE
#include "symbols.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "path.h"
#include "text.h"

enum { ARRAY_SHOWN_MAX = 32, VALUE_TEXT_MAX = 96, ITEM_SHIFT = 24, ITEM_MASK = (1 << 24) - 1 };

struct symbols {
	Dwfl *dwfl;
	Dwfl_Module *module;
	const char *root;
	bool has_source; /* it knows the file of the scenario, */
	Dwarf_Die source;
	bool has_state; /* and in it the struct that actors share */
	Dwarf_Die state;
};

static const Dwfl_Callbacks callbacks = {
	.section_address = dwfl_offline_section_address,
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
};

static bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attribute;
	Dwarf_Die bare;

	if (!dwarf_attr_integrate(die, DW_AT_type, &attribute) ||
		!dwarf_formref_die(&attribute, &bare))
		return false;
	/* libdw peels const, volatile and names, but not _Atomic. */
	while (dwarf_peel_type(&bare, type) == 0 && dwarf_tag(type) == DW_TAG_atomic_type)
		if (!dwarf_attr_integrate(type, DW_AT_type, &attribute) ||
			!dwarf_formref_die(&attribute, &bare))
			return false;
	return true;
}

static int number_of(Dwarf_Die *die, unsigned name)
{
	Dwarf_Attribute attribute;
	Dwarf_Word value;

	if (dwarf_formudata(dwarf_attr(die, name, &attribute), &value) != 0)
		return 0;
	return (int)value;
}

/* Name of the type as it was written, before typedefs are resolved; "" if it has none. */
static const char *type_name(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	Dwarf_Die type;
	const char *name = NULL;

	while (dwarf_attr_integrate(die, DW_AT_type, &attribute) &&
		dwarf_formref_die(&attribute, &type)) {
		name = dwarf_diename(&type);
		if (name)
			break;
		die = &type; /* const, volatile, array: the type that it is of */
	}
	return name ? name : "";
}

/* Structs of the API and of the library are no scenario's state, whatever their size. */
static bool is_foreign(Dwarf_Die *type)
{
	const char *name = dwarf_diename(type);

	return name && (strncmp(name, "snarl_", 6) == 0 || strncmp(name, "__", 2) == 0);
}

/* A struct's member of that name, in whichever unnamed struct or union of it; where it begins. */
static bool member_find(Dwarf_Die *type, const char *name, Dwarf_Die *member, size_t *begin)
{
	Dwarf_Die inner, deeper;

	if (dwarf_child(type, member) != 0)
		return false;
	do {
		const char *its_name = dwarf_diename(member);

		if (dwarf_tag(member) != DW_TAG_member)
			continue;
		*begin = (size_t)number_of(member, DW_AT_data_member_location);
		if (its_name && is(its_name, name))
			return true;
		if (!its_name && type_of(member, &inner)) {
			size_t outer = *begin;

			if (member_find(&inner, name, &deeper, begin)) {
				*member = deeper;
				*begin += outer;
				return true;
			}
		}
	} while (dwarf_siblingof(member, member) == 0);
	return false;
}

static bool has_members(Dwarf_Die *type, const json_t *names)
{
	const json_t *name;
	Dwarf_Die member;
	size_t i, begin;

	json_array_foreach(names, i, name) {
		if (!member_find(type, json_string_value(name), &member, &begin))
			return false;
	}
	return true;
}

/* The struct of that size among the scenario's types; one with these members if there are more. */
static void state_find(struct symbols *symbols, size_t size, const json_t *members)
{
	Dwarf_Die type;

	if (!symbols->has_source || dwarf_child(&symbols->source, &type) != 0)
		return;
	do {
		bool fits = dwarf_tag(&type) == DW_TAG_structure_type &&
			    dwarf_bytesize(&type) == (int)size && dwarf_haschildren(&type) &&
			    !is_foreign(&type);

		if (!fits || (symbols->has_state && !has_members(&type, members)))
			continue;
		if (symbols->has_state && has_members(&symbols->state, members))
			return;
		symbols->state = type;
		symbols->has_state = true;
	} while (dwarf_siblingof(&type, &type) == 0);
}

/* The path of the file that the unit is compiled from; to be freed. */
static char *unit_path(Dwarf_Die *unit)
{
	Dwarf_Attribute folder;

	return path_plain(
		dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &folder)), dwarf_diename(unit));
}

static bool unit_is(const struct symbols *symbols, Dwarf_Die *unit, const char *source)
{
	char *path = unit_path(unit);
	bool same = is(path_below(symbols->root, path), source);

	free(path);
	return same;
}

static void source_find(struct symbols *symbols, const char *source)
{
	Dwarf_Die *unit = NULL;
	Dwarf_Addr bias;

	while (!symbols->has_source && (unit = dwfl_module_nextcu(symbols->module, unit, &bias)))
		if (unit_is(symbols, unit, source)) {
			symbols->has_source = true;
			symbols->source = *unit;
		}
}

struct symbols *symbols_open(const char *program, const char *root, const char *source,
	size_t state_size, const json_t *members)
{
	struct symbols *symbols = calloc(1, sizeof *symbols);

	if (!symbols)
		return NULL;
	symbols->root = root;
	symbols->dwfl = dwfl_begin(&callbacks);
	if (symbols->dwfl)
		symbols->module = dwfl_report_offline(symbols->dwfl, "", program, -1);
	if (!symbols->module) {
		symbols_close(symbols);
		return NULL;
	}
	dwfl_report_end(symbols->dwfl, NULL, NULL);
	source_find(symbols, source);
	state_find(symbols, state_size, members);
	return symbols;
}

void symbols_close(struct symbols *symbols)
{
	if (symbols && symbols->dwfl)
		dwfl_end(symbols->dwfl);
	free(symbols);
}

/* `folder`: what `path` is relative to, as those of headers are. */
static void frame_add(const struct symbols *symbols, json_t *frames, const char *folder,
	const char *function, const char *path, int line, int column)
{
	char *plain = path_plain(path ? folder : NULL, path);

	json_array_append_new(frames,
		json_pack("{s:s, s:s, s:i, s:i}", "function", function ? function : "?", "file",
			path_below(symbols->root, plain), "line", line, "column", column));
	free(plain);
}

static const char *call_file(Dwarf_Die *unit, Dwarf_Die *scope)
{
	Dwarf_Files *files;
	size_t count;

	if (dwarf_getsrcfiles(unit, &files, &count) != 0)
		return NULL;
	return dwarf_filesrc(files, (size_t)number_of(scope, DW_AT_call_file), NULL, NULL);
}

/* The unit of an address, by its own ranges: clang writes no .debug_aranges to look it up in. */
static Dwarf_Die *unit_at(struct symbols *symbols, Dwarf_Addr address, Dwarf_Addr *bias)
{
	Dwarf_Die *unit = NULL;

	while ((unit = dwfl_module_nextcu(symbols->module, unit, bias)))
		if (dwarf_haspc(unit, address - *bias) > 0)
			return unit;
	return NULL;
}

void symbols_frames(struct symbols *symbols, uint64_t return_address, json_t *frames)
{
	Dwarf_Addr bias = 0, address;
	Dwarf_Die *unit, *inner = NULL, *scopes = NULL;
	const char *path = NULL, *folder;
	int line = 0, column = 0, count;
	Dwarf_Attribute attribute;
	Dwarf_Line *row;

	dwfl_module_getdwarf(symbols->module, &bias);
	address = return_address - 1 + bias; /* within the call, not behind it */
	unit = unit_at(symbols, address, &bias);
	folder = unit ? dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute)) : NULL;
	row = unit ? dwarf_getsrc_die(unit, address - bias) : NULL;
	if (row) {
		path = dwarf_linesrc(row, NULL, NULL);
		dwarf_lineno(row, &line);
		dwarf_linecol(row, &column);
	}
	count = unit ? dwarf_getscopes(unit, address - bias, &inner) : 0;
	/* The scopes of the innermost as they are nested, not those of its abstract definition. */
	count = count > 0 ? dwarf_getscopes_die(&inner[0], &scopes) : 0;
	for (int i = 0; i < count; i++) {
		int tag = dwarf_tag(&scopes[i]);

		if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram)
			continue;
		/* Code that the optimiser moved has no line: the function's own is the nearest. */
		if (!line)
			dwarf_decl_line(&scopes[i], &line);
		frame_add(symbols, frames, folder, dwarf_diename(&scopes[i]), path, line, column);
		path = call_file(unit, &scopes[i]);
		line = number_of(&scopes[i], DW_AT_call_line);
		column = number_of(&scopes[i], DW_AT_call_column);
	}
	if (count <= 0)
		frame_add(symbols, frames, folder, dwfl_module_addrname(symbols->module, address),
			path, line, column);
	free(inner);
	free(scopes);
}

static bool member_at(Dwarf_Die *type, size_t offset, Dwarf_Die *member, size_t *begin)
{
	if (dwarf_child(type, member) != 0)
		return false;
	do {
		Dwarf_Die its_type;
		Dwarf_Word size;

		*begin = (size_t)number_of(member, DW_AT_data_member_location);
		if (dwarf_tag(member) == DW_TAG_member && type_of(member, &its_type) &&
			dwarf_aggregate_size(&its_type, &size) == 0 && offset >= *begin &&
			offset < *begin + size)
			return true;
	} while (dwarf_siblingof(member, member) == 0);
	return false;
}

/* The library's own types are one object to their user, whatever they are made of. */
static bool is_opaque(const char *type)
{
	return strncmp(type, "pthread_", 8) == 0 || strcmp(type, "sem_t") == 0;
}

/* The name of such an object, or of one in an array of them. */
static char *opaque_at(Dwarf_Die *type, size_t offset, const char *path)
{
	Dwarf_Die element;
	Dwarf_Word size;

	if (dwarf_tag(type) != DW_TAG_array_type || !type_of(type, &element) ||
		dwarf_aggregate_size(&element, &size) != 0 || !size)
		return format("%s", path);
	return format("%s[%zu]", path, offset / size);
}

static char *name_at(Dwarf_Die *type, size_t offset, const char *prefix)
{
	Dwarf_Die member, its_type, element;
	size_t begin;
	char *path, *deeper;

	if (dwarf_tag(type) == DW_TAG_array_type && type_of(type, &element)) {
		Dwarf_Word size;

		if (dwarf_aggregate_size(&element, &size) != 0 || !size)
			return format("%s", prefix);
		path = format("%s[%zu]", prefix, offset / size);
		deeper = name_at(&element, offset % size, path);
	} else if (dwarf_tag(type) == DW_TAG_structure_type &&
		   member_at(type, offset, &member, &begin)) {
		path = format("%s%s%s", prefix, *prefix ? "." : "", dwarf_diename(&member));
		if (!type_of(&member, &its_type))
			return path;
		if (is_opaque(type_name(&member))) {
			deeper = opaque_at(&its_type, offset - begin, path);
			free(path);
			return deeper;
		}
		deeper = name_at(&its_type, offset - begin, path);
	} else {
		return format("%s", prefix);
	}
	free(path);
	return deeper;
}

char *symbols_member(struct symbols *symbols, size_t offset)
{
	return symbols->has_state ? name_at(&symbols->state, offset, "") : NULL;
}

char *symbols_global(struct symbols *symbols, uint64_t address)
{
	int count = dwfl_module_getsymtab(symbols->module);
	Dwarf_Addr bias = 0;

	dwfl_module_getdwarf(symbols->module, &bias);
	/*
	 * At the beginning of a section there are other symbols of the same address: the nearest
	 * will not do.
	 */
	for (int i = 0; i < count; i++) {
		GElf_Sym symbol;
		GElf_Addr value;
		const char *name = dwfl_module_getsym_info(
			symbols->module, i, &symbol, &value, NULL, NULL, NULL);

		if (name && *name && GELF_ST_TYPE(symbol.st_info) == STT_OBJECT &&
			address + bias >= value && address + bias - value < symbol.st_size)
			return format("%s", name);
	}
	return NULL;
}

static void item_text(char *text, uint32_t item, const json_t *actors)
{
	const char *producer = json_string_value(json_array_get(actors, (item >> ITEM_SHIFT) - 1));

	if (!item)
		snprintf(text, VALUE_TEXT_MAX, "empty");
	else if (producer)
		snprintf(text, VALUE_TEXT_MAX, "%s#%u", producer, item & ITEM_MASK);
	else
		snprintf(text, VALUE_TEXT_MAX, "0x%08x", item);
}

/* The size of a scalar in bytes. clang gives none for pointers, which all have the same. */
static int scalar_size(Dwarf_Die *type)
{
	return dwarf_tag(type) == DW_TAG_pointer_type ? (int)sizeof(void *) : dwarf_bytesize(type);
}

static void scalar_text(char *text, Dwarf_Die *type, const unsigned char *bytes)
{
	int size = scalar_size(type), encoding = number_of(type, DW_AT_encoding);
	uint64_t value = 0;
	int64_t negative;

	if (size <= 0 || size > (int)sizeof value) {
		snprintf(text, VALUE_TEXT_MAX, "(%d bytes)", size);
		return;
	}
	memcpy(&value, bytes, (size_t)size); /* little-endian on all that snarl supports */
	negative = (int64_t)(value << (64 - 8 * size)) >> (64 - 8 * size);
	if (dwarf_tag(type) == DW_TAG_pointer_type)
		snprintf(text, VALUE_TEXT_MAX, "0x%llx", (unsigned long long)value);
	else if (encoding == DW_ATE_boolean)
		snprintf(text, VALUE_TEXT_MAX, "%s", value ? "true" : "false");
	else if (encoding == DW_ATE_unsigned || encoding == DW_ATE_unsigned_char)
		snprintf(text, VALUE_TEXT_MAX, "%llu", (unsigned long long)value);
	else
		snprintf(text, VALUE_TEXT_MAX, "%lld", (long long)negative);
}

/*
 * The scalar at an offset into a type: descends through structs, unions (the first that fits) and
 * arrays.
 */
static bool scalar_at(Dwarf_Die *type, size_t offset, Dwarf_Die *scalar, bool *items)
{
	Dwarf_Die member, inner;
	size_t begin;

	if (dwarf_tag(type) == DW_TAG_array_type && type_of(type, &inner)) {
		Dwarf_Word size;

		*items = strcmp(type_name(type), "snarl_item") == 0;
		if (dwarf_aggregate_size(&inner, &size) != 0 || !size)
			return false;
		return scalar_at(&inner, offset % size, scalar, items);
	}
	if (dwarf_tag(type) == DW_TAG_structure_type || dwarf_tag(type) == DW_TAG_union_type) {
		if (!member_at(type, offset, &member, &begin) || !type_of(&member, &inner))
			return false;
		*items = strcmp(type_name(&member), "snarl_item") == 0;
		return scalar_at(&inner, offset - begin, scalar, items);
	}
	*scalar = *type;
	return offset == 0;
}

char *symbols_scalar(struct symbols *symbols, size_t offset, const unsigned char *bytes,
	size_t size, const json_t *actors)
{
	Dwarf_Die scalar;
	char text[VALUE_TEXT_MAX];
	bool items = false;
	int64_t value = 0;

	if (symbols->has_state && scalar_at(&symbols->state, offset, &scalar, &items) &&
		scalar_size(&scalar) == (int)size) {
		uint32_t item;

		memcpy(&item, bytes, items && size == sizeof item ? size : 0);
		if (items && size == sizeof item)
			item_text(text, item, actors);
		else
			scalar_text(text, &scalar, bytes);
		return format("%s", text);
	}
	if (!size || size > sizeof value)
		return format("(%zu bytes)", size);
	memcpy(&value, bytes, size);
	value = value << (64 - 8 * size) >> (64 - 8 * size);
	return format("%lld", (long long)value);
}

/* A struct's members, "{6, 7}"; a scalar as it is. Members that are no scalars are left out. */
static void value_text(char *text, Dwarf_Die *type, const unsigned char *bytes)
{
	Dwarf_Die member, its_type;
	char one[VALUE_TEXT_MAX];
	size_t used = 1;

	if (dwarf_tag(type) != DW_TAG_structure_type || dwarf_child(type, &member) != 0) {
		scalar_text(text, type, bytes);
		return;
	}
	strcpy(text, "{");
	do {
		size_t begin = (size_t)number_of(&member, DW_AT_data_member_location);

		if (dwarf_tag(&member) != DW_TAG_member || !type_of(&member, &its_type) ||
			scalar_size(&its_type) <= 0 ||
			scalar_size(&its_type) > (int)sizeof(uint64_t) ||
			dwarf_tag(&its_type) == DW_TAG_structure_type ||
			dwarf_tag(&its_type) == DW_TAG_array_type)
			continue;
		scalar_text(one, &its_type, bytes + begin);
		if (used + strlen(one) + 3 >= VALUE_TEXT_MAX)
			break;
		used += (size_t)sprintf(text + used, "%s%s", used > 1 ? ", " : "", one);
	} while (dwarf_siblingof(&member, &member) == 0);
	strcpy(text + used, "}");
}

static char *array_text(
	Dwarf_Die *array, const unsigned char *bytes, bool items, const json_t *actors)
{
	Dwarf_Die element;
	Dwarf_Word all = 0, each = 0;
	char *text, one[VALUE_TEXT_MAX];
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out || !type_of(array, &element) || dwarf_aggregate_size(array, &all) != 0 ||
		dwarf_aggregate_size(&element, &each) != 0 || !each)
		die(EXIT_COULD_NOT_RUN, "the debug information of an array cannot be read");
	fputc('[', out);
	for (Dwarf_Word i = 0; i < all / each && i < ARRAY_SHOWN_MAX; i++) {
		uint32_t item;

		memcpy(&item, bytes + i * each, sizeof item < each ? sizeof item : each);
		if (items)
			item_text(one, item, actors);
		else
			value_text(one, &element, bytes + i * each);
		fprintf(out, "%s%s", i ? ", " : "", one);
	}
	fputs(all / each > ARRAY_SHOWN_MAX ? ", ...]" : "]", out);
	fclose(out);
	return text;
}

/*
 * The value of a bit-field, as an unsigned number. DWARF gives its beginning in bits of the struct,
 * or, as before DWARF 5, in bits from the upper end of the unit that it lies in.
 */
static char *bits_text(Dwarf_Die *member, const unsigned char *state)
{
	unsigned count = (unsigned)number_of(member, DW_AT_bit_size);
	unsigned from = (unsigned)number_of(member, DW_AT_data_bit_offset);
	uint64_t value = 0;

	if (dwarf_hasattr(member, DW_AT_bit_offset))
		from = 8 * (unsigned)number_of(member, DW_AT_data_member_location) +
		       8 * (unsigned)number_of(member, DW_AT_byte_size) -
		       (unsigned)number_of(member, DW_AT_bit_offset) - count;
	for (unsigned i = 0; i < count && i < 64; i++)
		value |= (uint64_t)(state[(from + i) / 8] >> (from + i) % 8 & 1) << i;
	return format("%llu", (unsigned long long)value);
}

char *symbols_value(struct symbols *symbols, const char *member, const unsigned char *state,
	const json_t *actors)
{
	Dwarf_Die die, type;
	char text[VALUE_TEXT_MAX];
	size_t begin;
	uint32_t item;
	bool items;

	if (!symbols->has_state || !member_find(&symbols->state, member, &die, &begin) ||
		!type_of(&die, &type))
		return NULL;
	items = strcmp(type_name(&die), "snarl_item") == 0;
	if (dwarf_hasattr(&die, DW_AT_bit_size))
		return bits_text(&die, state);
	if (dwarf_tag(&type) == DW_TAG_array_type)
		return array_text(&type, state + begin, items, actors);
	memcpy(&item, state + begin, items ? sizeof item : 0);
	if (items)
		item_text(text, item, actors);
	else
		value_text(text, &type, state + begin);
	return format("%s", text);
}

bool symbols_know_source(const struct symbols *symbols)
{
	return symbols->has_source;
}

bool symbols_have_member(struct symbols *symbols, const char *name)
{
	Dwarf_Die member;
	size_t begin;

	return symbols->has_state && member_find(&symbols->state, name, &member, &begin);
}

/* The function in the symbol table; the build may have put words before its name. */
static bool is_linked(struct symbols *symbols, const char *function)
{
	int count = dwfl_module_getsymtab(symbols->module);
	size_t length = strlen(function);

	for (int i = 0; i < count; i++) {
		GElf_Sym symbol;
		const char *name = dwfl_module_getsym(symbols->module, i, &symbol, NULL);
		size_t size = name ? strlen(name) : 0;

		if (size >= length && is(name + size - length, function) &&
			(size == length || name[size - length - 1] == '_'))
			return true;
	}
	return false;
}

bool symbols_have_function(struct symbols *symbols, const char *name)
{
	Dwarf_Die *unit = NULL, die;
	Dwarf_Addr bias;

	if (is_linked(symbols, name))
		return true;
	while ((unit = dwfl_module_nextcu(symbols->module, unit, &bias))) {
		if (dwarf_child(unit, &die) != 0)
			continue;
		do {
			const char *its_name = dwarf_diename(&die);

			if (dwarf_tag(&die) == DW_TAG_subprogram && its_name && is(its_name, name))
				return true;
		} while (dwarf_siblingof(&die, &die) == 0);
	}
	return false;
}

json_t *symbols_scenario_place(struct symbols *symbols)
{
	Dwarf_Die die;
	int line;

	if (!symbols->has_source || dwarf_child(&symbols->source, &die) != 0)
		return NULL;
	do {
		const char *name = dwarf_diename(&die), *file;
		json_t *place;
		char *path;

		if (dwarf_tag(&die) != DW_TAG_variable || !name || !is(name, "scenario") ||
			dwarf_decl_line(&die, &line) != 0)
			continue;
		file = dwarf_decl_file(&die); /* libdw finds none for a unit's own file */
		path = file ? path_plain(NULL, file) : unit_path(&symbols->source);
		place = json_pack(
			"{s:s, s:i}", "file", path_below(symbols->root, path), "line", line);
		free(path);
		return place;
	} while (dwarf_siblingof(&die, &die) == 0);
	return NULL;
}
