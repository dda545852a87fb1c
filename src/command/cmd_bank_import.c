/* Opening balances from a file: all of them, or none. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bank/book.h"
#include "bank/exchange/import.h"
#include "bank/ledger.h"
#include "base/file.h"
#include "base/mem.h"
#include "command/families.h"
#include "command/sign.h"
#include "command/task.h"
#include "log/log.h"
#include "net/worker.h"

enum { LOOKED_BACK = 1000 }; /* entries of an account */

static const char opening[] = "opening";

/* A row, and the account that it is for. */
struct place {
	const struct import_row *row;
	account_id id;
};

struct intake {
	struct task task;
	struct bank_settings settings;
	char *path;
	bool is_trial;  /* nothing is changed */
	unsigned first; /* line that is told of */
	size_t page;    /* bytes of an answer */
	bool has_turn;
	struct import import;
	struct account from;
	struct place *places;
	struct order *orders;
	bool is_known; /* this very file was imported before */
	money total;   /* of what is moved, whatever the sign */
};

static void drop(struct task *task)
{
	struct intake *in = CONTAINER(task, struct intake, task);

	if (in->has_turn)
		atomic_store(&task->realm->is_importing, false);
	import_fini(&in->import);
	mem_free(in->path);
	mem_free(in->places);
	mem_free(in->orders);
}

static enum err read_file(struct intake *in)
{
	AUTO(buf_fini) struct buf text = { 0 };
	enum err e = file_read(in->path, IMPORT_BYTES_MOST, &text);

	if (e == ERR_BAD_INPUT)
		return refusal_give(&in->task.why, e,
				    "%s is no file, or longer than %d KiB.",
				    in->path, IMPORT_BYTES_MOST / 1024);
	if (e != ERR_OK)
		return refusal_give(&in->task.why, e, "%s: %s", in->path,
				    err_words(e));
	return import_read(&in->import, &text, &in->settings.currency);
}

/* An opening that still stands, among the newest entries. */
struct search {
	uint64_t found; /* 0: none */
	struct uuid id; /* of it */
	uint64_t taken_back[LOOKED_BACK];
	unsigned count;
	unsigned looked;
};

static bool look_at(const struct entry *entry, void *arg)
{
	struct search *s = arg;

	if (entry->kind == ENTRY_REVERSE)
		s->taken_back[s->count++] = entry->reference;
	if (entry->kind == ENTRY_OPENING) {
		s->found = entry->seq;
		s->id = entry->id;
		for (unsigned i = 0; i < s->count; i++)
			if (s->taken_back[i] == entry->seq)
				s->found = 0;
	}
	return s->found == 0 && ++s->looked < LOOKED_BACK;
}

/* Nobody begins twice, were the file another one by a line. */
static enum err check_account(struct intake *in, const struct import_row *row,
			      const struct account *account)
{
	struct search *s;
	struct uuid id;
	enum err e;

	if ((account->flags & ACCOUNT_CLOSED) != 0) {
		import_find(&in->import, row->line, "%s is closed",
			    row->account);
		return ERR_OK;
	}
	if (account->id == in->from.id) {
		import_find(&in->import, row->line,
			    "%s is the account that all comes from",
			    row->account);
		return ERR_OK;
	}
	s = mem_zero(sizeof(*s));
	e = book_statement(in->task.realm->store, account, 0, look_at, s);
	import_id(&in->import, row, &id);
	if (e == ERR_OK && s->found != 0 && uuid_equal(&id, &s->id))
		in->is_known = true;
	if (e == ERR_OK && s->found != 0)
		import_find(&in->import, row->line,
			    "%s has an opening balance already, #%" PRIu64
			    "; /bank reverse takes it back",
			    row->account, s->found);
	mem_free(s);
	return e;
}

static enum err find_place(struct intake *in, struct place *place)
{
	const struct realm *realm = in->task.realm;
	const struct import_row *row = place->row;
	struct account account;
	enum err e = book_resolve(realm->store, realm->users, 0, row->account,
				  &account);

	if (e == ERR_NO_SUCH_ACCOUNT || e == ERR_NO_SUCH_USER) {
		import_find(&in->import, row->line,
			    "there is no account %s; /bank accounts lists "
			    "them",
			    row->account);
		return ERR_OK;
	}
	if (e != ERR_OK)
		return e;
	place->id = account.id;
	return check_account(in, row, &account);
}

