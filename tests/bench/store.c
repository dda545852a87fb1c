/*
 * How many durable transactions the store makes: threads that each do what a
 * transfer will do (two accounts, an entry, two postings, an idempotency
 * record), with a bounded number of answers waiting for the disk, as that
 * many clients would. A keeper runs beside them.
 */
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "base/keeper.h"
#include "base/mem.h"
#include "base/thread.h"
#include "histogram.h"
#include "options.h"
#include "proc.h"
#include "report.h"
#include "store/record.h"
#include "store/store.h"

enum { THREADS_MOST = 64, WAITING_MOST = 4096, SECOND_MS = 1000 };
enum { ACCOUNT = 100, ENTRY = 160, POSTING = 40, REMEMBERED = 50 };

static int64_t threads = 4;
static int64_t clients = 64;
static int64_t seconds = 5;
static int64_t accounts = 10000;
static const char *dir = "store-bench";

static struct store *store;
static struct store_table *account_table;
static struct store_table *entry_table;
static struct store_table *posting_table;
static struct store_table *id_table;
static atomic_bool is_over;

/* As the bank will: the order of the log is that of the entries. */
static struct mutex journal; /* rank: LOCK_TABLE */
static uint64_t last_entry GUARDED_BY(journal);

struct client {
	struct store_waiter waiter;
	struct payer *payer;
	int64_t began_ns;
	struct client *next; /* free */
};

/* A thread that works for several clients in turn. */
struct payer {
	struct thread thread;
	uint64_t random;
	struct client *clients;
	struct histogram latency; /* the committer's until the end */

	struct mutex lock; /* rank: LOCK_JOBS */
	struct cond has_free;
	struct client *free GUARDED_BY(lock);
	size_t free_count GUARDED_BY(lock);
};

static uint64_t next_random(struct payer *p)
{
	p->random ^= p->random << 13;
	p->random ^= p->random >> 7;
	p->random ^= p->random << 17;
	return p->random;
}

static enum err change_account(struct store_txn *txn, uint64_t number)
{
	AUTO(buf_fini) struct buf value = { 0 };
	char bytes[ACCOUNT] = { 1 };
	uint8_t key[RECORD_KEY];
	enum err e;

	record_key(number, key);
	e = store_get(txn, account_table, key, sizeof(key), &value);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	return store_put(txn, account_table, key, sizeof(key), bytes,
			 sizeof(bytes));
}

static enum err put_posting(struct store_txn *txn, uint64_t account,
			    uint64_t entry)
{
	char bytes[POSTING] = { 1 };
	uint8_t key[RECORD_KEY_PAIR];

	record_key_pair(account, entry, key);
	return store_add(txn, posting_table, key, sizeof(key), bytes,
			 sizeof(bytes));
}

struct transfer {
	uint64_t from; /* below to, so that nobody waits in a circle */
	uint64_t to;
	uint64_t id[2];
	uint64_t entry;
};

static enum err write_journal(struct store_txn *txn, const struct transfer *t)
{
	char entry[ENTRY] = { 1 };
	char remembered[REMEMBERED] = { 1 };
	uint8_t key[RECORD_KEY];
	enum err e;

	record_key(t->entry, key);
	e = store_add(txn, entry_table, key, sizeof(key), entry, sizeof(entry));
	if (e == ERR_OK)
		e = put_posting(txn, t->from, t->entry);
	if (e == ERR_OK)
		e = put_posting(txn, t->to, t->entry);
	if (e == ERR_OK)
		e = store_add(txn, id_table, t->id, sizeof(t->id), remembered,
			      sizeof(remembered));
	return e;
}

static enum err transfer(struct store_txn *txn, void *arg)
{
	const struct transfer *t = arg;
	enum err e = change_account(txn, t->from);

	if (e == ERR_OK && t->to != t->from)
		e = change_account(txn, t->to);
	return e == ERR_OK ? write_journal(txn, t) : e;
}

static void pay(struct payer *p)
{
	struct transfer t;
	uint64_t a = next_random(p) % (uint64_t)accounts;
	uint64_t b = (a + 1 + next_random(p) % (uint64_t)(accounts - 1)) %
		     (uint64_t)accounts;
	enum err e;

	t.from = a < b ? a : b;
	t.to = a < b ? b : a;
	t.id[0] = next_random(p);
	t.id[1] = next_random(p);
	mutex_lock(&journal);
	t.entry = ++last_entry;
	mutex_unlock(&journal);
	e = store_run(store, transfer, &t);
	if (e != ERR_OK)
		fail("a transfer failed: %s", err_code(e));
}

static void on_durable(struct store_waiter *waiter)
{
	struct client *c = CONTAINER(waiter, struct client, waiter);
	struct payer *p = c->payer;

	mutex_lock(&p->lock);
	histogram_record(&p->latency, proc_now_ns() - c->began_ns);
	c->next = p->free;
	p->free = c;
	p->free_count++;
	cond_wake_one(&p->has_free);
	mutex_unlock(&p->lock);
}

