/*
 * The fields of a worker, for worker.c, session.c, ending.c, accept.c and
 * server.c.
 */
#ifndef RIALTO_NET_WORKER_FIELDS_H
#define RIALTO_NET_WORKER_FIELDS_H

#include <stdatomic.h>

#include "base/thread.h"
#include "log/limit.h"
#include "net/census.h"
#include "net/mailbox.h"
#include "net/session_fields.h"
#include "net/worker.h"

enum { SCRATCH_BYTES = 16384 };

/* What an epoll event is about: the first field of what it points to. */
enum watch { WATCH_MAILBOX = 1, WATCH_LISTENER, WATCH_SESSION };

struct watched_listener {
	enum watch watch;
	struct listener *listener;
	int fd;
};

struct slot {
	struct session *session; /* NULL: free */
	uint32_t next_free;
};

struct worker {
	unsigned index;        /* immutable after worker_init() */
	struct server *server; /* immutable after worker_init() */
	struct census *census; /* immutable after worker_init() */
	struct watched_listener
		*listeners;      /* immutable after worker_listen() */
	unsigned listener_count; /* immutable after worker_listen() */
	struct mailbox mailbox;
	struct thread thread;
	atomic_int credit;
	atomic_bool is_starved;

	/* All that follows belongs to the worker's thread. */
	enum watch mailbox_watch;
	int epoll;
	int spare_fd; /* given up to refuse a peer when descriptors run out */
	struct limits limits;
	struct tls *tls;
	struct timers timers;
	struct outbox_turn turn;
	unsigned lines_before; /* of the last turn, see is_worth_holding() */
	int64_t now_ms;

	struct slot *slots;
	uint32_t slot_count;
	uint32_t first_free;
	uint32_t session_count;
	uint32_t lounge; /* sessions beyond the limits that wait to be told */

	struct list sessions;   /* all, by all_link */
	struct list handshakes; /* steps to make, by ready_link */
	struct list ready;      /* input to read, by ready_link */
	struct list closing;    /* by closing_link */
	struct list ended;      /* to be freed, by closing_link */

	struct log_limit handshake_log;
	struct log_limit slow_log;
	struct log_limit accept_log;
	bool is_draining;
	bool is_reading_mail;
	struct mail_list answers; /* posted with worker_post_answer() */
	int64_t drain_until_ms;
	char scratch[SCRATCH_BYTES];
};

/* net/accept.c */
void worker_accept(struct worker *w, const struct watched_listener *watched);
/* Tells the service, see service->turned_away. */
void peer_turned_away(const struct listener *listener,
		      const struct address *peer, const char *why);

/* net/session.c */
struct session *session_begin(struct worker *w, struct listener *listener,
			      int fd, const struct address *peer,
			      enum err refusal, bool is_counted);
void session_shake(struct session *s);
void session_read(struct session *s);
void session_expired(struct session *s);
/* What any stranger can cause: limit is that of the kind. */
void session_log(struct session *s, struct log_limit *limit, const char *what,
		 const char *why);

/* net/ending.c */
void session_left(struct session *s); /* calls service->closed */
void session_flush(struct session *s);
void session_linger(struct session *s);  /* all is said */
void session_discard(struct session *s); /* what an ending peer says */
void session_end(struct session *s);
void session_free(struct session *s);
void session_stop(struct session *s); /* the daemon stops */

/* net/worker.c, for server.c */
void worker_init(struct worker *w, unsigned index, struct server *server,
		 struct census *census);
void worker_listen(struct worker *w, struct listener *listeners,
		   unsigned count);
/* Makes the calls that came too late, so that what they hold is freed. */
void worker_empty_late(struct worker *w);
void worker_fini(struct worker *w);
void worker_run(void *arg);
void worker_drain(struct worker *w, int64_t until_ms);

#endif
