/*
 * A session: one connection, from accept to close, owned by one worker for
 * life. Other threads know it only by its handle.
 *
 * Everything here is called in the session's worker, except session_handle
 * values, which may travel.
 */
#ifndef RIALTO_NET_SESSION_H
#define RIALTO_NET_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/attr.h"
#include "base/err.h"
#include "crypto/digest.h"
#include "net/address.h"
#include "net/outbox.h"

struct session;
struct worker;
struct service;

/* Names a session wherever it is; never names another one later. */
struct session_handle {
	uint32_t worker;
	uint32_t slot;
	uint64_t number; /* counts from 1, for people to see; 0: no session */
};

struct session_handle session_handle(const struct session *s);

/* The session in this worker, or NULL when it has ended or is ending. */
struct session *session_find(struct worker *worker,
			     struct session_handle handle);

/*
 * The handle in one number that layers without sockets can carry about: 36
 * bits of number, 20 of slot, 8 of worker. 0 is no session.
 */
uint64_t session_tag(const struct session *s);

/* As session_find(): NULL when it is not in this worker, or not any more. */
struct session *session_tagged(struct worker *worker, uint64_t tag);

struct worker *session_worker(const struct session *s);
const struct service *session_service(const struct session *s);
const struct listener *session_listener(const struct session *s);

/* The service's own; NULL at first. */
void *session_data(const struct session *s);
void session_set_data(struct session *s, void *data);

/* Queues bytes for the peer, behind everything before. */
void session_write(struct session *s, const void *bytes, size_t len);

/* For seats in channels. */
struct outbox *session_outbox(struct session *s);

/*
 * While parked no input is given to the service and none is read. Parking
 * and resuming come in pairs.
 */
void session_park(struct session *s);
void session_resume(struct session *s);
bool session_is_parked(const struct session *s);

/*
 * A quarter of limits.output_queue waits for the peer: no input is given to a
 * service that waits for its readers.
 */
bool session_is_clogged(const struct session *s);

/*
 * The session has had its share of this turn: a service that looks after each
 * piece of work keeps one peer from holding up the others.
 */
bool session_must_yield(const struct session *s);

/*
 * Ends the session once what is queued was sent (or could not be for a few
 * seconds) and the peer has ended as well (or has not for a few more). Calls
 * the service's closed before the turn ends, not at once.
 */
void session_close(struct session *s, enum err why);
bool session_is_closing(const struct session *s);

/* Refuses (service->refuse) and closes. */
void session_refuse(struct session *s, enum err why);

/* The same; words may be NULL. */
void session_refuse_why(struct session *s, enum err why, const char *words);

/* One deadline at a time; both replace the one before. 0 is none. */
void session_set_deadline(struct session *s, int64_t seconds);
void session_set_idle_timeout(struct session *s, int64_t seconds);

/* Since the peer sent anything. */
int64_t session_idle_s(const struct session *s);
int64_t session_opened_ms(const struct session *s); /* wall clock */

void session_print_host(const struct session *s, char text_r[ADDRESS_TEXT]);
void session_print_site(const struct session *s, char text_r[ADDRESS_TEXT]);
void session_describe(const struct session *s, char *text_r, size_t size);

/* False without TLS, too. */
bool session_is_tls13(const struct session *s);

/*
 * Bytes that only the two ends of this TLS channel have (RFC 8446, 7.5), of
 * this label and no context; to be wiped. False unless it is TLS 1.3: before,
 * two channels could be made to have the same (RFC 7627).
 */
NODISCARD bool session_export(const struct session *s, const char *label,
			      void *bytes_r, size_t size);

/*
 * SHA-256 of the certificate (DER) that the client has shown; the handshake has
 * proved that it has the key. Nothing else of the certificate was looked at:
 * no CA need vouch for it (one of tls.client_ca need not either), nor does it
 * matter when it ends. False when none was shown, and for a service that does
 * not ask (asks_certificate).
 */
NODISCARD bool session_client_fingerprint(const struct session *s,
					  uint8_t digest_r[DIGEST_BYTES]);

/* Of a peer on a Unix socket (SO_PEERCRED), else (uid_t)-1. */
uid_t session_uid(const struct session *s);

#endif
