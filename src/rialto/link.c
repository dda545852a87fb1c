#include "rialto/link.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "rialto/resolver.h"

enum {
	CONNECT_MS = 10 * 1000, /* for each address */
	HANDSHAKE_MS = 15 * 1000,
	RESOLVE_MS = 30 * 1000,
	RECORD = 16 * 1024,
	INPUT_PER_TURN = 256 * 1024,
	OUTPUT_MOST = 1024 * 1024,
};

enum step { RESOLVING, CONNECTING, SHAKING, SHAKEN, OPEN, DOWN };

struct link {
	enum step step;
	char *host;
	char *protocol;
	struct resolver *resolver;
	const struct addrinfo *next; /* address to try */
	const struct link_trust *trust;
	int fd;
	gnutls_session_t tls;
	struct peer peer;
	int64_t deadline_ms; /* of RESOLVING, CONNECTING, SHAKING */
	struct buf in;
	struct buf out;
	bool is_held;     /* GnuTLS keeps a record of out */
	bool has_pending; /* more was received than one turn takes */
	char *problem;
};

struct link_trust {
	gnutls_certificate_credentials_t credentials;
};

/* As the daemon: forward secrecy and authenticated encryption only. */
static const char priorities[] =
	"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-CIPHER-ALL:"
	"+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305";

struct link_trust *link_trust_new(const char *ca_file)
{
	struct link_trust *t = mem_zero(sizeof(*t));
	int rc = gnutls_certificate_allocate_credentials(&t->credentials);

	assert(rc == 0);
	/* Without the system's CAs there is still trust on first use. */
	rc = ca_file != NULL
		     ? gnutls_certificate_set_x509_trust_file(
			       t->credentials, ca_file, GNUTLS_X509_FMT_PEM)
		     : gnutls_certificate_set_x509_system_trust(t->credentials);
	if (ca_file != NULL && rc <= 0)
		link_trust_free(&t);
	return t;
}

const char *link_trust_show(struct link_trust *t, const char *file)
{
	int rc = gnutls_certificate_set_x509_key_file(
		t->credentials, file, file, GNUTLS_X509_FMT_PEM);

	return rc < 0 ? gnutls_strerror(rc) : NULL;
}

void link_trust_free(struct link_trust **t)
{
	if (*t == NULL)
		return;
	gnutls_certificate_free_credentials((*t)->credentials);
	mem_free(*t);
	*t = NULL;
}

static void hang_up(struct link *l)
{
	if (l->tls != NULL)
		gnutls_deinit(l->tls);
	if (l->fd >= 0)
		close(l->fd);
	l->tls = NULL;
	l->fd = -1;
}

static void fail(struct link *l, const char *problem)
{
	hang_up(l);
	mem_free(l->problem);
	l->problem = mem_text(problem);
	l->step = DOWN;
}

struct link *link_new(const struct link_trust *trust, const char *protocol,
		      const char *host, const char *port)
{
	struct link *l = mem_zero(sizeof(*l));

	l->fd = -1;
	l->trust = trust;
	l->host = mem_text(host);
	l->protocol = mem_text(protocol);
	l->resolver = resolver_new(host, port);
	l->deadline_ms = clock_mono_ms() + RESOLVE_MS;
	return l;
}

void link_free(struct link **link)
{
	struct link *l = *link;

	if (l == NULL)
		return;
	if (l->step == OPEN)
		gnutls_bye(l->tls, GNUTLS_SHUT_WR);
	hang_up(l);
	resolver_free(&l->resolver);
	peer_fini(&l->peer);
	buf_wipe(&l->in);
	buf_wipe(&l->out);
	mem_free(l->problem);
	mem_free(l->host);
	mem_free(l->protocol);
	mem_free(l);
	*link = NULL;
}

