#include "peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "report.h"

enum { PATIENCE_MS = 60000, FIRST_SOURCE = 0x7f000002 };

void target_open(struct target *t, const char *address, int port,
		 unsigned sources, const char *priorities)
{
	const char *flaw = NULL;

	memset(t, 0, sizeof(*t));
	t->sources = sources;
	t->address.sin_family = AF_INET;
	t->address.sin_port = htons((uint16_t)port);
	if (inet_pton(AF_INET, address, &t->address.sin_addr) != 1)
		fail("%s is no IPv4 address", address);
	if (gnutls_priority_init(&t->priorities, priorities, &flaw) < 0)
		fail("priorities: wrong at \"%s\"", flaw);
	if (gnutls_certificate_allocate_credentials(&t->credentials) < 0)
		fail("no credentials");
}

void target_close(struct target *t)
{
	gnutls_priority_deinit(t->priorities);
	gnutls_certificate_free_credentials(t->credentials);
}

/* Gives GnuTLS its bytes from what one recv() of the whole socket brought. */
static ssize_t pull(gnutls_transport_ptr_t ptr, void *bytes, size_t len)
{
	struct peer *p = ptr;
	struct intake *in = p->intake;
	size_t have;

	if (in->owner != p) {
		errno = EAGAIN;
		return -1;
	}
	if (in->wire_start == in->wire_end) {
		ssize_t n = -1;

		errno = EAGAIN;
		if (!in->is_dry)
			n = recv(p->fd, in->wire, INTAKE_WIRE, 0);
		in->is_dry = n < INTAKE_WIRE && n != 0;
		if (n <= 0)
			return n;
		in->wire_start = 0;
		in->wire_end = (uint32_t)n;
	}
	have = in->wire_end - in->wire_start;
	if (len > have)
		len = have;
	memcpy(bytes, in->wire + in->wire_start, len);
	in->wire_start += (uint32_t)len;
	return (ssize_t)len;
}

static int pull_timeout(gnutls_transport_ptr_t ptr, unsigned ms)
{
	const struct peer *p = ptr;
	struct pollfd poll_fd = { p->fd, POLLIN, 0 };

	if (p->intake->owner == p &&
	    p->intake->wire_start < p->intake->wire_end)
		return 1;
	return poll(&poll_fd, 1, (int)ms);
}

static void open_socket(struct peer *p, const struct target *t)
{
	int on = 1;

	p->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (p->fd < 0)
		fail("socket: %s", strerror(errno));
	setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (t->sources > 0) {
		struct sockaddr_in from = { .sin_family = AF_INET };

		from.sin_addr.s_addr =
			htonl(FIRST_SOURCE + p->index % t->sources);
		setsockopt(p->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on,
			   sizeof(on));
		if (bind(p->fd, (void *)&from, sizeof(from)) != 0)
			fail("bind: %s", strerror(errno));
	}
	if (connect(p->fd, (const void *)&t->address, sizeof(t->address)) !=
		    0 &&
	    errno != EINPROGRESS)
		fail("connect: %s", strerror(errno));
}

void peer_open(struct peer *p, const struct target *t, unsigned index,
	       struct intake *intake, const gnutls_datum_t *ticket)
{
	p->index = index;
	p->intake = intake;
	p->tail = NULL;
	p->tail_len = 0;
	open_socket(p, t);
	if (gnutls_init(&p->tls, GNUTLS_CLIENT | GNUTLS_NONBLOCK |
					 GNUTLS_NO_SIGNAL) < 0 ||
	    gnutls_priority_set(p->tls, t->priorities) < 0 ||
	    gnutls_credentials_set(p->tls, GNUTLS_CRD_CERTIFICATE,
				   t->credentials) < 0)
		fail("cannot set up TLS");
	if (ticket && ticket->size > 0)
		gnutls_session_set_data(p->tls, ticket->data, ticket->size);
	gnutls_transport_set_ptr2(p->tls, p, (void *)(intptr_t)p->fd);
	gnutls_transport_set_pull_function(p->tls, pull);
	gnutls_transport_set_pull_timeout_function(p->tls, pull_timeout);
	p->stage = PEER_CONNECTING;
}

static bool is_connected(const struct peer *p)
{
	struct sockaddr_in address;
	socklen_t len = sizeof(address);
	int error = 0;
	socklen_t error_len = sizeof(error);

	getsockopt(p->fd, SOL_SOCKET, SO_ERROR, &error, &error_len);
	if (error != 0)
		fail("connection %u: %s", p->index, strerror(error));
	return getpeername(p->fd, (void *)&address, &len) == 0;
}

