/* Commands of moderators about the whole server: bans, mutes, lockdowns. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "chat/guard/guard_act.h"
#include "chat/guard/guard_people.h"
#include "chat/guard/lockdown.h"
#include "chat/sanction/term.h"
#include "command/door.h"
#include "command/families.h"
#include "command/task.h"

enum {
	ENTRIES_LISTED = 200,
	STAFF = ROLE_MODERATOR | ROLE_ADMIN,
};

/* A ban, a mute or a lockdown under way. */
struct measure {
	struct task task;
	enum guard_kind kind;
	uint64_t id;        /* to be lifted; 0: by whom */
	int64_t duration_s; /* 0: for good */
	char *whom;
	char *reason;
	struct guard_entry entry;
	unsigned ended; /* sessions */
};

static void drop(struct task *task)
{
	struct measure *m = CONTAINER(task, struct measure, task);

	mem_free(m->whom);
	mem_free(m->reason);
}

static struct measure *measure_new(enum guard_kind kind)
{
	struct measure *m = mem_zero(sizeof(*m));

	m->kind = kind;
	return m;
}

/* The address of a guest who is here, as a network. */
static bool find_guest(struct realm *realm, const char *name,
		       struct network *network_r)
{
	size_t count;
	struct directory_entry *entries =
		directory_list(realm->directory, 0, 0, &count);
	bool is_found = false;

	for (size_t i = 0; i < count && !is_found; i++)
		is_found = entries[i].user == 0 &&
			   name_compare(entries[i].name, name) == 0 &&
			   network_parse(entries[i].host, network_r);
	mem_free(entries);
	return is_found;
}

/* Who is meant: a network, else a user, else a guest. */
static enum err find_whom(struct task *task, struct guard_order *order,
			  struct user *user_r)
{
	struct measure *m = CONTAINER(task, struct measure, task);
	enum err e;

	if (network_parse(m->whom, &order->network))
		return ERR_OK;
	if (!name_is_valid(m->whom))
		return refusal_give(&task->why, ERR_BAD_INPUT,
				    "Name a user, a guest who is here, an "
				    "address or a network: 192.0.2.0/24.");
	e = users_find(task->realm->users, m->whom, user_r);
	if (e == ERR_OK)
		order->user = user_r;
	if (e != ERR_NO_SUCH_USER)
		return e;
	order->guest = m->whom;
	return find_guest(task->realm, m->whom, &order->network)
		       ? ERR_OK
		       : refusal_give(&task->why, ERR_NO_SUCH_USER,
				      "%s is no user, and no guest who is here "
				      "by an address.",
				      m->whom);
}

static void stage_set(struct task *task)
{
	struct measure *m = CONTAINER(task, struct measure, task);
	struct guard_order order = { .kind = m->kind,
				     .guest = "",
				     .duration_s = m->duration_s,
				     .reason = m->reason };
	struct user user;
	enum err e = find_whom(task, &order, &user);

	if (e == ERR_OK)
		e = guard_order(task->realm->chat, &task->actor, &order,
				&m->entry, &task->why);
	if (e == ERR_OK && m->kind == GUARD_BAN)
		m->ended = door_clear(task->realm);
	task_answer(task, e);
}

static enum err finish_set(struct call *call, struct task *task)
{
	struct measure *m = CONTAINER(task, struct measure, task);
	char whom[GUARD_WHOM_TEXT];
	struct refusal words;

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	guard_entry_print_whom(&m->entry, whom);
	guard_print_words(&m->entry, &words);
	call_say(call, "#%" PRIu64 " %s %s", m->entry.id, whom, words.text);
	if (m->ended > 0)
		call_say(call, "%u session%s ended.", m->ended,
			 m->ended == 1 ? " was" : "s were");
	return ERR_OK;
}

static enum err start_set(struct call *call, enum guard_kind kind)
{
	struct refusal why = { 0 };
	struct measure *m;
	struct term term;
	enum err e = term_parse(call->argv[1], &term, &why);

