#include "net/stream.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/client_certificate.h"

enum {
	/* The largest plaintext of one TLS record (RFC 8446 5.1). */
	RECORD_MOST = 16384,
	/* The least that a peer may ask for (GnuTLS refuses less). */
	RECORD_LEAST = 512,
	/* Alerts and the like that may come in a row without any bytes. */
	IDLE_RECORDS_MOST = 32,
	/* Set in the first byte of an SSL 2 record, and of none of TLS. */
	SSL2_BIT = 0x80,
};

/* As GnuTLS's own, but notes what we must know of the socket. */
static ssize_t pull(gnutls_transport_ptr_t ptr, void *bytes, size_t size)
{
	struct stream *s = ptr;
	ssize_t n = recv(s->fd, bytes, size, 0);

	if (n < 0 && errno == EAGAIN)
		s->is_dry = true;
	if (n > 0 && !s->has_begun) {
		s->has_begun = true;
		s->is_old = *(unsigned char *)bytes & SSL2_BIT;
	}
	return n;
}

bool stream_init(struct stream *s, int fd, struct tls *shared, const char *alpn)
{
	memset(s, 0, sizeof(*s));
	s->fd = fd;
	if (shared == NULL)
		return true;
	s->tls = tls_session(shared, alpn, fd);
	if (s->tls == NULL) {
		stream_close(s);
		return false;
	}
	gnutls_transport_set_ptr2(s->tls, s, (void *)(intptr_t)fd);
	gnutls_transport_set_pull_function(s->tls, pull);
	s->record_sure = RECORD_LEAST;
	s->shared = tls_ref(shared);
	return true;
}

void stream_ask_certificate(struct stream *s)
{
	if (s->tls != NULL)
		client_certificate_ask_any(s->tls);
}

static enum stream_result fail(struct stream *s, const char *fault)
{
	s->fault = fault;
	return STREAM_FAILED;
}

/* What a GnuTLS code below zero means for us. */
static enum stream_result judge(struct stream *s, int rc)
{
	if (rc == GNUTLS_E_AGAIN || rc == GNUTLS_E_INTERRUPTED)
		return STREAM_AGAIN;
	if (rc == GNUTLS_E_PREMATURE_TERMINATION)
		return fail(s, "the peer vanished");
	if (rc == GNUTLS_E_REHANDSHAKE)
		return fail(s, "the peer wants to renegotiate");
	return fail(s, gnutls_strerror(rc));
}

enum stream_result stream_handshake(struct stream *s)
{
	int rc = GNUTLS_E_AGAIN;

	if (s->tls == NULL)
		return STREAM_OK;
	for (int i = 0; i < IDLE_RECORDS_MOST; i++) {
		rc = gnutls_handshake(s->tls);
		if (rc == GNUTLS_E_SUCCESS)
			return STREAM_OK;
		if (rc == GNUTLS_E_AGAIN || gnutls_error_is_fatal(rc))
			break;
	}
	/* GnuTLS would wait for as much as that record claims to hold. */
	if (s->is_old)
		rc = GNUTLS_E_UNEXPECTED_PACKET;
	if (rc == GNUTLS_E_AGAIN)
		return STREAM_AGAIN;
	if (!gnutls_error_is_fatal(rc))
		return fail(s, "the peer sends nothing but alerts");
	gnutls_alert_send_appropriate(s->tls, rc);
	return judge(s, rc);
}

static enum stream_result receive_plain(struct stream *s, void *bytes,
					size_t size, size_t *len_r)
{
	ssize_t n;

	do {
		n = recv(s->fd, bytes, size, 0);
	} while (n < 0 && errno == EINTR);
	if (n == 0)
		return STREAM_CLOSED;
	if (n > 0) {
		*len_r = (size_t)n;
		return STREAM_OK;
	}
	return errno == EAGAIN ? STREAM_AGAIN : fail(s, strerror(errno));
}

/*
 * GnuTLS says "again" after messages of its own as well; only a dry socket
 * will be told of by epoll.
 */
static ssize_t receive_record(struct stream *s, void *bytes, size_t size)
{
	for (int i = 0; i < IDLE_RECORDS_MOST; i++) {
		ssize_t n;

		s->is_dry = false;
		n = gnutls_record_recv(s->tls, bytes, size);
		if (n >= 0 || gnutls_error_is_fatal((int)n) ||
		    n == GNUTLS_E_REHANDSHAKE ||
		    (n == GNUTLS_E_AGAIN && s->is_dry))
			return n;
	}
	return GNUTLS_E_TOO_MANY_EMPTY_PACKETS;
}

enum stream_result stream_receive(struct stream *s, void *bytes, size_t size,
				  size_t *len_r)
{
	ssize_t n;

	if (s->tls == NULL)
		return receive_plain(s, bytes, size, len_r);
	n = receive_record(s, bytes, size);
	if (n == 0)
		return STREAM_CLOSED;
	if (n > 0) {
		*len_r = (size_t)n;
		return STREAM_OK;
	}
	if (n == GNUTLS_E_REHANDSHAKE)
		gnutls_alert_send(s->tls, GNUTLS_AL_FATAL,
				  GNUTLS_A_NO_RENEGOTIATION);
	return judge(s, (int)n);
}