static struct client *take_free(struct payer *p)
{
	struct client *c;

	mutex_lock(&p->lock);
	while (p->free == NULL)
		cond_wait(&p->has_free, &p->lock);
	c = p->free;
	p->free = c->next;
	p->free_count--;
	mutex_unlock(&p->lock);
	return c;
}

static void run(void *arg)
{
	struct payer *p = arg;

	while (!atomic_load(&is_over)) {
		struct client *c = take_free(p);

		c->began_ns = proc_now_ns();
		pay(p);
		c->waiter.ticket = store_ticket(store);
		store_when_durable(store, &c->waiter);
	}
}

static void start(struct payer *p, int number)
{
	size_t count = (size_t)(clients / threads);

	p->random = (uint64_t)proc_now_ns() * 2 + (uint64_t)number + 1;
	p->clients = mem_array(count, sizeof(*p->clients));
	mutex_init(&p->lock, LOCK_JOBS);
	cond_init(&p->has_free);
	for (size_t i = 0; i < count; i++) {
		p->clients[i].payer = p;
		p->clients[i].waiter.fn = on_durable;
		p->clients[i].next = p->free;
		p->free = &p->clients[i];
	}
	p->free_count = count;
	thread_start(&p->thread, "payer", run, p);
}

static void open_store(void)
{
	static const char *const tables[] = { "accounts", "entries", "postings",
					      "ids", NULL };
	struct store_options options = { .dir = dir, .tables = tables };
	AUTO(buf_fini) struct buf why = { 0 };
	int64_t began_ns = proc_now_ns();

	if (store_open(&options, &store, &why) != ERR_OK)
		fail("%s", buf_text(&why));
	report_figure("open", (double)(proc_now_ns() - began_ns) / 1e6, "ms");
	account_table = store_table(store, "accounts");
	entry_table = store_table(store, "entries");
	posting_table = store_table(store, "postings");
	id_table = store_table(store, "ids");
}

static bool see_last(const struct store_record *record, void *arg)
{
	uint64_t *last = arg;

	*last = record_key_number(record->key);
	return true;
}

/* The directory may be used again: go on behind its entries. */
static enum err find_last(struct store_txn *txn, void *arg)
{
	return store_walk(txn, entry_table, "", 0, see_last, arg);
}

static void keep(void *arg)
{
	store_keep(arg);
}

static void measure(struct payer *payers)
{
	struct histogram all = { .count = 0 };
	struct store_status before;
	struct store_status after;
	int64_t began_ns = proc_now_ns();
	int64_t cpu_ns = proc_own_cpu_ns();
	struct timespec length = { .tv_sec = (time_t)seconds };
	double elapsed;

	store_status(store, &before);
	for (int i = 0; i < threads; i++)
		start(&payers[i], i);
	(void)nanosleep(&length, NULL);
	atomic_store(&is_over, true);
	for (int i = 0; i < threads; i++)
		thread_join(&payers[i].thread);
	elapsed = (double)(proc_now_ns() - began_ns) / 1e9;
	cpu_ns = proc_own_cpu_ns() - cpu_ns;
	store_flush(store);
	store_status(store, &after);
	after.commits -= before.commits;
	after.flushes -= before.flushes;
	for (int i = 0; i < threads; i++)
		histogram_add(&all, &payers[i].latency);
	report_figure("commits", (double)after.commits / elapsed, "/s");
	report_figure("flushes", (double)after.flushes / elapsed, "/s");
	report_figure("deadlocks", (double)after.deadlocks, "times");
	report_figure("cpu", (double)cpu_ns / 1e3 / (double)after.commits,
		      "us");
	report_latency("durable", &all);
	report_figure("resident", (double)proc_resident_kib(getpid()), "KiB");
}

int main(int argc, char **argv)
{
	static struct payer payers[THREADS_MOST];
	struct keeper *keeper;

	options_read(
		(const struct option_row[]){
			{ "dir", &dir, NULL, 0, 0, "data directory" },
			{ "threads", NULL, &threads, 1, THREADS_MOST, "jobs" },
			{ "clients", NULL, &clients, 1, WAITING_MOST,
			  "answers that may wait" },
			{ "seconds", NULL, &seconds, 1, 3600, "" },
			{ "accounts", NULL, &accounts, 2, 10000000, "" },
			{ 0 },
		},
		argc, argv);
	if (clients < threads)
		fail("every thread needs a client");
	mutex_init(&journal, LOCK_TABLE);
	open_store();
	if (store_view(store, find_last, &last_entry) != ERR_OK)
		fail("the entries cannot be read");
	keeper = keeper_new();
	keeper_add(keeper, SECOND_MS, keep, store);
	keeper_start(keeper);
	measure(payers);
	keeper_free(&keeper);
	store_close(&store);
	return 0;
}
