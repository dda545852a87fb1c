#include "net/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"

static const struct service service = { .name = "test", .alpn = "test" };

/* A folder, the settings of a listener in it, and what came of them. */
struct place {
	char dir[64];
	char text[128];
	struct listener_settings settings;
	struct listener listener;
	struct buf why;
};

static int setup(void **state)
{
	struct place *p = mem_zero(sizeof(*p));

	snprintf(p->dir, sizeof(p->dir), "/tmp/rialto-listener-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	p->settings.address = p->text;
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct place *p = *state;

	rmdir(p->dir);
	buf_fini(&p->why);
	mem_free(p);
	return 0;
}

static enum err open_it(struct place *p, const char *address, unsigned workers,
			int inherited)
{
	snprintf(p->text, sizeof(p->text), "%s", address);
	buf_reset(&p->why);
	return listener_open(&p->settings, &service, p->dir, workers, inherited,
			     &p->listener, &p->why);
}

/* A TCP socket that listens on a free port of the loopback. */
static int take_port(in_port_t *port_r)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &len), 0);
	*port_r = ntohs(in.sin_port);
	return fd;
}

static void print_port(char text_r[32], in_port_t port)
{
	snprintf(text_r, 32, "127.0.0.1:%u", (unsigned)port);
}

static void a_second_bind_is_refused(void **state)
{
	struct place *p = *state;
	struct listener first;
	char address[32];
	char want[64];
	in_port_t port;
	int fd = take_port(&port);

	print_port(address, port);
	snprintf(want, sizeof(want), "%s is in use by another program",
		 address);
	assert_int_equal(open_it(p, address, 2, -1), ERR_EXISTS);
	assert_string_equal(buf_text(&p->why), want);
	close(fd);
	/* Also by one of ours, whose sockets share the port. */
	assert_int_equal(open_it(p, address, 2, -1), ERR_OK);
	first = p->listener;
	assert_int_equal(open_it(p, address, 2, -1), ERR_EXISTS);
	listener_close(&first);
	assert_int_equal(open_it(p, address, 2, -1), ERR_OK);
	listener_close(&p->listener);
}

static void each_worker_has_its_own_socket(void **state)
{
	struct place *p = *state;
	struct stat seen[3];
	char address[32];
	in_port_t port;

	close(take_port(&port));
	print_port(address, port);
	assert_int_equal(open_it(p, address, 3, -1), ERR_OK);
	assert_int_equal(p->listener.fd_count, 3);
	assert_false(p->listener.is_shared);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(fstat(p->listener.fds[i], &seen[i]), 0);
		for (int k = 0; k < i; k++)
			assert_true(seen[i].st_ino != seen[k].st_ino);
		assert_true((fcntl(p->listener.fds[i], F_GETFL) & O_NONBLOCK) !=
			    0);
		assert_true((fcntl(p->listener.fds[i], F_GETFD) & FD_CLOEXEC) !=
			    0);
	}
	listener_close(&p->listener);
	assert_null(p->listener.fds);
	listener_close(&p->listener);
}

static mode_t mode_of(const struct place *p, const char *name)
{
	char path[128];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", p->dir, name);
	if (stat(path, &st) != 0)
		return 0;
	return st.st_mode;
}

static void a_unix_socket_is_for_us_alone(void **state)
{
	struct place *p = *state;
	mode_t before = umask(0);

	assert_int_equal(open_it(p, "unix:s", 2, -1), ERR_OK);
	assert_int_equal(umask(before), 0);
	assert_int_equal(mode_of(p, "s"), S_IFSOCK | 0600);
	assert_true(p->listener.is_shared);
	assert_int_equal(p->listener.fds[0], p->listener.fds[1]);
	listener_close(&p->listener);
	assert_int_equal(mode_of(p, "s"), 0);
}

static void or_for_its_group(void **state)
{
	struct place *p = *state;
	struct group *group = getgrgid(getgid());

	assert_non_null(group);
	p->settings.group = mem_text(group->gr_name);
	assert_int_equal(open_it(p, "unix:s", 1, -1), ERR_OK);
	assert_int_equal(mode_of(p, "s"), S_IFSOCK | 0660);
	listener_close(&p->listener);
	mem_free(p->settings.group);
	p->settings.group = mem_text("no-such-group");
	assert_int_equal(open_it(p, "unix:s", 1, -1), ERR_BAD_INPUT);
	assert_string_equal(buf_text(&p->why),
			    "unix:s: there is no group no-such-group");
	mem_free(p->settings.group);
}

