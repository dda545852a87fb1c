#include "vault.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "bank/book.h"
#include "base/mem.h"
#include "chat/chat.h"
#include "conf/conf.h"
#include "crypto/password.h"
#include "crypto/secret.h"
#include "report.h"

enum { STORE_PERIOD_MS = 1000, CREW = 4096, CACHE = 256 << 20 };

static const char *const tables[] = { TRAIL_TABLES, USERS_TABLES, CHAT_TABLES,
				      LEDGER_TABLES, NULL };

static const struct bank_settings settings = {
	.currency = { "RIA", "R", 2 },
	.cash_policy = CASH_SELF,
	.cash_account = "cash:till",
	.cash_per_deposit = MONEY_NONE,
	.cash_per_day = MONEY_NONE,
	.ceiling = MONEY_NONE,
	.per_transfer = MONEY_NONE,
	.per_day = MONEY_NONE,
	.approval_above = MONEY_NONE,
	.second_factor_above = MONEY_NONE,
	.rate = { .count = CONF_NONE },
};

static void wake(void *arg)
{
	struct vault *v = arg;

	mutex_lock(&v->lock);
	v->must_drain = true;
	cond_wake_one(&v->work);
	mutex_unlock(&v->lock);
}

static bool wait_for_work(struct vault *v)
{
	bool is_over;

	mutex_lock(&v->lock);
	while (!v->must_drain && !v->is_over)
		cond_wait(&v->work, &v->lock);
	v->must_drain = false;
	is_over = v->is_over;
	mutex_unlock(&v->lock);
	return !is_over;
}

static void drain(void *arg)
{
	struct vault *v = arg;

	while (wait_for_work(v))
		ledger_drain(v->ledger);
}

static void keep_store(void *arg)
{
	store_keep(arg);
}

static void export(void *arg)
{
	exporter_tick(arg);
}

static void hurry(void *arg)
{
	keeper_hurry(arg);
}

/* Where the settings of a daemon have it. */
static void open_trail(struct vault *v, const char *home)
{
	AUTO(mem_free_text) char *keys = mem_print("%s/keys", home);
	AUTO(buf_fini) struct buf why = { 0 };

	(void)mkdir(keys, 0700);
	v->trail = trail_new(v->store);
	v->audit.file = mem_print("%s/audit.log", home);
	v->audit.archive = mem_print("%s/audit.sealed", home);
	v->audit.key = mem_print("%s/audit.key", keys);
	v->audit.backlog = 10000;
	if (exporter_new(v->trail, &v->audit, &v->exporter, &why) != ERR_OK)
		fail("%s", buf_text(&why));
}

static void open_ledger(struct vault *v)
{
	AUTO(buf_fini) struct buf why = { 0 };
	struct account opening;

	v->ledger = ledger_new(&(struct ledger_parts){ .store = v->store,
						       .trail = v->trail,
						       .wake = wake,
						       .call = wake,
						       .arg = v });
	if (ledger_set(v->ledger, &settings, &why) != ERR_OK)
		fail("%s", buf_text(&why));
	if (book_find(v->store, ACCOUNT_HOUSE, 0, "opening", &opening) !=
	    ERR_OK)
		fail("there is no account \"opening\"");
	v->opening = opening.id;
}

void vault_open(struct vault *v, const char *home)
{
	AUTO(mem_free_text) char *data = mem_print("%s/data", home);
	struct store_options options = { .dir = data,
					 .tables = tables,
					 .cache_bytes = CACHE };
	AUTO(buf_fini) struct buf why = { 0 };

	memset(v, 0, sizeof(*v));
	mutex_init(&v->lock, LOCK_MAILBOX);
	cond_init(&v->work);
	if (store_open(&options, &v->store, &why) != ERR_OK)
		fail("%s", buf_text(&why));
	open_trail(v, home);
	v->users = users_new(v->store, v->trail);
	open_ledger(v);
	thread_start(&v->drain, "drain", drain, v);
}

void vault_keep(struct vault *v)
{
	v->keeper = keeper_new();
	keeper_add(v->keeper, STORE_PERIOD_MS, keep_store, v->store);
	keeper_start(v->keeper);
	v->clerk = keeper_new();
	trail_on_haste(v->trail, hurry, v->clerk);
	keeper_add(v->clerk, EXPORTER_PERIOD_MS, export, v->exporter);
	keeper_start(v->clerk);
}

void vault_tidy(struct vault *v)
{
	store_flush(v->store);
	exporter_tick(v->exporter);
	store_keep(v->store);
}

