/*
 * sweep.c - removes what killed cases left behind.
 *
 * A case with actors that are processes has a folder (case/names.h), which it keeps locked. It
 * holds the case's FIFOs and the like, and an empty file ".WORD" for each word that has a name.
 */
#define _GNU_SOURCE
#include "sweep.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "leftovers.h"
#include "names.h"

/*
 * Remove a case's folder with everything that it names; `file` is open on it. A file or folder that
 * no word names was not made by a case: it stays, and so does the case's folder.
 */
static void folder_clear(int root, int file, const char *name)
{
	DIR *folder = fdopendir(file);
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		const char *word = entry->d_name + 1;

		if (entry->d_name[0] != '.' || !*word || *word == '.')
			continue;
		names_remove(name + sizeof NAMES_FOLDER - 1, word);
		leftover_remove(dirfd(folder), word);
		unlinkat(dirfd(folder), entry->d_name, 0);
	}
	if (folder)
		closedir(folder);
	unlinkat(root, name, AT_REMOVEDIR);
}

static void folder_look(int root, const char *name)
{
	int file = openat(root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;

	if (file < 0)
		return;
	/* A locked folder belongs to a case that is running. */
	if (fstat(file, &status) == 0 && status.st_uid == geteuid() &&
		flock(file, LOCK_EX | LOCK_NB) == 0)
		folder_clear(root, file, name);
	else
		close(file);
}

static void root_sweep(const char *path)
{
	DIR *root = opendir(path);
	struct dirent *entry;

	while (root && (entry = readdir(root)))
		if (strncmp(entry->d_name, NAMES_FOLDER, sizeof NAMES_FOLDER - 1) == 0)
			folder_look(dirfd(root), entry->d_name);
	if (root)
		closedir(root);
}

void sweep(void)
{
	root_sweep(names_root());
}
