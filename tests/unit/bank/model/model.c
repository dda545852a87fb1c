/* The bank itself: accounts, entries, the clock, ids. */
#include "model.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"

void *model_grow(void *things, size_t count, size_t size)
{
	if (count > 0 && (count & (count - 1)) != 0)
		return things;
	return mem_resize(things, (count == 0 ? 1 : 2 * count) * size);
}

struct model_account *model_account(const struct model *m, account_id id)
{
	if (id == 0 || id > m->entry_count || m->account_of[id - 1] == 0)
		return NULL;
	return &m->accounts[m->account_of[id - 1] - 1];
}

bool model_is_of(const struct model_account *account, user_id user)
{
	if (user == 0)
		return false;
	if (account->kind == ACCOUNT_USER && account->owner == user)
		return true;
	for (unsigned i = 0; i < account->holder_count; i++)
		if (account->holders[i] == user)
			return true;
	return false;
}

bool model_is_cash(const struct model_account *account)
{
	return account->kind == ACCOUNT_HOUSE &&
	       strncmp(account->name, "cash:", 5) == 0;
}

money model_available(const struct model_account *account)
{
	return account->posted - account->held;
}

struct model_entry *model_add_entry(struct model *m, enum entry_kind kind,
				    user_id actor)
{
	struct model_entry *entry;

	m->entries =
		model_grow(m->entries, m->entry_count, sizeof(*m->entries));
	m->account_of = model_grow(m->account_of, m->entry_count,
				   sizeof(*m->account_of));
	m->account_of[m->entry_count] = 0;
	entry = &m->entries[m->entry_count++];
	memset(entry, 0, sizeof(*entry));
	entry->kind = kind;
	entry->actor = actor;
	entry->time_ms = m->now_ms;
	m->last_ms = m->now_ms;
	return entry;
}

struct model_account *model_add_account(struct model *m)
{
	struct model_account *account;

	m->accounts =
		model_grow(m->accounts, m->account_count, sizeof(*m->accounts));
	account = &m->accounts[m->account_count++];
	memset(account, 0, sizeof(*account));
	account->id = m->entry_count;
	m->account_of[m->entry_count - 1] = m->account_count;
	for (int i = 0; i < TERMS; i++)
		account->terms[i] = TERM_DEFAULT;
	return account;
}

static account_id open_house(struct model *m, const char *name)
{
	struct order order = { .kind = ORDER_OPEN,
			       .by.authority = AUTHORITY_BANK };
	struct model_answer answer;

	snprintf(order.name, sizeof(order.name), "%s", name);
	order.changes[order.change_count++] =
		(struct change){ CHANGE_KIND, ACCOUNT_HOUSE };
	model_judge(m, &order, 0, &answer);
	assert(answer.result == ERR_OK);
	return answer.seq;
}

void model_init(struct model *m, const struct bank_settings *settings,
		int64_t now_ms)
{
	memset(m, 0, sizeof(*m));
	m->ids = mem_zero(MODEL_IDS * sizeof(*m->ids));
	model_clock(m, now_ms);
	model_add_entry(m, ENTRY_CURRENCY, 0);
	model_set(m, settings);
	m->cash = open_house(m, settings->cash_account);
	m->fees = open_house(m, "fees");
	m->income = open_house(m, "income");
	m->over_short = open_house(m, "over-short");
	m->opening = open_house(m, "opening");
}

void model_fini(struct model *m)
{
	for (size_t i = 0; i < m->account_count; i++) {
		mem_free(m->accounts[i].lines);
		mem_free(m->accounts[i].months);
	}
	mem_free(m->accounts);
	mem_free(m->entries);
	mem_free(m->account_of);
	mem_free(m->holds);
	mem_free(m->open_holds);
	mem_free(m->requests);
	mem_free(m->open_requests);
	mem_free(m->ids);
}

void model_set(struct model *m, const struct bank_settings *s)
{
	const int64_t terms[TERMS] = { s->floor,   s->ceiling, s->per_transfer,
				       s->per_day, MONEY_NONE, MONEY_NONE };

	m->settings = *s;
	if (memcmp(terms, m->terms, sizeof(terms)) == 0)
		return;
	memcpy(m->terms, terms, sizeof(terms));
	model_add_entry(m, ENTRY_RULES, 0);
}

void model_clock(struct model *m, int64_t wall_ms)
{
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm tm;

	/* What is less than an hour is waited for. */
	m->now_ms = wall_ms;
	if (wall_ms < m->last_ms && wall_ms > m->last_ms - 3600 * 1000)
		m->now_ms = m->last_ms;
	seconds = (time_t)(m->now_ms / 1000);
	gmtime_r(&seconds, &tm);
	m->date = (uint32_t)((tm.tm_year + 1900) * 10000 +
			     (tm.tm_mon + 1) * 100 + tm.tm_mday);
}

