/*
 * News of reports: how a report ended, for its reporter, who hears of it at
 * once when here, else (users) at the next login.
 */
#ifndef RIALTO_CHAT_REPORT_NEWS_H
#define RIALTO_CHAT_REPORT_NEWS_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "chat/chat.h"
#include "chat/report/report.h"

/* Within a transaction: keeps the news of a closed report for its user. */
NODISCARD enum err report_news_put(struct store_txn *txn, struct store *store,
				   const struct report *report);

/* Job: is there any for the user? */
NODISCARD enum err report_news_look(struct chat *chat, user_id user,
				    bool *has_news_r);

/*
 * Job. Tells the person, a user's, all that there is for that user, and
 * forgets it then: so it may be told twice, but not never.
 */
NODISCARD enum err report_news_tell(struct chat *chat, struct person *person);

/* Job: a user is no more. */
NODISCARD enum err report_news_drop(struct store *store, user_id user);

/* The words: "Your report #3 about troll is closed: NOTE" */
void report_news_print(const struct report *report, struct buf *out);

/* As report_verify(). */
NODISCARD enum err report_news_verify(struct store *store, struct buf *report);

#endif