static enum stream_result send_plain(struct stream *s, const char *bytes,
				     size_t len, size_t *taken_r)
{
	while (*taken_r < len) {
		ssize_t n = send(s->fd, bytes + *taken_r, len - *taken_r,
				 MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return STREAM_AGAIN;
		if (n < 0)
			return fail(s, strerror(errno));
		*taken_r += (size_t)n;
	}
	return STREAM_OK;
}

/* Sends what lay behind the record that was stuck. */
static enum stream_result send_held(struct stream *s)
{
	while (buf_len(&s->held) > 0) {
		ssize_t n = gnutls_record_send(s->tls, buf_at(&s->held),
					       buf_len(&s->held));

		if (n < 0) {
			enum stream_result result = judge(s, (int)n);

			s->is_stuck = result == STREAM_AGAIN;
			return result;
		}
		buf_take(&s->held, (size_t)n);
	}
	buf_fini(&s->held);
	return STREAM_OK;
}

enum stream_result stream_resume(struct stream *s)
{
	ssize_t n;

	if (!s->is_stuck)
		return STREAM_OK;
	n = gnutls_record_send(s->tls, NULL, 0);
	if (n < 0)
		return judge(s, (int)n);
	s->is_stuck = false;
	if (buf_len(&s->held) == 0)
		return STREAM_OK;
	buf_take(&s->held, (size_t)n);
	return send_held(s);
}

/*
 * The record is encrypted and kept by GnuTLS; but where the peer wants small
 * ones, nobody says how much of part is in it before it has been sent.
 */
static void note_stuck(struct stream *s, const char *part, size_t len)
{
	s->is_stuck = true;
	if (len > s->record_sure)
		buf_add(&s->held, part, len);
}

enum stream_result stream_send(struct stream *s, const void *bytes, size_t len,
			       size_t *taken_r)
{
	enum stream_result result;
	const char *at = bytes;

	*taken_r = 0;
	if (s->tls == NULL)
		return send_plain(s, bytes, len, taken_r);
	result = stream_resume(s);
	while (result == STREAM_OK && *taken_r < len) {
		size_t part = len - *taken_r;
		ssize_t n;

		if (part > RECORD_MOST)
			part = RECORD_MOST;
		n = gnutls_record_send(s->tls, at + *taken_r, part);
		if (n >= 0) {
			if ((size_t)n > s->record_sure)
				s->record_sure = (uint32_t)n;
			*taken_r += (size_t)n;
			continue;
		}
		result = judge(s, (int)n);
		if (result == STREAM_AGAIN) {
			note_stuck(s, at + *taken_r, part);
			*taken_r += part;
		}
	}
	return result;
}

static void say_goodbye(struct stream *s)
{
	if (s->tls != NULL) {
		if (!s->is_stuck && s->fault == NULL)
			gnutls_bye(s->tls, GNUTLS_SHUT_WR);
		gnutls_deinit(s->tls);
		tls_unref(&s->shared);
		s->tls = NULL;
	}
	buf_fini(&s->held);
}

void stream_finish(struct stream *s)
{
	say_goodbye(s);
	shutdown(s->fd, SHUT_WR);
}

enum stream_result stream_discard(struct stream *s, void *scratch, size_t size,
				  size_t *len_r)
{
	return receive_plain(s, scratch, size, len_r);
}

void stream_close(struct stream *s)
{
	if (s->fd < 0)
		return;
	say_goodbye(s);
	close(s->fd);
	s->fd = -1;
}

const char *stream_fault(const struct stream *s)
{
	return s->fault == NULL ? "no fault" : s->fault;
}

bool stream_is_tls13(const struct stream *s)
{
	return s->tls != NULL &&
	       gnutls_protocol_get_version(s->tls) == GNUTLS_TLS1_3;
}

bool stream_export(const struct stream *s, const char *label, void *bytes_r,
		   size_t size)
{
	return stream_is_tls13(s) &&
	       gnutls_prf_rfc5705(s->tls, strlen(label), label, 0, NULL, size,
				  bytes_r) == 0;
}

bool stream_client_fingerprint(const struct stream *s,
			       uint8_t digest_r[DIGEST_BYTES])
{
	return s->tls != NULL &&
	       client_certificate_fingerprint(s->tls, digest_r);
}

void stream_describe(const struct stream *s, char *text_r, size_t size)
{
	if (s->tls == NULL) {
		snprintf(text_r, size, "plain");
		return;
	}
	snprintf(text_r, size, "%s %s",
		 gnutls_protocol_get_name(gnutls_protocol_get_version(s->tls)),
		 gnutls_cipher_get_name(gnutls_cipher_get(s->tls)));
}