void vault_close(struct vault *v)
{
	mutex_lock(&v->lock);
	v->is_over = true;
	cond_wake_one(&v->work);
	mutex_unlock(&v->lock);
	thread_join(&v->drain);
	keeper_free(&v->keeper);
	keeper_free(&v->clerk);
	exporter_finish(v->exporter);
	exporter_free(&v->exporter);
	ledger_free(&v->ledger);
	users_free(&v->users);
	trail_free(&v->trail);
	store_close(&v->store);
	mem_free(v->audit.file);
	mem_free(v->audit.archive);
	mem_free(v->audit.key);
	cond_fini(&v->work);
	mutex_fini(&v->lock);
}

user_id vault_register(struct vault *v, int64_t count, const char *password)
{
	struct audit_entry entry = { .action = "user.register" };
	struct user user = { .roles = ROLE_USER, .state = USER_ACTIVE };
	struct secret *secret = secret_new(password, strlen(password));
	user_id first = 0;

	password_hash(secret, PASSWORD_YESCRYPT, 1, user.hash);
	secret_free(&secret);
	for (int64_t i = 0; i < count; i++) {
		snprintf(user.name, sizeof(user.name), "p%d", (int)i);
		if (users_add(v->users, &user, &entry) != ERR_OK)
			fail("%s cannot be registered", user.name);
		if (i == 0)
			first = user.id;
		if (user.id != first + (user_id)i)
			fail("users are not numbered one by one");
		if (i % CREW == 0)
			vault_tidy(v);
	}
	return first;
}

/* Orders that are given at once, and waited for together. */
struct crew {
	struct order orders[CREW];
	struct mutex lock; /* rank: LOCK_MAILBOX */
	struct cond done;
	unsigned waiting GUARDED_BY(lock);
};

static void on_done(struct order *order)
{
	struct crew *crew = order->arg;

	if (order->result != ERR_OK)
		fail("an order was refused: %s %s", err_code(order->result),
		     order->words);
	mutex_lock(&crew->lock);
	if (--crew->waiting == 0)
		cond_wake_one(&crew->done);
	mutex_unlock(&crew->lock);
}

static void give(struct vault *v, struct crew *crew, unsigned count)
{
	mutex_lock(&crew->lock);
	crew->waiting = count;
	mutex_unlock(&crew->lock);
	for (unsigned i = 0; i < count; i++) {
		crew->orders[i].by.authority = AUTHORITY_BANK;
		crew->orders[i].done = on_done;
		crew->orders[i].arg = crew;
		if (!ledger_submit(v->ledger, &crew->orders[i]))
			fail("too many orders wait");
	}
	mutex_lock(&crew->lock);
	while (crew->waiting > 0)
		cond_wait(&crew->done, &crew->lock);
	mutex_unlock(&crew->lock);
	vault_tidy(v);
}

static void open_some(struct vault *v, struct crew *crew, user_id first,
		      unsigned count, account_id *accounts_r)
{
	memset(crew->orders, 0, sizeof(crew->orders));
	for (unsigned i = 0; i < count; i++) {
		struct order *order = &crew->orders[i];

		order->kind = ORDER_OPEN;
		order_add_change(order, CHANGE_KIND, ACCOUNT_USER);
		order_add_change(order, CHANGE_OWNER, (int64_t)(first + i));
	}
	give(v, crew, count);
	for (unsigned i = 0; i < count; i++)
		accounts_r[i] = crew->orders[i].entry.seq;
}

static void fund_some(struct vault *v, struct crew *crew, unsigned count,
		      money funds, const account_id *accounts)
{
	memset(crew->orders, 0, sizeof(crew->orders));
	for (unsigned i = 0; i < count; i++) {
		struct order *order = &crew->orders[i];

		order->kind = ORDER_OPENING;
		order->from = v->opening;
		order->to = accounts[i];
		order->amount = funds;
	}
	give(v, crew, count);
}

void vault_fill(struct vault *v, user_id first, int64_t accounts, money funds,
		account_id *accounts_r)
{
	struct crew *crew = mem_zero(sizeof(*crew));

	mutex_init(&crew->lock, LOCK_MAILBOX);
	cond_init(&crew->done);
	for (int64_t at = 0; at < accounts; at += CREW) {
		unsigned count =
			accounts - at < CREW ? (unsigned)(accounts - at) : CREW;

		open_some(v, crew, first + (user_id)at, count, accounts_r + at);
		fund_some(v, crew, count, funds, accounts_r + at);
	}
	cond_fini(&crew->done);
	mutex_fini(&crew->lock);
	mem_free(crew);
}
