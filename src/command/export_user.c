/* What is held of a user as such: the record, sessions, logins. */
#include <string.h>

#include "base/mem.h"
#include "command/export.h"
#include "user/factor/factors.h"

enum {
	LOGINS_LISTED = 500,
	RECORDS_READ = 10000, /* the newest of the audit trail */
	READ_AT_ONCE = 500,
};

static json_t *list_roles(role_set roles)
{
	AUTO(buf_fini) struct buf words = { 0 };
	json_t *list = json_array();
	char *at;
	char *word;

	role_print(&words, roles);
	buf_add_char(&words, '\0');
	at = buf_at(&words);
	while ((word = strsep(&at, ", ")) != NULL) {
		if (word[0] != '\0')
			json_array_append_new(list, json_string(word));
	}
	return list;
}

static enum err make_profile(const struct export *x, json_t **value_r)
{
	const struct user *user = &x->user;

	*value_r = json_pack("{s:s, s:I, s:o, s:s, s:o, s:o, s:o, s:s, s:o}",
			     "name", user->name, "number", (json_int_t)user->id,
			     "roles", list_roles(user->roles), "state",
			     user_state_word(user->state), "registered",
			     export_time(user->created_ms), "last_login",
			     export_time(user->last_login_ms), "last_address",
			     export_text(user->last_address), "password",
			     "only its hash is kept", "password_given",
			     export_time(user->password_ms));
	return ERR_OK;
}

static enum err make_sessions(const struct export *x, json_t **value_r)
{
	size_t count;
	struct directory_entry *entries =
		directory_list(x->realm->directory, x->user.id, 0, &count);

	*value_r = json_array();
	for (size_t i = 0; i < count; i++) {
		const struct directory_entry *e = &entries[i];

		json_array_append_new(
			*value_r,
			json_pack("{s:I, s:s, s:s, s:o, s:o}", "number",
				  (json_int_t)e->session.number, "address",
				  e->host, "way", e->way, "since",
				  export_time(e->opened_ms), "last_line",
				  export_time(e->active_ms)));
	}
	mem_free(entries);
	return ERR_OK;
}

struct reading {
	user_id user;
	json_t *list;
	uint64_t next;
	unsigned left; /* records of this piece */
};

static bool is_login(const char *action)
{
	static const char *const actions[] = { "user.register", "user.login",
					       "user.logout" };

	for (size_t i = 0; i < COUNT(actions); i++) {
		if (strcmp(action, actions[i]) == 0)
			return true;
	}
	return false;
}

static bool read_record(const struct audit_record *record, void *arg)
{
	const struct audit_entry *e = &record->entry;
	struct reading *r = arg;

	r->next = record->sequence + 1;
	if (e->user == r->user && is_login(e->action)) {
		json_array_append_new(
			r->list,
			json_pack("{s:o, s:s, s:I, s:o, s:s, s:o}", "time",
				  export_time(record->time_ms), "action",
				  e->action, "session", (json_int_t)e->session,
				  "address", export_text(e->address), "outcome",
				  e->outcome, "detail",
				  export_text(e->detail)));
		if (json_array_size(r->list) > LOGINS_LISTED)
			json_array_remove(r->list, 0);
	}
	return --r->left > 0;
}

/* In pieces, so that nobody who writes waits for long. */
static enum err make_logins(const struct export *x, json_t **value_r)
{
	struct reading r = { .user = x->user.id, .list = json_array() };
	struct trail_head head;
	enum err e = trail_head(x->realm->trail, &head);

	*value_r = r.list;
	if (e == ERR_OK)
		r.next = head.sequence > RECORDS_READ
				 ? head.sequence - RECORDS_READ
				 : 1;
	while (e == ERR_OK && r.next <= head.sequence) {
		r.left = READ_AT_ONCE;
		e = trail_walk(x->realm->trail, r.next, read_record, &r);
		if (r.left == READ_AT_ONCE) /* there are no more */
			break;
	}
	return e;
}

/* Never its secret, nor a hash of a code. */
static enum err make_factor(const struct export *x, json_t **value_r)
{
	struct factor_facts facts;
	enum err e = factors_look(x->realm->factors, x->user.id, &facts);

	if (e == ERR_OK)
		*value_r = json_pack(
			"{s:b, s:o, s:I, s:o}", "is_on", facts.is_on, "since",
			export_time(facts.since_ms), "recovery_codes_left",
			(json_int_t)facts.recovery_left, "switched_off_by",
			export_text(facts.taken_by));
	return e;
}

const struct export_part export_of_user[] = {
	{ "profile", false, make_profile },
	{ "second_factor", false, make_factor },
	{ "sessions", false, make_sessions },
	{ "logins", false, make_logins },
	{ 0 },
};
