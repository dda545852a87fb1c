#include "chat/report/report_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "chat/chat_fields.h"
#include "chat/message.h"
#include "chat/report/report_act.h"
#include "chat/report/report_desk.h"
#include "chat/room_quote.h"
#include "user/users.h"

/* Was heard in the room lately, whatever the name is by now. */
static bool is_quoted(const struct report_context *context, const char *name)
{
	for (size_t i = 0; i < context->count; i++) {
		if (name_compare(context->lines[i].from, name) == 0)
			return true;
	}
	return false;
}

static enum err find_target(struct chat *chat, const char *name,
			    const struct report_context *context,
			    struct report *report_r, struct refusal *why)
{
	struct person *person;
	struct user user;
	enum err e = users_find(chat->users, name, &user);

	snprintf(report_r->target, sizeof(report_r->target), "%s", name);
	if (e == ERR_OK) {
		report_r->target_user = user.id;
		memcpy(report_r->target, user.name, sizeof(user.name));
		return ERR_OK;
	}
	if (e != ERR_NO_SUCH_USER)
		return e;
	person = chat_person(chat, name);
	if (person != NULL)
		person_name(person, report_r->target);
	else if (!is_quoted(context, name))
		e = refusal_give(why, e,
				 "Nobody called %.32s is here, or was heard "
				 "in the room lately.",
				 name);
	if (person != NULL || is_quoted(context, name))
		e = ERR_OK;
	person_unref(&person);
	return e;
}

struct tale {
	const struct report *report;
	const struct person *reporter;
	const char *text;
};

static void tell_one(void *what, void *arg)
{
	struct person *person = what;
	const struct tale *tale = arg;
	struct message *m;

	if ((person_roles(person) & (ROLE_MODERATOR | ROLE_ADMIN)) == 0 ||
	    person == tale->reporter ||
	    (tale->report->target_user != 0 &&
	     person_user(person) == tale->report->target_user))
		return;
	m = message_new(MESSAGE_NOTICE, NULL, person, "", tale->text);
	person_send(person, m);
	message_unref(&m);
}

static void tell_moderators(struct chat *chat, const struct actor *by,
			    const struct report *report)
{
	char text[256];
	struct tale tale = { report, by->person, text };

	snprintf(text, sizeof(text),
		 "New report #%" PRIu64 ": %s about %s%s%s. /reports show "
		 "%" PRIu64,
		 report->number, report->name, report->target,
		 report->room[0] == '\0' ? "" : " in ", report->room,
		 report->number);
	mutex_lock(&chat->lock);
	name_index_walk(&chat->people, tell_one, &tale);
	mutex_unlock(&chat->lock);
}

static enum err check_bounds(struct chat *chat, const struct actor *by,
			     struct refusal *why)
{
	size_t each = by->user == 0 ? REPORTS_OPEN_GUESTS : REPORTS_OPEN_EACH;
	struct report_tally tally;
	enum err e = report_count(chat, by->user, &tally);

	if (e != ERR_OK)
		return e;
	if (tally.own >= each)
		return refusal_give(why, ERR_LIMIT,
				    "%zu reports %s are open: the moderators "
				    "must close some first.",
				    each,
				    by->user == 0 ? "by guests" : "of yours");
	if (tally.open < REPORTS_OPEN_MOST)
		return ERR_OK;
	return refusal_give(why, ERR_LIMIT,
			    "%d reports are open: the moderators must close "
			    "some first.",
			    REPORTS_OPEN_MOST);
}

/* With the change lock. */
static enum err file(struct chat *chat, const struct actor *by,
		     const char *site, struct report *report,
		     const struct report_context *context, struct refusal *why)
{
	struct report_act act = { .chat = chat,
				  .by = by,
				  .action = "report.file",
				  .report = report,
				  .context = context };
	enum err e = check_bounds(chat, by, why);

	if (e == ERR_OK)
		e = report_desk_take(chat->desk, by, site, why);
	if (e == ERR_OK)
		e = report_act_run(&act);
	if (e != ERR_OK)
		return e;
	if (by->user == 0)
		report_desk_remember(chat->desk, report->number, by->origin);
	tell_moderators(chat, by, report);
	return ERR_OK;
}

enum err report_file(struct chat *chat, const struct actor *by,
		     const struct report_ask *ask, struct report *report_r,
		     struct report_context *context_r, struct refusal *why)
{
	struct report *report = report_r;
	enum err e = report_check_words(ask->words, "What you report", why);

	memset(report, 0, sizeof(*report));
	context_r->count = 0;
	if (ask->room != NULL && room_has(ask->room, by->person)) {
		room_quote(ask->room, context_r);
		snprintf(report->room, sizeof(report->room), "%s",
			 room_name(ask->room));
	}
	if (e == ERR_OK)
		e = find_target(chat, ask->target, context_r, report, why);
	if (e != ERR_OK)
		return e;
	if (name_compare(report->target, by->name) == 0)
		return refusal_give(why, ERR_BAD_INPUT,
				    "You cannot report yourself.");
	report->time_ms = clock_wall_ms();
	report->state = REPORT_OPEN;
	report->user = by->user;
	memcpy(report->name, by->name, sizeof(report->name));
	memcpy(report->words, ask->words, strlen(ask->words));
	mutex_lock(&chat->change);
	e = file(chat, by, ask->site, report, context_r, why);
	mutex_unlock(&chat->change);
	return e;
}
