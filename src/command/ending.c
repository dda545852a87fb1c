#include "command/ending.h"

#include "base/mem.h"
#include "command/arrivals.h"
#include "net/worker.h"

static const struct refusal none;

struct ending {
	struct session_handle session;
	enum err code;
	struct refusal why; /* "": the service's own words */
};

static void end_session(struct worker *worker, void *to, void *arg)
{
	struct ending *ending = arg;
	struct session *session = session_find(worker, ending->session);

	(void)to;
	if (session != NULL)
		session_refuse_why(
			session, ending->code,
			ending->why.text[0] == '\0' ? NULL : ending->why.text);
	mem_free(ending);
}

void ending_post_why(struct realm *realm, struct session_handle session,
		     enum err code, const struct refusal *why)
{
	struct ending *ending = mem_zero(sizeof(*ending));

	ending->session = session;
	ending->code = code;
	ending->why = *why;
	worker_post(server_worker(realm->server, session.worker), end_session,
		    NULL, ending);
}

void ending_post(struct realm *realm, struct session_handle session,
		 enum err code)
{
	ending_post_why(realm, session, code, &none);
}

static unsigned post_all(struct realm *realm, user_id user, uint64_t but,
			 enum err code, const struct refusal *why)
{
	struct directory_entry *entries;
	unsigned ended = 0;
	size_t count;

	/* First: a login that this does not find is in the directory. */
	arrivals_refuse(realm->arrivals, user, code);
	entries = directory_list(realm->directory, user, 0, &count);
	for (size_t i = 0; i < count; i++) {
		if (entries[i].user != user || entries[i].session.number == but)
			continue;
		ending_post_why(realm, entries[i].session, code, why);
		ended++;
	}
	mem_free(entries);
	return ended;
}

unsigned ending_post_user_why(struct realm *realm, user_id user, enum err code,
			      const struct refusal *why)
{
	return post_all(realm, user, 0, code, why);
}

unsigned ending_post_user(struct realm *realm, user_id user, enum err code)
{
	return post_all(realm, user, 0, code, &none);
}

unsigned ending_post_others(struct realm *realm, user_id user,
			    struct session_handle but, enum err code)
{
	return post_all(realm, user, but.number, code, &none);
}
