/* annotate.h - failures as annotations beside the code of a pull request on GitHub. */
#ifndef SNARL_CLI_ANNOTATE_H
#define SNARL_CLI_ANNOTATE_H

#include <stdint.h>
#include <stdio.h>

/*
 * In a job of GitHub's (GITHUB_ACTIONS is set), print an annotation for each case of the run whose
 * outcome somebody has to look at; elsewhere, nothing.
 */
void annotate(const char *db, int64_t run, FILE *out);

#endif
