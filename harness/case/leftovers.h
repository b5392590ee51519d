/* leftovers.h - removes a file of a case, or a folder, and the System V objects named after it. */
#ifndef SNARL_CASE_LEFTOVERS_H
#define SNARL_CASE_LEFTOVERS_H

/*
 * Remove the file `path`, relative to the open folder; a folder with all that is in it. Follows no
 * link. System V objects whose key is that of the file (ftok) are removed first, because without
 * the file nobody could find them again.
 */
void leftover_remove(int folder, const char *path);

#endif
