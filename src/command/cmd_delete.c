/* Taking back what was said. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "base/when.h"
#include "chat/history/deletion.h"
#include "command/families.h"
#include "command/task.h"

/* So often it is counted again, when others delete meanwhile. */
enum { ROUNDS_MOST = 10 };

struct removal {
	struct task task;
	struct deletion_ask ask;
	struct deletion deletion;
	struct room *room; /* a reference */
	char name[NAME_MOST + 1];
	unsigned rounds;
};

static void drop(struct task *task)
{
	struct removal *r = CONTAINER(task, struct removal, task);

	deletion_fini(&r->deletion);
	room_unref(&r->room);
}

static void stage_go_on(struct task *task);

/* Counted; or to be counted again. */
static void make(struct removal *r)
{
	struct task *task = &r->task;
	enum err e = deletion_make(&r->deletion, &task->why);

	if (e == ERR_AGAIN && ++r->rounds < ROUNDS_MOST) {
		task_next(task, TASK_JOBS, stage_go_on);
		return;
	}
	if (e == ERR_OK) {
		deletion_print(&r->deletion, &task->text);
		buf_add_text(&task->text, r->deletion.count == 1
						  ? " is deleted.\n"
						  : " are deleted.\n");
	}
	task_answer(task, e == ERR_AGAIN ? ERR_BUSY : e);
}

/* A few thousand messages at a time, so that other jobs come in between. */
static void stage_go_on(struct task *task)
{
	struct removal *r = CONTAINER(task, struct removal, task);
	enum err e = deletion_count(&r->deletion);

	if (e != ERR_OK)
		task_answer(task, e);
	else if (r->deletion.is_counted)
		make(r);
	else
		task_next(task, TASK_JOBS, stage_go_on);
}

static void stage_begin(struct task *task)
{
	struct removal *r = CONTAINER(task, struct removal, task);
	enum err e;

	r->ask.chat = task->realm->chat;
	r->ask.by = &task->actor;
	e = deletion_begin(&r->deletion, &r->ask, &task->why);
	if (e != ERR_OK)
		task_answer(task, e);
	else if (r->deletion.is_counted)
		make(r);
	else
		stage_go_on(task);
}

static bool take_name(struct removal *r, const char *value)
{
	if (!name_is_valid(value))
		return false;
	snprintf(r->name, sizeof(r->name), "%s", value);
	r->ask.name = r->name;
	return true;
}

static bool take_since(struct removal *r, const char *value)
{
	bool is_read = when_parse(value, clock_wall_ms(), &r->ask.since_ms);

	if (is_read && r->ask.since_ms <= 0)
		r->ask.since_ms = 1; /* 0 would be no limit */
	return is_read;
}

static bool take_until(struct removal *r, const char *value)
{
	bool is_read = when_parse_end(value, clock_wall_ms(), &r->ask.until_ms);

	if (is_read && r->ask.until_ms <= 0)
		r->ask.until_ms = 1;
	return is_read;
}

static const struct limit {
	const char *word;
	bool (*take)(struct removal *r, const char *value);
} limits[] = {
	{ "by", take_name },
	{ "since", take_since },
	{ "until", take_until },
};

static const struct limit *find_limit(const char *word)
{
	for (size_t i = 0; i < COUNT(limits); i++) {
		if (strcasecmp(word, limits[i].word) == 0)
			return &limits[i];
	}
	return NULL;
}

/* NULL at the end. */
static char *next_word(char **at)
{
	*at += strspn(*at, " ");
	return **at == '\0' ? NULL : text_cut(at);
}

/* A date and a time are two words, unless they are quoted. */
static char *next_value(char **at, struct buf *both)
{
	char *word = next_word(at);
	char *rest = *at + strspn(*at, " ");

	buf_reset(both);
	if (word == NULL)
		return NULL;
	buf_add_text(both, word);
	if (strchr(word, '-') != NULL && strchr(word, ':') == NULL &&
	    *rest >= '0' && *rest <= '9') {
		word = next_word(at);
		buf_print(both, " %s", word);
	}
	buf_add_char(both, '\0');
	return buf_at(both);
}

/* "by NAME", "since WHEN", "until WHEN": which begin with that word */
static bool parse_many(struct removal *r, char *word, char **at)
{
	AUTO(buf_fini) struct buf both = { 0 };

	r->ask.how = DELETE_MANY;
	for (; word != NULL; word = next_word(at)) {
		const struct limit *limit = find_limit(word);
		const char *value =
			limit == NULL ? NULL : next_value(at, &both);

		if (value == NULL || !limit->take(r, value))
			return false;
	}
	/* Until a time alone would be everything there was. */
	return r->ask.name != NULL || r->ask.since_ms != 0;
}

static bool parse(struct removal *r, char *word, char **at)
{
	if (word == NULL)
		return false;
	if (strcasecmp(word, "last") == 0)
		r->ask.how = DELETE_LAST;
	else if (quantity_id(word, &r->ask.number))
		r->ask.how = DELETE_ONE;
	else
		return parse_many(r, word, at);
	return next_word(at) == NULL;
}

static bool is_room(const char *word)
{
	return word != NULL && name_is_valid(word) &&
	       strcasecmp(word, "last") != 0 && find_limit(word) == NULL;
}

static enum err cmd_delete(struct call *call)
{
	struct removal *r = mem_zero(sizeof(*r));
	char *at = call->argv[0];
	char *word = next_word(&at);
	const char *room = is_room(word) ? word : NULL;
	enum err e;

	if (!parse(r, room != NULL ? next_word(&at) : word, &at)) {
		mem_free(r);
		return call_usage(call);
	}
	r->room = call_room_named(call, room, &e);
	if (r->room == NULL) {
		mem_free(r);
		return e;
	}
	r->ask.room = r->room;
	return task_start(call, &r->task, TASK_JOBS, stage_begin, NULL, drop);
}

const struct command commands_delete[] = {
	{ "delete", 1, 1, ROLE_GUEST, COMMAND_REST, cmd_delete,
	  "[ROOM] ID|last|by NAME|since WHEN", "take back what was said" },
	{ 0 },
};