	if (e != ERR_OK)
		return call_refuse_why(call, e, &why);
	m = measure_new(kind);
	m->whom = mem_text(call->argv[0]);
	m->duration_s = term.seconds;
	m->reason = mem_text(term.reason);
	return task_start(call, &m->task, TASK_JOBS, stage_set, finish_set,
			  drop);
}

static enum err cmd_gban(struct call *call)
{
	return start_set(call, GUARD_BAN);
}

static enum err cmd_gmute(struct call *call)
{
	return start_set(call, GUARD_MUTE);
}

/* Whom an entry is about, as somebody names them who wants it lifted. */
struct named {
	const char *text;
	user_id user; /* 0: no user has that name */
	struct network network;
	bool is_network;
};

static bool is_about(const struct guard_entry *entry, const struct named *named)
{
	if (entry->user != 0)
		return entry->user == named->user;
	if (entry->name[0] != '\0')
		return name_compare(entry->name, named->text) == 0;
	return named->is_network &&
	       network_has(&entry->network, &named->network) &&
	       network_has(&named->network, &entry->network);
}

/* The number of the newest entry about whom was named; 0: there is none. */
static enum err find_entry(struct task *task, uint64_t *id_r)
{
	struct measure *m = CONTAINER(task, struct measure, task);
	struct named named = { .text = m->whom };
	struct guard_entry *list;
	struct user user;
	size_t count;
	enum err e = users_find(task->realm->users, m->whom, &user);

	if (e == ERR_OK)
		named.user = user.id;
	else if (e != ERR_NO_SUCH_USER)
		return e;
	named.is_network = network_parse(m->whom, &named.network);
	list = guard_list_all(task->realm->chat, m->kind, &count);
	*id_r = 0;
	for (size_t i = 0; i < count; i++)
		if (is_about(&list[i], &named))
			*id_r = list[i].id;
	mem_free(list);
	return ERR_OK;
}

static void stage_lift(struct task *task)
{
	struct measure *m = CONTAINER(task, struct measure, task);
	const char *kind = m->kind == GUARD_BAN ? "ban" : "mute";
	enum err e = m->id == 0 ? find_entry(task, &m->id) : ERR_OK;

	if (e == ERR_OK && m->id == 0)
		e = refusal_give(&task->why, ERR_NOT_FOUND,
				 "No %s of the server is about %.64s: /g%ss "
				 "lists them with their numbers.",
				 kind, m->whom, kind);
	if (e == ERR_OK)
		e = guard_lift(task->realm->chat, &task->actor, m->kind, m->id,
			       &m->entry, &task->why);
	task_answer(task, e);
}

static enum err finish_lift(struct call *call, struct task *task)
{
	struct measure *m = CONTAINER(task, struct measure, task);
	char whom[GUARD_WHOM_TEXT];

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	guard_entry_print_whom(&m->entry, whom);
	call_say(call, "#%" PRIu64 " is lifted: %s.", m->entry.id, whom);
	return ERR_OK;
}

static enum err start_lift(struct call *call, enum guard_kind kind)
{
	const char *text = call->argv[0] + (call->argv[0][0] == '#');
	struct measure *m;
	int64_t id = 0;
	bool is_number = quantity_number(text, &id);

	if (is_number && id == 0)
		return call_usage(call);
	m = measure_new(kind);
	m->id = (uint64_t)id;
	if (!is_number)
		m->whom = mem_text(call->argv[0]);
	return task_start(call, &m->task, TASK_JOBS, stage_lift, finish_lift,
			  drop);
}

static enum err cmd_ungban(struct call *call)
{
	return start_lift(call, GUARD_BAN);
}

static enum err cmd_ungmute(struct call *call)
{
	return start_lift(call, GUARD_MUTE);
}

/* A user is shown by the name of now. */
static enum err print_entry(struct task *task, struct guard_entry *entry)
{
	char whom[GUARD_WHOM_TEXT];
	char since[CLOCK_TEXT];
	struct refusal words;
	struct user user;
	enum err e = ERR_OK;

