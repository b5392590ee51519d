/* text.h - strings: comparison, formatting, and text for people. */
#ifndef SNARL_BASE_TEXT_H
#define SNARL_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { TEXT_NUMBER_MAX = 32 /* bytes of a number in groups, with the NUL */ };

/* Whether two texts are the same. */
static inline bool is(const char *text, const char *other)
{
	return strcmp(text, other) == 0;
}

/* A formatted string, to be freed; ends the program if there is no memory. */
char *format(const char *text, ...) __attribute__((format(printf, 1, 2)));

/* Print a sentence for a person to stderr, and end the program with `code` (see exit.h). */
void die(int code, const char *text, ...) __attribute__((format(printf, 2, 3), noreturn));

/* The bytes of the UTF-8 character at `text`, and the character; 0 if there is none. */
size_t text_character(const char *text, uint32_t *character);

/* Whether a terminal may obey the character instead of showing it. */
bool text_controls(uint32_t character);

/* Marks that make a source look different from what a compiler reads (CVE-2021-42574). */
bool text_reverses(uint32_t character);

/* Put question marks in place of both, and of bytes that are not UTF-8. Returns `text`. */
char *text_tame(char *text);

/* Cut the text after `most` bytes at the most, and after a whole character. Returns `text`. */
char *text_cut(char *text, size_t most);

/* A number with its digits in groups of three: "1,234,567". Returns `text`. */
const char *text_grouped(uint64_t number, char text[TEXT_NUMBER_MAX]);

/* Bytes in the largest unit that fits: "512 B", "16 KiB", "4 MiB". Returns `text`. */
const char *text_size(uint64_t bytes, char text[TEXT_NUMBER_MAX]);

#endif
