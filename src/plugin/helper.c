#include "plugin/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plugin/cage.h"
#include "plugin/launch.h"

enum { RUNNING_MOST = 128, SOCKET = 3 };

struct running {
	uint64_t id;
	pid_t pid;
};

struct helper {
	struct running running[RUNNING_MOST];
	size_t count;
};

static void report(const struct launch_report *r)
{
	/* Lost only with the daemon; its end is noticed elsewhere. */
	if (send(SOCKET, r, sizeof(*r), MSG_NOSIGNAL) < 0)
		return;
}

static void report_failed(uint64_t id, const char *words, const char *reason)
{
	struct launch_report r = { .outcome = LAUNCH_FAILED, .id = id };

	snprintf(r.words, sizeof(r.words), "%s%s%s", words,
		 reason[0] != '\0' ? ": " : "", reason);
	report(&r);
}

/* Why execve() failed, in words that help. */
static const char *reason_of(const struct launch_order *order, int number)
{
	switch (number) {
	case ENOENT:
		return access(order->program, F_OK) == 0
			       ? "what its first line names cannot be found"
			       : "there is no such program";
	case EACCES:
		return "it may not be run; it and its folders must be open to "
		       "this user, as with mode 755";
	case ENOEXEC:
		return "it is no program; a script begins with #! and the path "
		       "of what runs it";
	default:
		return strerror(number);
	}
}

static void explain(uint64_t id, const struct launch_order *order,
		    const struct cage_flaw *flaw)
{
	if (flaw->words[0] == '\0')
		report_failed(id, reason_of(order, flaw->number),
			      order->program);
	else
		report_failed(id, flaw->words, strerror(flaw->number));
}

static pid_t start(const struct launch_order *order, int socket, int errors,
		   struct cage_flaw *flaw_r)
{
	pid_t helper = getpid();
	int ends[2];
	ssize_t got = -1;
	pid_t pid;

	snprintf(flaw_r->words, sizeof(flaw_r->words), "no process for it");
	if (pipe2(ends, O_CLOEXEC) != 0) {
		flaw_r->number = errno;
		return -1;
	}
	pid = fork();
	flaw_r->number = errno;
	if (pid == 0)
		cage_enter(order, &(struct cage_ends){ socket, errors, ends[1],
						       helper });
	close(ends[1]);
	if (pid > 0)
		got = read(ends[0], flaw_r, sizeof(*flaw_r));
	close(ends[0]);
	if (pid < 0 || got == 0)
		return pid;
	waitpid(pid, NULL, 0);
	return -1;
}

static void run(struct helper *h, const struct launch_order *order, int socket,
		int errors)
{
	struct launch_report r = { .outcome = LAUNCH_RUNS, .id = order->id };
	struct cage_flaw flaw = { 0 };

	if (h->count == RUNNING_MOST) {
		report_failed(order->id, "there are too many", "");
		return;
	}
	r.pid = start(order, socket, errors, &flaw);
	if (r.pid < 0) {
		explain(order->id, order, &flaw);
		return;
	}
	h->running[h->count++] = (struct running){ order->id, r.pid };
	report(&r);
}

/* Its group is its own, and cannot be left. */
static void kill_all_of(pid_t pid)
{
	kill(-pid, SIGKILL);
	kill(pid, SIGKILL);
}

static void kill_plugin(struct helper *h, uint64_t id)
{
	for (size_t i = 0; i < h->count; i++) {
		if (h->running[i].id == id)
			kill_all_of(h->running[i].pid);
	}
}

static void say_how(int status, char words_r[LAUNCH_WORDS])
{
	if (WIFSIGNALED(status))
		snprintf(words_r, LAUNCH_WORDS, "it was ended by signal %d, %s",
			 WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status) != 0)
		snprintf(words_r, LAUNCH_WORDS, "it ended with status %d",
			 WEXITSTATUS(status));
	else
		snprintf(words_r, LAUNCH_WORDS, "it ended");
}

