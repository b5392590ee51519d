/* ending.h - what stands at the end of a campaign: its failures once more, the slowest cases. */
#ifndef SNARL_CLI_ENDING_H
#define SNARL_CLI_ENDING_H

#include "result.h"

struct ending;

/* For at most so many cases. */
struct ending *ending_open(unsigned cases);
void ending_close(struct ending *ending);

/* Take over a result that is done; `page` is the path of its page, NULL if it gets none. */
void ending_take(struct ending *ending, struct result *result, char *page);

/* Print the failures, each with its message, its replay line and its page. */
void ending_failures_print(const struct ending *ending);

/* Print which cases took most time. */
void ending_slowest_print(const struct ending *ending);

#endif
