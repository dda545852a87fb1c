/* The moderation log: who did what in a room. */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "chat/modlog.h"
#include "chat/network.h"
#include "command/families.h"
#include "command/task.h"

enum { PAGE_USUAL = 20 };

struct look {
	struct task task;
	struct room *room; /* a reference; NULL: what concerns no single room */
	uint64_t before;   /* an entry's number; 0: the newest */
	size_t most;
	bool sees_addresses;
};

static void drop(struct task *task)
{
	room_unref(&CONTAINER(task, struct look, task)->room);
}

/* "192.0.2.7", and the end of "*!*@192.0.2.0/24". */
static bool is_address(const char *word)
{
	const char *at = strrchr(word, '@');
	struct network network;

	return network_parse(at == NULL ? word : at + 1, &network);
}

/* Adds text, its addresses left out unless they may be seen. */
static void add_words(const struct look *look, const char *text,
		      struct buf *out)
{
	AUTO(mem_free_text) char *copy = mem_text(text);
	const char *space = "";
	char *at = copy;
	char *word;

	while ((word = strsep(&at, " ")) != NULL) {
		bool is_shown = look->sees_addresses || !is_address(word);

		buf_print(out, "%s%s", space, is_shown ? word : "(an address)");
		space = " ";
	}
}

/* "#12 2026-11-20 20:14 ann kick troll: spamming" */
static void print_entry(const struct look *look,
			const struct modlog_entry *entry, struct buf *out)
{
	const char *verb = entry->action;
	char when[CLOCK_TEXT];

	if (look->room != NULL && strncmp(verb, "room.", 5) == 0)
		verb += 5;
	clock_print(entry->time_ms, when);
	buf_print(out, "#%" PRIu64 " %s %s %s", entry->id, when,
		  entry->by[0] == '\0' ? "(server)" : entry->by, verb);
	if (entry->target[0] != '\0') {
		buf_add_char(out, ' ');
		add_words(look, entry->target, out);
	}
	if (entry->detail[0] != '\0') {
		buf_add_text(out, ": ");
		add_words(look, entry->detail, out);
	}
	buf_add_char(out, '\n');
}

static void print_page(const struct look *look, const struct modlog_page *page,
		       struct buf *out)
{
	const char *all = look->room == NULL ? "all " : "";

	if (page->count == 0)
		buf_add_text(out, "There are no such acts.\n");
	for (size_t i = 0; i < page->count; i++)
		print_entry(look, &page->list[i], out);
	if (page->has_older)
		buf_print(out, "Older ones: /modlog %sbefore %" PRIu64 "\n",
			  all, page->list[0].id);
}

/* Auditors read everything. */
static enum err check(struct look *look)
{
	const struct actor *by = &look->task.actor;
	enum permit permit =
		look->room == NULL ? PERMIT_REPORTS : PERMIT_MODLOG;
	enum rank rank = look->room == NULL
				 ? rank_of_roles(by->roles)
				 : room_rank(look->room, by->user, by->roles);

	look->sees_addresses =
		(by->roles & (ROLE_AUDITOR | ROLE_MODERATOR | ROLE_ADMIN)) != 0;
	if ((by->roles & ROLE_AUDITOR) != 0 || rank >= permit_least(permit))
		return ERR_OK;
	return look->room == NULL
		       ? refusal_give(&look->task.why, ERR_NOT_ALLOWED,
				      "That is for moderators.")
		       : refusal_give(&look->task.why, ERR_NOT_ALLOWED,
				      "The log of %s is for its ops.",
				      room_name(look->room));
}

static void stage(struct task *task)
{
	struct look *look = CONTAINER(task, struct look, task);
	AUTO(modlog_page_fini) struct modlog_page page = { 0 };
	enum err e = check(look);

	if (e == ERR_OK)
		e = modlog_read(task->realm->store,
				look->room == NULL ? "" : room_name(look->room),
				look->before, look->most, &page);
	if (e == ERR_OK)
		print_page(look, &page, &task->text);
	task_answer(task, e);
}

/* "[before NUMBER] [N]" */
static bool parse(const struct call *call, struct look *look)
{
	int64_t number;
	int i = 0;

	look->most = PAGE_USUAL;
	if (i < call->argc && strcmp(call->argv[i], "before") == 0) {
		if (i + 1 == call->argc ||
		    !quantity_number(call->argv[i + 1], &number) || number <= 0)
			return false;
		look->before = (uint64_t)number;
		i += 2;
	}
	if (i == call->argc)
		return true;
	if (!quantity_number(call->argv[i], &number) || number <= 0)
		return false;
	look->most = number < MODLOG_PAGE ? (size_t)number : MODLOG_PAGE;
	return i + 1 == call->argc;
}

static enum err start(struct call *call, struct room *room)
{
	struct look *look = mem_zero(sizeof(*look));

	if (!parse(call, look)) {
		mem_free(look);
		return call_usage(call);
	}
	look->room = room == NULL ? NULL : room_ref(room);
	return task_start(call, &look->task, TASK_JOBS, stage, NULL, drop);
}

static enum err cmd_modlog(struct call *call)
{
	struct room *room = call->caller->room;

	if (room == NULL)
		return call_refuse(call, ERR_NO_ROOM,
				   "You are in no room: write /in ROOM "
				   "/modlog.");
	return start(call, room);
}

static enum err cmd_modlog_all(struct call *call)
{
	return start(call, NULL);
}

const struct command commands_modlog[] = {
	{ "modlog", 0, 3, ROLE_USER, 0, cmd_modlog, "[before NUMBER] [N]",
	  "what was done to whom in the room, and by whom" },
	{ "modlog all", 0, 3, ROLE_MODERATOR | ROLE_ADMIN | ROLE_AUDITOR, 0,
	  cmd_modlog_all, "[before NUMBER] [N]",
	  "the same, of what concerns no single room" },
	{ 0 },
};
