/*
 * The least that a TLS server on GnuTLS can do, to compare with: threads that
 * share a port, each with its own epoll set, shake hands, send one line and
 * wait for the other side to leave. Prints its port; ends with its parent.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/thread.h"
#include "options.h"
#include "proc.h"
#include "report.h"

enum { EVENTS = 64, BACKLOG = 4096, FILES = 4096, THREADS_MOST = 64 };

struct caller {
	int fd;
	bool is_greeted;
	gnutls_session_t tls;
};

struct server {
	int epoll_fd;
	int listen_fd;
	struct thread thread;
};

static gnutls_certificate_credentials_t credentials;
static gnutls_priority_t priorities;
static gnutls_datum_t ticket_key;

static int listen_on(struct sockaddr_in *address)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(*address);
	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	if (bind(fd, (void *)address, len) != 0 || listen(fd, BACKLOG) != 0)
		fail("cannot listen: %s", strerror(errno));
	getsockname(fd, (void *)address, &len);
	return fd;
}

static void watch(const struct server *s, int fd, void *tag)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = tag };

	if (epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0)
		fail("epoll: %s", strerror(errno));
}

static void accept_one(const struct server *s)
{
	int fd =
		accept4(s->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct caller *c;
	int on = 1;

	if (fd < 0)
		return;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	c = mem_zero(sizeof(*c));
	c->fd = fd;
	if (gnutls_init(&c->tls, GNUTLS_SERVER | GNUTLS_NONBLOCK |
					 GNUTLS_NO_SIGNAL) < 0 ||
	    gnutls_priority_set(c->tls, priorities) < 0 ||
	    gnutls_credentials_set(c->tls, GNUTLS_CRD_CERTIFICATE,
				   credentials) < 0 ||
	    gnutls_session_ticket_enable_server(c->tls, &ticket_key) < 0)
		fail("cannot set up TLS");
	gnutls_transport_set_int(c->tls, fd);
	watch(s, fd, c);
}

static void hang_up(struct caller *c)
{
	gnutls_bye(c->tls, GNUTLS_SHUT_WR);
	gnutls_deinit(c->tls);
	close(c->fd);
	mem_free(c);
}

static void serve(struct caller *c)
{
	static const char greeting[] = "-- Welcome.\n";
	char ignored[256];
	int result;

	if (!c->is_greeted) {
		result = gnutls_handshake(c->tls);
		if (result >= 0) {
			c->is_greeted = true;
			result = (int)gnutls_record_send(c->tls, greeting,
							 sizeof(greeting) - 1);
		}
	} else {
		result = (int)gnutls_record_recv(c->tls, ignored,
						 sizeof(ignored));
	}
	if (result == 0 || (result < 0 && gnutls_error_is_fatal(result)))
		hang_up(c);
}

static void run(void *arg)
{
	struct server *s = arg;
	struct epoll_event events[EVENTS];

	for (;;) {
		int count = epoll_wait(s->epoll_fd, events, EVENTS, -1);

		for (int i = 0; i < count; i++) {
			if (events[i].data.ptr)
				serve(events[i].data.ptr);
			else
				accept_one(s);
		}
	}
}

int main(int argc, char **argv)
{
	static struct server servers[THREADS_MOST];
	struct sockaddr_in address = { .sin_family = AF_INET };
	const char *certificate = "server.crt";
	const char *key = "server.key";
	int64_t threads = 2;

	options_read(
		(const struct option_row[]){
			{ "certificate", &certificate, NULL, 0, 0, "PEM" },
			{ "key", &key, NULL, 0, 0, "PEM" },
			{ "threads", NULL, &threads, 1, THREADS_MOST,
			  "of this server" },
			{ 0 },
		},
		argc, argv);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	proc_allow_files(FILES);
	if (gnutls_certificate_allocate_credentials(&credentials) < 0 ||
	    gnutls_certificate_set_x509_key_file(credentials, certificate, key,
						 GNUTLS_X509_FMT_PEM) < 0)
		fail("cannot use %s and %s", certificate, key);
	if (gnutls_priority_init(&priorities, NULL, NULL) < 0 ||
	    gnutls_session_ticket_key_generate(&ticket_key) < 0)
		fail("cannot set up TLS");
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (int i = 0; i < threads; i++) {
		servers[i].epoll_fd = epoll_create1(EPOLL_CLOEXEC);
		servers[i].listen_fd = listen_on(&address);
		watch(&servers[i], servers[i].listen_fd, NULL);
		thread_start(&servers[i].thread, "bare", run, &servers[i]);
	}
	printf("port %d\n", ntohs(address.sin_port));
	fflush(stdout);
	for (int i = 0; i < threads; i++)
		thread_join(&servers[i].thread);
	return 0;
}
