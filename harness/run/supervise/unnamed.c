/* unnamed.c - removes the System V objects without a key that a dead case's processes left. */
#define _GNU_SOURCE
#include "unnamed.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <time.h>
#include <unistd.h>

#include "procfs.h"

enum {
	ENDING_S = 1, /* in which a process that is killed may still make an object */
	KERNEL_LATE_NS = 20 * 1000 * 1000 /* that its time of a change may lag behind the clock's */
};

static int64_t now_ns(clockid_t clock)
{
	struct timespec now = {0};

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void maker_add(struct makers *makers, pid_t pid)
{
	int64_t boot = now_ns(CLOCK_REALTIME) - now_ns(CLOCK_BOOTTIME);
	int64_t tick = 1000000000 / sysconf(_SC_CLK_TCK);
	int64_t began = boot + (int64_t)process_started(pid) * tick - KERNEL_LATE_NS;

	makers->at[makers->count++ % MAKERS_MAX] =
		(struct maker){pid, (time_t)(began / 1000000000), time(NULL) + ENDING_S};
}

void makers_add_tree(struct makers *makers, pid_t root)
{
	const struct process_tree tree = process_tree_of(root);

	for (unsigned i = 0; i < tree.count; i++)
		maker_add(makers, tree.pids[i]);
}

/* Whether the process with this number at that time was one of the case's. */
static bool is_maker(const struct makers *makers, pid_t pid, time_t at)
{
	for (unsigned i = 0; i < makers->count && i < MAKERS_MAX; i++)
		if (makers->at[i].pid == pid && at >= makers->at[i].began &&
			at <= makers->at[i].ended)
			return true;
	return false;
}

static time_t later(time_t a, time_t b)
{
	return a > b ? a : b;
}

static void segments_sweep(const struct makers *makers)
{
	struct shm_info info;
	struct shmid_ds segment;
	int last = shmctl(0, SHM_INFO, (struct shmid_ds *)&info);

	for (int i = 0; i <= last; i++) {
		int id = shmctl(i, SHM_STAT, &segment);

		if (id >= 0 && segment.shm_perm.__key == IPC_PRIVATE &&
			is_maker(makers, segment.shm_cpid, segment.shm_ctime))
			shmctl(id, IPC_RMID, NULL);
	}
}

/* Whether a semaphore of the set was last set or operated on by one of the case's processes. */
static bool any_semaphore(const struct makers *makers, int id, const struct semid_ds *set)
{
	for (int i = 0; i < (int)set->sem_nsems; i++)
		if (is_maker(makers, semctl(id, i, GETPID), later(set->sem_ctime, set->sem_otime)))
			return true;
	return false;
}

static void semaphores_sweep(const struct makers *makers)
{
	struct seminfo info;
	struct semid_ds set;
	int last = semctl(0, 0, SEM_INFO, &info);

	for (int i = 0; i <= last; i++) {
		int id = semctl(i, 0, SEM_STAT, &set);

		if (id >= 0 && set.sem_perm.__key == IPC_PRIVATE &&
			set.sem_ctime >= makers->began && any_semaphore(makers, id, &set))
			semctl(id, 0, IPC_RMID);
	}
}

static void queues_sweep(const struct makers *makers)
{
	struct msginfo info;
	struct msqid_ds queue;
	int last = msgctl(0, MSG_INFO, (struct msqid_ds *)&info);

	for (int i = 0; i <= last; i++) {
		int id = msgctl(i, MSG_STAT, &queue);

		if (id >= 0 && queue.msg_perm.__key == IPC_PRIVATE &&
			queue.msg_ctime >= makers->began &&
			(is_maker(makers, queue.msg_lspid, queue.msg_stime) ||
				is_maker(makers, queue.msg_lrpid, queue.msg_rtime)))
			msgctl(id, IPC_RMID, NULL);
	}
}

void unnamed_sweep(const struct makers *makers)
{
	if (!makers->count)
		return;
	segments_sweep(makers);
	semaphores_sweep(makers);
	queues_sweep(makers);
}