static void what_a_dead_daemon_left_is_replaced(void **state)
{
	struct place *p = *state;
	struct listener first;

	assert_int_equal(open_it(p, "unix:s", 1, -1), ERR_OK);
	first = p->listener;
	assert_int_equal(open_it(p, "unix:s", 1, -1), ERR_EXISTS);
	assert_int_equal(mode_of(p, "s"), S_IFSOCK | 0600);
	/* It dies: nobody listens, and the socket stays. */
	close(first.fds[0]);
	assert_int_equal(mode_of(p, "s"), S_IFSOCK | 0600);
	assert_int_equal(open_it(p, "unix:s", 1, -1), ERR_OK);
	listener_close(&p->listener);
	first.fds[0] = -1;
	first.is_inherited = true;
	listener_close(&first);
}

static void a_file_is_not_replaced(void **state)
{
	struct place *p = *state;
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/s", p->dir);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(open_it(p, "unix:s", 1, -1), ERR_EXISTS);
	assert_int_equal(mode_of(p, "s"), S_IFREG | 0600);
	unlink(path);
	assert_int_equal(open_it(p, "unix:gone/s", 1, -1), ERR_IO);
}

static void an_inherited_socket_is_taken_as_it_is(void **state)
{
	struct place *p = *state;
	char address[32];
	in_port_t port;
	int fd = take_port(&port);

	print_port(address, port);
	assert_true(listener_matches(address, p->dir, fd));
	assert_false(listener_matches("127.0.0.1:1", p->dir, fd));
	assert_false(listener_matches("unix:s", p->dir, fd));
	assert_false(listener_matches("nonsense", p->dir, fd));
	assert_false(listener_matches(address, p->dir, -1));
	assert_int_equal(open_it(p, address, 2, fd), ERR_OK);
	assert_true(p->listener.is_shared);
	assert_int_equal(p->listener.fds[0], fd);
	assert_int_equal(p->listener.fds[1], fd);
	assert_true((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
	assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	listener_close(&p->listener);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
}

static void an_inherited_unix_socket_stays(void **state)
{
	struct place *p = *state;
	char path[128];
	int fd;

	assert_int_equal(open_it(p, "unix:s", 1, -1), ERR_OK);
	fd = dup(p->listener.fds[0]);
	snprintf(path, sizeof(path), "%s/s", p->dir);
	p->listener.is_inherited = true; /* as if: its name stays */
	listener_close(&p->listener);
	assert_true(listener_matches("unix:s", p->dir, fd));
	assert_int_equal(open_it(p, "unix:s", 2, fd), ERR_OK);
	listener_close(&p->listener);
	assert_int_equal(mode_of(p, "s"), S_IFSOCK | 0600);
	unlink(path);
}

static const struct refusal_case {
	const char *address;
	bool tls;
	bool console;
	const char *why;
} refusal_cases[] = {
	{ "192.0.2.1:1", false, false,
	  "192.0.2.1:1: without TLS only loopback addresses and Unix sockets "
	  "may be used" },
	{ "*:1", false, false,
	  "*:1: without TLS only loopback addresses and Unix sockets may be "
	  "used" },
	{ "127.0.0.1:1", false, true,
	  "127.0.0.1:1: a console must be a Unix socket" },
};

static void what_is_not_safe_is_refused(void **state)
{
	struct place *p = *state;

	for (size_t i = 0; i < COUNT(refusal_cases); i++) {
		const struct refusal_case *c = &refusal_cases[i];

		print_message("# %s\n", c->address);
		p->settings.tls = c->tls;
		p->settings.console = c->console;
		assert_int_equal(open_it(p, c->address, 1, -1), ERR_BAD_INPUT);
		assert_string_equal(buf_text(&p->why), c->why);
	}
	p->settings.console = false;
	assert_int_equal(open_it(p, "nonsense", 1, -1), ERR_BAD_INPUT);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(a_second_bind_is_refused),
		IN_PLACE(each_worker_has_its_own_socket),
		IN_PLACE(a_unix_socket_is_for_us_alone),
		IN_PLACE(or_for_its_group),
		IN_PLACE(what_a_dead_daemon_left_is_replaced),
		IN_PLACE(a_file_is_not_replaced),
		IN_PLACE(an_inherited_socket_is_taken_as_it_is),
		IN_PLACE(an_inherited_unix_socket_stays),
		IN_PLACE(what_is_not_safe_is_refused),
	};

	return cmocka_run_group_tests_name("listener", tests, NULL, NULL);
}
