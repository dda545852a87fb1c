/*
 * A million random orders, against the model: every code, number, balance,
 * month and statement page must be equal, also from the disk. RIALTO_SEED
 * chooses others; the seed is printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../house.h"
#include "base/clock.h"
#include "base/mem.h"
#include "model.h"

enum {
#ifdef RIALTO_SANITIZED
	ORDERS = 40 * 1000,
	AT_ONCE = 64,
#else
	ORDERS = 1000 * 1000,
	AT_ONCE = 512, /* orders that wait together: some transactions */
#endif
	USERS = 40,
	LOOKS = 16, /* after this many times, some accounts are looked at */
	PAGE = 10,
};

struct run {
	struct house house;
	struct model model;
	uint64_t random;
	struct order orders[AT_ONCE];
	struct model_answer answers[AT_ONCE];
	size_t done;
	uint64_t kinds_ok[ORDER_KINDS];
	uint64_t codes[ERR_COUNT];
};

static uint64_t choose_seed(void)
{
	const char *seed = getenv("RIALTO_SEED");

	return seed != NULL ? strtoull(seed, NULL, 10) : 20261120;
}

static void assert_lines(const struct order *order,
			 const struct model_answer *a)
{
	assert_int_equal(order->entry.posting_count, a->side_count);
	for (unsigned i = 0; i < a->side_count; i++) {
		const struct posting *p = &order->entry.postings[i];

		assert_int_equal(p->account, a->sides[i]);
		assert_int_equal(p->posted, a->lines[i].posted);
		assert_int_equal(p->held, a->lines[i].held);
	}
}

static void assert_answer(struct run *run, size_t i)
{
	const struct order *order = &run->orders[i];
	const struct model_answer *a = &run->answers[i];

	if (order->result != a->result)
		fail_msg("order %zu, of kind %d: %s (%s), not %s",
			 run->done + i, order->kind, err_code(order->result),
			 order->words, err_code(a->result));
	if (order->entry.seq != a->seq || order->number != a->number)
		fail_msg("order %zu, of kind %d: #%llu %llu, not #%llu %llu",
			 run->done + i, order->kind,
			 (unsigned long long)order->entry.seq,
			 (unsigned long long)order->number,
			 (unsigned long long)a->seq,
			 (unsigned long long)a->number);
	assert_int_equal(order->is_repeated, a->is_repeated);
	if (a->result == ERR_OK && !a->is_repeated && a->seq != 0)
		assert_lines(order, a);
	run->codes[a->result]++;
	run->kinds_ok[order->kind] += a->result == ERR_OK;
}

static void assert_month(struct run *run, const struct account *account,
			 const struct model_month *want)
{
	struct account_month month;

	assert_int_equal(
		book_month(run->house.store, account, want->month, &month),
		ERR_OK);
	assert_int_equal(month.month, want->month);
	assert_int_equal(month.in, want->in);
	assert_int_equal(month.out, want->out);
	assert_int_equal(month.entries, want->entries);
	assert_int_equal(month.posted, want->posted);
	assert_int_equal(month.last, want->last);
}

struct paging {
	const struct model_account *account;
	size_t next; /* the line before it is to come */
	size_t left;
};

static bool compare_line(const struct entry *entry, void *arg)
{
	struct paging *p = arg;
	const struct posting *posting = entry_posting(entry, p->account->id);
	const struct model_line *line;

	assert_true(p->next > 0);
	line = &p->account->lines[--p->next];
	assert_int_equal(entry->seq, line->seq);
	assert_int_equal(posting->posted, line->posted);
	assert_int_equal(posting->held, line->held);
	return --p->left > 0;
}

/* The page before a line, or (behind the last) the newest one. */
static void assert_page(struct run *run, const struct account *account,
			const struct model_account *want, size_t before,
			size_t lines)
{
	struct paging p = { want, before, lines };
	bool is_newest = before == want->line_count;

	assert_int_equal(book_statement(run->house.store, account,
					is_newest ? 0 : want->lines[before].seq,
					compare_line, &p),
			 ERR_OK);
	assert_true(p.left == 0 || p.next == 0);
}

