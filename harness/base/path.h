/* path.h - paths as text: nothing here looks at a file. */
#ifndef SNARL_BASE_PATH_H
#define SNARL_BASE_PATH_H

/* The rest of the path behind `root`, "." for the root itself; all of it if it lies elsewhere. */
const char *path_below(const char *root, const char *path);

/* The path, which may start at a folder (NULL: none), without "." and ".."; to be freed. */
char *path_plain(const char *folder, const char *path);

#endif
