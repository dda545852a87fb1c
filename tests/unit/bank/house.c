#include "house.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "bank/heard.h"
#include "bank/mark.h"
#include "bank/schedule/standing.h"
#include "bank/verify/verify.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/record.h"

static const char *const tables[] = {
	LEDGER_TABLES, HEARD_TABLES, STANDING_TABLES, MARK_TABLES, TRAIL_TABLES,
	USERS_TABLES,  NULL
};

enum { TABLES_MOST = 128 };

void house_settings(struct bank_settings *settings_r)
{
	*settings_r = (struct bank_settings){
		.currency = { "RIA", "R", 2 },
		.cash_policy = CASH_SELF,
		.cash_account = "cash:till",
		.cash_per_deposit = MONEY_NONE,
		.cash_per_day = MONEY_NONE,
		.floor = 0,
		.ceiling = MONEY_NONE,
		.per_transfer = MONEY_NONE,
		.per_day = MONEY_NONE,
		.undo_window_s = 120,
		.approval_above = MONEY_NONE,
		.second_factor_above = MONEY_NONE,
		.rate = { .count = -1 },
	};
}

static void count_wake(void *arg)
{
	struct house *h = arg;

	atomic_fetch_add(&h->wakes, 1);
}

void house_open_bare(struct house *h)
{
	const char *all[TABLES_MOST] = { NULL };
	struct store_options options = { .dir = h->data, .tables = all };
	AUTO(buf_fini) struct buf why = { 0 };
	struct ledger_parts parts = { .wake = count_wake,
				      .call = count_wake,
				      .arg = h };

	memcpy(all, tables, sizeof(tables));
	for (size_t i = 0; h->more != NULL && h->more[i] != NULL; i++) {
		assert_true(COUNT(tables) + i < TABLES_MOST);
		all[COUNT(tables) - 1 + i] = h->more[i];
	}
	if (store_open(&options, &h->store, &why) != ERR_OK)
		fail_msg("%s", buf_text(&why));
	h->trail = trail_new(h->store);
	h->users = users_new(h->store, h->trail);
	parts.store = h->store;
	parts.trail = h->trail;
	h->ledger = ledger_new(&parts);
}

void house_reload(struct house *h)
{
	AUTO(buf_fini) struct buf why = { 0 };

	if (ledger_set(h->ledger, &h->settings, &why) != ERR_OK)
		fail_msg("%s", buf_text(&why));
}

void house_open(struct house *h)
{
	house_open_bare(h);
	house_reload(h);
}

void house_close(struct house *h)
{
	ledger_free(&h->ledger);
	users_free(&h->users);
	trail_free(&h->trail);
	store_close(&h->store);
}

void house_restart(struct house *h)
{
	house_close(h);
	house_open(h);
}

void house_init(struct house *h)
{
	house_init_with(h, NULL);
}

void house_init_with(struct house *h, const char *const *more)
{
	const char *tmp = getenv("TMPDIR");

	setenv("TZ", "UTC", 1);
	tzset();
	clock_fake(HOUSE_BEGIN_MS);
	memset(h, 0, sizeof(*h));
	h->more = more;
	h->root =
		mem_print("%s/rialto-bank-XXXXXX", tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(h->root));
	h->data = file_join(h->root, "data");
	house_settings(&h->settings);
	house_open(h);
}

static int remove_one(const char *path, const struct stat *st UNUSED,
		      int flag UNUSED, struct FTW *at UNUSED)
{
	return remove(path);
}

static void assert_whole(struct house *h)
{
	struct bank_scope scope = { .store = h->store, .users = h->users };
	AUTO(buf_fini) struct buf report = { 0 };
	struct bank_extent extent;

	if (!h->is_spoiled && bank_verify(&scope, &report, &extent) != ERR_OK)
		fail_msg("%s", buf_text(&report));
}