static int compare(const void *a, const void *b)
{
	const struct place *x = a;
	const struct place *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->row->line < y->row->line ? -1 : x->row->line > y->row->line;
}

static void check_twice(struct intake *in)
{
	size_t count = in->import.count;

	qsort(in->places, count, sizeof(*in->places), compare);
	for (size_t i = 1; i < count; i++)
		if (in->places[i].id != 0 &&
		    in->places[i].id == in->places[i - 1].id)
			import_find(&in->import, in->places[i].row->line,
				    "%s stands in line %u as well",
				    in->places[i].row->account,
				    in->places[i - 1].row->line);
}

static enum err refuse_known(struct intake *in)
{
	in->import.bad = 0;
	return refusal_give(&in->task.why, ERR_EXISTS,
			    "This file was imported already. To do so once "
			    "more, after that was taken back, change it, be it "
			    "by an empty line.");
}

static enum err check_total(struct intake *in)
{
	money limit = in->settings.approval_above;
	char above[MONEY_TEXT];

	for (size_t i = 0; i < in->import.count; i++)
		if (!money_add(in->total, llabs(in->import.rows[i].amount),
			       &in->total))
			return refusal_give(&in->task.why, ERR_BAD_AMOUNT,
					    "All together that is more than "
					    "any account can hold.");
	if (limit == MONEY_NONE || in->total <= limit)
		return ERR_OK;
	money_print_symbol(limit, &in->settings.currency, above);
	return refusal_give(&in->task.why, ERR_APPROVAL_NEEDED,
			    "That is more than %s: an import is for before "
			    "bank.approval_above is set, or while it is none.",
			    above);
}

static enum err find_places(struct intake *in)
{
	struct import *import = &in->import;
	enum err e = book_find(in->task.realm->store, ACCOUNT_HOUSE, 0, opening,
			       &in->from);

	in->places = mem_array(import->count + 1, sizeof(*in->places));
	for (size_t i = 0; e == ERR_OK && i < import->count; i++) {
		in->places[i].row = &import->rows[i];
		e = find_place(in, &in->places[i]);
	}
	if (e != ERR_OK)
		return e;
	if (in->is_known)
		return refuse_known(in);
	check_twice(in);
	if (import->bad > 0)
		return ERR_BAD_INPUT;
	if (import->count == 0)
		return refusal_give(&in->task.why, ERR_BAD_INPUT,
				    "There is no balance in it.");
	return check_total(in);
}

/*
 * In the name of the bank, whose ids are the same for all administrators, so
 * that two of them cannot import the same file.
 */
static void make_order(struct intake *in, const struct place *place,
		       struct order *order)
{
	const struct actor *actor = &in->task.actor;

	order->kind = ORDER_OPENING;
	order->by.authority = AUTHORITY_BANK;
	order->by.session = actor->session;
	(void)snprintf(order->by.name, sizeof(order->by.name), "%s",
		       actor->name);
	(void)snprintf(order->by.address, sizeof(order->by.address), "%s",
		       actor->address);
	order->from = in->from.id;
	order->to = place->id;
	order->amount = place->row->amount;
	memcpy(order->memo, place->row->memo, sizeof(order->memo));
	(void)snprintf(order->target, sizeof(order->target), "%s",
		       place->row->account);
	import_id(&in->import, place->row, &order->id);
}

static enum err explain(struct intake *in, size_t i)
{
	const struct order *order = &in->orders[i];

	if (order->result == ERR_ID_CONFLICT)
		return refuse_known(in);
	if (order->words[0] == '\0')
		return order->result;
	return refusal_give(&in->task.why, order->result, "line %u: %s",
			    in->places[i].row->line, order->words);
}

static enum err carry_out(struct intake *in)
{
	size_t count = in->import.count;

	in->orders = mem_array(count, sizeof(*in->orders));
	for (size_t i = 0; i < count; i++) {
		make_order(in, &in->places[i], &in->orders[i]);
		if (i > 0)
			in->orders[i - 1].together = &in->orders[i];
	}
	(void)ledger_run(in->task.realm->ledger, &in->orders[0]);
	for (size_t i = 0; i < count; i++)
		if (in->orders[i].result != ERR_OK &&
		    in->orders[i].result != ERR_AGAIN)
			return explain(in, i);
	if (in->orders[0].is_repeated)
		return refuse_known(in);
	return in->orders[0].result;
}

