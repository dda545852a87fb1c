#include "chat/report/report_close.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "chat/chat_fields.h"
#include "chat/message.h"
#include "chat/person_fields.h"
#include "chat/report/report_act.h"
#include "chat/report/report_desk.h"
#include "chat/report/report_news.h"
#include "user/users.h"

/* With the change lock: the report, which by may act on. */
static enum err fetch(struct chat *chat, const struct actor *by,
		      uint64_t number, struct report *report_r,
		      struct refusal *why)
{
	enum err e = permit_check(PERMIT_REPORTS, rank_of_roles(by->roles),
				  RANK_GUEST);

	if (e != ERR_OK)
		return refusal_give(why, e, "That is for moderators.");
	e = report_get(chat->store, number, report_r, NULL);
	if (e == ERR_OK && report_is_about(report_r, by))
		e = ERR_NOT_FOUND;
	if (e == ERR_NOT_FOUND)
		return refusal_give(why, e, "There is no report #%" PRIu64 ".",
				    number);
	if (e == ERR_OK && report_r->state == REPORT_CLOSED)
		return refusal_give(why, ERR_EXISTS,
				    "%s has closed it already: %s",
				    report_r->by, report_r->note);
	return e;
}

/* It is by's now. */
static void sign(struct report *report, const struct actor *by,
		 enum report_state state)
{
	report->state = state;
	report->by_rank = rank_of_roles(by->roles);
	report->by_ms = clock_wall_ms();
	memcpy(report->by, by->name, sizeof(report->by));
}

static enum err take(struct chat *chat, const struct actor *by, uint64_t number,
		     struct refusal *why)
{
	struct report report = { 0 };
	struct report_act act = { .chat = chat,
				  .by = by,
				  .action = "report.take",
				  .report = &report };
	enum err e = fetch(chat, by, number, &report, why);

	if (e != ERR_OK)
		return e;
	if (report.state == REPORT_TAKEN)
		return refusal_give(why, ERR_EXISTS, "%s has taken it already.",
				    report.by);
	sign(&report, by, REPORT_TAKEN);
	return report_act_run(&act);
}

enum err report_take(struct chat *chat, const struct actor *by, uint64_t number,
		     struct refusal *why)
{
	enum err e;

	mutex_lock(&chat->change);
	e = take(chat, by, number, why);
	mutex_unlock(&chat->change);
	return e;
}

struct search {
	user_id user;
	uint64_t session; /* 0: look for the user */
	struct person *found;
};

static void match_one(void *what, void *arg)
{
	struct person *person = what;
	struct search *search = arg;
	bool is_it = false;

	if (search->found != NULL || person->user != search->user)
		return;
	mutex_lock(&person->lock);
	for (size_t i = 0; i < person->host_count; i++)
		is_it |= search->session == 0 ||
			 person->hosts[i].session == search->session;
	mutex_unlock(&person->lock);
	if (is_it)
		search->found = person_ref(person);
}

/* Who reported it and is here: a reference, or NULL. */
static struct person *find_reporter(struct chat *chat,
				    const struct report *report)
{
	struct search search = { .user = report->user };

	if (report->user == 0) {
		search.session = report_desk_recall(chat->desk, report->number);
		if (search.session == 0)
			return NULL;
	}
	mutex_lock(&chat->lock);
	name_index_walk(&chat->people, match_one, &search);
	mutex_unlock(&chat->lock);
	return search.found;
}

static void tell_reporter(const struct report *report, struct person *person)
{
	AUTO(buf_fini) struct buf text = { 0 };
	struct message *m;

	report_news_print(report, &text);
	m = message_new(MESSAGE_NOTICE, NULL, person, "", buf_text(&text));
	person_send(person, m);
	message_unref(&m);
}

static bool is_user(struct chat *chat, user_id id)
{
	struct user user;

	return id != 0 && users_get(chat->users, id, &user) == ERR_OK;
}

/* With the change lock. */
static enum err close_locked(struct chat *chat, const struct actor *by,
			     uint64_t number, const char *note,
			     struct refusal *why)
{
	struct report report = { 0 };
	struct report_act act = { .chat = chat,
				  .by = by,
				  .action = "report.close",
				  .report = &report };
	struct report_tally tally;
	struct person *reporter;
	enum err e = fetch(chat, by, number, &report, why);

	if (e != ERR_OK)
		return e;
	if (report.state == REPORT_TAKEN &&
	    report.by_rank > rank_of_roles(by->roles))
		return refusal_give(why, ERR_RANK,
				    "%s, of a higher rank, "
				    "has taken it.",
				    report.by);
	e = report_count(chat, report.user, &tally);
	if (e != ERR_OK)
		return e;
	if (tally.closed >= REPORTS_CLOSED_MOST)
		act.dropped = tally.oldest_closed;
	sign(&report, by, REPORT_CLOSED);
	snprintf(report.note, sizeof(report.note), "%s", note);
	reporter = find_reporter(chat, &report);
	act.has_news = reporter == NULL && is_user(chat, report.user);
	e = report_act_run(&act);
	if (e == ERR_OK)
		report_desk_forget(chat->desk, number);
	if (e == ERR_OK && reporter != NULL)
		tell_reporter(&report, reporter);
	person_unref(&reporter);
	return e;
}

enum err report_close(struct chat *chat, const struct actor *by,
		      uint64_t number, const char *note, struct refusal *why)
{
	enum err e = report_check_words(note, "The note", why);

	if (e != ERR_OK)
		return e;
	mutex_lock(&chat->change);
	e = close_locked(chat, by, number, note, why);
	mutex_unlock(&chat->change);
	return e;
}
