/*
 * What a front-end gives to net: what it does with the bytes of its sessions.
 * All functions are called in the session's worker and must not block.
 */
#ifndef RIALTO_NET_SERVICE_H
#define RIALTO_NET_SERVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct session;

struct service {
	const char *name; /* as in the settings: "line" */
	const char *alpn; /* RFC 7301 */
	void *arg;        /* the front-end's; see session_service() */

	/*
	 * Clients may show a certificate to be known by, whoever has signed
	 * it: see session_client_fingerprint().
	 */
	bool asks_certificate;

	/*
	 * Who does not take the answers is asked for nothing more until most
	 * of them are taken, see session_is_clogged(). For services that say
	 * nothing unasked.
	 */
	bool waits_for_readers;

	/* The handshake is done: greet. Set a deadline for the login here. */
	void (*open)(struct session *s);

	/*
	 * Bytes have come. Returns how many were used; less than len only when
	 * the session was parked, closed or clogged meanwhile, or must yield
	 * (session_must_yield()), and then the rest is offered again: after
	 * session_resume(), when enough was sent, or in the next turn.
	 */
	size_t (*input)(struct session *s, const char *bytes, size_t len);

	/*
	 * Tells the peer why it is refused, in the service's own form and, when
	 * words is NULL, in its own words.
	 */
	void (*refuse)(struct session *s, enum err why, const char *words);

	/* Tells the peer that the daemon stops. */
	void (*stopping)(struct session *s);

	/*
	 * The session ends for this reason (ERR_OK: in good order; ERR_IO: the
	 * connection was lost): free what session_data() holds, leave every
	 * seat. Called once, and only after open; what was written before is
	 * still sent.
	 */
	void (*closed)(struct session *s, enum err why);

	/*
	 * May be NULL. A peer from this site (see session_print_site()) was
	 * turned away before it was a session: "handshake-failed", or the code
	 * of a refusal. Also when the peer is told, in a session that is never
	 * opened.
	 */
	void (*turned_away)(const struct service *service, const char *site,
			    const char *why);
};

#endif
