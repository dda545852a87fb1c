#include "command/task.h"

#include <string.h>

#include "base/mem.h"
#include "net/worker.h"

static void task_free(struct task *task)
{
	if (task->drop != NULL)
		task->drop(task);
	person_unref(&task->person);
	buf_wipe(&task->text);
	mem_free(task);
}

static void run_stage(struct job *job)
{
	struct task *task = CONTAINER(job, struct task, job);

	task->stage(task);
}

/* Seconds of hashing may be queued; the daemon does not stop later for it. */
static void run_hashing(struct job *job)
{
	struct task *task = CONTAINER(job, struct task, job);

	shares_give(task->realm->hash_shares, task->site);
	if (atomic_load(&task->realm->is_deserted))
		task_answer(task, ERR_SHUTTING_DOWN);
	else
		task->stage(task);
}

/* One address alone cannot fill the queue, which takes seconds to work off. */
static enum err submit_hashing(struct task *task)
{
	struct realm *realm = task->realm;
	enum err e;

	if (!shares_take(realm->hash_shares, task->site))
		return ERR_BUSY;
	task->job.run = run_hashing;
	e = jobs_submit(realm->hashers, &task->job);
	if (e != ERR_OK)
		shares_give(realm->hash_shares, task->site);
	return e;
}

static enum err submit(struct task *task, enum task_pool pool, task_fn *stage)
{
	task->stage = stage;
	if (pool == TASK_HASHERS)
		return submit_hashing(task);
	task->job.run = run_stage;
	return jobs_submit(task->realm->jobs, &task->job);
}

static enum err finish_plainly(struct call *call, struct task *task)
{
	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	call_say_lines(call, &task->text);
	return ERR_OK;
}

/* In the session's worker: everything done is durable now. */
static void answer(struct worker *worker, void *to, void *arg)
{
	struct task *task = arg;
	struct session *session = session_find(worker, task->session);
	struct call call = { .command = task->command, .realm = task->realm };
	enum err e;

	(void)to;
	if (session != NULL) {
		call.caller = task->caller;
		e = task->finish(&call, task);
		call.caller->ops->done(call.caller, e);
		session_resume(session);
	}
	task_free(task);
}

static void release(struct store_waiter *waiter)
{
	struct task *task = CONTAINER(waiter, struct task, waiter);

	worker_post_answer(
		server_worker(task->realm->server, task->session.worker),
		answer, NULL, task);
}

void task_answer(struct task *task, enum err result)
{
	task->result = result;
	task->waiter.fn = release;
	task->waiter.ticket = store_ticket(task->realm->store);
	store_when_durable(task->realm->store, &task->waiter);
}

void task_next(struct task *task, enum task_pool pool, task_fn *stage)
{
	if (submit(task, pool, stage) == ERR_OK)
		return;
	task->why.text[0] = '\0'; /* it was of what should have followed */
	task_answer(task, ERR_BUSY);
}

bool task_yield(struct task *task, task_fn *stage)
{
	return submit(task, TASK_JOBS, stage) == ERR_OK;
}

void task_begin(struct call *call, struct task *task,
		enum err (*finish)(struct call *call, struct task *task),
		task_fn *drop)
{
	struct caller *caller = call->caller;

	task->realm = call->realm;
	task->command = call->command;
	task->caller = caller;
	task->session = session_handle(caller->session);
	memcpy(task->site, caller->site, sizeof(task->site));
	caller_actor(caller, &task->actor);
	if (caller->person != NULL)
		task->person = person_ref(caller->person);
	task->finish = finish == NULL ? finish_plainly : finish;
	task->drop = drop;
	session_park(caller->session);
}

void task_abandon(struct task *task)
{
	session_resume(task->caller->session);
	task_free(task);
}

enum err task_start(struct call *call, struct task *task, enum task_pool pool,
		    task_fn *stage,
		    enum err (*finish)(struct call *call, struct task *task),
		    task_fn *drop)
{
	task_begin(call, task, finish, drop);
	if (submit(task, pool, stage) == ERR_OK)
		return (enum err)CALL_PENDING;
	task_abandon(task);
	return call_fail(call, ERR_BUSY);
}

enum err task_finish_report(struct call *call, struct task *task)
{
	enum err result = task->result;
	char *at;
	char *line;

	if (result != ERR_OK && buf_len(&task->text) == 0)
		return call_fail(call, result);
	buf_add_char(&task->text, '\0');
	at = buf_at(&task->text);
	while ((line = strsep(&at, "\n")) != NULL) {
		if (line[0] == '\0')
			continue;
		if (result == ERR_OK)
			call_say(call, "%s", line);
		else
			call_refuse(call, result, "%s", line);
	}
	return result;
}
