/* Looking for what was said. */
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/when.h"
#include "chat/history/history.h"
#include "chat/history/reading.h"
#include "chat/history/search.h"
#include "command/families.h"
#include "command/history_text.h"
#include "command/task.h"

enum { BYTES_MOST = 1000 };

struct quest {
	struct task task;
	char *text; /* the line, cut into words */
	struct search_what what;
	const char *in;    /* a part of text, or NULL */
	const char *by;    /* likewise */
	struct room *room; /* a reference: this one alone; or NULL */
	struct search *search;
	bool is_counted; /* in the caller's share */
	bool is_more;
};

static void drop(struct task *task)
{
	struct quest *q = CONTAINER(task, struct quest, task);

	if (q->is_counted)
		shares_give(task->realm->search_shares, task->site);
	search_free(&q->search);
	room_unref(&q->room);
	mem_free(q->text);
}

/* What stands before a colon, and takes what is behind it. */
static bool take_in(struct quest *q, const char *value)
{
	q->in = value;
	return name_is_valid(value);
}

static bool take_by(struct quest *q, const char *value)
{
	q->by = value;
	return name_is_valid(value);
}

static bool take_since(struct quest *q, const char *value)
{
	return when_parse(value, clock_wall_ms(), &q->what.since_ms);
}

static bool take_until(struct quest *q, const char *value)
{
	bool is_read =
		when_parse_end(value, clock_wall_ms(), &q->what.until_ms);

	if (is_read && q->what.until_ms <= 0)
		q->what.until_ms = 1; /* 0 would be no limit */
	return is_read;
}

static const struct mark {
	const char *word;
	bool (*take)(struct quest *q, const char *value);
	const char *wants;
} marks[] = {
	{ "in:", take_in, "a room" },
	{ "by:", take_by, "a name" },
	{ "since:", take_since, when_words },
	{ "until:", take_until, when_words },
};

static const struct mark *find_mark(const char *word)
{
	for (size_t i = 0; i < COUNT(marks); i++) {
		if (strncasecmp(word, marks[i].word, strlen(marks[i].word)) ==
		    0)
			return &marks[i];
	}
	return NULL;
}

static enum err take_word(struct call *call, struct quest *q, const char *word)
{
	if (q->what.count == SEARCH_WORDS)
		return call_refuse(call, ERR_BAD_INPUT,
				   "At most %d words can be looked for.",
				   SEARCH_WORDS);
	if (word[strspn(word, " ")] != '\0')
		q->what.words[q->what.count++] = word;
	return ERR_OK;
}

static enum err parse(struct call *call, struct quest *q)
{
	char *at = q->text + strspn(q->text, " ");
	bool is_limited = false;

	/* What the session keeps of it is bounded. */
	if (strlen(at) > BYTES_MOST)
		return call_refuse(call, ERR_BAD_INPUT,
				   "At most %d bytes can be looked for.",
				   BYTES_MOST);
	while (*at != '\0') {
		const struct mark *mark = find_mark(at);
		const char *value;

		at += mark == NULL ? 0 : strlen(mark->word);
		value = text_cut(&at);
		if (mark != NULL && !mark->take(q, value))
			return call_refuse(call, ERR_USAGE,
					   "Behind %s belongs %s.", mark->word,
					   mark->wants);
		if (mark == NULL && take_word(call, q, value) != ERR_OK)
			return ERR_BAD_INPUT;
		is_limited |= mark != NULL;
		at += strspn(at, " ");
	}
	return is_limited || q->what.count > 0 ? ERR_OK : call_usage(call);
}

static void print_end(const struct quest *q, size_t count, struct buf *out)
{
	bool has_more = search_has_more(q->search);
	char when[CLOCK_TEXT];

	if (has_more && count == SEARCH_PAGE) {
		buf_add_text(out, "More: /search more\n");
	} else if (has_more) {
		clock_print(search_reached_ms(q->search), when);
		buf_print(out,
			  "Looked through %" PRIu64 " messages, back to %s. "
			  "Further: /search more\n",
			  search_looked(q->search), when);
	} else if (count == 0) {
		buf_print(out, "Nothing %swas found.\n",
			  q->is_more ? "more " : "");
	}
}