void peer_turn(struct peer *p)
{
	struct intake *in = p->intake;

	in->owner = p;
	in->wire_start = in->wire_end = 0;
	in->is_dry = false;
}

bool peer_advance(struct peer *p)
{
	int result;

	if (p->stage == PEER_CONNECTING) {
		if (!is_connected(p))
			return false;
		p->stage = PEER_HANDSHAKING;
	}
	do
		result = gnutls_handshake(p->tls);
	while (result == GNUTLS_E_INTERRUPTED);
	if (result == GNUTLS_E_AGAIN)
		return false;
	if (result < 0)
		fail("handshake %u: %s", p->index, gnutls_strerror(result));
	p->stage = PEER_OPEN;
	return true;
}

/* Puts the tail before the len bytes in text; returns how many lines hold. */
static uint32_t split_tail(struct peer *p, char *text, uint32_t len)
{
	const char *last = memrchr(text, '\n', len);
	uint32_t whole = last ? (uint32_t)(last + 1 - text) : 0;

	mem_free(p->tail);
	p->tail = NULL;
	p->tail_len = len - whole;
	if (p->tail_len > 0)
		p->tail = mem_copy(text + whole, p->tail_len);
	return whole;
}

/* GnuTLS also says "again" after a session ticket, whatever is behind it. */
static bool has_more(const struct peer *p)
{
	const struct intake *in = p->intake;

	return in->owner == p && (in->wire_start < in->wire_end || !in->is_dry);
}

uint32_t peer_receive(struct peer *p, const char **lines_r, bool *closed_r)
{
	char *text = p->intake->text;

	for (;;) {
		ssize_t n;
		uint32_t whole;

		if (p->tail_len > INTAKE_TEXT / 2)
			fail("a line without an end");
		n = gnutls_record_recv(p->tls, text + p->tail_len,
				       INTAKE_TEXT - p->tail_len);
		if (n == GNUTLS_E_INTERRUPTED ||
		    (n == GNUTLS_E_AGAIN && has_more(p)))
			continue;
		if (n == GNUTLS_E_AGAIN)
			return 0;
		if (n <= 0) {
			if (!closed_r)
				fail("the server closed connection %u: %s",
				     p->index,
				     n ? gnutls_strerror((int)n) : "goodbye");
			*closed_r = true;
			return 0;
		}
		if (p->tail_len > 0)
			memcpy(text, p->tail, p->tail_len);
		whole = split_tail(p, text, p->tail_len + (uint32_t)n);
		*lines_r = text;
		if (whole > 0)
			return whole;
	}
}

static void wait_for(const struct peer *p, short events)
{
	struct pollfd poll_fd = { p->fd, events, 0 };

	if (poll(&poll_fd, 1, PATIENCE_MS) <= 0)
		fail("connection %u: nothing for %d s", p->index,
		     PATIENCE_MS / 1000);
}

/* A record; how many of the bytes are in it. */
static size_t send_some(struct peer *p, const char *bytes, size_t len)
{
	ssize_t n = gnutls_record_send(p->tls, bytes, len);

	while (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED) {
		wait_for(p, POLLOUT);
		n = gnutls_record_send(p->tls, NULL, 0);
	}
	if (n < 0)
		fail("send %u: %s", p->index, gnutls_strerror((int)n));
	return (size_t)n;
}

void peer_send(struct peer *p, const char *bytes, size_t len)
{
	while (len > 0) {
		size_t sent = send_some(p, bytes, len);

		bytes += sent;
		len -= sent;
	}
}

void peer_wait(struct peer *p)
{
	bool writes = p->stage == PEER_CONNECTING ||
		      (p->stage == PEER_HANDSHAKING &&
		       gnutls_record_get_direction(p->tls) == 1);

	wait_for(p, writes ? POLLOUT : POLLIN);
	peer_turn(p);
}

void peer_close(struct peer *p)
{
	if (p->stage == PEER_CLOSED)
		return;
	if (p->stage == PEER_OPEN)
		gnutls_bye(p->tls, GNUTLS_SHUT_WR);
	gnutls_deinit(p->tls);
	close(p->fd);
	mem_free(p->tail);
	p->tail = NULL;
	p->tail_len = 0;
	p->stage = PEER_CLOSED;
}
