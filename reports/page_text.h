/* page_text.h - for tests: a part of a page as HTML. */
#ifndef SNARL_REPORTS_PAGE_TEXT_H
#define SNARL_REPORTS_PAGE_TEXT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "html.h"
#include "text.h"

enum { PAGE_TEXT_BYTES = 1 << 16 };

/* Call `write` with a page, and return what it wrote; to be freed. */
static char *page_text(void (*write)(struct html *html, const void *context), const void *context)
{
	char folder[] = "/tmp/snarl-page-XXXXXX", *path, *text = calloc(1, PAGE_TEXT_BYTES);
	struct html *html;
	FILE *file;

	if (!text || !mkdtemp(folder))
		die(1, "no place for a page");
	html = html_open(folder, "page.html");
	write(html, context);
	if (html_close(html) != 0)
		die(1, "the page was not written");
	path = format("%s/page.html", folder);
	file = fopen(path, "r");
	if (!file || !fread(text, 1, PAGE_TEXT_BYTES - 1, file))
		text[0] = '\0';
	if (file)
		fclose(file);
	unlink(path);
	rmdir(folder);
	free(path);
	return text;
}

/* How often a text contains another. */
static unsigned text_count(const char *text, const char *what)
{
	unsigned found = 0;

	while ((text = strstr(text, what))) {
		found++;
		text++;
	}
	return found;
}

#endif