static void tune(int fd)
{
	static const struct {
		int level, name, value;
	} rows[] = {
		{ IPPROTO_TCP, TCP_NODELAY, 1 },
		/* A peer that vanished is noticed within two minutes. */
		{ SOL_SOCKET, SO_KEEPALIVE, 1 },
		{ IPPROTO_TCP, TCP_KEEPIDLE, 60 },
		{ IPPROTO_TCP, TCP_KEEPINTVL, 15 },
		{ IPPROTO_TCP, TCP_KEEPCNT, 4 },
		{ IPPROTO_TCP, TCP_USER_TIMEOUT, 30 * 1000 },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		(void)setsockopt(fd, rows[i].level, rows[i].name,
				 &rows[i].value, sizeof(rows[i].value));
}

/* Begins with the next address; with none left, problem is what remains. */
static void connect_next(struct link *l, const char *problem)
{
	while (l->next != NULL) {
		const struct addrinfo *a = l->next;

		l->next = a->ai_next;
		hang_up(l);
		l->fd = socket(a->ai_family,
			       a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
			       a->ai_protocol);
		if (l->fd >= 0)
			tune(l->fd);
		if (l->fd >= 0 &&
		    (connect(l->fd, a->ai_addr, a->ai_addrlen) == 0 ||
		     errno == EINPROGRESS)) {
			l->step = CONNECTING;
			l->deadline_ms = clock_mono_ms() + CONNECT_MS;
			return;
		}
		problem = strerror(errno);
	}
	fail(l, problem);
}

static void turn_resolving(struct link *l)
{
	const char *problem = "it has no address";
	struct pollfd answer = { resolver_fd(l->resolver), POLLIN, 0 };

	if (poll(&answer, 1, 0) == 0)
		return;
	l->next = resolver_answer(l->resolver, &problem);
	connect_next(l, problem);
}

static void begin_tls(struct link *l)
{
	const gnutls_datum_t alpn = { (unsigned char *)l->protocol,
				      (unsigned)strlen(l->protocol) };
	unsigned char address[16];
	int rc = gnutls_init(&l->tls, GNUTLS_CLIENT | GNUTLS_NONBLOCK |
					      GNUTLS_FORCE_CLIENT_CERT);

	assert(rc == 0);
	rc = gnutls_priority_set_direct(l->tls, priorities, NULL);
	if (rc == 0)
		rc = gnutls_credentials_set(l->tls, GNUTLS_CRD_CERTIFICATE,
					    l->trust->credentials);
	if (rc == 0)
		rc = gnutls_alpn_set_protocols(l->tls, &alpn, 1, 0);
	/* RFC 6066 3: names only. */
	if (rc == 0 && inet_pton(AF_INET, l->host, address) != 1 &&
	    strchr(l->host, ':') == NULL)
		rc = gnutls_server_name_set(l->tls, GNUTLS_NAME_DNS, l->host,
					    strlen(l->host));
	if (rc != 0) {
		fail(l, gnutls_strerror(rc));
		return;
	}
	gnutls_transport_set_int(l->tls, l->fd);
	l->step = SHAKING;
	l->deadline_ms = clock_mono_ms() + HANDSHAKE_MS;
}

static void turn_connecting(struct link *l)
{
	struct pollfd ready = { l->fd, POLLOUT, 0 };
	int number = 0;
	socklen_t len = sizeof(number);

	if (poll(&ready, 1, 0) == 0)
		return;
	if (getsockopt(l->fd, SOL_SOCKET, SO_ERROR, &number, &len) != 0)
		number = errno;
	if (number != 0)
		connect_next(l, strerror(number));
	else
		begin_tls(l);
}

static bool is_waiting(ssize_t rc)
{
	return rc == GNUTLS_E_AGAIN || rc == GNUTLS_E_INTERRUPTED;
}

/* What the alert means that ended the handshake. */
static char *refusal(const struct link *l)
{
	gnutls_alert_description_t alert = gnutls_alert_get(l->tls);

	if (alert == GNUTLS_A_NO_APPLICATION_PROTOCOL)
		return mem_print("that port is for another service than %s; "
				 "is it the right one?",
				 l->protocol);
	return mem_print("it refused TLS: %s", gnutls_alert_get_name(alert));
}

static void fail_tls(struct link *l, ssize_t rc)
{
	AUTO(mem_free_text) char *words = NULL;

	switch (rc) {
	case GNUTLS_E_UNEXPECTED_PACKET:
	case GNUTLS_E_UNEXPECTED_PACKET_LENGTH:
	case GNUTLS_E_UNSUPPORTED_VERSION_PACKET:
	case GNUTLS_E_RECORD_OVERFLOW:
		fail(l, "it does not speak TLS");
		break;
	case GNUTLS_E_PREMATURE_TERMINATION:
	case GNUTLS_E_PULL_ERROR:
	case GNUTLS_E_PUSH_ERROR:
		fail(l, l->step == OPEN ? "the connection broke"
					: "it closed the connection instead of "
					  "a TLS handshake");
		break;
	case GNUTLS_E_FATAL_ALERT_RECEIVED:
		words = refusal(l);
		fail(l, words);
		break;
	default:
		fail(l, gnutls_strerror((int)rc));
	}
}

static void turn_shaking(struct link *l)
{
	int rc;

	do {
		rc = gnutls_handshake(l->tls);
	} while (rc == GNUTLS_E_INTERRUPTED ||
		 rc == GNUTLS_E_WARNING_ALERT_RECEIVED);
	if (is_waiting(rc))
		return;
	if (rc != 0)
		fail_tls(l, rc);
	else if (!peer_judge(l->tls, l->host, &l->peer))
		fail(l, "its certificate cannot be read");
	else
		l->step = SHAKEN;
}

static void receive(struct link *l)
{
	size_t most = buf_len(&l->in) + INPUT_PER_TURN;
	ssize_t n = 1;

	l->has_pending = false;
	while (n > 0 && buf_len(&l->in) < most) {
		n = gnutls_record_recv(l->tls, buf_reserve(&l->in, RECORD),
				       RECORD);
		if (n > 0)
			buf_added(&l->in, (size_t)n);
	}
	if (n == 0)
		fail(l, "the server closed the connection");
	else if (n < 0 && gnutls_error_is_fatal((int)n))
		fail_tls(l, n);
	else /* more bytes, or a warning, or a wish: go on */
		l->has_pending = !is_waiting(n);
}

static void flush(struct link *l)
{
	while (l->step == OPEN && (l->is_held || buf_len(&l->out) > 0)) {
		size_t len =
			buf_len(&l->out) < RECORD ? buf_len(&l->out) : RECORD;
		ssize_t n = l->is_held ? gnutls_record_send(l->tls, NULL, 0)
				       : gnutls_record_send(
						 l->tls, buf_at(&l->out), len);

		l->is_held = is_waiting(n);
		if (l->is_held)
			return;
		if (n >= 0) {
			buf_take(&l->out, (size_t)n);
			continue;
		}
		/* The server's last words may say why it went. */
		receive(l);
		if (l->step == OPEN)
			fail_tls(l, n);
	}
	/* There may have been a password in it. */
	buf_wipe(&l->out);
}

void link_turn(struct link *l)
{
	static void (*const turns[])(struct link *) = {
		turn_resolving,
		turn_connecting,
		turn_shaking,
	};

	while (l->step < SHAKEN) {
		enum step before = l->step;

		turns[l->step](l);
		if (l->step > before)
			continue;
		if (clock_mono_ms() < l->deadline_ms)
			return;
		if (l->step == CONNECTING)
			connect_next(l, "it does not answer");
		else
			fail(l, "it does not answer");
	}
	if (l->step == OPEN)
		receive(l);
	flush(l);
}

int64_t link_poll(const struct link *l, struct pollfd *poll_r)
{
	int64_t due_ms = l->step < SHAKEN ? l->deadline_ms : INT64_MAX;

	poll_r->fd = l->step == RESOLVING ? resolver_fd(l->resolver) : l->fd;
	poll_r->events = POLLIN;
	poll_r->revents = 0;
	if (l->step == SHAKEN || l->step == DOWN)
		poll_r->fd = -1;
	else if (l->step == CONNECTING ||
		 (l->step == SHAKING &&
		  gnutls_record_get_direction(l->tls) == 1))
		poll_r->events = POLLOUT;
	else if (l->is_held || buf_len(&l->out) > 0)
		poll_r->events |= POLLOUT;
	return l->has_pending ? 0 : due_ms;
}

enum link_state link_state(const struct link *l)
{
	switch (l->step) {
	case SHAKEN:
		return LINK_SHAKEN;
	case OPEN:
		return LINK_OPEN;
	case DOWN:
		return LINK_DOWN;
	default:
		return LINK_BUSY;
	}
}

const struct peer *link_peer(const struct link *l)
{
	return &l->peer;
}

void link_accept(struct link *l)
{
	assert(l->step == SHAKEN);
	l->step = OPEN;
	/* What came with the handshake is in GnuTLS already. */
	l->has_pending = true;
}

enum err link_negotiate(const struct link *l, struct negotiation *n)
{
	return l->step == OPEN ? negotiation_begin(n, l->tls) : ERR_NOT_ALLOWED;
}

struct buf *link_input(struct link *l)
{
	return &l->in;
}

void link_send(struct link *l, const void *bytes, size_t len)
{
	if (l->step != OPEN)
		return;
	if (buf_len(&l->out) + len > OUTPUT_MOST) {
		fail(l, "the server does not read");
		return;
	}
	buf_add(&l->out, bytes, len);
}

const char *link_problem(const struct link *l)
{
	return l->problem;
}
