/* symbol.h - names of the case's own functions. */
#ifndef SNARL_CASE_SYMBOL_H
#define SNARL_CASE_SYMBOL_H

/*
 * Make names known. Before any actor runs: the file that it opens might order them, for a detector.
 */
void symbol_open(void);

/* The name of the function that begins at the address; NULL: not known. Valid for good. */
const char *symbol_name(const void *address);

#endif
