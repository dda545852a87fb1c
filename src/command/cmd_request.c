/* Commands about money that somebody is asked for. */
#include <stdio.h>
#include <string.h>

#include "bank/memo.h"
#include "bank/pending.h"
#include "bank/tiding.h"
#include "base/clock.h"
#include "base/mem.h"
#include "chat/ignore/ignore_people.h"
#include "command/asking.h"
#include "command/bank_text.h"
#include "command/deal_line.h"
#include "command/families.h"
#include "command/income.h"

enum { LISTED_MOST = 100 };

static enum err prepare_request(struct deal *deal)
{
	enum err e = asking_prepare(deal, deal->whom, &deal->order);

	deal->notice = asking_notice;
	return e;
}

static enum err take_request(struct deal *deal, const struct book_answer *known)
{
	const struct realm *realm = deal->task.realm;
	struct request request;
	struct account payer;
	enum err e = pending_request(realm->store, known->number, &request);

	if (e == ERR_OK)
		e = book_account(realm->store, request.payer, &payer);
	if (e != ERR_OK)
		return e;
	deal->order.from = request.payer;
	deal->order.to = request.asker;
	book_print_name(realm->users, &payer, deal->target);
	return ERR_OK;
}

static void finish_request(struct call *call, struct deal *deal)
{
	const struct order *order = &deal->order;
	char remark[MEMO_SHOWN];
	char amount[MONEY_TEXT];

	deal_print(deal, order->amount, amount);
	memo_remark(order->memo, remark);
	call_say(call, "Asked %s for %s%s. It waits for %d days. #%llu",
		 deal->target, amount, remark, ASKING_DAYS,
		 (unsigned long long)order->number);
}

/* USER AMOUNT [memo] [id=UUID] */
static enum err cmd_request(struct call *call)
{
	struct deal *deal = deal_new(call, ORDER_REQUEST);
	enum err e = deal_read(call, &deal, &deal_form_payment);

	if (e != ERR_OK)
		return e;
	deal->take = take_request;
	return deal_start(call, deal, prepare_request, finish_request);
}

/* A deal about a request that is there. */
struct reply {
	struct deal deal;
	struct request request;
};

/* It begins with its deal. */
static const struct request *request_of(const struct deal *deal)
{
	const struct reply *reply = (const void *)deal;

	return &reply->request;
}

static bool is_by_payer(const struct deal *deal)
{
	return deal->order.kind != ORDER_CANCEL;
}

static enum err refuse_choice(struct deal *deal, size_t count)
{
	if (count == 0)
		return refusal_give(&deal->task.why, ERR_NO_SUCH_REQUEST, "%s",
				    is_by_payer(deal)
					    ? "Nobody asks you for money."
					    : "You ask nobody for money.");
	return refusal_give(&deal->task.why, ERR_BAD_INPUT,
			    "%zu requests are open; say which one: /requests "
			    "lists them.",
			    count);
}

/* All that are open; reference is the number of one of them. */
static enum err find_open(struct deal *deal, size_t *total_r)
{
	const struct realm *realm = deal->task.realm;
	struct request *found = mem_zero(PENDING_MOST * sizeof(*found));
	struct account *mine;
	size_t accounts;
	enum err e = book_accounts_of(realm->store, deal->order.by.user, &mine,
				      &accounts);

	*total_r = 0;
	for (size_t i = 0; e == ERR_OK && i < accounts; i++) {
		size_t count;

		e = pending_requests(realm->store, mine[i].id,
				     is_by_payer(deal), clock_wall_ms(), found,
				     &count);
		if (e == ERR_OK && count > 0)
			deal->order.reference = found[0].number;
		*total_r += count;
	}
	mem_free(mine);
	mem_free(found);
	return e;
}

/* Was one that the actor could have paid closed by others just now? */
static enum err look_back(const struct deal *deal, bool *is_r)
{
	struct tiding *list = mem_array(TIDINGS_MOST, sizeof(*list));
	int64_t since_ms = clock_wall_ms() - TIDING_RECENT_MS;
	size_t count;
	enum err e = tiding_list(deal->task.realm->store, deal->order.by.user,
				 list, &count);

