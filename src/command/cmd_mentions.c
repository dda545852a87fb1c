/* Where one's name was said. */
#include <inttypes.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "chat/history/history.h"
#include "chat/history/reading.h"
#include "chat/mention/mentions.h"
#include "command/families.h"
#include "command/history_text.h"
#include "command/task.h"

enum { LISTED_USUAL = 20, LISTED_MOST = 100 };

struct quest {
	struct task task;
	struct room *room; /* a reference: this one alone; or NULL */
	struct mentions *mentions;
	size_t most;
	struct message *found[LISTED_MOST]; /* references, newest first */
	size_t count;
	bool is_counted; /* in the caller's share */
	bool is_more;
	bool is_given; /* how many: then one cannot go on */
};

static void drop(struct task *task)
{
	struct quest *q = CONTAINER(task, struct quest, task);

	if (q->is_counted)
		shares_give(task->realm->search_shares, task->site);
	for (size_t i = 0; i < q->count; i++)
		message_unref(&q->found[i]);
	mentions_free(&q->mentions);
	room_unref(&q->room);
}

static void print_end(const struct quest *q, struct buf *out)
{
	const struct search *search = mentions_search(q->mentions);
	char when[CLOCK_TEXT];

	if (mentions_has_more(q->mentions) && q->count == q->most) {
		buf_add_text(out, q->is_given ? "There are older ones.\n"
					      : "Older ones: /mentions more\n");
	} else if (mentions_has_more(q->mentions)) {
		clock_print(search_reached_ms(search), when);
		buf_print(out,
			  "Looked through %" PRIu64 " messages, back to %s. "
			  "Further: /mentions more\n",
			  search_looked(search), when);
	} else if (q->count == 0) {
		buf_add_text(out, q->is_more ? "There are no older ones.\n"
					     : "Nobody has mentioned you.\n");
	}
}

static void print_page(const struct quest *q, struct buf *out)
{
	int64_t now_ms = clock_wall_ms();

	for (size_t i = q->count; i-- > 0;)
		history_text_line(q->found[i], now_ms, out);
	print_end(q, out);
}

/* True when a step must be made for more. */
static bool collect(struct quest *q)
{
	size_t before = q->count;

	while (q->count < q->most) {
		q->found[q->count] = mentions_next(q->mentions);
		if (q->found[q->count] == NULL)
			break;
		q->count++;
	}
	/* Patience is for one page of the search. */
	if (q->count == q->most || q->count == before ||
	    !mentions_has_more(q->mentions))
		return false;
	mentions_go_on(q->mentions);
	return true;
}

/* A few thousand messages at a time, so that other jobs come in between. */
static void stage_step(struct task *task)
{
	struct quest *q = CONTAINER(task, struct quest, task);
	enum err e = ERR_OK;

	if (mentions_wants_step(q->mentions))
		e = search_step(mentions_search(q->mentions));
	if (e == ERR_OK && (mentions_wants_step(q->mentions) || collect(q))) {
		task_next(task, TASK_JOBS, stage_step);
		return;
	}
	if (e == ERR_OK)
		print_page(q, &task->text);
	task_answer(task, e);
}

static void stage_begin(struct task *task)
{
	struct quest *q = CONTAINER(task, struct quest, task);
	struct chat *chat = task->realm->chat;
	enum err e;

	q->mentions = mentions_new(chat, task->person, task->actor.name);
	e = reading_search(mentions_search(q->mentions), q->room,
			   &q->task.actor, "You are in no room: name one.",
			   &q->task.why);
	if (e != ERR_OK) {
		task_answer(task, e);
		return;
	}
	history_text_written(history_write(chat), &task->text);
	stage_step(task);
}

static void stage_more(struct task *task)
{
	struct quest *q = CONTAINER(task, struct quest, task);

	reading_search_on(mentions_search(q->mentions), &task->actor);
	stage_step(task);
}

static enum err finish(struct call *call, struct task *task)
{
	struct quest *q = CONTAINER(task, struct quest, task);

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	call_say_lines(call, &task->text);
	if (mentions_has_more(q->mentions) &&
	    !(q->is_given && q->count == q->most)) {
		mentions_go_on(q->mentions);
		call->caller->mentions = q->mentions;
		q->mentions = NULL;
	}
	return ERR_OK;
}

static enum err start(struct call *call, struct quest *q, task_fn *stage)
{
	q->is_counted =
		shares_take(call->realm->search_shares, call->caller->site);
	if (q->is_counted)
		return task_start(call, &q->task, TASK_JOBS, stage, finish,
				  drop);
	call->caller->mentions = q->mentions;
	room_unref(&q->room);
	mem_free(q);
	return call_refuse(call, ERR_BUSY,
			   "Too many searches go on from your address. Try "
			   "again in a moment.");
}

static enum err list_more(struct call *call)
{
	struct quest *q;

	if (call->caller->mentions == NULL)
		return call_refuse(call, ERR_NOT_FOUND,
				   "There are no older ones.");
	q = mem_zero(sizeof(*q));
	q->is_more = true;
	q->most = LISTED_USUAL;
	q->mentions = call->caller->mentions;
	call->caller->mentions = NULL;
	return start(call, q, stage_more);
}

/* "[ROOM] [N]"; *room_r is the name, or NULL. */
static bool parse(const struct call *call, struct quest *q, const char **room_r)
{
	int i = call->argc > 0 && name_is_valid(call->argv[0]);
	int64_t most = LISTED_USUAL;

	*room_r = i > 0 ? call->argv[0] : NULL;
	q->is_given = i < call->argc;
	if (q->is_given &&
	    (!quantity_number(call->argv[i++], &most) || most == 0))
		return false;
	q->most = most < LISTED_MOST ? (size_t)most : LISTED_MOST;
	return i == call->argc;
}

static enum err cmd_mentions(struct call *call)
{
	struct quest *q;
	const char *room;
	enum err e;

	if (call->argc == 1 && strcasecmp(call->argv[0], "more") == 0)
		return list_more(call);
	mentions_free(&call->caller->mentions);
	q = mem_zero(sizeof(*q));
	e = parse(call, q, &room) ? ERR_OK : call_usage(call);
	if (e == ERR_OK && room != NULL)
		q->room = call_room_named(call, room, &e);
	if (e == ERR_OK)
		return start(call, q, stage_begin);
	mem_free(q);
	return e;
}

const struct command commands_mentions[] = {
	{ "mentions", 0, 2, ROLE_GUEST, COMMAND_PERSON, cmd_mentions,
	  "[ROOM] [N]|more", "where your name was said" },
	{ 0 },
};
