#include "command/sign.h"

#include <string.h>

#include "log/log.h"

void sign_entry(const struct actor *actor, const char *action,
		struct audit_entry *entry_r)
{
	memset(entry_r, 0, sizeof(*entry_r));
	AUDIT_SET(entry_r->action, action);
	AUDIT_SET(entry_r->actor, actor->name);
	entry_r->user = actor->user;
	entry_r->session = actor->session;
	AUDIT_SET(entry_r->address, actor->address);
}

static enum err note(struct trail *trail, const struct actor *actor,
		     const char *action, const char *target,
		     const char *outcome)
{
	struct audit_entry entry;

	sign_entry(actor, action, &entry);
	AUDIT_SET(entry.target, target);
	AUDIT_SET(entry.outcome, outcome);
	return trail_note(trail, &entry);
}

enum err sign_asked(struct trail *trail, const struct actor *actor,
		    const char *action, const char *target)
{
	return note(trail, actor, action, target, "asked");
}

void sign_ended(struct trail *trail, const struct actor *actor,
		const char *action, const char *target, enum err outcome)
{
	enum err e = note(trail, actor, action, target, err_code(outcome));

	if (e != ERR_OK)
		log_warning("audit", "the end of %s is not recorded: %s",
			    action, err_words(e));
}