	*is_r = false;
	for (size_t i = 0; i < count; i++)
		*is_r |= list[i].made_ms > since_ms &&
			 (list[i].name.kind == TIDING_CANCELLED ||
			  list[i].name.kind == TIDING_EXPIRED);
	mem_free(list);
	return e;
}

static enum err refuse_swapped(struct deal *deal)
{
	struct request request;
	char amount[MONEY_TEXT];
	unsigned long long number = deal->order.reference;
	enum err e = pending_request(deal->task.realm->store,
				     deal->order.reference, &request);

	if (e != ERR_OK)
		return e;
	deal_print(deal, request.amount, amount);
	return refusal_give(&deal->task.why, ERR_BAD_INPUT,
			    "Another request was closed just now. To pay %s, "
			    "say which one: /accept %llu",
			    amount, number);
}

/*
 * The only one that it can be. Money goes by it only when it cannot have taken
 * the place of another between reading and typing.
 */
static enum err choose(struct deal *deal)
{
	bool is_swapped = false;
	size_t total;
	enum err e = find_open(deal, &total);

	if (e == ERR_OK && total != 1)
		return refuse_choice(deal, total);
	if (e == ERR_OK && deal->order.kind == ORDER_ACCEPT)
		e = look_back(deal, &is_swapped);
	return e == ERR_OK && is_swapped ? refuse_swapped(deal) : e;
}

/* Who shares the account that is asked is told, too. */
static enum err find_payer(struct deal *deal)
{
	struct account payer;
	enum err e;

	if (deal->account[0] != '\0' || deal->order.kind != ORDER_ACCEPT)
		return ERR_OK;
	e = book_account(deal->task.realm->store, request_of(deal)->payer,
			 &payer);
	if (e == ERR_OK && account_is_of(&payer, deal->order.by.user))
		deal_set_payer(deal, &payer);
	return e;
}

/* The other side is told what became of it. */
static enum err prepare_reply(struct deal *deal)
{
	struct reply *reply = CONTAINER(deal, struct reply, deal);
	const struct realm *realm = deal->task.realm;
	struct account other;
	enum err e = ERR_OK;

	if (deal->account[0] != '\0')
		e = deal_payer(deal, &deal->order.from);
	if (e == ERR_OK && deal->order.reference == 0)
		e = choose(deal);
	if (e == ERR_OK)
		e = pending_request(realm->store, deal->order.reference,
				    &reply->request);
	/* The ledger says so, in the same words whether there is one or not. */
	if (e == ERR_NO_SUCH_REQUEST && deal->order.reference != 0)
		return ERR_OK;
	if (e == ERR_OK)
		e = find_payer(deal);
	if (e == ERR_OK)
		e = book_account(realm->store,
				 is_by_payer(deal) ? reply->request.asker
						   : reply->request.payer,
				 &other);
	if (e != ERR_OK)
		return e;
	book_print_name(realm->users, &other, deal->target);
	deal_tell(deal, &other);
	return ERR_OK;
}

/* "from=ACCOUNT", in front of the id or behind it. */
static enum err take_payer(struct call *call, struct deal **deal)
{
	enum err e = deal_from(call, deal);

	if (e == ERR_OK)
		e = deal_id(call, deal);
	return e == ERR_OK ? deal_from(call, deal) : e;
}

/* [N] [id=UUID]; what is accepted takes "from=ACCOUNT", too. */
static enum err start_reply(struct call *call, enum order_kind kind,
			    deal_notice_fn *notice, deal_finish_fn *finish)
{
	struct deal *deal = deal_new_in(call, kind, sizeof(struct reply));
	enum err e = kind == ORDER_ACCEPT ? take_payer(call, &deal) : ERR_OK;

	if (e == ERR_OK)
		e = deal_read_choice(call, &deal,
				     "With an id, say which request it is.");
	if (e != ERR_OK)
		return e;
	deal->notice = notice;
	return deal_start(call, deal, prepare_reply, finish);
}

