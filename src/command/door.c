#include "command/door.h"

#include "base/mem.h"
#include "chat/guard/guard_people.h"
#include "chat/guard/lockdown.h"
#include "command/ending.h"
#include "command/sign.h"

enum err door_check(struct realm *realm, user_id user, role_set roles,
		    const char *host, struct refusal *why)
{
	return guard_may_enter(realm->chat, user, roles, host, why);
}

enum err door_check_new(struct realm *realm, const char *host,
			struct refusal *why)
{
	enum err e = door_check(realm, 0, ROLE_GUEST, host, why);

	return e == ERR_OK ? lockdown_check(realm->chat, why) : e;
}

enum err door_try_new(struct call *call)
{
	char host[ADDRESS_TEXT];
	struct refusal why = { 0 };
	enum err e;

	session_print_host(call->caller->session, host);
	e = door_check_new(call->realm, host, &why);
	if (e == ERR_OK)
		return e;
	sign_counted(call->caller, "session.refused", NULL, e);
	return call_refuse_why(call, e, &why);
}

unsigned door_clear(struct realm *realm)
{
	struct directory_entry *entries;
	unsigned ended = 0;
	size_t count;

	/* Who was not refused by now is in the directory. */
	arrivals_settle(realm->arrivals);
	entries = directory_list(realm->directory, 0, 0, &count);
	for (size_t i = 0; i < count; i++) {
		struct refusal why = { 0 };
		enum err e =
			door_check(realm, entries[i].user, entries[i].roles,
				   entries[i].host, &why);

		if (e == ERR_OK)
			continue;
		ending_post_why(realm, entries[i].session, e, &why);
		ended++;
	}
	mem_free(entries);
	return ended;
}
