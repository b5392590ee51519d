/*
 * libc_string.c - the C library's functions on strings and blocks, word by word, so that the engine
 * sees their accesses: races, busy-waiting, uses after free.
 *
 * The build redirects a variant's calls of FUNCTION to its model (see the Makefile). The models
 * access no more bytes than a byte-by-byte implementation would. For formatted output only the
 * writes are seen, not what a %s reads.
 */
#include "libc_string.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "access.h"
#include "object.h"
#include "text.h"

size_t snarl_model_strlen(const char *text);
size_t snarl_model_strnlen(const char *text, size_t most);
char *snarl_model_strcpy(char *to, const char *from);
char *snarl_model_strncpy(char *to, const char *from, size_t size);
char *snarl_model_strcat(char *to, const char *from);
char *snarl_model_strncat(char *to, const char *from, size_t most);
int snarl_model_strcmp(const char *a, const char *b);
int snarl_model_strncmp(const char *a, const char *b, size_t most);
char *snarl_model_strchr(const char *text, int letter);
char *snarl_model_strrchr(const char *text, int letter);
int snarl_model_memcmp(const void *a, const void *b, size_t size);
void *snarl_model_memchr(const void *block, int byte, size_t size);
int snarl_model_vsnprintf(char *to, size_t size, const char *format, va_list arguments);
int snarl_model_snprintf(char *to, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int snarl_model_sprintf(char *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Bytes from here to the end of the word, at most `most`. */
static size_t word_left(const void *at, size_t most)
{
	size_t word = 8 - ((uintptr_t)at & 7);

	return word < most ? word : most;
}

static size_t less(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * Read the bytes of a word up to and including the first that is `byte`; other actors may move it
 * before the access. Returns their number. `found`: there is such a byte.
 */
static size_t word_until(
	const char *at, size_t most, int byte, bool *found, const void *pc, const void *sp)
{
	size_t word = word_left(at, most);
	const char *hit = memchr(at, byte, word);

	access_make(at, (unsigned)(hit ? (size_t)(hit - at) + 1 : word), LOCATION_READ, pc, sp);
	hit = memchr(at, byte, word);
	*found = hit;
	return hit ? (size_t)(hit - at) : word;
}

size_t text_read(const char *text, size_t most, const void *pc, const void *sp)
{
	size_t length = 0;
	bool found = false;

	if (!scheduler.running)
		return strnlen(text, most);
	while (length < most && !found)
		length += word_until(text + length, most - length, '\0', &found, pc, sp);
	return length;
}

static void bytes_write(char *to, const char *bytes, size_t size, const void *pc, const void *sp)
{
	for (size_t done = 0, word; done < size; done += word) {
		word = word_left(to + done, size - done);
		access_make(to + done, (unsigned)word, LOCATION_WRITE, pc, sp);
		memcpy(to + done, bytes + done, word);
	}
}

static void zeros_write(char *to, size_t size, const void *pc, const void *sp)
{
	static const char zeros[8];

	for (size_t done = 0, word; done < size; done += word) {
		word = word_left(to + done, size - done);
		bytes_write(to + done, zeros, word, pc, sp);
	}
}

/* Copy a string of at most `most` bytes, without its NUL. Returns its length. */
static size_t text_copy(char *to, const char *from, size_t most, const void *pc, const void *sp)
{
	size_t length = 0;
	bool found = false;

	while (length < most && !found) {
		size_t word = word_until(from + length, most - length, '\0', &found, pc, sp);
		char bytes[8];

		memcpy(bytes, from + length, word);
		bytes_write(to + length, bytes, word, pc, sp);
		length += word;
	}
	return length;
}

/* Compare up to the first difference; strings also only up to their common end. */
static int compare(const unsigned char *a, const unsigned char *b, size_t most, bool texts,
	const void *pc, const void *sp)
{
	for (size_t at = 0, step; at < most; at += step) {
		size_t same = 0;

		step = less(word_left(a + at, most - at), word_left(b + at, most - at));
		while (same < step && a[at + same] == b[at + same] && !(texts && !a[at + same]))
			same++;
		same = less(same + 1, step);
		access_make(a + at, (unsigned)same, LOCATION_READ, pc, sp);
		if (b != a) /* a second read of the same word would look like a busy-wait loop */
			access_make(b + at, (unsigned)same, LOCATION_READ, pc, sp);
		for (size_t i = at; i < at + same; i++) {
			if (a[i] != b[i])
				return a[i] < b[i] ? -1 : 1;
			if (texts && !a[i])
				return 0;
		}
		step = same;
	}
	return 0;
}

size_t snarl_model_strlen(const char *text)
{
	return text_read(text, SIZE_MAX, MODEL_PC, MODEL_SP);
}

size_t snarl_model_strnlen(const char *text, size_t most)
{
	return text_read(text, most, MODEL_PC, MODEL_SP);
}

char *snarl_model_strcpy(char *to, const char *from)
{
	size_t length = text_copy(to, from, SIZE_MAX, MODEL_PC, MODEL_SP);

	zeros_write(to + length, 1, MODEL_PC, MODEL_SP);
	return to;
}

char *snarl_model_strncpy(char *to, const char *from, size_t size)
{
	size_t length = text_copy(to, from, size, MODEL_PC, MODEL_SP);

	zeros_write(to + length, size - length, MODEL_PC, MODEL_SP);
	return to;
}

char *snarl_model_strcat(char *to, const char *from)
{
	char *end = to + text_read(to, SIZE_MAX, MODEL_PC, MODEL_SP);

	end += text_copy(end, from, SIZE_MAX, MODEL_PC, MODEL_SP);
	zeros_write(end, 1, MODEL_PC, MODEL_SP);
	return to;
}

char *snarl_model_strncat(char *to, const char *from, size_t most)
{
	char *end = to + text_read(to, SIZE_MAX, MODEL_PC, MODEL_SP);

	end += text_copy(end, from, most, MODEL_PC, MODEL_SP);
	zeros_write(end, 1, MODEL_PC, MODEL_SP);
	return to;
}

int snarl_model_strcmp(const char *a, const char *b)
{
	return compare((const unsigned char *)a, (const unsigned char *)b, SIZE_MAX, true, MODEL_PC,
		MODEL_SP);
}

int snarl_model_strncmp(const char *a, const char *b, size_t most)
{
	return compare(
		(const unsigned char *)a, (const unsigned char *)b, most, true, MODEL_PC, MODEL_SP);
}

char *snarl_model_strchr(const char *text, int letter)
{
	const char *at = text;
	bool found;

	/* Byte by byte, because either of two bytes ends it. */
	for (;; at++) {
		word_until(at, 1, '\0', &found, MODEL_PC, MODEL_SP);
		if (*at == (char)letter)
			return (char *)at;
		if (found)
			return NULL;
	}
}

char *snarl_model_strrchr(const char *text, int letter)
{
	size_t length = text_read(text, SIZE_MAX, MODEL_PC, MODEL_SP);

	for (const char *at = text + length;; at--) {
		if (*at == (char)letter)
			return (char *)at;
		if (at == text)
			return NULL;
	}
}

int snarl_model_memcmp(const void *a, const void *b, size_t size)
{
	return compare(a, b, size, false, MODEL_PC, MODEL_SP);
}

void *snarl_model_memchr(const void *block, int byte, size_t size)
{
	const char *at = block;
	size_t length = 0;
	bool found = false;

	while (length < size && !found)
		length += word_until(at + length, size - length, byte, &found, MODEL_PC, MODEL_SP);
	return found ? (char *)at + length : NULL;
}

/* The string is formatted elsewhere, then written word by word. */
static int print(char *to, size_t size, const char *format, va_list arguments, const void *pc,
	const void *sp)
{
	va_list again;
	char *text;
	int length;

	if (!scheduler.running)
		return vsnprintf(to, size, format, arguments);
	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0 || !size)
		return length;
	text = __builtin_alloca((size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, arguments);
	size = less(size - 1, (size_t)length);
	text[size] = '\0';
	bytes_write(to, text, size + 1, pc, sp);
	return length;
}

int snarl_model_vsnprintf(char *to, size_t size, const char *format, va_list arguments)
{
	return print(to, size, format, arguments, MODEL_PC, MODEL_SP);
}

int snarl_model_snprintf(char *to, size_t size, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = print(to, size, format, arguments, MODEL_PC, MODEL_SP);
	va_end(arguments);
	return length;
}

int snarl_model_sprintf(char *to, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = print(to, INT32_MAX, format, arguments, MODEL_PC, MODEL_SP);
	va_end(arguments);
	return length;
}
