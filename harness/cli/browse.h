/* browse.h - pages in a browser. */
#ifndef SNARL_CLI_BROWSE_H
#define SNARL_CLI_BROWSE_H

/* Show the page with $BROWSER, or with xdg-open. Prints a sentence on stderr if there is neither.
 */
void page_open(const char *path);

#endif
