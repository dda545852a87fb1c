#include "plugin/cage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

enum {
	REPORT = 3, /* the descriptor, once inside */
	FILES_MOST = 64,
	THREADS_MORE = 64, /* than the user has already */
	SIGNALS_MOST = 64,
	NICE = 10,
	PAGES = 2 * LAUNCH_PATH, /* for a path, or a few pointers */
	DESCRIPTORS_MOST = 4096,
};

void cage_close_from(int first)
{
	if (syscall(SYS_close_range, first, ~0U, 0) == 0)
		return;
	for (int fd = first; fd < DESCRIPTORS_MOST; fd++)
		close(fd);
}

static void fail(int report, const char *words)
{
	struct cage_flaw flaw = { .number = errno };

	snprintf(flaw.words, sizeof(flaw.words), "%s", words);
	if (write(report, &flaw, sizeof(flaw)) < 0)
		_exit(EXIT_FAILURE);
	_exit(EXIT_FAILURE);
}

/* Nothing but the socket, the errors and the report stays open. */
static bool place(const struct cage_ends *ends)
{
	enum { OUT_OF_THE_WAY = 16 };
	int socket = fcntl(ends->socket, F_DUPFD, OUT_OF_THE_WAY);
	int errors = fcntl(ends->errors, F_DUPFD, OUT_OF_THE_WAY);
	int report = fcntl(ends->report, F_DUPFD, OUT_OF_THE_WAY);

	if (dup2(socket, STDIN_FILENO) < 0 || dup2(socket, STDOUT_FILENO) < 0 ||
	    dup2(errors, STDERR_FILENO) < 0 ||
	    dup3(report, REPORT, O_CLOEXEC) < 0)
		return false;
	cage_close_from(REPORT + 1);
	return true;
}

/* A session and a group of its own, that end with the launcher. */
static bool part(pid_t launcher)
{
	sigset_t none;

	if (setsid() < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		return false;
	if (getppid() != launcher)
		_exit(EXIT_FAILURE);
	for (int number = 1; number < SIGNALS_MOST; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	umask(0077);
	return chdir("/") == 0;
}

/* How many threads the process in this folder of /proc has, if it is ours. */
static unsigned long threads_in(int proc, const char *process)
{
	char path[64];
	char text[4096];
	const char *uid;
	const char *threads;
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "%.20s/status", process);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[len < 0 ? 0 : len] = '\0';
	uid = strstr(text, "\nUid:");
	threads = strstr(text, "\nThreads:");
	if (uid == NULL || threads == NULL ||
	    strtoul(uid + strlen("\nUid:"), NULL, 10) != getuid())
		return 0;
	return strtoul(threads + strlen("\nThreads:"), NULL, 10);
}

static unsigned long threads_of_user(void)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	unsigned long threads = 0;

	if (proc == NULL)
		return 0;
	while ((entry = readdir(proc)) != NULL) {
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			threads += threads_in(dirfd(proc), entry->d_name);
	}
	closedir(proc);
	return threads;
}

static bool limit(int resource, rlim_t most)
{
	struct rlimit both = { most, most };
	struct rlimit now;

	if (getrlimit(resource, &now) == 0 && now.rlim_max < most)
		both.rlim_cur = both.rlim_max = now.rlim_max;
	return setrlimit(resource, &both) == 0;
}

/* That of memory comes last: we may use more now than the plugin may. */
static bool limit_all(void)
{
	unsigned long threads = threads_of_user();

	if (threads > 0 && !limit(RLIMIT_NPROC, threads + THREADS_MORE))
		return false;
	if (setpriority(PRIO_PROCESS, 0, NICE) != 0)
		return false;
	return limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) &&
	       limit(RLIMIT_NOFILE, FILES_MOST) && limit(RLIMIT_MEMLOCK, 0) &&
	       limit(RLIMIT_MSGQUEUE, 0) &&
	       limit(RLIMIT_SIGPENDING, SIGNALS_MOST);
}

/* Else a daemon that runs as root would have plugins that are root's. */
static void drop_capabilities(void)
{
	/* Beyond the last that the kernel knows, it says no. */
	for (int i = 0; prctl(PR_CAPBSET_DROP, i, 0, 0, 0) == 0; i++)
		;
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

/* Memory at an address that nobody can guess. */
static void *hide(void)
{
	uintptr_t hint = 0;
	void *at;

	if (getrandom(&hint, sizeof(hint), 0) != (ssize_t)sizeof(hint))
		return NULL;
	hint = (hint & (UINTPTR_MAX >> 18)) & ~(uintptr_t)0xffff;
	at = mmap((void *)hint, PAGES, PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return at == MAP_FAILED ? NULL : at;
}

static void enter(const struct launch_order *order)
{
	static char path_words[] = "PATH=/usr/bin:/bin";
	static char lang_words[] = "LANG=C.UTF-8";
	char *path = hide();
	char **args = hide();
	char **environment = hide();

	if (path == NULL || args == NULL || environment == NULL)
		fail(REPORT, "its memory cannot be had");
	memcpy(path, order->program, sizeof(order->program));
	args[0] = path;
	environment[0] = path_words;
	environment[1] = lang_words;
#ifdef RIALTO_SANITIZED
	/* Who looks for leaks traces itself, which nobody may do here. */
	static char leak_words[] = "ASAN_OPTIONS=detect_leaks=0";
	environment[2] = leak_words;
#endif
	drop_capabilities();
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		fail(REPORT, "privileges cannot be given up");
	if (!cage_files(path, order))
		fail(REPORT, "Landlock cannot be used");
	if (!cage_calls(order->network, path, args, environment))
		fail(REPORT, "seccomp cannot be used");
	if (order->has_memory_limit &&
	    !limit(RLIMIT_AS, (rlim_t)order->memory_bytes))
		fail(REPORT, "its memory cannot be limited");
	execve(path, args, environment);
	fail(REPORT, "");
}

void cage_enter(const struct launch_order *order, const struct cage_ends *ends)
{
	if (!place(ends))
		fail(ends->report, "its descriptors cannot be made");
	if (!part(ends->parent))
		fail(REPORT, "its session cannot be made");
	if (!limit_all())
		fail(REPORT, "its limits cannot be set");
	enter(order);
	_exit(EXIT_FAILURE);
}
