/*
 * PostgreSQL: a function in PL/pgSQL for each transfer, prepared, called over
 * a Unix socket by a connection for each client. The two accounts are updated
 * in ascending order, so that no two calls wait in a circle. It keeps no chain
 * of hashes, which would make the calls wait for each other, and knows neither
 * limits nor fees.
 */
#include "contender.h"

#include <stddef.h>

#ifndef HAVE_LIBPQ

const struct contender *const contender_postgres = NULL;

#else

#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/attr.h"
#include "base/mem.h"
#include "contest.h"
#include "proc.h"
#include "report.h"

enum { EVENTS_AT_ONCE = 64, PATIENCE_MS = 60000, ARGUMENTS = 5 };

static const struct contender_plan *plan;
static PGconn *connections[CLIENTS_MOST + 1];
static int watch = -1;

static const char tables[] =
	"CREATE TABLE accounts (number bigint PRIMARY KEY,"
	" balance bigint NOT NULL, floor bigint NOT NULL)"
	" WITH (fillfactor = 50);"
	"CREATE TABLE journal (entry bigint GENERATED ALWAYS AS IDENTITY"
	" PRIMARY KEY, id uuid NOT NULL UNIQUE,"
	" at timestamptz NOT NULL DEFAULT now(), debit bigint NOT NULL,"
	" credit bigint NOT NULL, amount bigint NOT NULL,"
	" memo text NOT NULL);"
	"CREATE TABLE postings (account bigint, entry bigint,"
	" amount bigint NOT NULL, balance bigint NOT NULL,"
	" PRIMARY KEY (account, entry));";

/* A known id gives the answer again, when the content is the same. */
static const char function[] =
	"CREATE FUNCTION transfer(the_id uuid, payer bigint, payee bigint,"
	" sum bigint, words text) RETURNS bigint LANGUAGE plpgsql AS $$ "
	"DECLARE made bigint; left_over bigint; had bigint; "
	"BEGIN "
	" INSERT INTO journal (id, debit, credit, amount, memo)"
	"  VALUES (the_id, payer, payee, sum, words)"
	"  ON CONFLICT (id) DO NOTHING RETURNING entry INTO made;"
	" IF made IS NULL THEN"
	"  SELECT p.balance INTO left_over FROM journal j JOIN postings p"
	"   ON p.account = j.debit AND p.entry = j.entry"
	"   WHERE j.id = the_id AND j.debit = payer AND j.credit = payee"
	"   AND j.amount = sum AND j.memo = words;"
	"  IF NOT FOUND THEN RAISE EXCEPTION 'id-conflict'; END IF;"
	"  RETURN left_over;"
	" END IF;"
	" IF payer < payee THEN"
	"  UPDATE accounts SET balance = balance - sum WHERE number = payer"
	"   AND balance - sum >= floor RETURNING balance INTO left_over;"
	"  UPDATE accounts SET balance = balance + sum WHERE number = payee"
	"   RETURNING balance INTO had;"
	" ELSE"
	"  UPDATE accounts SET balance = balance + sum WHERE number = payee"
	"   RETURNING balance INTO had;"
	"  UPDATE accounts SET balance = balance - sum WHERE number = payer"
	"   AND balance - sum >= floor RETURNING balance INTO left_over;"
	" END IF;"
	" IF left_over IS NULL THEN"
	"  RAISE EXCEPTION 'insufficient-funds'; END IF;"
	" IF had IS NULL THEN RAISE EXCEPTION 'no-such-account'; END IF;"
	" INSERT INTO postings (account, entry, amount, balance) VALUES"
	"  (payer, made, -sum, left_over), (payee, made, sum, had);"
	" RETURN left_over; "
	"END $$;";

static void command(const char *sql)
{
	PGresult *result = PQexec(connections[0], sql);
	ExecStatusType status = PQresultStatus(result);

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		fail("%.60s: %s", sql, PQerrorMessage(connections[0]));
	PQclear(result);
}

