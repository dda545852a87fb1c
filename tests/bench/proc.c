#include "proc.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/quantity.h"
#include "report.h"

enum { NS_PER_S = 1000000000, FILES_SPARE = 64 };

static int64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	if (clock_gettime(clock, &t) != 0)
		fail("the measured process is gone");
	return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

int64_t proc_now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

int64_t proc_cpu_ns(pid_t pid)
{
	clockid_t clock;

	if (pid == 0)
		return 0;
	if (clock_getcpuclockid(pid, &clock) != 0)
		fail("no process %d to measure", (int)pid);
	return clock_ns(clock);
}

int64_t proc_own_cpu_ns(void)
{
	return clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

int64_t proc_thread_cpu_ns(void)
{
	return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

/* Ticks of a process and of its children that ended; false when it is gone. */
static bool read_stat(const char *pid, int *parent_r, int64_t *ticks_r)
{
	AUTO(mem_free_text) char *path = mem_print("/proc/%s/stat", pid);
	char text[1024] = "";
	FILE *file = fopen(path, "re");
	const char *rest;
	int64_t n[4]; /* user system, children's user system: proc(5) */

	if (!file)
		return false;
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	rest = strrchr(text, ')'); /* behind the name, which may have any */
	if (!rest ||
	    sscanf(rest,
		   ") %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %" SCNd64
		   " %" SCNd64 " %" SCNd64 " %" SCNd64,
		   parent_r, &n[0], &n[1], &n[2], &n[3]) != 5)
		return false;
	*ticks_r = n[0] + n[1] + n[2] + n[3];
	return true;
}

int64_t proc_family_cpu_ns(pid_t pid)
{
	DIR *dir = opendir("/proc");
	const struct dirent *entry;
	int64_t sum = 0;

	if (!dir)
		fail("cannot read /proc");
	while ((entry = readdir(dir)) != NULL) {
		int64_t ticks = 0;
		int64_t number;
		int parent;

		if (!quantity_number(entry->d_name, &number) ||
		    !read_stat(entry->d_name, &parent, &ticks))
			continue;
		if (number == pid || parent == pid)
			sum += ticks;
	}
	closedir(dir);
	return sum * (NS_PER_S / sysconf(_SC_CLK_TCK));
}

int64_t proc_all_cpu_ns(void)
{
	/* user nice system idle iowait irq softirq steal: proc(5) */
	int64_t n[8] = { 0 };
	FILE *file = fopen("/proc/stat", "re");
	int64_t ticks;

	if (!file ||
	    fscanf(file,
		   "cpu %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64
		   " %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64,
		   &n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &n[6], &n[7]) != 8)
		fail("cannot read /proc/stat");
	fclose(file);
	ticks = n[0] + n[1] + n[2] + n[5] + n[6] + n[7];
	return ticks * (NS_PER_S / sysconf(_SC_CLK_TCK));
}

int64_t proc_resident_kib(pid_t pid)
{
	char line[256];
	int64_t kib = -1;
	FILE *file;

	snprintf(line, sizeof(line), "/proc/%d/smaps_rollup", (int)pid);
	file = fopen(line, "re");
	if (!file)
		fail("cannot read the memory of process %d", (int)pid);
	while (kib < 0 && fgets(line, sizeof(line), file)) {
		if (strncmp(line, "Rss:", 4) == 0 &&
		    sscanf(line + 4, "%" SCNd64, &kib) != 1)
			kib = -1;
	}
	fclose(file);
	if (kib < 0)
		fail("no Rss line for process %d", (int)pid);
	return kib;
}

void proc_allow_files(int64_t count)
{
	rlim_t want = (rlim_t)(count + FILES_SPARE);
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= want)
		return;
	limit.rlim_cur = want;
	if (limit.rlim_max < want)
		limit.rlim_max = want;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
		fail("cannot open %" PRId64 " files (ulimit -n)", count);
}
