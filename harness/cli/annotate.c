/*
 * annotate.c - failures as workflow commands of GitHub's: ::error file=...,line=...::message
 *
 * The place is the first location of the failure's SARIF result.
 */
#include "annotate.h"

#include <stdlib.h>
#include <string.h>

#include "exports.h"
#include "field.h"
#include "result.h"
#include "store.h"
#include "text.h"

/* Write a text with what would end it escaped: in a message line ends, in a property more. */
static void escaped_write(FILE *out, const char *text, const char *ends)
{
	for (; *text; text++)
		if (strchr(ends, *text))
			fprintf(out, "%%%02X", (unsigned char)*text);
		else
			fputc(*text, out);
}

/* A path from its URI, to be freed. */
static char *path_of(const char *uri)
{
	char *path = format("%s", uri), *to = path;
	unsigned byte;

	for (const char *at = uri; *at; at++)
		if (*at == '%' && sscanf(at + 1, "%2x", &byte) == 1) {
			*to++ = (char)byte;
			at += 2;
		} else {
			*to++ = *at;
		}
	*to = '\0';
	return path;
}

static void case_annotate(const json_t *one, const json_t *place, FILE *out)
{
	char *path = path_of(field_text(json_object_get(place, "artifactLocation"), "uri"));
	char *title = format("%s: %s/%s (%s)", field_text(one, "outcome"),
		field_text(one, "scenario"), field_text(one, "variant"), field_text(one, "engine"));
	const char *token = field_text(one, "token");

	fputs("::error file=", out);
	escaped_write(out, path, "%\r\n:,");
	fprintf(out, ",line=%lld,title=",
		(long long)field_integer(json_object_get(place, "region"), "startLine", 1));
	escaped_write(out, title, "%\r\n:,");
	fputs("::", out);
	escaped_write(out, field_text(one, "message"), "%\r\n");
	fprintf(out, "%s%s\n", *token ? "%0Areplay: snarl replay " : "", token);
	free(title);
	free(path);
}

void annotate(const char *db, int64_t run, FILE *out)
{
	struct store *store;
	json_t *cases, *one;
	size_t i;

	if (!getenv("GITHUB_ACTIONS"))
		return;
	store = store_read(db);
	cases = store_cases(store, run);
	json_array_foreach(cases, i, one) {
		json_t *place = outcome_named_alarms(field_text(one, "outcome"))
					? sarif_place(store, one)
					: NULL;

		if (place)
			case_annotate(one, place, out);
		json_decref(place);
	}
	json_decref(cases);
	store_close(store);
}
