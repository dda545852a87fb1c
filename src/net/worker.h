/*
 * A worker: one thread with its own listening sockets, epoll set, timers and
 * mailbox, and the sessions it has accepted. It never blocks.
 *
 * worker_post(), worker_post_answer(), worker_index() and worker_self() may be
 * called from any thread; the rest in the worker's own.
 */
#ifndef RIALTO_NET_WORKER_H
#define RIALTO_NET_WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include "net/outbox.h"
#include "net/session.h"
#include "net/settings.h"

struct worker;
struct server;

/*
 * Calls fn(worker, to, arg) in the worker's thread, in the order of the posts.
 *
 * A post made in a worker costs that worker a credit, which comes back when
 * the call was made. A worker out of credit stops reading its sockets but
 * keeps emptying its mailbox, so that mailboxes stay bounded however fast a
 * peer talks.
 */
void worker_post(struct worker *worker,
		 void (*fn)(struct worker *worker, void *to, void *arg),
		 void *to, void *arg);

/*
 * As worker_post(), but fn is called only when the mailbox is empty, so that
 * fn may itself empty it. For the answers of jobs. Costs no credit: jobs are
 * bounded by their queue.
 */
void worker_post_answer(struct worker *worker,
			void (*fn)(struct worker *worker, void *to, void *arg),
			void *to, void *arg);

/* The worker whose thread this is, or NULL. */
struct worker *worker_self(void);

unsigned worker_index(const struct worker *worker);
struct server *worker_server(const struct worker *worker);
const struct limits *worker_limits(const struct worker *worker);

/* Where channels of this worker are flushed. */
struct outbox_turn *worker_turn(struct worker *worker);

/*
 * Makes the calls that are in the mailbox. A front-end does this before it
 * answers a command, so that what the command caused comes first.
 */
void worker_empty_mailbox(struct worker *worker);

/* Monotonic milliseconds at the start of this turn. */
int64_t worker_now_ms(const struct worker *worker);

#endif