static void finish_accept(struct call *call, struct deal *deal)
{
	const struct entry *entry = &deal->order.entry;
	char remark[MEMO_SHOWN];
	char amount[MONEY_TEXT];
	char fee[DEAL_FEE];
	char of[DEAL_OF];
	char balance[MONEY_TEXT];

	memo_remark(entry->memo, remark);
	deal_print_of(deal->payer, of);
	deal_print(deal, entry->legs[0].amount, amount);
	deal_print_fee(deal, fee);
	deal_print_balance(deal, entry->legs[0].debit, balance);
	call_say(call,
		 "Paid %s to %s%s, request #%llu.%s New balance%s: %s. #%llu",
		 amount, deal->target, remark,
		 (unsigned long long)entry->request, fee, of, balance,
		 (unsigned long long)entry->seq);
}

static void notice_accept(const struct deal *deal, const char *memo,
			  struct buf *text)
{
	const struct entry *entry = &deal->order.entry;
	const char *from = deal->told_pays ? deal->payer : "";
	char remark[MEMO_SHOWN];
	char amount[MONEY_TEXT];
	char balance[MONEY_TEXT];

	if (deal_tells_payer(deal)) {
		income_print_paid(&deal->settings.currency, entry, deal->payer,
				  deal->target, entry->by, memo, text);
		return;
	}
	memo_remark(memo, remark);
	deal_print(deal, entry->legs[0].amount, amount);
	deal_print_balance(deal, deal->told_account, balance);
	buf_print(text,
		  "%s paid you %s%s%s%s, request #%llu. New balance: %s. #%llu",
		  entry->by, amount, from[0] != '\0' ? " from " : "", from,
		  remark, (unsigned long long)entry->request, balance,
		  (unsigned long long)entry->seq);
}

static enum err cmd_accept(struct call *call)
{
	return start_reply(call, ORDER_ACCEPT, notice_accept, finish_accept);
}

/* "request #3 for 5.00 R (lunch)" */
static void print_request(const struct deal *deal, const char *memo,
			  struct buf *out)
{
	const struct request *request = request_of(deal);
	char remark[MEMO_SHOWN];
	char amount[MONEY_TEXT];

	deal_print(deal, request->amount, amount);
	memo_remark(memo, remark);
	buf_print(out, "request #%llu for %s%s",
		  (unsigned long long)request->number, amount, remark);
}

static void finish_decline(struct call *call, struct deal *deal)
{
	AUTO(buf_fini) struct buf text = { 0 };

	print_request(deal, "", &text);
	call_say(call, "Declined %s of %s.", buf_text(&text), deal->target);
}

/* Who has asked reads the own words again. */
static void notice_decline(const struct deal *deal, const char *memo,
			   struct buf *text)
{
	(void)memo;
	buf_print(text, "%s declined your ", deal->order.by.name);
	print_request(deal, request_of(deal)->memo, text);
	buf_add_char(text, '.');
}

static enum err cmd_decline(struct call *call)
{
	return start_reply(call, ORDER_DECLINE, notice_decline, finish_decline);
}

static void finish_cancel(struct call *call, struct deal *deal)
{
	AUTO(buf_fini) struct buf text = { 0 };

	print_request(deal, "", &text);
	call_say(call, "Cancelled %s to %s.", buf_text(&text), deal->target);
}

static void notice_cancel(const struct deal *deal, const char *memo,
			  struct buf *text)
{
	(void)memo;
	buf_print(text, "%s has cancelled ", deal->order.by.name);
	print_request(deal, "", text);
	buf_add_char(text, '.');
}

static enum err cmd_cancel(struct call *call)
{
	return start_reply(call, ORDER_CANCEL, notice_cancel, finish_cancel);
}

/* The list of what is open. */
struct listing {
	struct task task;
	struct bank_text text;
	struct account *mine;
	size_t mine_count;
	size_t count;
	struct request requests[PENDING_MOST];
};

