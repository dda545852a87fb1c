/*
 * A worker's mailbox: calls that other threads want made in its thread, in
 * the order in which they were put, and an eventfd that wakes it.
 *
 * mailbox_put() may be called from any thread; the rest belongs to the
 * mailbox's worker. What is put there is bounded by credit, see worker.h.
 */
#ifndef RIALTO_NET_MAILBOX_H
#define RIALTO_NET_MAILBOX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/thread.h"

struct worker;

struct mail {
	void (*fn)(struct worker *worker, void *to, void *arg);
	void *to;
	void *arg;
	struct worker *origin; /* whose credit it costs; NULL: nobody's */
	bool is_answer;        /* see worker_post_answer() */
};

/* A growing array of mail. */
struct mail_list {
	struct mail *mails;
	size_t count;
	size_t room;
};

struct mailbox {
	int wake_fd;           /* immutable after mailbox_init() */
	atomic_size_t waiting; /* as in.count, to look without the lock */

	struct mutex lock; /* rank: LOCK_MAILBOX */
	struct mail_list in GUARDED_BY(lock);
	bool is_asleep GUARDED_BY(lock);

	struct mail_list out; /* the worker's */
};

/* A system without descriptors left ends the program. */
void mailbox_init(struct mailbox *m);
void mailbox_fini(struct mailbox *m);

void mailbox_put(struct mailbox *m, struct mail mail);

void mail_list_add(struct mail_list *list, struct mail mail);

/*
 * Takes everything that is there; *mails_r is valid until the next call.
 * Returns how many.
 */
size_t mailbox_take(struct mailbox *m, const struct mail **mails_r);

/*
 * The worker is going to wait for its descriptors: from now on a put writes
 * to wake_fd. False, and no sleep, when there is mail.
 */
bool mailbox_sleep(struct mailbox *m);
void mailbox_awake(struct mailbox *m);

#endif
