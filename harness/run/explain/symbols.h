/*
 * symbols.h - addresses of a case's program as names, from its DWARF through elfutils.
 *
 * This is done in the parent, after the run: the child sends only offsets, so no look-up slows an
 * actor.
 */
#ifndef SNARL_RUN_SYMBOLS_H
#define SNARL_RUN_SYMBOLS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbols;

/*
 * Open the debug information of `program`. `root` is cut from the front of file names; the state's
 * type is the struct of `state_size` bytes that the file `source` defines; if there are more, one
 * with all these members. NULL if there is none.
 */
struct symbols *symbols_open(const char *program, const char *root, const char *source,
	size_t state_size, const json_t *members);
void symbols_close(struct symbols *symbols);

/*
 * Append the frames at a return address, innermost first, inlined functions included:
 * {"function","file","line","column"}.
 */
void symbols_frames(struct symbols *symbols, uint64_t return_address, json_t *frames);

/*
 * The name of the member `offset` bytes into the state: "slots[2]". To be freed; NULL if unknown.
 */
char *symbols_member(struct symbols *symbols, size_t offset);

/*
 * The value of a scalar that lies `offset` bytes into the state, from its `size` bytes, by its type
 * there; as text, to be freed. A plain signed number if the type is not known.
 */
char *symbols_scalar(struct symbols *symbols, size_t offset, const unsigned char *bytes,
	size_t size, const json_t *actors);

/* Name of the global at an offset into the program; to be freed; NULL if unknown. */
char *symbols_global(struct symbols *symbols, uint64_t address);

/*
 * The value of one member in a copy of the state, as text: "3", "[1, 2, 0]"; items of the ledger as
 * "producer#2". To be freed; NULL if the state has no such member.
 */
char *symbols_value(struct symbols *symbols, const char *member, const unsigned char *state,
	const json_t *actors);

/* Whether there is debug information about the scenario's file. */
bool symbols_know_source(const struct symbols *symbols);

/* Whether the state has a member of this name, which reports can show. */
bool symbols_have_member(struct symbols *symbols, const char *name);

/* Whether a function of this name may be in a stack: it is linked, or inlined. */
bool symbols_have_function(struct symbols *symbols, const char *name);

/* Where the scenario is declared: {"file","line"}, a new reference; NULL if unknown. */
json_t *symbols_scenario_place(struct symbols *symbols);

#endif