static void drop_listing(struct task *task)
{
	mem_free(CONTAINER(task, struct listing, task)->mine);
}

static const struct account *find_mine(const struct listing *l, account_id id)
{
	for (size_t i = 0; i < l->mine_count; i++)
		if (l->mine[i].id == id)
			return &l->mine[i];
	return NULL;
}

/* "you", or the account's name. */
static void print_side(const struct listing *l, account_id id,
		       char name_r[BOOK_NAME])
{
	const struct account *mine = find_mine(l, id);

	if (mine != NULL && mine->kind == ACCOUNT_USER && mine->name[0] == '\0')
		(void)snprintf(name_r, BOOK_NAME, "you");
	else
		bank_text_name(&l->text, id, name_r);
}

static void print_line(struct listing *l, const struct request *request)
{
	bool hides = request->by != l->text.reader &&
		     ignore_has(l->task.realm->chat, l->text.reader,
				request->by, IGNORE_MEMOS);
	char remark[MEMO_SHOWN];
	char asker[BOOK_NAME];
	char payer[BOOK_NAME];
	char amount[MONEY_TEXT];
	char when[CLOCK_TEXT];

	print_side(l, request->asker, asker);
	print_side(l, request->payer, payer);
	money_print_symbol(request->amount, &l->text.currency, amount);
	clock_print(request->due_ms, when);
	memo_remark(hides ? "" : request->memo, remark);
	buf_print(&l->task.text, "#%llu %s %s %s for %s until %s%s\n",
		  (unsigned long long)request->number, asker,
		  strcmp(asker, "you") == 0 ? "ask" : "asks", payer, amount,
		  when, remark);
	l->count++;
}

static enum err list(struct listing *l, bool is_payer)
{
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < l->mine_count; i++) {
		size_t found;

		e = pending_requests(l->task.realm->store, l->mine[i].id,
				     is_payer, clock_wall_ms(), l->requests,
				     &found);
		for (size_t j = 0; e == ERR_OK && j < found; j++) {
			if (l->count == LISTED_MOST)
				return ERR_OK;
			/* One between mine has been listed by its payer. */
			if (is_payer ||
			    find_mine(l, l->requests[j].payer) == NULL)
				print_line(l, &l->requests[j]);
		}
	}
	return e;
}

static void stage_requests(struct task *task)
{
	struct listing *l = CONTAINER(task, struct listing, task);
	enum err e = book_accounts_of(task->realm->store, task->actor.user,
				      &l->mine, &l->mine_count);

	if (e == ERR_OK)
		e = list(l, true);
	if (e == ERR_OK)
		e = list(l, false);
	if (e == ERR_OK && l->count == 0)
		buf_add_text(&task->text, "No request is open.\n");
	if (l->count == LISTED_MOST)
		buf_print(&task->text, "%d are shown; there may be more.\n",
			  LISTED_MOST);
	task_answer(task, e);
}

static enum err cmd_requests(struct call *call)
{
	struct listing *l = mem_zero(sizeof(*l));

	bank_text_init(&l->text, call->realm, call->caller->user);
	return task_start(call, &l->task, TASK_JOBS, stage_requests, NULL,
			  drop_listing);
}

const struct command commands_request[] = {
	{ "request", 2, 3, ROLE_USER, COMMAND_PERSON | COMMAND_REST,
	  cmd_request, "USER AMOUNT [MEMO]", "ask somebody for money" },
	{ "accept", 0, 3, ROLE_USER, COMMAND_PERSON, cmd_accept,
	  "[N] [from=ACCOUNT]",
	  "pay what you are asked; N if others just ended" },
	{ "decline", 0, 2, ROLE_USER, COMMAND_PERSON, cmd_decline, "[N]",
	  "refuse what you are asked for" },
	{ "cancel", 0, 2, ROLE_USER, COMMAND_PERSON, cmd_cancel, "[N]",
	  "ask for it no longer" },
	{ "requests", 0, 0, ROLE_USER, COMMAND_PERSON, cmd_requests, "",
	  "who asks you for money, and whom you ask" },
	{ 0 },
};