static void tell(struct intake *in)
{
	struct buf *out = &in->task.text;
	size_t count = in->import.count;
	char total[MONEY_TEXT];

	money_print_symbol(in->total, &in->settings.currency, total);
	buf_print(out, "%zu balance%s, together %s", count,
		  count == 1 ? "" : "s", total);
	if (in->import.nothing > 0)
		buf_print(out, ", %zu of nothing left out", in->import.nothing);
	if (in->is_trial)
		buf_add_text(out, ": all is well, and nothing was changed.\n");
	else
		buf_print(out, ": #%" PRIu64 " to #%" PRIu64 "\n",
			  in->orders[0].entry.seq,
			  in->orders[count - 1].entry.seq);
}

/* Every bad line, in pages, were the lines long or the queue short. */
static void report(struct intake *in)
{
	static const char beside[] = "!! bad-input \r\n";
	struct buf *out = &in->task.text;
	unsigned next = import_report(&in->import, in->first, in->page,
				      strlen(beside), out);

	if (next > 0)
		buf_print(out,
			  "… and more: /bank import check %u %s names what is "
			  "wrong from line %u on.\n",
			  next, in->path, next);
	else if (buf_len(out) == 0)
		buf_print(out,
			  "From line %u on nothing is wrong, but before it.\n",
			  in->first);
}

static enum err take_in(struct intake *in)
{
	enum err e = read_file(in);

	/* What is wrong with other lines is worth knowing at once, too. */
	if (e == ERR_OK || (e == ERR_BAD_INPUT && in->import.count > 0)) {
		enum err found = find_places(in);

		e = e == ERR_OK ? found : e;
	}
	if (e == ERR_OK && !in->is_trial)
		e = carry_out(in);
	if (e == ERR_OK)
		tell(in);
	else if (in->import.bad > 0)
		report(in);
	return e;
}

static void stage_import(struct task *task)
{
	struct intake *in = CONTAINER(task, struct intake, task);
	struct trail *trail = task->realm->trail;
	enum err e = ERR_OK;

	if (in->is_trial) {
		task_answer(task, take_in(in));
		return;
	}
	e = sign_asked(trail, &task->actor, "bank.import", in->path);
	if (e == ERR_OK) {
		e = take_in(in);
		sign_ended(trail, &task->actor, "bank.import", in->path, e);
		log_notice("bank", "imported from=%s by=%s outcome=%s",
			   in->path, task->actor.name, err_code(e));
	}
	task_answer(task, e);
}

/* Lines that are wrong are told one by one, all else as ever. */
static enum err finish(struct call *call, struct task *task)
{
	return buf_len(&task->text) > 0
		       ? task_finish_report(call, task)
		       : call_refuse_why(call, task->result, &task->why);
}

static enum err start(struct call *call, const char *path, bool is_trial,
		      unsigned from)
{
	const struct limits *limits =
		worker_limits(session_worker(call->caller->session));
	struct intake *in;

	if (path[0] != '/')
		return call_refuse(call, ERR_BAD_INPUT,
				   "Write the whole path of the file, from the "
				   "root on.");
	if (atomic_exchange(&call->realm->is_importing, true))
		return call_refuse(call, ERR_BUSY,
				   "Somebody imports just now. Try again when "
				   "that is done.");
	in = mem_zero(sizeof(*in));
	in->has_turn = true;
	in->is_trial = is_trial;
	in->first = from;
	/* The rest is for what others say meanwhile. */
	in->page = (size_t)limits->output_queue_bytes / 2;
	in->path = mem_text(path);
	ledger_settings(call->realm->ledger, &in->settings);
	return task_start(call, &in->task, TASK_JOBS, stage_import, finish,
			  drop);
}

/* [check [LINE]] FILE */
static enum err cmd_import(struct call *call)
{
	static const char check[] = "check ";
	const char *path = call->argv[0];
	bool is_trial = strncmp(path, check, strlen(check)) == 0;
	unsigned long from = 0;
	char *end;

	if (is_trial)
		path += strlen(check) + strspn(path + strlen(check), " ");
	if (is_trial && path[0] >= '0' && path[0] <= '9') {
		from = strtoul(path, &end, 10);
		path = end + strspn(end, " ");
	}
	return start(call, path, is_trial,
		     from > IMPORT_BYTES_MOST ? IMPORT_BYTES_MOST
					      : (unsigned)from);
}

const struct command commands_bank_import[] = {
	{ "bank import", 1, 1, ROLE_ADMIN, COMMAND_REST, cmd_import,
	  "[check [LINE]] FILE", "opening balances from a file" },
	{ 0 },
};
