/* Reading the bank: what people call accounts, statements and their pages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "world.h"

static const struct name_case {
	const char *text;
	enum person self;
	enum place place;
	enum err want;
	const char *printed;
} names[] = {
	{ "savings", ANN, ANNS_SAVINGS, ERR_OK, "ann/savings" },
	{ "SAVINGS", ANN, ANNS_SAVINGS, ERR_OK, "ann/savings" },
	{ "ann/savings", BEN, ANNS_SAVINGS, ERR_OK, "ann/savings" },
	{ "Ann/Savings", NOBODY, ANNS_SAVINGS, ERR_OK, "ann/savings" },
	{ "savings", BEN, NOWHERE, ERR_NO_SUCH_ACCOUNT, NULL },
	{ "ann", BEN, ANNS, ERR_OK, "ann" },
	{ "ann", ANN, ANNS, ERR_OK, "ann" },
	{ "ann/", BEN, ANNS, ERR_OK, "ann" },
	{ "shared:ours", ANN, OURS, ERR_OK, "shared:ours" },
	{ "shared:Ours", NOBODY, OURS, ERR_OK, "shared:ours" },
	{ "ours", ANN, NOWHERE, ERR_NO_SUCH_ACCOUNT, NULL },
	{ "shared:", ANN, NOWHERE, ERR_NO_SUCH_ACCOUNT, NULL },
	{ "cash:till", ANN, TILL, ERR_OK, "cash:till" },
	{ "cash:", ANN, NOWHERE, ERR_NO_SUCH_ACCOUNT, NULL },
	{ "fees", ANN, FEES, ERR_OK, "fees" },
	{ "dora", ANN, NOWHERE, ERR_NO_SUCH_ACCOUNT, NULL },
	{ "dora/savings", ANN, NOWHERE, ERR_NO_SUCH_USER, NULL },
	{ "ann/nothing", ANN, NOWHERE, ERR_NO_SUCH_ACCOUNT, NULL },
	{ "ben/closed", ANN, NOWHERE, ERR_NO_SUCH_ACCOUNT, NULL },
	{ "ann/savings/x", ANN, NOWHERE, ERR_NO_SUCH_ACCOUNT, NULL },
	{ "/savings", ANN, NOWHERE, ERR_NO_SUCH_USER, NULL },
	{ "#999999", ANN, NOWHERE, ERR_NO_SUCH_ACCOUNT, NULL },
	{ "abcdefghijklmnopqrstuvwxyzabcdefghijk", ANN, NOWHERE,
	  ERR_NO_SUCH_ACCOUNT, NULL },
	{ "abcdefghijklmnopqrstuvwxyzabcdefghijk/x", ANN, NOWHERE,
	  ERR_NO_SUCH_USER, NULL },
};

static void test_names(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < COUNT(names); i++) {
		const struct name_case *n = &names[i];
		char printed[BOOK_NAME];
		struct account account;
		enum err e =
			book_resolve(w->house.store, w->house.users,
				     w->people[n->self], n->text, &account);

		if (e != n->want)
			fail_msg("%s: %s, not %s", n->text, err_code(e),
				 err_code(n->want));
		if (e != ERR_OK)
			continue;
		assert_int_equal(account.id, w->places[n->place]);
		book_print_name(w->house.users, &account, printed);
		assert_string_equal(printed, n->printed);
	}
}

/* A label wins over a house account, and that over a user. */
static void test_which(void **state)
{
	struct world *w = *state;
	struct account account;
	account_id own = house_account(&w->house, w->people[ANN], "fees");
	account_id label = house_account(&w->house, w->people[ANN], "ben");

	assert_int_equal(book_resolve(w->house.store, w->house.users,
				      w->people[ANN], "fees", &account),
			 ERR_OK);
	assert_int_equal(account.id, own);
	assert_int_equal(book_resolve(w->house.store, w->house.users,
				      w->people[BEN], "fees", &account),
			 ERR_OK);
	assert_int_equal(account.id, w->places[FEES]);
	assert_int_equal(book_resolve(w->house.store, w->house.users,
				      w->people[ANN], "ben", &account),
			 ERR_OK);
	assert_int_equal(account.id, label);
}

static void test_accounts_of(void **state)
{
	struct world *w = *state;
	struct account *list;
	size_t count;

	assert_int_equal(
		book_accounts_of(w->house.store, w->people[ANN], &list, &count),
		ERR_OK);
	assert_int_equal(count, 5);
	assert_int_equal(list[0].id, w->places[ANNS]);
	assert_int_equal(list[4].id, w->places[OURS]);
	mem_free(list);
	assert_int_equal(book_accounts_of(w->house.store, 999, &list, &count),
			 ERR_OK);
	assert_int_equal(count, 0);
	mem_free(list);
}

enum { ENTRIES = 25, PAGE = 10 };

struct page {
	uint64_t seqs[ENTRIES + PAGE];
	size_t count;
	size_t most;
};

