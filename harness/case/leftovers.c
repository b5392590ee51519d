/* leftovers.c - removes a file of a case, or a folder, and what is named after it. */
#define _GNU_SOURCE
#include "leftovers.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

/* The part of a key that ftok takes from the file. */
enum { KEY_OF_FILE = 0xffffff };

static void segment_remove(int id)
{
	shmctl(id, IPC_RMID, NULL);
}

static void semaphores_remove(int id)
{
	semctl(id, 0, IPC_RMID);
}

static void queue_remove(int id)
{
	msgctl(id, IPC_RMID, NULL);
}

/* Remove the objects of one list of the system that have a key of the file; others' are refused. */
static void listed_remove(const char *list, unsigned key, void (*object_remove)(int id))
{
	FILE *file = fopen(list, "re");
	char line[512];
	int its, id;

	while (file && fgets(line, sizeof line, file))
		if (sscanf(line, "%d %d", &its, &id) == 2 && its != IPC_PRIVATE &&
			((unsigned)its & KEY_OF_FILE) == key)
			object_remove(id);
	if (file)
		fclose(file);
}

/* Without objects in the system, which is usual, this is three system calls. */
static void objects_remove(const struct stat *status)
{
	unsigned key =
		((unsigned)status->st_dev & 0xff) << 16 | ((unsigned)status->st_ino & 0xffff);
	union {
		struct shm_info shm;
		struct shmid_ds segment;
	} segments = {0};
	struct seminfo semaphores = {0};
	union {
		struct msginfo info;
		struct msqid_ds queue;
	} queues = {0};

	if (shmctl(0, SHM_INFO, &segments.segment) >= 0 && segments.shm.used_ids)
		listed_remove("/proc/sysvipc/shm", key, segment_remove);
	if (semctl(0, 0, SEM_INFO, &semaphores) >= 0 && semaphores.semusz)
		listed_remove("/proc/sysvipc/sem", key, semaphores_remove);
	if (msgctl(0, MSG_INFO, &queues.queue) >= 0 && queues.info.msgpool)
		listed_remove("/proc/sysvipc/msg", key, queue_remove);
}

static void folder_empty(int parent, const char *path)
{
	int file = openat(parent, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *folder = file < 0 ? NULL : fdopendir(file);
	struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			leftover_remove(dirfd(folder), entry->d_name);
	if (folder)
		closedir(folder);
}

void leftover_remove(int folder, const char *path)
{
	struct stat status;

	if (fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	objects_remove(&status);
	if (S_ISDIR(status.st_mode))
		folder_empty(folder, path);
	unlinkat(folder, path, S_ISDIR(status.st_mode) ? AT_REMOVEDIR : 0);
}
