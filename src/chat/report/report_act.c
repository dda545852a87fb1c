#include "chat/report/report_act.h"

#include <inttypes.h>
#include <stdio.h>

#include "chat/act.h"
#include "chat/chat_fields.h"
#include "chat/report/report_news.h"

struct writing {
	const struct report_act *act;
	char detail[96];
};

/*
 * Whoever reads the record is told where to look: what was said is not in it.
 */
static enum err write_report(struct store_txn *txn, void *arg)
{
	struct writing *w = arg;
	const struct report_act *act = w->act;
	struct store *store = act->chat->store;
	const struct report *report = act->report;
	enum err e = act->context != NULL
			     ? report_add(txn, store, act->report, act->context)
			     : report_put(txn, store, report);

	if (e == ERR_OK && act->dropped != 0)
		e = report_delete(txn, store, act->dropped);
	if (e == ERR_OK && act->has_news)
		e = report_news_put(txn, store, report);
	snprintf(w->detail, sizeof(w->detail), "report #%" PRIu64 "%s%s",
		 report->number, report->room[0] == '\0' ? "" : " in ",
		 report->room);
	return e;
}

/* It may be about an op, or a moderator, who would read it in the log. */
enum err report_act_run(const struct report_act *act)
{
	struct writing writing = { .act = act };
	struct act record = { .by = act->by,
			      .action = act->action,
			      .target = act->report->target,
			      .detail = writing.detail,
			      .is_discreet = true };

	return act_run(act->chat, &record, write_report, &writing);
}

static bool count_one(const struct report *report, void *arg)
{
	struct report_tally *tally = arg;

	tally->own +=
		report->state != REPORT_CLOSED && report->user == tally->user;
	if (report->state != REPORT_CLOSED)
		tally->open++;
	else if (tally->closed++ == 0)
		tally->oldest_closed = report->number;
	return true;
}

enum err report_count(struct chat *chat, user_id user,
		      struct report_tally *tally_r)
{
	*tally_r = (struct report_tally){ .user = user };
	return report_walk(chat->store, count_one, tally_r);
}
