/* local.h - which file systems only this machine can see. */
#ifndef SNARL_STORE_LOCAL_H
#define SNARL_STORE_LOCAL_H

#include <stdbool.h>

/*
 * Whether the file system of this file, or of the folder that will get it, is known to be this
 * machine's alone. An unknown one may be seen by other machines too.
 */
bool filesystem_is_local(const char *path);

#endif