static void print_page(const struct quest *q, struct buf *out)
{
	int64_t now_ms = clock_wall_ms();
	/* Whom one asks for, one wants to hear. */
	bool is_asked = search_is_by(q->search);
	const struct message *m;
	size_t count;

	for (count = 0; (m = search_hit(q->search, count)) != NULL; count++) {
		if (is_asked || !history_text_hides(q->task.person, m))
			history_text_line(m, now_ms, out);
	}
	print_end(q, count, out);
}

/* A few thousand messages at a time, so that other jobs come in between. */
static void stage_step(struct task *task)
{
	struct quest *q = CONTAINER(task, struct quest, task);
	enum err e = search_step(q->search);

	if (e == ERR_OK && !search_is_done(q->search)) {
		task_next(task, TASK_JOBS, stage_step);
		return;
	}
	if (e == ERR_OK)
		print_page(q, &task->text);
	task_answer(task, e);
}

static enum err begin(struct quest *q)
{
	struct chat *chat = q->task.realm->chat;
	enum err e = q->by == NULL ? ERR_OK
				   : whose_find(q->task.realm->users, q->by,
						&q->what.whose);

	if (e != ERR_OK)
		return e;
	q->search = search_new(chat, &q->what);
	if (q->search == NULL)
		return refusal_give(&q->task.why, ERR_BAD_INPUT,
				    "There is a word that cannot be seen.");
	e = reading_search(q->search, q->room, &q->task.actor,
			   "You are in no room: write in:ROOM.", &q->task.why);
	if (e == ERR_OK)
		history_text_written(history_write(chat), &q->task.text);
	return e;
}

static void stage_begin(struct task *task)
{
	enum err e = begin(CONTAINER(task, struct quest, task));

	if (e == ERR_OK)
		stage_step(task);
	else
		task_answer(task, e);
}

static void stage_more(struct task *task)
{
	struct quest *q = CONTAINER(task, struct quest, task);

	reading_search_on(q->search, &task->actor);
	stage_step(task);
}

static enum err finish(struct call *call, struct task *task)
{
	struct quest *q = CONTAINER(task, struct quest, task);

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	call_say_lines(call, &task->text);
	if (search_has_more(q->search)) {
		search_turn(q->search);
		call->caller->search = q->search;
		q->search = NULL;
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
	call->caller->search = q->search;
	room_unref(&q->room);
	mem_free(q->text);
	mem_free(q);
	return call_refuse(call, ERR_BUSY,
			   "Too many searches go on from your address. Try "
			   "again in a moment.");
}

static enum err search_more(struct call *call)
{
	struct quest *q;

	if (call->caller->search == NULL)
		return call_refuse(call, ERR_NOT_FOUND,
				   "There is nothing more.");
	q = mem_zero(sizeof(*q));
	q->is_more = true;
	q->search = call->caller->search;
	call->caller->search = NULL;
	return start(call, q, stage_more);
}

static enum err cmd_search(struct call *call)
{
	struct quest *q;
	enum err e;

	if (strcasecmp(call->argv[0], "more") == 0)
		return search_more(call);
	search_free(&call->caller->search);
	q = mem_zero(sizeof(*q));
	q->text = mem_text(call->argv[0]);
	e = parse(call, q);
	if (e == ERR_OK && q->in != NULL)
		q->room = call_room_named(call, q->in, &e);
	if (e == ERR_OK)
		return start(call, q, stage_begin);
	mem_free(q->text);
	mem_free(q);
	return e;
}

const struct command commands_search[] = {
	{ "search", 1, 1, ROLE_GUEST, COMMAND_REST, cmd_search,
	  "WORDS [in:ROOM by:NAME since:WHEN]|more", "find what was said" },
	{ 0 },
};
