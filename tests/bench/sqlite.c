/*
 * SQLite: one writer, which takes what all clients have asked for into one
 * transaction (WAL, synchronous=FULL) and answers them when it is committed.
 * The writer is the clients' thread, so nobody has to wake anybody.
 */
#include "contender.h"

#include <stddef.h>

#ifndef HAVE_SQLITE

const struct contender *const contender_sqlite = NULL;

#else

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "base/mem.h"
#include "contest.h"
#include "proc.h"
#include "report.h"

static const char layout[] =
	"PRAGMA page_size = 4096; PRAGMA journal_mode = WAL;"
	"PRAGMA synchronous = FULL; PRAGMA cache_size = -262144;"
	"PRAGMA wal_autocheckpoint = 4096;"
	"CREATE TABLE accounts (number INTEGER PRIMARY KEY,"
	" balance INTEGER NOT NULL, floor INTEGER NOT NULL);"
	"CREATE TABLE journal (entry INTEGER PRIMARY KEY,"
	" id BLOB NOT NULL UNIQUE, at INTEGER NOT NULL,"
	" debit INTEGER NOT NULL, credit INTEGER NOT NULL,"
	" amount INTEGER NOT NULL, memo TEXT NOT NULL);"
	"CREATE TABLE postings (account INTEGER, entry INTEGER,"
	" amount INTEGER NOT NULL, balance INTEGER NOT NULL,"
	" PRIMARY KEY (account, entry)) WITHOUT ROWID;";

enum statement { BEGIN, COMMIT, WRITE, TAKE, GIVE, POST, STATEMENTS };

static const char *const texts[STATEMENTS] = {
	[BEGIN] = "BEGIN IMMEDIATE",
	[COMMIT] = "COMMIT",
	[WRITE] = "INSERT INTO journal (id, at, debit, credit, amount, memo)"
		  " VALUES (?, unixepoch(), ?, ?, ?, ?)"
		  " ON CONFLICT (id) DO NOTHING RETURNING entry",
	[TAKE] = "UPDATE accounts SET balance = balance - ?2 WHERE number = ?1"
		 " AND balance - ?2 >= floor RETURNING balance",
	[GIVE] = "UPDATE accounts SET balance = balance + ?2 WHERE number = ?1"
		 " RETURNING balance",
	[POST] = "INSERT INTO postings VALUES (?, ?, ?, ?)",
};

static const struct contender_plan *plan;
static sqlite3 *db;
static sqlite3_stmt *statements[STATEMENTS];
static const struct transfer *asked[CLIENTS_MOST]; /* NULL: nothing */
static int64_t spent_ns;

static NORETURN void complain(const char *what)
{
	fail("%.40s: %s", what, sqlite3_errmsg(db));
}

static void command(const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		complain(sql);
}

static void sqlite_open(const struct contender_plan *the_plan)
{
	AUTO(mem_free_text)
	char *path = mem_print("%s/ledger.sqlite", the_plan->dir);
	char sql[256];

	plan = the_plan;
	if (sqlite3_open(path, &db) != SQLITE_OK)
		complain(path);
	command(layout);
	snprintf(sql, sizeof(sql),
		 "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1"
		 " FROM n WHERE i < %" PRId64
		 ") INSERT INTO accounts SELECT i, %" PRId64 ", 0 FROM n",
		 plan->accounts - 1, plan->funds);
	command(sql);
	command("ANALYZE");
	for (int i = 0; i < STATEMENTS; i++)
		if (sqlite3_prepare_v3(db, texts[i], -1,
				       SQLITE_PREPARE_PERSISTENT,
				       &statements[i], NULL) != SQLITE_OK)
			complain(texts[i]);
}

static void sqlite_ask(unsigned client, const struct transfer *t)
{
	asked[client] = t;
}

static void run(enum statement which)
{
	if (sqlite3_step(statements[which]) != SQLITE_DONE)
		complain(texts[which]);
	sqlite3_reset(statements[which]);
}

