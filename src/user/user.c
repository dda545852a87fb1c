#include "user/user.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "store/record.h"

enum { VERSION = 2, VERSION_WITHOUT_GIVER = 1 };

static const struct role_word {
	enum role role;
	const char *word;
} rows[ROLES] = {
	{ ROLE_GUEST, "guest" },           { ROLE_USER, "user" },
	{ ROLE_MODERATOR, "moderator" },   { ROLE_TELLER, "teller" },
	{ ROLE_SHOPKEEPER, "shopkeeper" }, { ROLE_AUDITOR, "auditor" },
	{ ROLE_ADMIN, "admin" },
};

static const char *const state_words[] = {
	[USER_ACTIVE] = "active",
	[USER_PENDING] = "pending",
	[USER_DISABLED] = "disabled",
};

static role_set all_roles(void)
{
	role_set all = 0;

	for (size_t i = 0; i < COUNT(rows); i++)
		all |= rows[i].role;
	return all;
}

enum role role_parse(const char *word)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (strcmp(rows[i].word, word) == 0)
			return rows[i].role;
	}
	return 0;
}

role_set role_in_effect(role_set roles, role_set need_factor, bool has_factor)
{
	return has_factor || (roles & need_factor) == 0
		       ? roles
		       : roles & (ROLE_GUEST | ROLE_USER);
}

size_t role_words(role_set roles, const char *words_r[ROLES])
{
	size_t count = 0;

	for (size_t i = 0; i < COUNT(rows); i++) {
		if ((roles & rows[i].role) != 0)
			words_r[count++] = rows[i].word;
	}
	return count;
}

void role_print(struct buf *out, role_set roles)
{
	role_set beyond = roles & ~(role_set)(ROLE_GUEST | ROLE_USER);
	const char *between = "";

	if (beyond == 0)
		buf_add_text(out, roles & ROLE_USER ? "user" : "guest");
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (!(beyond & rows[i].role))
			continue;
		buf_print(out, "%s%s", between, rows[i].word);
		between = ", ";
	}
}

const char *user_state_word(enum user_state state)
{
	assert(state >= USER_ACTIVE && state <= USER_DISABLED);
	return state_words[state];
}

void user_encode(const struct user *user, struct buf *out)
{
	record_begin(out, VERSION);
	record_put_u64(out, user->id);
	record_put_text(out, user->name);
	record_put_text(out, user->hash);
	record_put_u32(out, user->roles);
	record_put_u8(out, (uint8_t)user->state);
	record_put_i64(out, user->created_ms);
	record_put_i64(out, user->last_login_ms);
	record_put_text(out, user->last_address);
	record_put_u64(out, user->password_by);
	record_put_i64(out, user->password_ms);
	record_put_i64(out, user->password_own_ms);
}

static bool is_sound(const struct user *user)
{
	return user->id != 0 && name_is_valid(user->name) &&
	       (user->roles & ROLE_USER) && !(user->roles & ~all_roles()) &&
	       user->state >= USER_ACTIVE && user->state <= USER_DISABLED &&
	       user->created_ms >= 0 && user->last_login_ms >= 0 &&
	       user->password_ms >= 0 && user->password_own_ms >= 0 &&
	       text_flaw(user->last_address, strlen(user->last_address)) ==
		       NULL;
}

bool user_decode(const void *bytes, size_t len, struct user *user_r)
{
	struct user user = { 0 };
	struct record_reader r;

	record_open(&r, bytes, len);
	user.id = record_get_u64(&r);
	record_get_text(&r, user.name, sizeof(user.name));
	record_get_text(&r, user.hash, sizeof(user.hash));
	user.roles = record_get_u32(&r);
	user.state = (enum user_state)record_get_u8(&r);
	user.created_ms = record_get_i64(&r);
	user.last_login_ms = record_get_i64(&r);
	record_get_text(&r, user.last_address, sizeof(user.last_address));
	if (r.version != VERSION_WITHOUT_GIVER) {
		user.password_by = record_get_u64(&r);
		user.password_ms = record_get_i64(&r);
		user.password_own_ms = record_get_i64(&r);
	}
	if (!record_close(&r) || r.version < VERSION_WITHOUT_GIVER ||
	    r.version > VERSION || !is_sound(&user))
		return false;
	*user_r = user;
	return true;
}

void user_set_hash(struct user *user, const char *hash, user_id by,
		   int64_t now_ms)
{
	assert(strlen(hash) < sizeof(user->hash));
	memcpy(user->hash, hash, strlen(hash) + 1);
	if (by != user->id) {
		user->password_by = by;
		user->password_ms = now_ms;
		user->password_own_ms = 0;
	} else if (user->password_by != 0 && user->password_own_ms == 0) {
		user->password_own_ms = now_ms;
	}
}

bool user_may_be(const struct user *user, user_id by, int64_t then_ms)
{
	if (user->password_by == 0 || then_ms < user->password_ms)
		return false;
	if (user->password_own_ms != 0 && then_ms >= user->password_own_ms)
		return false;
	return user->password_by == by || user->password_by == USER_CONSOLE;
}
