/*
 * A change of kept messages: those that are written and those that go, in one
 * transaction. One owner, with the change lock.
 */
#ifndef RIALTO_CHAT_MAIL_CHANGE_H
#define RIALTO_CHAT_MAIL_CHANGE_H

#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"
#include "chat/mail/mail_table.h"

struct mail_change {
	struct store *store;
	struct mail **put; /* borrowed until it is run */
	size_t put_count;
	struct mail_trace *drop;
	size_t drop_count;
};

void mail_change_fini(struct mail_change *change);

void mail_change_put(struct mail_change *change, struct mail *mail);
void mail_change_drop(struct mail_change *change,
		      const struct mail_trace *trace);
void mail_change_drop_mail(struct mail_change *change, const struct mail *mail);

/* Job: the errors of store_run(). Nothing to do is ERR_OK. */
NODISCARD enum err mail_change_run(struct mail_change *change);

#endif
