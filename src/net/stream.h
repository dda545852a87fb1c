/*
 * A connected socket, with TLS or without: bytes in, bytes out, never
 * waiting. Owned by one worker.
 */
#ifndef RIALTO_NET_STREAM_H
#define RIALTO_NET_STREAM_H

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "crypto/digest.h"
#include "net/tls.h"

enum stream_result {
	STREAM_OK,
	STREAM_AGAIN,  /* nothing now: wait until the socket is ready */
	STREAM_CLOSED, /* the peer has ended in good order */
	STREAM_FAILED, /* the peer or the network broke; see stream_fault() */
};

struct stream {
	int fd;               /* -1 when closed */
	gnutls_session_t tls; /* NULL without TLS */
	struct tls *shared;   /* what tls was made from */
	bool is_stuck;        /* GnuTLS holds a record it could not send */
	bool is_dry;          /* the socket had nothing more to read */
	bool has_begun;       /* the peer has sent its first byte */
	bool is_old;          /* that was no TLS record: garbage, or SSL 2 */
	uint32_t record_sure; /* bytes that one record takes at least */
	struct buf held;      /* taken, but beyond the record that is stuck */
	const char *fault;    /* static text, or NULL */
};

/*
 * Takes fd, which does not block; s must stay where it is. shared NULL: no
 * TLS. Keeps a reference to shared. False (fd is closed) when there is no
 * memory for TLS.
 */
NODISCARD bool stream_init(struct stream *s, int fd, struct tls *shared,
			   const char *alpn);

/* See client_certificate_ask_any(); before the handshake. */
void stream_ask_certificate(struct stream *s);

/* One step; STREAM_OK when the handshake is done (at once without TLS). */
NODISCARD enum stream_result stream_handshake(struct stream *s);

/* STREAM_OK with *len_r of 1 to size bytes. */
NODISCARD enum stream_result stream_receive(struct stream *s, void *bytes,
					    size_t size, size_t *len_r);

/*
 * Sends from bytes. *taken_r of len bytes are now the stream's business, also
 * on STREAM_AGAIN; what is left must be offered again later.
 */
NODISCARD enum stream_result stream_send(struct stream *s, const void *bytes,
					 size_t len, size_t *taken_r);

/* STREAM_OK when nothing is held back (any more). */
NODISCARD enum stream_result stream_resume(struct stream *s);

/*
 * Says goodbye as far as that is possible at once, and ends our direction.
 * What the peer still sends can only be discarded.
 */
void stream_finish(struct stream *s);

/*
 * Throws away what has come, as it is on the wire, at most size bytes, which
 * pass through scratch. Nothing can be received afterwards.
 */
NODISCARD enum stream_result stream_discard(struct stream *s, void *scratch,
					    size_t size, size_t *len_r);

/* Says goodbye as far as that is possible at once, and closes. */
void stream_close(struct stream *s);

/* Words for the log about the last STREAM_FAILED; static. */
const char *stream_fault(const struct stream *s);

/* After the handshake, as session_export() and so on. */
bool stream_is_tls13(const struct stream *s);
NODISCARD bool stream_export(const struct stream *s, const char *label,
			     void *bytes_r, size_t size);
NODISCARD bool stream_client_fingerprint(const struct stream *s,
					 uint8_t digest_r[DIGEST_BYTES]);

/* "TLS1.3 AES-128-GCM" or "plain" for the curious. */
void stream_describe(const struct stream *s, char *text_r, size_t size);

#endif