/* Of a statement that returns one number: none is a refusal. */
static int64_t run_for_number(enum statement which, const char *refusal)
{
	sqlite3_stmt *s = statements[which];
	int64_t number;

	if (sqlite3_step(s) != SQLITE_ROW)
		complain(refusal);
	number = sqlite3_column_int64(s, 0);
	if (sqlite3_step(s) != SQLITE_DONE)
		complain(texts[which]);
	sqlite3_reset(s);
	return number;
}

static int64_t write_entry(const struct transfer *t)
{
	sqlite3_stmt *s = statements[WRITE];

	sqlite3_bind_blob(s, 1, t->id, TRANSFER_ID, SQLITE_STATIC);
	sqlite3_bind_int64(s, 2, t->from);
	sqlite3_bind_int64(s, 3, t->to);
	sqlite3_bind_int64(s, 4, t->amount);
	sqlite3_bind_text(s, 5, t->memo, -1, SQLITE_STATIC);
	return run_for_number(WRITE, "the id is known");
}

static int64_t change(enum statement which, const struct transfer *t,
		      uint32_t account)
{
	sqlite3_bind_int64(statements[which], 1, account);
	sqlite3_bind_int64(statements[which], 2, t->amount);
	return run_for_number(which, "insufficient funds");
}

static void post(uint32_t account, int64_t entry, int64_t amount,
		 int64_t balance)
{
	sqlite3_stmt *s = statements[POST];

	sqlite3_bind_int64(s, 1, account);
	sqlite3_bind_int64(s, 2, entry);
	sqlite3_bind_int64(s, 3, amount);
	sqlite3_bind_int64(s, 4, balance);
	run(POST);
}

/*
 * A refusal ends the run here; nobody is refused who has funds. So nothing is
 * spent on undoing one transfer of a batch.
 */
static void transfer(const struct transfer *t)
{
	int64_t entry = write_entry(t);
	int64_t left = change(TAKE, t, t->from);
	int64_t had = change(GIVE, t, t->to);

	post(t->from, entry, -t->amount, left);
	post(t->to, entry, t->amount, had);
}

static void sqlite_wait(struct contest *contest)
{
	const struct transfer *taken[CLIENTS_MOST];
	int64_t began_ns = proc_own_cpu_ns();

	memcpy(taken, asked, sizeof(taken));
	memset(asked, 0, sizeof(asked));
	run(BEGIN);
	for (int64_t i = 0; i < plan->clients; i++)
		for (int64_t k = 0; taken[i] && k < plan->batch; k++)
			transfer(&taken[i][k]);
	run(COMMIT);
	spent_ns += proc_own_cpu_ns() - began_ns;
	for (int64_t i = 0; i < plan->clients; i++)
		if (taken[i])
			contest_answered(contest, (unsigned)i);
}

static int64_t sqlite_cpu_ns(void)
{
	return spent_ns;
}

static int64_t ask_number(const char *sql)
{
	sqlite3_stmt *s;
	int64_t number;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK ||
	    sqlite3_step(s) != SQLITE_ROW)
		complain(sql);
	number = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return number;
}

static void sqlite_check(uint64_t transfers)
{
	if (ask_number("SELECT count(*) FROM journal") != (int64_t)transfers ||
	    ask_number("SELECT count(*) FROM postings") !=
		    2 * (int64_t)transfers)
		fail("the journal has not what was answered");
	if (ask_number("SELECT sum(balance) FROM accounts") !=
	    plan->funds * plan->accounts)
		fail("the accounts have not what they had in all");
}

static void sqlite_close(void)
{
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(statements[i]);
	sqlite3_close(db);
}

static const struct contender sqlite = {
	.name = "sqlite",
	.is_inside = true,
	.open = sqlite_open,
	.ask = sqlite_ask,
	.wait = sqlite_wait,
	.cpu_ns = sqlite_cpu_ns,
	.check = sqlite_check,
	.close = sqlite_close,
};

const struct contender *const contender_sqlite = &sqlite;

#endif