	if (entry->user != 0)
		e = users_get(task->realm->users, entry->user, &user);
	if (entry->user != 0 && e == ERR_OK)
		memcpy(entry->name, user.name, sizeof(entry->name));
	guard_entry_print_whom(entry, whom);
	guard_print_words(entry, &words);
	clock_print(entry->since_ms, since);
	buf_print(&task->text, "#%" PRIu64 " %s %s (%s, %s)\n", entry->id, whom,
		  words.text, entry->by, since);
	return e == ERR_NO_SUCH_USER ? ERR_OK : e;
}

static void stage_list(struct task *task)
{
	struct measure *m = CONTAINER(task, struct measure, task);
	size_t count;
	struct guard_entry *list =
		guard_list_all(task->realm->chat, m->kind, &count);
	size_t from = count > ENTRIES_LISTED ? count - ENTRIES_LISTED : 0;
	enum err e = ERR_OK;

	if (from > 0)
		buf_print(&task->text, "… and %zu before these.\n", from);
	for (size_t i = from; e == ERR_OK && i < count; i++)
		e = print_entry(task, &list[i]);
	if (count == 0)
		buf_print(&task->text, "Nobody is %s.\n",
			  m->kind == GUARD_BAN ? "banned" : "muted");
	mem_free(list);
	task_answer(task, e);
}

static enum err start_list(struct call *call, enum guard_kind kind)
{
	struct measure *m = measure_new(kind);

	return task_start(call, &m->task, TASK_JOBS, stage_list, NULL, drop);
}

static enum err cmd_gbans(struct call *call)
{
	return start_list(call, GUARD_BAN);
}

static enum err cmd_gmutes(struct call *call)
{
	return start_list(call, GUARD_MUTE);
}

static enum err say_lockdown(struct call *call)
{
	struct lockdown lockdown = lockdown_get(call->realm->chat);
	char when[CLOCK_TEXT];

	if (lockdown.until_ms == 0) {
		call_say(call, "There is no lockdown.");
		return ERR_OK;
	}
	clock_print(lockdown.until_ms, when);
	call_say(call, "Locked down until %s (%s).", when, lockdown.by);
	return ERR_OK;
}

static enum err finish_lockdown(struct call *call, struct task *task)
{
	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	return say_lockdown(call);
}

static void stage_begin(struct task *task)
{
	struct measure *m = CONTAINER(task, struct measure, task);

	task_answer(task, lockdown_begin(task->realm->chat, &task->actor,
					 m->duration_s, &task->why));
}

static void stage_end(struct task *task)
{
	task_answer(task,
		    lockdown_end(task->realm->chat, &task->actor, &task->why));
}

static enum err cmd_lockdown(struct call *call)
{
	bool is_end = call->argc > 0 && strcasecmp(call->argv[0], "off") == 0;
	struct measure *m;
	int64_t seconds = 0;

	if (call->argc == 0)
		return say_lockdown(call);
	if (!is_end && !quantity_seconds(call->argv[0], &seconds))
		return call_usage(call);
	m = measure_new(GUARD_BAN);
	m->duration_s = seconds;
	return task_start(call, &m->task, TASK_JOBS,
			  is_end ? stage_end : stage_begin, finish_lockdown,
			  drop);
}

const struct command commands_guard[] = {
	{ "gban", 2, 2, STAFF, COMMAND_REST, cmd_gban,
	  "NAME|ADDRESS|NETWORK [DURATION] REASON", "keep out of the server" },
	{ "ungban", 1, 1, STAFF, 0, cmd_ungban, "NUMBER|NAME|ADDRESS|NETWORK",
	  "lift a ban of the server" },
	{ "gbans", 0, 0, STAFF, 0, cmd_gbans, "", "list the server's bans" },
	{ "gmute", 2, 2, STAFF, COMMAND_REST, cmd_gmute,
	  "NAME|ADDRESS|NETWORK [DURATION] REASON", "let speak nowhere" },
	{ "ungmute", 1, 1, STAFF, 0, cmd_ungmute, "NUMBER|NAME|ADDRESS|NETWORK",
	  "lift a mute of the server" },
	{ "gmutes", 0, 0, STAFF, 0, cmd_gmutes, "", "list the server's mutes" },
	{ "lockdown", 0, 1, STAFF, 0, cmd_lockdown, "[DURATION|off]",
	  "no new guests, registrations and rooms for a while" },
	{ 0 },
};