static PGconn *meet(unsigned number)
{
	AUTO(mem_free_text)
	char *info = mem_print("host=%s port=%" PRId64 " dbname=postgres"
			       " user=postgres",
			       plan->dir, plan->port);
	PGconn *c = PQconnectdb(info);
	struct epoll_event event = { .events = EPOLLIN };
	PGresult *result;

	event.data.u32 = number;
	if (PQstatus(c) != CONNECTION_OK)
		fail("%s", PQerrorMessage(c));
	if (number == 0)
		return c; /* the tables come first */
	result = PQprepare(c, "transfer", "SELECT transfer($1,$2,$3,$4,$5)",
			   ARGUMENTS, NULL);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail("%s", PQerrorMessage(c));
	PQclear(result);
	if (epoll_ctl(watch, EPOLL_CTL_ADD, PQsocket(c), &event) != 0)
		fail("epoll: %s", strerror(errno));
	return c;
}

/* Connection 0 is for everything else, client n has connection n + 1. */
static void pg_open(const struct contender_plan *the_plan)
{
	char sql[256];

	plan = the_plan;
	watch = epoll_create1(EPOLL_CLOEXEC);
	connections[0] = meet(0);
	command(tables);
	command(function);
	snprintf(sql, sizeof(sql),
		 "INSERT INTO accounts SELECT n, %" PRId64
		 ", 0 FROM generate_series(0, %" PRId64 ") n",
		 plan->funds, plan->accounts - 1);
	command(sql);
	command("VACUUM ANALYZE");
	for (unsigned i = 0; i < plan->clients; i++)
		connections[i + 1] = meet(i + 1);
}

static void pg_ask(unsigned client, const struct transfer *t)
{
	const uint64_t numbers[] = { htobe64(t->from), htobe64(t->to),
				     htobe64((uint64_t)t->amount) };
	const char *values[ARGUMENTS] = { (const char *)t->id,
					  (const char *)&numbers[0],
					  (const char *)&numbers[1],
					  (const char *)&numbers[2], t->memo };
	static const int formats[ARGUMENTS] = { 1, 1, 1, 1, 0 };
	static const int lengths[ARGUMENTS] = { TRANSFER_ID, 8, 8, 8, 0 };
	PGconn *c = connections[client + 1];

	if (!PQsendQueryPrepared(c, "transfer", ARGUMENTS, values, lengths,
				 formats, 1))
		fail("%s", PQerrorMessage(c));
}

/* False when the answer has not come as a whole. */
static bool hear(PGconn *c)
{
	PGresult *result;

	if (!PQconsumeInput(c))
		fail("%s", PQerrorMessage(c));
	if (PQisBusy(c))
		return false;
	while ((result = PQgetResult(c)) != NULL) {
		if (PQresultStatus(result) != PGRES_TUPLES_OK)
			fail("%s", PQresultErrorMessage(result));
		PQclear(result);
	}
	return true;
}

static void pg_wait(struct contest *contest)
{
	struct epoll_event events[EVENTS_AT_ONCE];
	int n = epoll_wait(watch, events, EVENTS_AT_ONCE, PATIENCE_MS);

	if (n == 0)
		fail("no answer for %d s", PATIENCE_MS / 1000);
	for (int i = 0; i < n; i++) {
		unsigned number = events[i].data.u32;

		if (hear(connections[number]))
			contest_answered(contest, number - 1);
	}
}

static int64_t pg_cpu_ns(void)
{
	return proc_family_cpu_ns((pid_t)plan->pid);
}

static int64_t ask_number(const char *sql)
{
	PGresult *result = PQexec(connections[0], sql);
	int64_t number;

	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		fail("%s: %s", sql, PQerrorMessage(connections[0]));
	number = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
	PQclear(result);
	return number;
}

static void pg_check(uint64_t transfers)
{
	if (ask_number("SELECT count(*) FROM journal") != (int64_t)transfers ||
	    ask_number("SELECT count(*) FROM postings") !=
		    2 * (int64_t)transfers)
		fail("the journal has not what was answered");
	if (ask_number("SELECT sum(balance) FROM accounts") !=
	    plan->funds * plan->accounts)
		fail("the accounts have not what they had in all");
}

static void pg_close(void)
{
	for (unsigned i = 0; i <= plan->clients; i++)
		PQfinish(connections[i]);
}

static const struct contender postgres = {
	.name = "postgres",
	.open = pg_open,
	.ask = pg_ask,
	.wait = pg_wait,
	.cpu_ns = pg_cpu_ns,
	.check = pg_check,
	.close = pg_close,
};

const struct contender *const contender_postgres = &postgres;

#endif
