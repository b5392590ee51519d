/* local.c - which file systems only this machine can see. */
#define _GNU_SOURCE
#include "local.h"

#include <libgen.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <sys/vfs.h>

#include "text.h"

enum { ZFS_MAGIC = 0x2fc12fc1, BCACHEFS_MAGIC = 0xca451a4e };

bool filesystem_is_local(const char *path)
{
	char *folder = format("%s", path);
	struct statfs system;
	int error = statfs(path, &system);

	if (error)
		error = statfs(dirname(folder), &system);
	free(folder);
	if (error)
		return false;
	switch ((unsigned long)system.f_type) {
	case BTRFS_SUPER_MAGIC:
	case EXT4_SUPER_MAGIC:
	case F2FS_SUPER_MAGIC:
	case OVERLAYFS_SUPER_MAGIC:
	case TMPFS_MAGIC:
	case XFS_SUPER_MAGIC:
	case BCACHEFS_MAGIC:
	case ZFS_MAGIC:
		return true;
	default:
		return false;
	}
}
