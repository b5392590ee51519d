/* detection_page.h - the page that compares what engines see, and how soon. */
#ifndef SNARL_REPORTS_DETECTION_PAGE_H
#define SNARL_REPORTS_DETECTION_PAGE_H

#include "page.h"

/* Write detection.html; for a report that has its results. 0 or a negative errno. */
int detection_page_write(const struct report *report);

/* The section of the index that leads to it. */
void detection_link_write(struct html *html, const struct report *report);

#endif