static bool is_same_question(const struct order *a, const struct order *b)
{
	if (a->kind != b->kind || a->from != b->from || a->to != b->to ||
	    a->amount != b->amount || a->reference != b->reference ||
	    strcmp(a->name, b->name) != 0 || strcmp(a->memo, b->memo) != 0 ||
	    a->change_count != b->change_count)
		return false;
	for (unsigned i = 0; i < a->change_count; i++)
		if (a->changes[i].tag != b->changes[i].tag ||
		    a->changes[i].value != b->changes[i].value)
			return false;
	return true;
}

/* Which office may give which order: M, T, A, B. */
static const char *const offices[ORDER_KINDS] = {
	[ORDER_OPEN] = "MTAB",    [ORDER_TERMS] = "MAB",
	[ORDER_FREEZE] = "AB",    [ORDER_CLOSE] = "MAB",
	[ORDER_HOLDERS] = "MAB",  [ORDER_TILL] = "TAB",
	[ORDER_DEPOSIT] = "MTAB", [ORDER_WITHDRAW] = "MTAB",
	[ORDER_PAY] = "MAB",      [ORDER_TRANSFER] = "MAB",
	[ORDER_HOLD] = "MAB",     [ORDER_CAPTURE] = "MAB",
	[ORDER_RELEASE] = "MAB",  [ORDER_REVERSE] = "MTAB",
	[ORDER_REFUND] = "MAB",   [ORDER_INTEREST] = "B",
	[ORDER_OPENING] = "AB",   [ORDER_ADJUST] = "TAB",
	[ORDER_REQUEST] = "MAB",  [ORDER_ACCEPT] = "MAB",
	[ORDER_DECLINE] = "MAB",  [ORDER_CANCEL] = "MAB",
	[ORDER_SWEEP] = "AB",
};

static model_fn *const judges[ORDER_KINDS] = {
	[ORDER_OPEN] = model_open,       [ORDER_TERMS] = model_terms,
	[ORDER_FREEZE] = model_freeze,   [ORDER_CLOSE] = model_close,
	[ORDER_HOLDERS] = model_holders, [ORDER_TILL] = model_till,
	[ORDER_DEPOSIT] = model_deposit, [ORDER_WITHDRAW] = model_withdraw,
	[ORDER_PAY] = model_pay,         [ORDER_TRANSFER] = model_transfer,
	[ORDER_HOLD] = model_hold,       [ORDER_CAPTURE] = model_capture,
	[ORDER_RELEASE] = model_release, [ORDER_REVERSE] = model_reverse,
	[ORDER_REFUND] = model_refund,   [ORDER_INTEREST] = model_interest,
	[ORDER_OPENING] = model_opening, [ORDER_ADJUST] = model_adjust,
	[ORDER_REQUEST] = model_request, [ORDER_ACCEPT] = model_accept,
	[ORDER_DECLINE] = model_decline, [ORDER_CANCEL] = model_cancel,
	[ORDER_SWEEP] = model_sweep,
};

static enum err judge(struct model *m, const struct order *order)
{
	if (strchr(offices[order->kind], "MTAB"[order->by.authority]) == NULL)
		return ERR_NOT_ALLOWED;
	return judges[order->kind](m, order);
}

/* The same question under the same id: the same answer. */
static void answer_again(struct model *m, const struct order *order,
			 const struct model_id *id)
{
	struct model_answer *a = &m->answer;

	if (!is_same_question(order, &id->question)) {
		a->result = ERR_ID_CONFLICT;
		return;
	}
	a->is_repeated = true;
	a->result = id->result;
	a->seq = id->seq;
	a->number = id->number;
}

static void remember(struct model *m, const struct order *order)
{
	struct model_id *id;

	id = &m->ids[m->id_count++ % MODEL_IDS];
	id->question = *order;
	id->result = m->answer.result;
	id->seq = m->answer.seq;
	id->number = m->answer.number;
}

void model_judge(struct model *m, const struct order *order, uint64_t id_number,
		 struct model_answer *answer_r)
{
	struct model_answer *a = &m->answer;

	memset(a, 0, sizeof(*a));
	if (id_number > 0 && id_number <= m->id_count) {
		assert(m->id_count - id_number < MODEL_IDS);
		answer_again(m, order, &m->ids[(id_number - 1) % MODEL_IDS]);
		*answer_r = *a;
		return;
	}
	a->result = judge(m, order);
	if (a->result != ERR_OK) {
		a->seq = 0;
		a->number = 0;
		a->side_count = 0;
	}
	if (id_number > 0 && a->result != ERR_APPROVAL_NEEDED)
		remember(m, order);
	*answer_r = *a;
}
