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

void sign_counted(const struct caller *caller, const char *action,
		  const char *target, enum err outcome)
{
	struct audit_entry entry;
	struct actor actor;

	caller_actor(caller, &actor);
	sign_entry(&actor, action, &entry);
	AUDIT_SET(entry.address, caller->site);
	AUDIT_SET(entry.target, target);
	AUDIT_SET(entry.outcome, err_code(outcome));
	tally_count(caller->realm->tally, &entry);
}

static const char violation[] = "session.violation";

void sign_violation(const struct caller *caller, enum err outcome)
{
	sign_counted(caller, violation, NULL, outcome);
}

void sign_turned_away(struct tally *tally, const char *site, const char *why)
{
	struct audit_entry entry = { 0 };

	AUDIT_SET(entry.action, violation);
	AUDIT_SET(entry.address, site);
	AUDIT_SET(entry.outcome, why);
	tally_count(tally, &entry);
}

/* A lost connection is nobody's refusal. */
static enum err outcome_of(enum err why)
{
	return why == ERR_IO ? ERR_OK : why;
}

void sign_left(const struct caller *caller, enum err why)
{
	struct audit_entry entry;
	struct actor actor;

	if (why == ERR_SHUTTING_DOWN) /* all end: "daemon.stop" says so */
		return;
	if (caller->user == 0) {
		sign_counted(caller, "guest.logout", NULL, outcome_of(why));
		return;
	}
	caller_actor(caller, &actor);
	sign_entry(&actor, "user.logout", &entry);
	AUDIT_SET(entry.outcome, err_code(outcome_of(why)));
	AUDIT_SET(entry.detail, why == ERR_IO ? "connection lost" : "");
	tally_note(caller->realm->tally, &entry);
}
