/* Leaving a message for somebody. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/chat_fields.h"
#include "chat/guard/guard_people.h"
#include "chat/herald.h"
#include "chat/ignore/ignore_people.h"
#include "chat/mail/mail_box.h"
#include "chat/mail/mail_change.h"
#include "chat/tell.h"
#include "user/users.h"

static enum err find_receiver(struct chat *chat, const char *name,
			      struct user *user_r, struct refusal *why)
{
	enum err e = users_find(chat->users, name, user_r);

	if (e == ERR_NO_SUCH_USER)
		return refusal_give(why, e, "%s is not here, and no user.",
				    name);
	if (e == ERR_OK && user_r->state != USER_ACTIVE)
		return refusal_give(why, ERR_DISABLED,
				    "%s is not here, and may not log in.",
				    user_r->name);
	return e;
}

/* With the change lock. */
static enum err check(struct chat *chat, const struct actor *by,
		      const struct user *to, struct refusal *why)
{
	enum err e = chat_check_actor(by);

	if (e != ERR_OK)
		return e;
	if (by->user == 0)
		return refusal_give(why, ERR_USERS_ONLY,
				    "%s is not here, and what guests say is "
				    "not kept. /register makes you a user.",
				    to->name);
	if ((to->roles & HERALD_STAFF) == 0)
		e = guard_may_speak(by->person, why);
	if (e == ERR_OK && (by->roles & HERALD_STAFF) == 0 &&
	    ignore_has(chat, to->id, by->user, IGNORE_PRIVATE))
		e = tell_refuse_ignored(why);
	return e;
}

static size_t count_from(const struct mails *box, user_id from)
{
	size_t count = 0;

	for (size_t i = 0; i < box->count; i++)
		count += box->list[i].from == from && box->list[i].read_ms == 0;
	return count;
}

/* The oldest that were read go, until there is room for one text more. */
static bool clear_box(struct mail_change *change, const struct mails *box,
		      size_t len)
{
	size_t bytes = mails_bytes(box) + len;
	size_t count = box->count + 1;

	for (size_t i = 0; i < box->count; i++) {
		const struct mail *mail = &box->list[i];

		if (count <= MAIL_BOX_MOST && bytes <= MAIL_BOX_BYTES)
			return true;
		if (mail->read_ms == 0)
			continue;
		mail_change_drop_mail(change, mail);
		bytes -= strlen(mail->text);
		count--;
	}
	return count <= MAIL_BOX_MOST && bytes <= MAIL_BOX_BYTES;
}

static bool clear_sent(struct mail_change *change,
		       const struct mail_traces *sent)
{
	size_t count = sent->count + 1;

	for (size_t i = 0; i < sent->count && count > MAIL_SENT_MOST; i++) {
		if (sent->list[i].read_ms == 0)
			continue;
		mail_change_drop(change, &sent->list[i]);
		count--;
	}
	return count <= MAIL_SENT_MOST;
}

static enum err make_room(struct mail_change *change, const struct mails *box,
			  const struct mail_traces *sent,
			  const struct mail *mail, const char *name,
			  struct refusal *why)
{
	if (count_from(box, mail->from) >= MAIL_PAIR_MOST)
		return refusal_give(why, ERR_LIMIT,
				    "%d messages of yours wait for %s: no "
				    "more are kept until they are read.",
				    MAIL_PAIR_MOST, name);
	if (!clear_box(change, box, strlen(mail->text)))
		return refusal_give(why, ERR_LIMIT,
				    "So many messages wait for %s that there "
				    "is no room for this one.",
				    name);
	if (!clear_sent(change, sent))
		return refusal_give(why, ERR_LIMIT,
				    "%d messages of yours wait to be read: "
				    "no more are kept until some are.",
				    MAIL_SENT_MOST);
	return ERR_OK;
}

/* With the change lock. */
static enum err put(struct chat *chat, struct mail *mail, const char *name,
		    struct refusal *why)
{
	struct mail_change change = { .store = chat->store };
	struct mail_traces sent = { 0 };
	struct mails box = { 0 };
	enum err e = mail_table_box(chat->store, mail->to, &box);

	if (e == ERR_OK)
		e = mail_table_sent(chat->store, mail->from, &sent);
	if (e == ERR_OK)
		e = make_room(&change, &box, &sent, mail, name, why);
	mail_change_put(&change, mail);
	if (e == ERR_OK)
		e = mail_change_run(&change);
	mail_change_fini(&change);
	mail_traces_fini(&sent);
	mails_fini(&box);
	return e;
}

/* With the change lock. */
static enum err keep(struct chat *chat, const struct actor *by,
		     struct parcel *parcel, struct user *to,
		     struct refusal *why)
{
	struct mail mail = { .from = by->user, .time_ms = clock_wall_ms() };
	enum err e = find_receiver(chat, parcel->to, to, why);

	if (e == ERR_OK)
		e = check(chat, by, to, why);
	if (e != ERR_OK)
		return e;
	memcpy(parcel->name_r, to->name, sizeof(parcel->name_r));
	mail.to = to->id;
	mail.text = mem_text(parcel->text);
	e = put(chat, &mail, to->name, why);
	mail_fini(&mail);
	return e;
}

enum err mail_tell_waiting(struct chat *chat, struct person *person,
			   size_t told)
{
	AUTO(buf_fini) struct buf text = { 0 };
	size_t count;
	enum err e = mail_count(chat, person_user(person), &count);

	if (e == ERR_OK && count > 0 && count != told) {
		mail_print_waiting(count, &text);
		tell_notice(person, 0, buf_text(&text));
	}
	return e;
}

/* Who has come meanwhile may not have been told at the login. */
static enum err tell_comer(struct chat *chat, const struct user *to)
{
	struct person *person = chat_person(chat, to->name);
	enum err e = ERR_OK;

	if (person != NULL && person_user(person) == to->id)
		e = mail_tell_waiting(chat, person, 0);
	person_unref(&person);
	return e;
}

enum err mail_keep(struct chat *chat, const struct actor *by,
		   struct parcel *parcel, struct refusal *why)
{
	struct user to;
	enum err e;

	mutex_lock(&chat->change);
	e = keep(chat, by, parcel, &to, why);
	mutex_unlock(&chat->change);
	if (e != ERR_OK || parcel->is_copy)
		return e;
	tell_sent(by->person, to.name, parcel->text, by->origin);
	(void)tell_comer(chat, &to); /* it waits, whoever is told of it */
	return ERR_OK;
}