static void assert_account(const struct account *a,
			   const struct model_account *want)
{
	assert_int_equal(a->kind, want->kind);
	assert_int_equal(a->owner, want->owner);
	assert_string_equal(a->name, want->name);
	assert_int_equal(a->flags, want->flags);
	assert_int_equal(a->posted, want->posted);
	assert_int_equal(a->held, want->held);
	assert_memory_equal(a->terms, want->terms, sizeof(a->terms));
	assert_int_equal(a->holder_count, want->holder_count);
	assert_memory_equal(a->holders, want->holders, sizeof(a->holders));
	assert_int_equal(a->till_user, want->till_user);
	assert_int_equal(a->till_opened, want->till_opened);
	assert_int_equal(a->date, want->date);
	assert_int_equal(a->day_out, want->day_out);
	assert_int_equal(a->day_deposited, want->day_deposited);
	assert_int_equal(a->entries, want->line_count);
	assert_int_equal(a->last, want->lines[want->line_count - 1].seq);
}

/* An account, a page of its statement, a month. */
static void look(struct run *run, const struct model_account *want)
{
	struct account account = house_look(&run->house, want->id);

	assert_account(&account, want);
	assert_page(run, &account, want,
		    model_random(&run->random, want->line_count + 1), PAGE);
	assert_month(
		run, &account,
		&want->months[model_random(&run->random, want->month_count)]);
}

/* All of it. */
static void assert_equal(struct run *run)
{
	const struct model *m = &run->model;
	struct book_head head;

	for (size_t i = 0; i < m->account_count; i++) {
		const struct model_account *want = &m->accounts[i];
		struct account account = house_look(&run->house, want->id);

		assert_account(&account, want);
		assert_page(run, &account, want, want->line_count, SIZE_MAX);
		for (size_t j = 0; j < want->month_count; j++)
			assert_month(run, &account, &want->months[j]);
	}
	house_assert_balanced(&run->house);
	house_assert_whole(&run->house);
	assert_int_equal(book_head(run->house.store, &head), ERR_OK);
	assert_int_equal(head.seq, m->entry_count);
	assert_int_equal(head.time_ms, m->last_ms);
}

/* Mostly a few seconds; sometimes days, and sometimes it is put back. */
static void move_clock(struct run *run)
{
	uint64_t n = model_random(&run->random, 1000);
	int64_t ms = (int64_t)model_random(&run->random, 60 * 1000);

	if (n < 100)
		ms *= 60;
	if (n < 30)
		ms = (int64_t)model_random(&run->random, 3 * HOUSE_DAY_MS);
	if (n >= 980)
		ms = -(int64_t)model_random(&run->random, HOUSE_HOUR_MS);
	if (n >= 990)
		ms = -(int64_t)model_random(&run->random, 20) * HOUSE_DAY_MS;
	clock_fake_advance(ms);
	model_clock(&run->model, clock_wall_ms());
}

/* Now and then the rules are others than before. */
static void move_rules(struct run *run, unsigned turn)
{
	enum { EVERY = 40, SETS = 6 };
	struct bank_settings *s = &run->house.settings;
	unsigned n = turn / EVERY % SETS;

	if (turn % EVERY != 0)
		return;
	s->floor = n == 0 ? -5000 : 0;
	s->ceiling = n == 1 ? 500000 : MONEY_NONE;
	s->per_transfer = n == 2 ? 2500 : MONEY_NONE;
	s->per_day = n == 2 ? 20000 : MONEY_NONE;
	s->cash_per_deposit = n == 3 ? 2000 : MONEY_NONE;
	s->cash_per_day = n == 3 ? 5000 : MONEY_NONE;
	s->cash_policy = n == 4   ? CASH_TELLER
			 : n == 5 ? CASH_TERMINAL
				  : CASH_SELF;
	s->approval_above = n == 1 ? 1000 : MONEY_NONE;
	house_reload(&run->house);
	model_set(&run->model, s);
}

static void ignore(struct order *order)
{
	(void)order;
}

static void submit(struct run *run, size_t i)
{
	struct order *order = &run->orders[i];
	uint64_t id;

	model_draw(&run->model, &run->random, order, &id);
	model_judge(&run->model, order, id, &run->answers[i]);
	order->done = ignore;
	assert_true(ledger_submit(run->house.ledger, order));
}