static bool put_line(const struct entry *entry, void *arg)
{
	struct page *page = arg;

	page->seqs[page->count++] = entry->seq;
	return page->count < page->most;
}

static void read_page(struct world *w, uint64_t before, struct page *page)
{
	struct account account = house_look(&w->house, w->places[ANNS_SHOE]);

	assert_int_equal(book_statement(w->house.store, &account, before,
					put_line, page),
			 ERR_OK);
}

/* Page after page, nothing is left out and nothing comes twice. */
static void test_pages(void **state)
{
	struct world *w = *state;
	struct page all = { .most = ENTRIES + PAGE };
	struct page paged = { .most = PAGE };
	uint64_t before = 0;

	for (int i = 0; i < ENTRIES - 1; i++) { /* and it was opened */
		house_fund(&w->house, w->places[ANNS_SHOE], 1);
		house_fund(&w->house, w->places[BENS], 1);
	}
	read_page(w, 0, &all);
	assert_int_equal(all.count, ENTRIES);
	while (paged.count < ENTRIES) {
		paged.most = paged.count + PAGE;
		read_page(w, before, &paged);
		before = paged.seqs[paged.count - 1];
	}
	assert_memory_equal(paged.seqs, all.seqs, ENTRIES * sizeof(uint64_t));
	read_page(w, before, &paged);
	assert_int_equal(paged.count, ENTRIES);
	/* A cursor that is another account's, or beyond the end. */
	paged.count = 0;
	paged.most = 1;
	read_page(w, all.seqs[3] + 1, &paged);
	assert_int_equal(paged.seqs[0], all.seqs[3]);
	paged.count = 0;
	read_page(w, UINT64_MAX, &paged);
	assert_int_equal(paged.seqs[0], all.seqs[0]);
	paged.count = 0;
	read_page(w, 1, &paged);
	assert_int_equal(paged.count, 0);
}

struct walk {
	uint64_t last;
	size_t count;
	size_t most;
};

static bool walk_entry(const struct entry *entry, void *arg)
{
	struct walk *walk = arg;

	assert_true(entry->seq > walk->last);
	walk->last = entry->seq;
	return ++walk->count < walk->most;
}

static bool walk_account(const struct account *account, void *arg)
{
	struct walk *walk = arg;

	assert_true(account->id > walk->last);
	walk->last = account->id;
	return ++walk->count < walk->most;
}

static void test_walks(void **state)
{
	struct world *w = *state;
	struct walk walk = { .most = SIZE_MAX };
	struct book_head head;

	assert_int_equal(book_head(w->house.store, &head), ERR_OK);
	assert_int_equal(book_entries(w->house.store, 1, walk_entry, &walk),
			 ERR_OK);
	assert_int_equal(walk.count, head.seq);
	assert_int_equal(walk.last, head.seq);
	walk = (struct walk){ .most = 3 };
	assert_int_equal(
		book_entries(w->house.store, head.seq - 5, walk_entry, &walk),
		ERR_OK);
	assert_int_equal(walk.last, head.seq - 3);
	walk = (struct walk){ .most = 1 };
	assert_int_equal(book_accounts(w->house.store, w->places[BENS],
				       walk_account, &walk),
			 ERR_OK);
	assert_int_equal(walk.last, w->places[BENS]);
}

/* What became of what was asked under an id is for who asked it. */
static void test_asked(void **state)
{
	struct world *w = *state;
	struct order order = world_order(w, ORDER_PAY, ANN, AUTHORITY_MEMBER,
					 ANNS, BENS, 10);
	struct book_answer answer;

	order.id = house_id(7);
	assert_int_equal(
		book_asked(w->house.store, w->people[ANN], &order.id, &answer),
		ERR_NOT_FOUND);
	world_want(w, "paid", &order, ERR_OK);
	assert_int_equal(
		book_asked(w->house.store, w->people[ANN], &order.id, &answer),
		ERR_OK);
	assert_int_equal(answer.result, ERR_OK);
	assert_int_equal(answer.seq, order.entry.seq);
	assert_string_equal(answer.words, "");
	assert_int_equal(
		book_asked(w->house.store, w->people[BEN], &order.id, &answer),
		ERR_NOT_FOUND);
	order.id = house_id(8);
	order.amount = 1000000;
	world_want(w, "too much", &order, ERR_INSUFFICIENT_FUNDS);
	assert_int_equal(
		book_asked(w->house.store, w->people[ANN], &order.id, &answer),
		ERR_OK);
	assert_int_equal(answer.result, ERR_INSUFFICIENT_FUNDS);
	assert_int_equal(answer.seq, 0);
	assert_string_equal(answer.words, order.words);
}

#define CASE(fn)                                                               \
	cmocka_unit_test_setup_teardown(fn, world_set_up, world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_names), CASE(test_which), CASE(test_accounts_of),
		CASE(test_pages), CASE(test_walks), CASE(test_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