void house_fini(struct house *h)
{
	assert_whole(h);
	house_close(h);
	(void)nftw(h->root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	mem_free(h->data);
	mem_free(h->root);
}

int house_set_up(void **state)
{
	struct house *h = mem_zero(sizeof(*h));

	house_init(h);
	*state = h;
	return 0;
}

int house_tear_down(void **state)
{
	struct house *h = *state;

	house_fini(h);
	mem_free(h);
	return 0;
}

user_id house_user(struct house *h, const char *name)
{
	static const struct audit_entry entry = { .action = "user.test" };
	struct user user = { .hash = "$y$j75$salt$hash",
			     .roles = ROLE_USER,
			     .state = USER_ACTIVE };

	snprintf(user.name, sizeof(user.name), "%s", name);
	assert_int_equal(users_add(h->users, &user, &entry), ERR_OK);
	return user.id;
}

struct order house_order_as(enum order_kind kind, user_id user,
			    enum authority authority)
{
	struct order order = { .kind = kind,
			       .by = { .authority = authority, .user = user } };

	if (user != 0)
		snprintf(order.by.name, sizeof(order.by.name), "user%d",
			 (int)user);
	return order;
}

struct order house_order(enum order_kind kind, user_id user)
{
	return house_order_as(kind, user,
			      user != 0 ? AUTHORITY_MEMBER : AUTHORITY_BANK);
}

struct uuid house_id(uint64_t number)
{
	struct uuid id = { { 1 } };

	record_key(number, id.bytes + UUID_BYTES - RECORD_KEY);
	return id;
}

void house_want(struct house *h, struct order *order, enum err want)
{
	enum err e = ledger_run(h->ledger, order);

	if (e != want)
		fail_msg("order of kind %d is %s (%s), not %s", order->kind,
			 err_code(e), order->words, err_code(want));
}

static account_id open_account(struct house *h, struct order *order,
			       const char *name)
{
	snprintf(order->name, sizeof(order->name), "%s", name);
	house_want(h, order, ERR_OK);
	return order->entry.seq;
}

account_id house_account(struct house *h, user_id user, const char *label)
{
	struct order order = house_order(ORDER_OPEN, 0);

	order_add_change(&order, CHANGE_KIND, ACCOUNT_USER);
	order_add_change(&order, CHANGE_OWNER, (int64_t)user);
	return open_account(h, &order, label);
}

account_id house_shared(struct house *h, const char *name, user_id first,
			user_id second)
{
	struct order order = house_order(ORDER_OPEN, 0);

	order_add_change(&order, CHANGE_KIND, ACCOUNT_SHARED);
	order_add_change(&order, CHANGE_HOLDER_IN, (int64_t)first);
	order_add_change(&order, CHANGE_HOLDER_IN, (int64_t)second);
	return open_account(h, &order, name);
}

account_id house_find(struct house *h, const char *name)
{
	struct account account;

	assert_int_equal(book_find(h->store, ACCOUNT_HOUSE, 0, name, &account),
			 ERR_OK);
	return account.id;
}

struct account house_look(struct house *h, account_id id)
{
	struct account account;

	assert_int_equal(book_account(h->store, id, &account), ERR_OK);
	return account;
}

money house_posted(struct house *h, account_id id)
{
	return house_look(h, id).posted;
}

money house_held(struct house *h, account_id id)
{
	return house_look(h, id).held;
}

void house_fund(struct house *h, account_id id, money amount)
{
	struct order order = house_order(ORDER_OPENING, 0);

	order.from = house_find(h, "opening");
	order.to = id;
	order.amount = amount;
	house_want(h, &order, ERR_OK);
}

enum err house_pay(struct house *h, user_id user, account_id from,
		   account_id to, money amount)
{
	struct order order = house_order(ORDER_PAY, user);

	order.from = from;
	order.to = to;
	order.amount = amount;
	return ledger_run(h->ledger, &order);
}

uint64_t house_hold(struct house *h, user_id user, account_id from,
		    account_id to, money amount, int64_t for_ms)
{
	struct order order = house_order(ORDER_HOLD, user);

	order.from = from;
	order.to = to;
	order.amount = amount;
	order.due_ms = clock_wall_ms() + for_ms;
	house_want(h, &order, ERR_OK);
	return order.entry.seq;
}

static bool add_balance(const struct account *account, void *arg)
{
	money *sum = arg;

	*sum += account->posted;
	return true;
}

void house_assert_balanced(struct house *h)
{
	money sum = 0;

	assert_int_equal(book_accounts(h->store, 1, add_balance, &sum), ERR_OK);
	assert_int_equal(sum, 0);
}

void house_assert_whole(struct house *h)
{
	AUTO(buf_fini) struct buf report = { 0 };
	struct bank_scope scope = { .store = h->store, .ledger = h->ledger };
	struct bank_extent extent;

	if (bank_verify(&scope, &report, &extent) != ERR_OK)
		fail_msg("%s", buf_text(&report));
	assert_int_equal(buf_len(&report), 0);
}

struct spoil {
	struct store_table *table;
	const void *key;
	size_t key_len;
	const void *value;
	size_t value_len;
};

static enum err spoil(struct store_txn *txn, void *arg)
{
	const struct spoil *s = arg;

	if (s->value == NULL)
		return store_delete(txn, s->table, s->key, s->key_len);
	return store_put(txn, s->table, s->key, s->key_len, s->value,
			 s->value_len);
}

void house_spoil(struct house *h, const char *table, const void *key,
		 size_t key_len, const void *value, size_t value_len)
{
	struct spoil s = { store_table(h->store, table), key, key_len, value,
			   value_len };

	h->is_spoiled = true;
	assert_int_equal(store_run(h->store, spoil, &s), ERR_OK);
}