static void play(struct run *run, size_t count)
{
	for (size_t i = 0; i < count; i++)
		submit(run, i);
	ledger_drain(run->house.ledger);
	for (size_t i = 0; i < count; i++)
		assert_answer(run, i);
	run->done += count;
}

static void play_all(struct run *run)
{
	const struct model *m = &run->model;

	for (unsigned turn = 0; run->done < ORDERS; turn++) {
		size_t left = ORDERS - run->done;

		move_clock(run);
		move_rules(run, turn);
		play(run, left < AT_ONCE ? left : AT_ONCE);
		if (turn % LOOKS != 0)
			continue;
		store_keep(run->house.store);
		for (int i = 0; i < LOOKS; i++)
			look(run, &m->accounts[model_random(&run->random,
							    m->account_count)]);
	}
}

static void give(struct run *run, struct order *order)
{
	struct model_answer answer;

	model_judge(&run->model, order, 0, &answer);
	assert_int_equal(answer.result, ERR_OK);
	house_want(&run->house, order, ERR_OK);
	assert_int_equal(order->entry.seq, answer.seq);
}

/* A main account for each, with something in it. */
static void begin(struct run *run)
{
	struct house *h = &run->house;

	house_init(h);
	model_init(&run->model, &h->settings, clock_wall_ms());
	for (user_id user = 1; user <= USERS; user++) {
		char name[16];
		struct order order = house_order(ORDER_OPEN, 0);

		snprintf(name, sizeof(name), "u%d", (int)user);
		assert_int_equal(house_user(h, name), user);
		order_add_change(&order, CHANGE_KIND, ACCOUNT_USER);
		order_add_change(&order, CHANGE_OWNER, (int64_t)user);
		give(run, &order);
		order = (struct order){ .kind = ORDER_OPENING,
					.by.authority = AUTHORITY_BANK,
					.from = run->model.opening,
					.to = order.entry.seq,
					.amount = 100000 };
		give(run, &order);
	}
	h->settings.fees[FEE_PAY].per_10000 = 25;
	h->settings.fees[FEE_WITHDRAW].fixed = 5;
	h->settings.fees[FEE_DEPOSIT].per_10000 = 10;
	house_reload(h);
	model_set(&run->model, &h->settings);
}

/* What was never tried proves nothing. */
static void assert_tried(const struct run *run)
{
	static const enum err codes[] = {
		ERR_OK,
		ERR_NOT_ALLOWED,
		ERR_NOT_FOUND,
		ERR_EXISTS,
		ERR_BAD_INPUT,
		ERR_BAD_AMOUNT,
		ERR_BAD_NAME,
		ERR_INSUFFICIENT_FUNDS,
		ERR_ABOVE_CEILING,
		ERR_LIMIT,
		ERR_FROZEN,
		ERR_NO_SUCH_ACCOUNT,
		ERR_NOT_EMPTY,
		ERR_ACCOUNT_CLOSED,
		ERR_NO_SUCH_HOLD,
		ERR_HOLD_CLOSED,
		ERR_NO_SUCH_REQUEST,
		ERR_REQUEST_CLOSED,
		ERR_ID_CONFLICT,
		ERR_WINDOW_CLOSED,
		ERR_SELF_PAYMENT,
		ERR_APPROVAL_NEEDED,
	};

	for (size_t i = 0; i < COUNT(codes); i++)
		if (run->codes[codes[i]] == 0)
			fail_msg("nothing came to %s", err_code(codes[i]));
	for (int kind = ORDER_OPEN; kind < ORDER_RULES; kind++)
		if (run->kinds_ok[kind] == 0)
			fail_msg("no order of kind %d was carried out", kind);
}

static void test_model(void **state)
{
	struct run *run = mem_zero(sizeof(*run));
	uint64_t seed = choose_seed();

	(void)state;
	print_message("# RIALTO_SEED=%llu\n", (unsigned long long)seed);
	run->random = seed;
	begin(run);
	play_all(run);
	assert_tried(run);
	assert_equal(run);
	house_restart(&run->house);
	assert_equal(run);
	house_fini(&run->house);
	model_fini(&run->model);
	mem_free(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
