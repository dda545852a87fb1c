/* What was said in a room, page by page. */
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "base/when.h"
#include "chat/history/excerpt.h"
#include "chat/history/history.h"
#include "chat/history/reading.h"
#include "command/families.h"
#include "command/history_text.h"
#include "command/room_text.h"
#include "command/task.h"

enum { PAGE_USUAL = 20, PAGE_SINCE = 100, PAGE_MOST = 200 };

struct review {
	struct task task;
	struct room *room; /* a reference */
	bool is_named;
	enum { BEFORE, AFTER, SINCE } how;
	int64_t since_ms;
	uint64_t number;
	int64_t most; /* 0: as usual */
};

static void drop(struct task *task)
{
	room_unref(&CONTAINER(task, struct review, task)->room);
}

static enum err read_page(struct review *review, struct excerpt *page_r)
{
	struct chat *chat = review->task.realm->chat;
	size_t most = review->most > 0       ? (size_t)review->most
		      : review->how == SINCE ? PAGE_SINCE
					     : PAGE_USUAL;
	uint64_t from = review->number + 1;
	enum err e = ERR_OK;

	if (review->how == BEFORE)
		return excerpt_before(chat, review->room, review->number, most,
				      page_r);
	if (review->how == SINCE)
		e = excerpt_find(chat, review->room, review->since_ms, &from);
	return e == ERR_OK
		       ? excerpt_from(chat, review->room, from, most, page_r)
		       : e;
}

static void print_more(const struct review *review, const struct excerpt *page,
		       struct buf *out)
{
	bool is_back = review->how == BEFORE;
	const struct message *end = page->list[is_back ? 0 : page->count - 1];

	buf_print(out, "More: /review %s%s%s %" PRIu64,
		  review->is_named ? room_name(review->room) : "",
		  review->is_named ? " " : "", is_back ? "before" : "after",
		  end->id);
	if (review->most > 0)
		buf_print(out, " %" PRId64, review->most);
	buf_add_char(out, '\n');
}

static void print_page(const struct review *review, const struct excerpt *page,
		       struct buf *out)
{
	int64_t now_ms = clock_wall_ms();

	for (size_t i = 0; i < page->count; i++) {
		if (!history_text_hides(review->task.person, page->list[i]))
			history_text_line(page->list[i], now_ms, out);
	}
	if (page->has_more)
		print_more(review, page, out);
	if (page->count > 0)
		return;
	if (history_is_kept(review->room))
		buf_add_text(out, "Nothing was said there.\n");
	else
		room_text_history(review->room, out);
}

static void stage(struct task *task)
{
	struct review *review = CONTAINER(task, struct review, task);
	AUTO(excerpt_fini) struct excerpt page = { 0 };
	enum err e = reading_check(review->room, &task->actor, &task->why);

	if (e != ERR_OK) {
		task_answer(task, e);
		return;
	}
	history_text_written(history_write(task->realm->chat), &task->text);
	e = read_page(review, &page);
	if (e == ERR_OK)
		print_page(review, &page, &task->text);
	task_answer(task, e);
}

static bool parse_most(const struct call *call, int i, struct review *review)
{
	if (i == call->argc)
		return true;
	if (!quantity_number(call->argv[i], &review->most) || review->most == 0)
		return false;
	if (review->most > PAGE_MOST)
		review->most = PAGE_MOST;
	return i + 1 == call->argc;
}

/* A date and a time are two arguments, unless they are quoted. */
static bool parse_when(const struct call *call, int i, struct review *review)
{
	AUTO(buf_fini) struct buf text = { 0 };

	review->how = SINCE;
	if (i == call->argc || i + 2 < call->argc)
		return false;
	buf_add_text(&text, call->argv[i]);
	if (i + 1 < call->argc)
		buf_print(&text, " %s", call->argv[i + 1]);
	return when_parse(buf_text(&text), clock_wall_ms(), &review->since_ms);
}

/* Days may stand alone: "/review yesterday". */
static const char *const days[] = { "today", "yesterday", NULL };

static bool is_word(const char *word, const char *const *words)
{
	while (*words != NULL && strcasecmp(word, *words) != 0)
		words++;
	return *words != NULL;
}

/* "[N]", "since WHEN", "before ID [N]", "after ID [N]", from argument i on */
static bool parse(const struct call *call, int i, struct review *review)
{
	const char *word = i < call->argc ? call->argv[i] : "";

	review->number = UINT64_MAX;
	if (strcasecmp(word, "since") == 0)
		return parse_when(call, i + 1, review);
	if (is_word(word, days))
		return parse_when(call, i, review);
	if (strcasecmp(word, "after") == 0)
		review->how = AFTER;
	else if (strcasecmp(word, "before") != 0)
		return parse_most(call, i, review);
	return i + 1 < call->argc &&
	       quantity_id(call->argv[i + 1], &review->number) &&
	       parse_most(call, i + 2, review);
}

/* Is it the name of a room, and nothing else that may stand there? */
static bool is_room(const char *word)
{
	static const char *const others[] = { "since", "before", "after",
					      NULL };

	return !is_word(word, others) && !is_word(word, days) &&
	       name_is_valid(word);
}

static enum err cmd_review(struct call *call)
{
	bool is_named = call->argc > 0 && is_room(call->argv[0]);
	struct review *review = mem_zero(sizeof(*review));
	enum err e;

	if (!parse(call, is_named, review)) {
		mem_free(review);
		return call_usage(call);
	}
	review->is_named = is_named;
	review->room =
		call_room_named(call, is_named ? call->argv[0] : NULL, &e);
	if (review->room == NULL) {
		mem_free(review);
		return e;
	}
	return task_start(call, &review->task, TASK_JOBS, stage, NULL, drop);
}

const struct command commands_review[] = {
	{ "review", 0, 4, ROLE_GUEST, COMMAND_QUOTED, cmd_review,
	  "[ROOM] [N|since WHEN|before ID|after ID]", "read what was said" },
	{ 0 },
};
