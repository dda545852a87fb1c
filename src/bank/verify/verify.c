#include "bank/verify/verify.h"

#include <inttypes.h>
#include <string.h>

#include "bank/verify/verify_fields.h"
#include "base/mem.h"

static void forget_months(struct numbered *thing, void *arg UNUSED)
{
	struct verify_account *va = (struct verify_account *)thing;

	while (va->doubtful != NULL) {
		struct verify_month *next = va->doubtful->next;

		mem_free(va->doubtful);
		va->doubtful = next;
	}
}

static void forget_journal(struct verify *v)
{
	numbers_each(&v->accounts, forget_months, NULL);
	numbers_fini(&v->accounts);
	numbers_fini(&v->holds);
	piece_fini(&v->entries);
	memset(&v->entries, 0, sizeof(v->entries));
	memset(&v->head, 0, sizeof(v->head));
	memset(&v->rules, 0, sizeof(v->rules));
	v->is_chained = true;
	v->is_full = false;
}

static void compare_head(struct verify *v, const struct bank_head *stored)
{
	const struct bank_head *made = &v->head;

	if (stored->seq > made->seq)
		verify_tell(v,
			    "the journal ends at #%" PRIu64
			    ", but its head is #%" PRIu64 ": entries are lost",
			    made->seq, stored->seq);
	else if (stored->seq < made->seq)
		verify_tell(v,
			    "the journal goes on to #%" PRIu64
			    ", but its head is #%" PRIu64,
			    made->seq, stored->seq);
	else if (memcmp(stored->hash, made->hash, sizeof(made->hash)) != 0)
		verify_tell(v, "the head has another hash than entry #%" PRIu64,
			    made->seq);
	else if (stored->time_ms != made->time_ms ||
		 stored->moves != made->moves)
		verify_tell(v, "the head is not what the entries make of it");
	if (stored->request != v->request)
		verify_tell(v,
			    "the last request is #%" PRIu64
			    ", but by the head #%" PRIu64,
			    v->request, stored->request);
}

static bool is_same_rules(const struct bank_rules *a,
			  const struct bank_rules *b)
{
	return strcmp(a->currency.code, b->currency.code) == 0 &&
	       strcmp(a->currency.symbol, b->currency.symbol) == 0 &&
	       a->currency.scale == b->currency.scale &&
	       memcmp(a->terms, b->terms, sizeof(a->terms)) == 0;
}

static enum err compare_meta(struct store_txn *txn, void *arg)
{
	struct verify *v = arg;
	struct bank_head head;
	struct bank_rules rules;
	enum err e = meta_get_head(txn, v->tables.meta, &head);

	if (e == ERR_CORRUPT)
		verify_tell(v, "the record of the head cannot be read");
	else if (e == ERR_OK)
		compare_head(v, &head);
	if (e != ERR_OK && e != ERR_CORRUPT)
		return e;
	e = meta_get_rules(txn, v->tables.meta, &rules);
	if (e == ERR_CORRUPT)
		verify_tell(v, "the record of the rules cannot be read");
	else if (e == ERR_OK && !is_same_rules(&rules, &v->rules))
		verify_tell(v, "currency and rules are not what the entries "
			       "make of them");
	return e == ERR_CORRUPT ? ERR_OK : e;
}

/* With the last piece of the requests: nothing has been added since. */
static enum err end_all(struct verify *v)
{
	const struct book_head *known = v->scope->known;

	if (known != NULL && known->seq > v->head.seq)
		verify_tell(v,
			    "the journal ends at #%" PRIu64 ", but #%" PRIu64
			    " was told: entries are lost",
			    v->head.seq, known->seq);
	verify_ids_end(v);
	v->extent->head.seq = v->head.seq;
	v->extent->head.time_ms = v->head.time_ms;
	memcpy(v->extent->head.hash, v->head.hash, sizeof(v->head.hash));
	return store_view(v->scope->store, compare_meta, v);
}

/* What accounts have: for each reading of the journal. */
static enum err check_accounts(struct verify *v)
{
	const struct ledger_tables *t = &v->tables;
	enum err e = verify_still(v, t->accounts, verify_account_row,
				  verify_accounts_end);

	if (e == ERR_OK)
		e = verify_still(v, t->names, verify_name_row, NULL);
	return e == ERR_OK ? verify_still(v, t->months, verify_month_row, NULL)
			   : e;
}

/* The rest: once. */
static enum err check_others(struct verify *v)
{
	const struct ledger_tables *t = &v->tables;
	const struct {
		struct store_table *table;
		verify_row_fn *row;
		enum err (*end)(struct verify *v);
	} parts[] = {
		{ t->holds.holds, verify_hold_row, verify_holds_end },
		{ t->holds.index, verify_hold_mark, NULL },
		{ t->requests.index, verify_request_mark, NULL },
		{ t->requests.requests, verify_request_row, end_all },
	};
	enum err e = verify_scan(v, t->reversals, verify_reversal_row);

	for (size_t i = 0; e == ERR_OK && i < COUNT(parts); i++)
		e = verify_still(v, parts[i].table, parts[i].row, parts[i].end);
	return e;
}

static enum err read_first(struct verify *v)
{
	enum err e;

	v->is_first = true;
	v->end = UINT64_MAX;
	verify_ids_init(v);
	e = verify_journal_now(v);
	v->end = v->head.seq;
	if (e == ERR_OK)
		e = verify_ids(v);
	if (e == ERR_OK)
		e = check_accounts(v);
	return e == ERR_OK ? check_others(v) : e;
}

static enum err read_all(struct verify *v)
{
	enum err e = read_first(v);

	while (e == ERR_OK && v->is_full) {
		account_id low = v->high + 1;

		forget_journal(v);
		v->low = low;
		v->is_first = false;
		e = verify_journal_now(v);
		if (e == ERR_OK)
			e = check_accounts(v);
	}
	return e;
}

/* Of balances that are of one moment, which nothing changes. */
static void check_total(struct verify *v)
{
	char total[MONEY_TEXT];

	if (v->scope->ledger != NULL || v->total == 0)
		return;
	money_print_symbol((money)v->total, &v->rules.currency, total);
	verify_tell(v, "all balances add up to %s, not to nothing", total);
}

enum err bank_verify(const struct bank_scope *scope, struct buf *report,
		     struct bank_extent *extent_r)
{
	struct verify *v = mem_zero(sizeof(*v));
	enum err e;

	memset(extent_r, 0, sizeof(*extent_r));
	v->scope = scope;
	v->report = report;
	v->extent = extent_r;
	ledger_find_tables(scope->store, &v->tables);
	forget_journal(v);
	e = read_all(v);
	if (e == ERR_OK)
		e = verify_beside(v);
	if (e == ERR_OK)
		check_total(v);
	if (v->findings > VERIFY_FINDINGS)
		buf_print(report, "bank: and %u more\n",
			  v->findings - VERIFY_FINDINGS);
	if (e == ERR_OK && v->findings > 0)
		e = ERR_CORRUPT;
	forget_journal(v);
	mem_free(v);
	return e;
}

void bank_print_extent(const struct bank_extent *extent, struct buf *out)
{
	buf_print(out,
		  "%" PRIu64 " entries, %" PRIu64 " accounts, %" PRIu64
		  " holds, %" PRIu64 " requests, %" PRIu64 " ids",
		  extent->entries, extent->accounts, extent->holds,
		  extent->requests, extent->ids);
}
