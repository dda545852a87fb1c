/* The command that checks the bank while it works. */
#include <inttypes.h>
#include <string.h>

#include "bank/verify/verify.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "command/families.h"
#include "command/sign.h"
#include "command/task.h"
#include "log/log.h"

struct checking {
	struct task task;
	bool has_turn;
	bool is_listed; /* the session, when it began: else nobody ends it */
	bool is_head_known;
	struct book_head known; /* as it was told once */
};

static void drop(struct task *task)
{
	if (CONTAINER(task, struct checking, task)->has_turn)
		atomic_store(&task->realm->is_verifying_bank, false);
}

static void log_findings(const struct task *task)
{
	AUTO(buf_fini) struct buf copy = { 0 };
	AUTO(mem_free_text) char *text = NULL;
	char *at;
	char *line;

	buf_add(&copy, buf_at(&task->text), buf_len(&task->text));
	text = mem_text(buf_text(&copy));
	at = text;
	while ((line = strsep(&at, "\n")) != NULL) {
		if (line[0] != '\0')
			log_error("bank", "verify found %s", line);
	}
}

/* For nobody it need not go on, nor does the daemon's end wait for it. */
static bool goes_on(void *arg)
{
	const struct checking *checking = arg;
	const struct task *task = &checking->task;

	return !atomic_load(&task->realm->is_stopping) &&
	       (!checking->is_listed ||
		directory_has(task->realm->directory, task->session));
}

/* The head stands by itself, as /bank verify takes it. */
static void print_whole(const struct bank_extent *extent, struct buf *out)
{
	char hash[DIGEST_TEXT];

	digest_print(extent->head.hash, hash);
	buf_add_text(out, "The bank is whole:\n");
	bank_print_extent(extent, out);
	buf_print(out, "\n#%" PRIu64 " %s\n", extent->head.seq, hash);
}

static void stage_verify(struct task *task)
{
	struct checking *checking = CONTAINER(task, struct checking, task);
	struct realm *realm = task->realm;
	struct bank_scope scope = {
		.store = realm->store,
		.ledger = realm->ledger,
		.users = realm->users,
		.known = checking->is_head_known ? &checking->known : NULL,
		.goes_on = goes_on,
		.arg = checking,
	};
	struct bank_extent extent;
	enum err e;

	checking->is_listed = directory_has(realm->directory, task->session);
	e = bank_verify(&scope, &task->text, &extent);

	sign_ended(realm->trail, &task->actor, "bank.verify", "", e);
	log_notice("bank", "verified by=%s outcome=%s", task->actor.name,
		   err_code(e));
	if (e == ERR_OK) {
		print_whole(&extent, &task->text);
	} else {
		log_findings(task);
	}
	task_answer(task, e);
}

static bool read_number(const char *word, uint64_t *number_r)
{
	int64_t number;

	if (word[0] == '#')
		return quantity_id(word, number_r);
	if (!quantity_number(word, &number) || number < 1)
		return false;
	*number_r = (uint64_t)number;
	return true;
}

/* "[#ID HASH]", as /bank head tells it. */
static enum err cmd_verify(struct call *call)
{
	struct book_head known = { 0 };
	struct checking *checking;

	if (call->argc == 1 ||
	    (call->argc == 2 && (!read_number(call->argv[0], &known.seq) ||
				 !digest_read(call->argv[1], known.hash))))
		return call_usage(call);
	if (atomic_exchange(&call->realm->is_verifying_bank, true))
		return call_refuse(call, ERR_BUSY,
				   "The bank is being verified just now. Try "
				   "again when that is done.");
	checking = mem_zero(sizeof(*checking));
	checking->has_turn = true;
	checking->known = known;
	checking->is_head_known = call->argc == 2;
	return task_start(call, &checking->task, TASK_JOBS, stage_verify,
			  task_finish_report, drop);
}

const struct command commands_bank_verify[] = {
	{ "bank verify", 0, 2, ROLE_ADMIN | ROLE_AUDITOR, 0, cmd_verify,
	  "[#ID HASH]", "whether journal and accounts of the bank are whole" },
	{ 0 },
};