static void bury(struct helper *h, pid_t pid)
{
	struct launch_report r = { .outcome = LAUNCH_ENDED, .pid = pid };
	int status = 0;

	/* As long as it is not reaped, its number is nobody else's. */
	kill(-pid, SIGKILL);
	waitpid(pid, &status, 0);
	say_how(status, r.words);
	for (size_t i = 0; i < h->count; i++) {
		if (h->running[i].pid != pid)
			continue;
		r.id = h->running[i].id;
		h->running[i] = h->running[--h->count];
		report(&r);
		return;
	}
}

static void bury_dead(struct helper *h)
{
	siginfo_t info = { 0 };

	while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid != 0) {
		bury(h, info.si_pid);
		info.si_pid = 0;
	}
}

static NORETURN void end(struct helper *h)
{
	for (size_t i = 0; i < h->count; i++)
		kill_all_of(h->running[i].pid);
	while (h->count > 0 && wait(NULL) > 0)
		;
	exit(EXIT_SUCCESS);
}

/* The descriptors that came with a message; how many. */
static size_t take_ends(struct msghdr *message, int ends_r[2])
{
	struct cmsghdr *c = CMSG_FIRSTHDR(message);

	if (c == NULL || c->cmsg_level != SOL_SOCKET ||
	    c->cmsg_type != SCM_RIGHTS ||
	    c->cmsg_len != CMSG_LEN(2 * sizeof(int)))
		return 0;
	memcpy(ends_r, CMSG_DATA(c), 2 * sizeof(int));
	return 2;
}

static void obey(struct helper *h)
{
	static struct launch_order order;
	char control[CMSG_SPACE(2 * sizeof(int))] = { 0 };
	struct iovec bytes = { &order, sizeof(order) };
	struct msghdr message = { .msg_iov = &bytes,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	int ends[2];
	ssize_t len = recvmsg(SOCKET, &message, MSG_CMSG_CLOEXEC);
	size_t count = take_ends(&message, ends);

	if (len == 0 || (len < 0 && errno != EINTR))
		end(h);
	if (len == (ssize_t)sizeof(order) && order.kind == LAUNCH_RUN &&
	    count == 2)
		run(h, &order, ends[0], ends[1]);
	else if (len == (ssize_t)sizeof(order) && order.kind == LAUNCH_KILL)
		kill_plugin(h, order.id);
	for (size_t i = 0; i < count; i++)
		close(ends[i]);
}

/* Whatever it inherited, it keeps nothing of. */
static void forget_all(int socket)
{
	int nothing = open("/dev/null", O_RDWR);

	if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 ||
	    dup2(nothing, STDOUT_FILENO) < 0 ||
	    dup2(nothing, STDERR_FILENO) < 0)
		_exit(EXIT_FAILURE);
	if (socket == SOCKET)
		fcntl(socket, F_SETFD, FD_CLOEXEC);
	else if (dup3(socket, SOCKET, O_CLOEXEC) < 0)
		_exit(EXIT_FAILURE);
	cage_close_from(SOCKET + 1);
	clearenv();
}

/* Those who stop the daemon with its whole group mean the daemon. */
static int watch_children(void)
{
	static const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT,
				       SIGPIPE };
	sigset_t children;

	for (size_t i = 0; i < COUNT(ignored); i++)
		signal(ignored[i], SIG_IGN);
	sigemptyset(&children);
	sigaddset(&children, SIGCHLD);
	sigprocmask(SIG_BLOCK, &children, NULL);
	return signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
}

void helper_run(int socket)
{
	static struct helper helper;
	struct pollfd wanted[2] = { { SOCKET, POLLIN, 0 }, { -1, POLLIN, 0 } };
	struct signalfd_siginfo info;

	forget_all(socket);
	prctl(PR_SET_NAME, "rialto-launcher");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	wanted[1].fd = watch_children();
	for (;;) {
		if (poll(wanted, COUNT(wanted), -1) < 0)
			continue;
		if (wanted[1].revents != 0 &&
		    read(wanted[1].fd, &info, sizeof(info)) > 0)
			bury_dead(&helper);
		if (wanted[0].revents != 0)
			obey(&helper);
	}
}
