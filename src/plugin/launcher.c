#include "plugin/launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "plugin/helper.h"

struct launcher {
	int socket;
	pid_t pid;
};

struct launcher *launcher_start(void)
{
	struct launcher *l;
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return NULL;
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		helper_run(ends[1]);
	}
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return NULL;
	}
	l = mem_zero(sizeof(*l));
	l->socket = ends[0];
	l->pid = pid;
	return l;
}

void launcher_free(struct launcher **launcher)
{
	struct launcher *l = *launcher;

	if (l == NULL)
		return;
	close(l->socket);
	while (waitpid(l->pid, NULL, 0) < 0 && errno == EINTR)
		;
	mem_free(l);
	*launcher = NULL;
}

int launcher_fd(const struct launcher *launcher)
{
	return launcher->socket;
}

static enum err send_order(struct launcher *l, const struct launch_order *order,
			   const int *ends, size_t count)
{
	struct launch_order copy = *order;
	char control[CMSG_SPACE(2 * sizeof(int))] = { 0 };
	struct iovec bytes = { &copy, sizeof(copy) };
	struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1 };

	if (count > 0) {
		struct cmsghdr *c = (struct cmsghdr *)(void *)control;

		message.msg_control = control;
		message.msg_controllen = sizeof(control);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(c), ends, count * sizeof(int));
	}
	if (sendmsg(l->socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
		return ERR_OK;
	return errno == EAGAIN || errno == ENOBUFS || errno == ETOOMANYREFS
		       ? ERR_AGAIN
		       : ERR_IO;
}

enum err launcher_run(struct launcher *launcher,
		      const struct launch_order *order, int socket, int errors)
{
	const int ends[2] = { socket, errors };

	return send_order(launcher, order, ends, 2);
}

enum err launcher_kill(struct launcher *launcher, uint64_t id)
{
	const struct launch_order order = { .kind = LAUNCH_KILL, .id = id };

	return send_order(launcher, &order, NULL, 0);
}

enum err launcher_next(struct launcher *launcher,
		       struct launch_report *report_r)
{
	ssize_t len = recv(launcher->socket, report_r, sizeof(*report_r),
			   MSG_DONTWAIT);

	if (len == (ssize_t)sizeof(*report_r))
		return ERR_OK;
	return len < 0 && (errno == EAGAIN || errno == EINTR) ? ERR_AGAIN
							      : ERR_IO;
}
