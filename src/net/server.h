/*
 * The server: the workers, what they listen on, and what they share.
 *
 * The owner (main) makes, starts and stops it; server_change() may be called
 * from any thread but a worker, server_worker(), server_worker_count() and
 * server_sessions() from any.
 */
#ifndef RIALTO_NET_SERVER_H
#define RIALTO_NET_SERVER_H

#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "net/listener.h"
#include "net/settings.h"
#include "net/tls.h"
#include "net/worker.h"

struct server;

struct server *server_new(unsigned workers);

/* After server_stop(). */
void server_free(struct server **server);

/*
 * Opens a listener, see listener_open(). Before server_start(). Borrows
 * service.
 */
NODISCARD enum err server_listen(struct server *server,
				 const struct listener_settings *settings,
				 const struct service *service,
				 const char *folder, int inherited,
				 struct buf *why);

/* Starts the workers, with a reference of their own to tls. */
void server_start(struct server *server, const struct limits *limits,
		  struct tls *tls);

/*
 * New sessions, and those limits that are looked at later, follow these.
 * Waits until every worker has taken them, or has ended.
 */
void server_change(struct server *server, const struct limits *limits,
		   struct tls *tls);

/*
 * Stops listening, tells every session, waits for answers that are under way
 * and for last bytes, at most grace_ms, and ends the workers.
 */
void server_stop(struct server *server, int64_t grace_ms);

struct worker *server_worker(struct server *server, unsigned index);
unsigned server_worker_count(const struct server *server);
size_t server_sessions(struct server *server);

/*
 * Asks every worker for a sign of life; false when one has not answered the
 * last time it was asked. The owner's.
 */
bool server_is_alive(struct server *server);

#endif
