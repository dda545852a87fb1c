/* The op that asks what became of a request whose answer was lost. */
#include <stdio.h>

#include "bank/book.h"
#include "base/mem.h"
#include "command/bank_text.h"
#include "command/move.h"
#include "command/task.h"
#include "front/atm/answer.h"
#include "front/atm/op.h"
#include "front/atm/op_finish.h"
#include "front/atm/op_money.h"

struct lookup {
	struct task task;
	struct bank_text text;
	struct uuid of;
};

/* As order_left(), of an entry that was read again. */
static money find_left(const struct lookup *l, const struct entry *entry,
		       account_id own)
{
	const struct posting *posting = entry_posting(entry, own);
	struct account account;
	money left;

	if (posting == NULL ||
	    book_account(l->task.realm->store, own, &account) != ERR_OK)
		return MONEY_NONE;
	account.posted = posting->posted;
	account.held = posting->held;
	return bank_text_left(&l->text, &account, &left) ? left : MONEY_NONE;
}

/* What an entry is to whoever has made it; of other entries only that. */
static void print_entry(struct lookup *l, const struct entry *entry,
			const struct entry *original)
{
	struct buf *out = &l->task.text;
	char name[BOOK_NAME];
	char other_name[BOOK_NAME];
	struct transaction t = {
		.entry = entry,
		.currency = &l->text.currency,
		.name = name,
		.other = other_name,
	};
	account_id other;

	if (!move_sides(entry, original, &t.own, &other)) {
		transaction_print(&t, out);
		return;
	}
	t.left = find_left(l, entry, t.own);
	bank_text_name(&l->text, t.own, name);
	bank_text_name(&l->text, other, other_name);
	transaction_print(&t, out);
	op_money_sign(l->task.realm, &t, out);
}

static enum err print_done(struct lookup *l, uint64_t seq)
{
	struct store *store = l->task.realm->store;
	struct entry entry;
	struct entry original;
	bool is_reversal;
	enum err e = book_entry(store, seq, &entry);

	is_reversal = e == ERR_OK && entry.kind == ENTRY_REVERSE;
	if (is_reversal)
		e = book_entry(store, entry.reference, &original);
	if (e == ERR_OK)
		print_entry(l, &entry, is_reversal ? &original : NULL);
	return e;
}

static enum err print_answer(struct lookup *l, const struct book_answer *known)
{
	struct buf *out = &l->task.text;
	char id[UUID_TEXT];
	enum err e = ERR_OK;

	uuid_print(&l->of, id);
	answer_bool(out, "known", true);
	answer_open(out, "answer", '{');
	answer_text(out, "re", id);
	answer_bool(out, "ok", known->result == ERR_OK);
	if (known->result != ERR_OK)
		answer_error(out, known->result,
			     known->words[0] != '\0'
				     ? known->words
				     : call_fail_words(known->result));
	else if (known->seq != 0)
		e = print_done(l, known->seq);
	answer_close(out, '}');
	return e;
}

static void stage(struct task *task)
{
	struct lookup *l = CONTAINER(task, struct lookup, task);
	struct book_answer known;
	enum err e = book_asked(task->realm->store, task->actor.user, &l->of,
				&known);

	if (e == ERR_OK) {
		e = print_answer(l, &known);
	} else if (e == ERR_NOT_FOUND) {
		answer_bool(&task->text, "known", false);
		e = ERR_OK;
	}
	task_answer(task, e);
}

static enum err run_lookup(struct call *call, struct atm_session *as)
{
	struct lookup *l = mem_zero(sizeof(*l));

	bank_text_init(&l->text, call->realm, call->caller->user);
	l->of = as->request->of;
	return task_start(call, &l->task, TASK_JOBS, stage, op_finish_members,
			  NULL);
}

const struct op ops_lookup[] = {
	{ "lookup", "of", false, run_lookup },
	{ 0 },
};
