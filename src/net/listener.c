#include "net/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

enum { BACKLOG = 4096 };

static bool set_flag(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value)) == 0;
}

/*
 * What accepted sockets inherit (on Linux): no waiting for more bytes, and a
 * peer that has vanished is found out in four minutes even when nobody says
 * anything to it.
 */
static bool set_inherited(int fd)
{
	static const struct {
		int level;
		int option;
		int value;
	} options[] = {
		{ IPPROTO_TCP, TCP_NODELAY, 1 },
		{ SOL_SOCKET, SO_KEEPALIVE, 1 },
		{ IPPROTO_TCP, TCP_KEEPIDLE, 120 },
		{ IPPROTO_TCP, TCP_KEEPINTVL, 30 },
		{ IPPROTO_TCP, TCP_KEEPCNT, 4 },
		{ IPPROTO_TCP, TCP_USER_TIMEOUT, 240000 },
	};

	for (size_t i = 0; i < COUNT(options); i++) {
		if (!set_flag(fd, options[i].level, options[i].option,
			      options[i].value))
			return false;
	}
	return true;
}

/* A bound socket, not listening yet; -1 with errno. */
static int bind_tcp(const struct address *a, bool is_shared_port)
{
	int fd = socket(a->storage.ss_family,
			SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int saved;

	if (fd < 0)
		return -1;
	if (set_flag(fd, SOL_SOCKET, SO_REUSEADDR, 1) &&
	    (!is_shared_port || set_flag(fd, SOL_SOCKET, SO_REUSEPORT, 1)) &&
	    set_inherited(fd) &&
	    (a->storage.ss_family != AF_INET6 ||
	     set_flag(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0)) &&
	    bind(fd, (const struct sockaddr *)&a->storage, a->len) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

static enum err explain(const struct listener *l, int number, struct buf *why)
{
	if (number == EADDRINUSE) {
		buf_print(why, "%s is in use by another program", l->text);
		return ERR_EXISTS;
	}
	buf_print(why, "%s: %s", l->text, strerror(number));
	return number == EACCES ? ERR_NOT_ALLOWED : ERR_IO;
}

static enum err open_tcp(struct listener *l, struct buf *why)
{
	int probe = bind_tcp(&l->address, false);

	/* With SO_REUSEPORT alone a second daemon would share the port. */
	if (probe < 0 || listen(probe, 1) != 0) {
		int saved = errno;

		if (probe >= 0)
			close(probe);
		return explain(l, saved, why);
	}
	close(probe);
	for (unsigned i = 0; i < l->fd_count; i++) {
		l->fds[i] = bind_tcp(&l->address, true);
		if (l->fds[i] < 0 || listen(l->fds[i], BACKLOG) != 0)
			return explain(l, errno, why);
	}
	return ERR_OK;
}

/*
 * Somebody is there, even if he is busy (EAGAIN) or will not have us (EACCES);
 * else what lies there is left of a dead daemon.
 */
static bool is_alive(const struct address *a)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool answers =
		fd >= 0 && (connect(fd, (const struct sockaddr *)&a->storage,
				    a->len) == 0 ||
			    errno == EAGAIN || errno == EACCES);

	if (fd >= 0)
		close(fd);
	return answers;
}

static const char *unix_path(const struct address *a)
{
	return ((const struct sockaddr_un *)&a->storage)->sun_path;
}

static enum err open_group(struct listener *l, struct buf *why)
{
	const char *path = unix_path(&l->address);

	if (chmod(path, l->group == (gid_t)-1 ? 0600 : 0660) == 0 &&
	    (l->group == (gid_t)-1 || chown(path, (uid_t)-1, l->group) == 0))
		return ERR_OK;
	buf_print(why, "%s: cannot open it to its group: %s", l->text,
		  strerror(errno));
	return ERR_NOT_ALLOWED;
}

static enum err open_unix(struct listener *l, struct buf *why)
{
	const char *path = unix_path(&l->address);
	struct stat st;
	mode_t before;
	int fd;

	if (is_alive(&l->address))
		return explain(l, EADDRINUSE, why);
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		unlink(path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return explain(l, errno, why);
	before = umask(0177);
	if (bind(fd, (const struct sockaddr *)&l->address.storage,
		 l->address.len) != 0) {
		int saved = errno;

		umask(before);
		close(fd); /* here: the name is not ours to remove */
		return explain(l, saved, why);
	}
	umask(before);
	l->fds[0] = fd;
	if (listen(fd, BACKLOG) != 0)
		return explain(l, errno, why);
	return open_group(l, why);
}

static enum err open_inherited(struct listener *l, int fd, struct buf *why)
{
	int flags = fcntl(fd, F_GETFL);

	l->is_inherited = true;
	l->fds[0] = fd;
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
		return explain(l, errno, why);
	if (!address_is_unix(&l->address) && !set_inherited(fd))
		return explain(l, errno, why);
	return ERR_OK;
}

static enum err find_group(struct listener *l, const char *name,
			   struct buf *why)
{
	const struct group *group;

	l->group = (gid_t)-1;
	if (name == NULL)
		return ERR_OK;
	group = getgrnam(name);
	if (group == NULL) {
		buf_print(why, "%s: there is no group %s", l->text, name);
		return ERR_BAD_INPUT;
	}
	l->group = group->gr_gid;
	return ERR_OK;
}

static enum err check(struct listener *l, struct buf *why)
{
	if (!l->has_tls && !address_is_local(&l->address)) {
		buf_print(why,
			  "%s: without TLS only loopback addresses and "
			  "Unix sockets may be used",
			  l->text);
		return ERR_BAD_INPUT;
	}
	if (l->is_console && !address_is_unix(&l->address)) {
		buf_print(why, "%s: a console must be a Unix socket", l->text);
		return ERR_BAD_INPUT;
	}
	return ERR_OK;
}

static enum err open_sockets(struct listener *l, int inherited, struct buf *why)
{
	enum err e;

	l->is_shared = inherited >= 0 || address_is_unix(&l->address);
	l->fds = mem_array(l->fd_count, sizeof(l->fds[0]));
	for (unsigned i = 0; i < l->fd_count; i++)
		l->fds[i] = -1;
	if (inherited >= 0)
		e = open_inherited(l, inherited, why);
	else if (l->is_shared)
		e = open_unix(l, why);
	else
		e = open_tcp(l, why);
	if (l->is_shared) {
		for (unsigned i = 1; i < l->fd_count; i++)
			l->fds[i] = l->fds[0];
	}
	return e;
}

enum err listener_open(const struct listener_settings *settings,
		       const struct service *service, const char *folder,
		       unsigned workers, int inherited,
		       struct listener *listener_r, struct buf *why)
{
	struct listener l = { 0 };
	enum err e = ERR_OK;

	l.service = service;
	l.text = mem_text(settings->address);
	l.has_tls = settings->tls;
	l.is_console = settings->console;
	l.telnet = (enum listener_telnet)settings->telnet;
	l.fd_count = workers;
	if (!address_parse(l.text, folder, &l.address, why))
		e = ERR_BAD_INPUT;
	if (e == ERR_OK)
		e = check(&l, why);
	if (e == ERR_OK)
		e = find_group(&l, settings->group, why);
	if (e == ERR_OK)
		e = open_sockets(&l, inherited, why);
	if (e != ERR_OK) {
		listener_close(&l);
		return e;
	}
	*listener_r = l;
	return ERR_OK;
}

void listener_close(struct listener *l)
{
	unsigned own = l->is_shared ? 1 : l->fd_count;

	for (unsigned i = 0; l->fds != NULL && i < own; i++) {
		if (l->fds[i] < 0)
			continue;
		close(l->fds[i]);
		if (address_is_unix(&l->address) && !l->is_inherited)
			unlink(unix_path(&l->address));
	}
	mem_free(l->fds);
	mem_free(l->text);
	memset(l, 0, sizeof(*l));
}

static bool is_in_group(int fd, gid_t group)
{
	socklen_t len = 0;
	gid_t *groups;
	bool is_in = false;

	/* The first call tells how many there are. */
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, NULL, &len) == 0 ||
	    errno != ERANGE)
		return false;
	groups = mem_zero(len);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &len) == 0) {
		for (size_t i = 0; i < len / sizeof(groups[0]); i++)
			is_in |= groups[i] == group;
	}
	mem_free(groups);
	return is_in;
}

bool listener_admits(const struct listener *l, int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (!l->is_console)
		return true;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0)
		return false;
	if (peer.uid == 0 || peer.uid == geteuid())
		return true;
	return l->group != (gid_t)-1 &&
	       (peer.gid == l->group || is_in_group(fd, l->group));
}

bool listener_matches(const char *text, const char *folder, int fd)
{
	AUTO(buf_fini) struct buf why = { 0 };
	struct address a;
	struct address bound = { .len = sizeof(bound.storage) };

	if (!address_parse(text, folder, &a, &why) ||
	    getsockname(fd, (struct sockaddr *)&bound.storage, &bound.len) != 0)
		return false;
	if (address_is_unix(&a))
		return address_is_unix(&bound) &&
		       strcmp(unix_path(&a), unix_path(&bound)) == 0;
	return a.len == bound.len &&
	       memcmp(&a.storage, &bound.storage, a.len) == 0;
}
