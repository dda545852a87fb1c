/*
 * How long a page of an account's statement takes, in the bank of a daemon
 * that does not run: the newest page, and one further back.
 */
#include "bank/book.h"
#include "base/mem.h"
#include "histogram.h"
#include "options.h"
#include "proc.h"
#include "report.h"
#include "vault.h"

enum { PAGE = 20 };

struct page {
	unsigned left;
	uint64_t last; /* the oldest entry that was seen */
};

static bool see(const struct entry *entry, void *arg)
{
	struct page *page = arg;

	page->last = entry->seq;
	return --page->left > 0;
}

/* One page; where the next one begins. */
static uint64_t turn(struct store *store, account_id id, uint64_t before,
		     struct histogram *latency)
{
	struct page page = { .left = PAGE };
	struct account account;
	int64_t began_ns = proc_now_ns();

	if (book_account(store, id, &account) != ERR_OK ||
	    book_statement(store, &account, before, see, &page) != ERR_OK)
		fail("the statement of account %d cannot be read", (int)id);
	histogram_record(latency, proc_now_ns() - began_ns);
	return page.last;
}

struct numbers {
	account_id *list;
	size_t count;
	size_t room;
};

static bool note(const struct account *account, void *arg)
{
	struct numbers *n = arg;

	if (account->kind == ACCOUNT_USER && n->count < n->room)
		n->list[n->count++] = account->id;
	return true;
}

int main(int argc, char **argv)
{
	static struct histogram newest;
	static struct histogram earlier;
	static struct vault vault;
	struct numbers numbers = { .room = 100000 };
	const char *home = "home";
	int64_t pages = 2000;
	uint64_t random = 88172645463325252;

	options_read(
		(const struct option_row[]){
			{ "home", &home, NULL, 0, 0, "made by ledger" },
			{ "pages", NULL, &pages, 1, 1000000, "of each kind" },
			{ 0 },
		},
		argc, argv);
	numbers.list = mem_array(numbers.room, sizeof(*numbers.list));
	vault_open(&vault, home);
	if (book_accounts(vault.store, 0, note, &numbers) != ERR_OK ||
	    numbers.count == 0)
		fail("the accounts cannot be read");
	for (int64_t i = 0; i < pages; i++) {
		account_id id;
		uint64_t before;

		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		id = numbers.list[random % numbers.count];
		before = turn(vault.store, id, 0, &newest);
		(void)turn(vault.store, id, before, &earlier);
	}
	report_latency("newest-", &newest);
	report_latency("earlier-", &earlier);
	vault_close(&vault);
	mem_free(numbers.list);
	return 0;
}
