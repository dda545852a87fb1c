/* What is kept of what a user was told and has told, away from the rooms. */
#include <string.h>

#include "chat/ignore/ignore_people.h"
#include "chat/mail/mail_table.h"
#include "command/export.h"

/* What two say to each other is not for the staff. */
static json_t *text_of(const struct export *x, const struct mail *mail)
{
	return x->is_staff ? json_null() : export_text(mail->text);
}

static enum err add_mail(const struct export *x, const struct mail *mail,
			 user_id other_id, const char *other_key, json_t *list)
{
	struct user other;
	enum err e = users_get(x->realm->users, other_id, &other);

	if (e == ERR_NO_SUCH_USER)
		return ERR_OK; /* removed just now, and the message with it */
	if (e == ERR_OK)
		json_array_append_new(
			list, json_pack("{s:I, s:o, s:s, s:o}", "id",
					(json_int_t)mail->id, "time",
					export_time(mail->time_ms), other_key,
					other.name, "text", text_of(x, mail)));
	return e;
}

static enum err make_mail(const struct export *x, json_t **value_r)
{
	AUTO(mails_fini) struct mails box = { 0 };
	enum err e = mail_table_box(x->realm->store, x->user.id, &box);

	*value_r = json_array();
	for (size_t i = 0; e == ERR_OK && i < box.count; i++)
		e = add_mail(x, &box.list[i], box.list[i].from, "from",
			     *value_r);
	return e;
}

static enum err add_sent(const struct export *x, const struct mail_trace *trace,
			 json_t *list)
{
	AUTO(mail_fini) struct mail mail = { 0 };
	enum err e =
		mail_table_get(x->realm->store, trace->to, trace->id, &mail);

	if (e == ERR_NOT_FOUND)
		return ERR_OK; /* deleted just now */
	return e == ERR_OK ? add_mail(x, &mail, mail.to, "to", list) : e;
}

static enum err make_sent(const struct export *x, json_t **value_r)
{
	AUTO(mail_traces_fini) struct mail_traces sent = { 0 };
	enum err e = mail_table_sent(x->realm->store, x->user.id, &sent);

	*value_r = json_array();
	for (size_t i = 0; e == ERR_OK && i < sent.count; i++)
		e = add_sent(x, &sent.list[i], *value_r);
	return e;
}

static json_t *kinds_of(const struct ignore *entry)
{
	AUTO(buf_fini) struct buf words = { 0 };

	ignore_print_kinds(entry->kinds, &words);
	return json_string(buf_text(&words));
}

static enum err make_ignored(const struct export *x, json_t **value_r)
{
	struct ignore_list list;
	enum err e = ERR_OK;

	*value_r = json_array();
	ignore_list_of(x->realm->chat, x->user.id, &list);
	for (size_t i = 0; e == ERR_OK && i < list.count; i++) {
		const struct ignore *entry = &list.list[i];
		bool is_guest = entry->guest[0] != '\0';
		struct user user;

		if (!is_guest)
			e = users_get(x->realm->users, entry->number, &user);
		if (e == ERR_OK)
			json_array_append_new(
				*value_r,
				json_pack("{s:s, s:b, s:o}", "name",
					  is_guest ? entry->guest : user.name,
					  "is_guest", is_guest, "kinds",
					  kinds_of(entry)));
		e = e == ERR_NO_SUCH_USER ? ERR_OK : e;
	}
	return e;
}

const struct export_part export_of_mail[] = {
	{ "mail", false, make_mail },
	{ "mail_sent", false, make_sent },
	{ "ignored", false, make_ignored },
	{ 0 },
};
