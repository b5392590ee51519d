/* html.c - a page of HTML, escaped by type. */
#define _GNU_SOURCE
#include "html.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "assets.h"
#include "exit.h"
#include "text.h"

struct html {
	FILE *file; /* NULL once anything has failed */
	char *path, *temporary;
	int error; /* the first; a negative errno */
	enum html_script script;
};

static const struct {
	const char *begin, *end, *hash;
} scripts[HTML_SCRIPTS] = {
	[HTML_STEPS] = {asset_script, asset_script_end, asset_script_hash},
	[HTML_FILTER] = {asset_filter, asset_filter_end, asset_filter_hash},
};

/* Whether it is the name of a file that html_open of a process that is gone left in its folder. */
static bool is_left(const char *name)
{
	const char *end = strrchr(name, '.');
	size_t digits = end ? strspn(end + 1, "0123456789") : 0;

	return *name == '.' && digits && !end[1 + digits] &&
	       (strstr(name, ".html.") || strstr(name, ".md.")) &&
	       kill((pid_t)atol(end + 1), 0) != 0 && errno == ESRCH;
}

void html_sweep(const char *folder)
{
	DIR *files = opendir(folder);
	struct dirent *file;

	while (files && (file = readdir(files)))
		if (is_left(file->d_name))
			unlinkat(dirfd(files), file->d_name, 0);
	if (files)
		closedir(files);
}

static void html_failed(struct html *html)
{
	if (!html->error)
		html->error = errno ? -errno : -EIO;
}

struct html *html_open(const char *folder, const char *name)
{
	struct html *html = calloc(1, sizeof *html);

	if (!html)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	html->path = format("%s/%s", folder, name);
	/* The process ID keeps two renderings into one folder from writing the same file. */
	html->temporary = format("%s/.%s.%ld", folder, name, (long)getpid());
	errno = 0;
	html->file = fopen(html->temporary, "we");
	if (!html->file)
		html_failed(html);
	return html;
}

int html_close(struct html *html)
{
	int error;

	errno = 0;
	if (html->file && ferror(html->file))
		html_failed(html);
	/* The rest of the buffer is written here, so a full disk may only be noticed now. */
	if (html->file && fclose(html->file) != 0)
		html_failed(html);
	if (!html->error && rename(html->temporary, html->path) != 0)
		html_failed(html);
	if (html->error && html->file)
		unlink(html->temporary);
	error = html->error;
	free(html->temporary);
	free(html->path);
	free(html);
	return error;
}

static void write_bytes(struct html *html, const char *bytes, size_t size)
{
	if (!html->file || html->error)
		return;
	errno = 0;
	if (fwrite(bytes, 1, size, html->file) != size)
		html_failed(html);
}

void html_put(struct html *html, struct html_markup markup)
{
	write_bytes(html, markup.literal, strlen(markup.literal));
}

static void character_write(struct html *html, const char *bytes, size_t size, uint32_t character)
{
	static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

	if (character == '&')
		html_put(html, HTML("&amp;"));
	else if (character == '<')
		html_put(html, HTML("&lt;"));
	else if (character == '>')
		html_put(html, HTML("&gt;"));
	else if (character == '"')
		html_put(html, HTML("&quot;"));
	else if (character == '\'')
		html_put(html, HTML("&#39;"));
	else if (!size || (text_controls(character) && character != '\t' && character != '\n'))
		write_bytes(html, replacement, sizeof replacement - 1);
	else if (text_reverses(character))
		html_textf(html, "[U+%04" PRIX32 "]", character);
	else
		write_bytes(html, bytes, size);
}

void html_text_upto(struct html *html, const char *text, size_t most)
{
	const char *at = text;

	while (*at) {
		uint32_t character;
		size_t size = text_character(at, &character);

		if ((size_t)(at - text) + (size ? size : 1) > most) {
			html_put(html, HTML("…"));
			return;
		}
		character_write(html, at, size, character);
		at += size ? size : 1;
	}
}

void html_text(struct html *html, const char *text)
{
	html_text_upto(html, text, SIZE_MAX);
}

void html_textf(struct html *html, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	va_end(arguments);
	html_text(html, text);
	free(text);
}

void html_wrap(
	struct html *html, struct html_markup before, const char *text, struct html_markup after)
{
	html_put(html, before);
	html_text(html, text);
	html_put(html, after);
}

void html_number(struct html *html, int64_t number)
{
	char digits[24];
	int length = snprintf(digits, sizeof digits, "%" PRIu64,
		number < 0 ? -(uint64_t)number : (uint64_t)number);

	if (number < 0)
		html_put(html, HTML("−"));
	for (int i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			html_put(html, HTML(","));
		write_bytes(html, digits + i, 1);
	}
}

void html_share(struct html *html, double share)
{
	if (share > 0 && share < 0.0001)
		html_put(html, HTML("&lt; 0.01 %"));
	else if (share < 1 && share > 0.9999)
		html_put(html, HTML("&gt; 99.99 %"));
	else
		html_textf(html, "%.2f %%", 100 * share);
}

size_t html_size(const struct html *html)
{
	long size = html->file ? ftell(html->file) : 0;

	return size > 0 ? (size_t)size : 0;
}

void html_begin(struct html *html, const char *title, enum html_script script)
{
	html->script = script;
	html_put(html, HTML("<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8><title>"));
	html_text(html, title);
	html_put(
		html, HTML("</title>\n"
			   "<meta name=viewport content='width=device-width,initial-scale=1'>\n"
			   "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; "
			   "style-src 'unsafe-inline'; "));
	if (script) {
		html_put(html, HTML("script-src 'sha256-"));
		html_text(html, scripts[script].hash);
		html_put(html, HTML("'; "));
	}
	html_put(html, HTML("img-src data:\">\n<style>\n"));
	/* A page with steps is one case's: it has no plots, but must stay small. */
	if (script != HTML_STEPS)
		write_bytes(html, asset_plots, (size_t)(asset_plots_end - asset_plots));
	write_bytes(html, asset_style, (size_t)(asset_style_end - asset_style));
	html_put(html, HTML("</style></head>\n<body>\n"));
}

void html_end(struct html *html)
{
	if (html->script) {
		const char *begin = scripts[html->script].begin;

		html_put(html, HTML("<script>"));
		write_bytes(html, begin, (size_t)(scripts[html->script].end - begin));
		html_put(html, HTML("</script>\n"));
	}
	html_put(html, HTML("</body></html>\n"));
}
