/*
 * The fields of a session, for worker.c, session.c and ending.c alone.
 */
#ifndef RIALTO_NET_SESSION_FIELDS_H
#define RIALTO_NET_SESSION_FIELDS_H

#include "base/buf.h"
#include "base/list.h"
#include "net/listener.h"
#include "net/session.h"
#include "net/timers.h"

enum session_state {
	SESSION_HANDSHAKE = 1,
	SESSION_OPEN,
	SESSION_CLOSING,   /* closed to the service; bytes may remain */
	SESSION_LINGERING, /* all is said; what the peer says is discarded */
	SESSION_ENDED,     /* no descriptor; freed at the end of the turn */
};

struct session {
	int watch; /* WATCH_SESSION: see worker_fields.h */
	struct worker *worker;
	const struct listener *listener;
	void *data;
	struct stream stream;
	struct outbox outbox;
	struct buf input; /* read, not yet used by the service */

	struct list ready_link;   /* something to do in the next turn */
	struct list closing_link; /* service->closed is due */
	struct list all_link;
	struct timer timer;

	struct session_handle handle;
	struct address peer;
	uid_t uid;
	int64_t opened_ms;       /* wall clock */
	int64_t last_input_ms;   /* monotonic */
	int64_t slice_until_us;  /* monotonic: its share of this turn */
	int64_t idle_timeout_ms; /* 0: the timer is a plain deadline */

	enum session_state state;
	enum err why;     /* closing for this reason */
	enum err refusal; /* to be told after the handshake; ERR_OK: none */
	unsigned parked;
	uint32_t discarded; /* bytes that came while it was ending */
	bool is_readable;
	bool has_peer_ended;
	bool is_counted; /* in the server's counts by address */
};

/* Has it something to read, and nothing to wait for? Then in the next turn. */
void session_go_on(struct session *s);

#endif
