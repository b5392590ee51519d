/* bytes.c - the bytes of a message as a person reads them. */
#define _GNU_SOURCE
#include "bytes.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "ledger.h"
#include "text.h"

size_t bytes_decode(const char *hex, unsigned char *bytes, size_t most)
{
	size_t count = 0;

	while (count < most && sscanf(hex + 2 * count, "%2hhx", &bytes[count]) == 1 &&
		hex[2 * count + 1])
		count++;
	return count;
}

static bool is_letter(unsigned char byte)
{
	return byte >= 0x20 && byte < 0x7f;
}

bool bytes_are_text(const unsigned char *bytes, size_t count)
{
	size_t letters = 0;

	for (size_t i = 0; i < count; i++) {
		if (!is_letter(bytes[i]) && bytes[i] != '\n' && bytes[i] != '\0')
			return false;
		letters += is_letter(bytes[i]);
	}
	return letters && 2 * letters >= count;
}

const char *byte_text(unsigned char byte, bool as_text, char text[3])
{
	if (as_text && byte == '\n')
		return "\\n";
	if (as_text && byte == '\0')
		return "\\0";
	snprintf(text, 3, as_text ? "%c" : "%02x", as_text && !is_letter(byte) ? '.' : byte);
	return text;
}

char *bytes_text(const unsigned char *bytes, size_t known, size_t count, size_t letters)
{
	bool as_text = bytes_are_text(bytes, known);
	char *words = NULL, byte[3];
	size_t size, used = 0, i;
	FILE *out = open_memstream(&words, &size);

	if (!out)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	fputs(as_text ? "'" : "", out);
	for (i = 0; i < known; i++) {
		const char *one = byte_text(bytes[i], as_text, byte);
		size_t wide = strlen(one) + (!as_text && i);
		bool last = i + 1 == known && known == count;

		if (used + wide + !last > letters)
			break;
		fprintf(out, "%s%s", !as_text && i ? " " : "", one);
		used += wide;
	}
	if (i < count)
		fputs(as_text || !i ? "…" : " …", out);
	fputs(as_text ? "'" : "", out);
	fclose(out);
	return words;
}

char *bytes_item(const unsigned char *bytes, size_t known, const json_t *subject)
{
	json_int_t items = json_integer_value(json_object_get(subject, "ledger_items"));
	const char *producer;
	uint32_t item;

	if (known < sizeof item)
		return NULL;
	memcpy(&item, bytes, sizeof item);
	producer = json_string_value(json_array_get(
		json_object_get(subject, "actors"), (item >> LEDGER_PRODUCER_SHIFT) - (size_t)1));
	if (!producer || !(item & LEDGER_SEQUENCE_MASK) || (item & LEDGER_SEQUENCE_MASK) > items)
		return NULL;
	return format("%s#%u", producer, item & LEDGER_SEQUENCE_MASK);
}
