#include "command/quest.h"

#include "base/mem.h"
#include "chat/history/history.h"
#include "chat/history/reading.h"
#include "command/history_text.h"

static struct quest *quest_of(struct task *task)
{
	return CONTAINER(task, struct quest, task);
}

static void drop(struct task *task)
{
	struct quest *q = quest_of(task);

	if (q->is_counted)
		shares_give(task->realm->search_shares, task->site);
	q->kind->fini(q);
	room_unref(&q->room);
}

void quest_free(struct quest **quest)
{
	drop(&(*quest)->task);
	mem_free(*quest);
	*quest = NULL;
}

static bool wants_step(struct quest *q)
{
	return !search_is_done(q->kind->search(q)) ||
	       (q->kind->collect != NULL && q->kind->collect(q));
}

static void stage_step(struct task *task)
{
	struct quest *q = quest_of(task);
	struct search *search = q->kind->search(q);
	enum err e = search_is_done(search) ? ERR_OK : search_step(search);

	if (e == ERR_OK && wants_step(q)) {
		task_next(task, TASK_JOBS, stage_step);
		return;
	}
	if (e == ERR_OK)
		q->kind->print(q, &task->text);
	task_answer(task, e);
}

static enum err begin(struct quest *q)
{
	struct task *task = &q->task;
	enum err e = q->kind->begin(q);

	if (e == ERR_OK)
		e = reading_search(q->kind->search(q), q->room, &task->actor,
				   q->kind->no_room, &task->why);
	if (e == ERR_OK)
		history_text_written(history_write(task->realm->chat),
				     &task->text);
	return e;
}

static void stage_begin(struct task *task)
{
	enum err e = begin(quest_of(task));

	if (e == ERR_OK)
		stage_step(task);
	else
		task_answer(task, e);
}

static void stage_more(struct task *task)
{
	struct quest *q = quest_of(task);

	reading_search_on(q->kind->search(q), &task->actor);
	stage_step(task);
}

static enum err finish(struct call *call, struct task *task)
{
	struct quest *q = quest_of(task);

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	call_say_lines(call, &task->text);
	if (q->kind->turn(q))
		q->kind->keep(q, call->caller);
	return ERR_OK;
}

static enum err start(struct call *call, struct quest *q, task_fn *stage)
{
	q->is_counted =
		shares_take(call->realm->search_shares, call->caller->site);
	if (q->is_counted)
		return task_start(call, &q->task, TASK_JOBS, stage, finish,
				  drop);
	q->kind->keep(q, call->caller);
	quest_free(&q);
	return call_refuse(call, ERR_BUSY,
			   "Too many searches go on from your address. Try "
			   "again in a moment.");
}

enum err quest_start(struct call *call, struct quest *quest)
{
	return start(call, quest, stage_begin);
}

enum err quest_go_on(struct call *call, struct quest *quest)
{
	quest->is_more = true;
	return start(call, quest, stage_more);
}
