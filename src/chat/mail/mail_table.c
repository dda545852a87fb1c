#include "chat/mail/mail_table.h"

#include <string.h>

#include "base/mem.h"

enum { TRACE_VERSION = 1 };

static struct store_table *box_table(struct store *store)
{
	return store_table(store, "mail");
}

static struct store_table *sent_table(struct store *store)
{
	return store_table(store, "mail_sent");
}

void mail_traces_fini(struct mail_traces *traces)
{
	mem_free(traces->list);
	memset(traces, 0, sizeof(*traces));
}

static void encode_trace(const struct mail *mail, struct buf *out)
{
	record_begin(out, TRACE_VERSION);
	record_put_u64(out, mail->to);
	record_put_i64(out, mail->read_ms);
}

bool mail_trace_decode(const struct store_record *record,
		       struct mail_trace *trace_r)
{
	const uint8_t *key = record->key;
	struct record_reader r;

	if (record->key_len != RECORD_KEY_PAIR)
		return false;
	trace_r->from = record_key_number(key);
	trace_r->id = record_key_number(key + RECORD_KEY);
	record_open(&r, record->value, record->value_len);
	trace_r->to = record_get_u64(&r);
	trace_r->read_ms = record_get_i64(&r);
	return record_close(&r) && r.version == TRACE_VERSION;
}

enum err mail_table_put(struct store_txn *txn, struct store *store,
			struct mail *mail)
{
	AUTO(buf_fini) struct buf value = { 0 };
	AUTO(buf_fini) struct buf trace = { 0 };
	uint8_t key[RECORD_KEY_PAIR];
	enum err e =
		mail->id == 0 ? store_next(txn, "mail", &mail->id) : ERR_OK;

	if (e != ERR_OK)
		return e;
	mail_encode(mail, &value);
	encode_trace(mail, &trace);
	record_key_pair(mail->to, mail->id, key);
	e = store_put(txn, box_table(store), key, sizeof(key), buf_at(&value),
		      buf_len(&value));
	if (e != ERR_OK)
		return e;
	record_key_pair(mail->from, mail->id, key);
	return store_put(txn, sent_table(store), key, sizeof(key),
			 buf_at(&trace), buf_len(&trace));
}

static enum err delete_one(struct store_txn *txn, struct store_table *table,
			   user_id user, uint64_t id)
{
	uint8_t key[RECORD_KEY_PAIR];
	enum err e;

	record_key_pair(user, id, key);
	e = store_delete(txn, table, key, sizeof(key));
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err mail_table_delete(struct store_txn *txn, struct store *store,
			   const struct mail_trace *trace)
{
	enum err e = delete_one(txn, box_table(store), trace->to, trace->id);

	return e == ERR_OK ? delete_one(txn, sent_table(store), trace->from,
					trace->id)
			   : e;
}

/* A walk over one of the tables, or the part of one user. */
struct walk {
	struct store_table *table;
	user_id user; /* 0: all */
	store_visit_fn *visit;
	struct mails *mails;
	struct mail_traces *traces;
	bool is_bad;
};

static bool add_mail(const struct store_record *record, void *arg)
{
	struct walk *walk = arg;
	struct mail mail;

	if (!mail_decode(record->value, record->value_len, &mail)) {
		walk->is_bad = true;
		return true;
	}
	walk->mails->list =
		mem_resize(walk->mails->list,
			   (walk->mails->count + 1) * sizeof(struct mail));
	walk->mails->list[walk->mails->count++] = mail;
	return true;
}

static void append_trace(struct mail_traces *traces,
			 const struct mail_trace *trace)
{
	traces->list =
		mem_resize(traces->list, (traces->count + 1) * sizeof(*trace));
	traces->list[traces->count++] = *trace;
}

static bool add_trace(const struct store_record *record, void *arg)
{
	struct walk *walk = arg;
	struct mail_trace trace;

	if (mail_trace_decode(record, &trace))
		append_trace(walk->traces, &trace);
	else
		walk->is_bad = true;
	return true;
}

static enum err walk_user(struct store_txn *txn, void *arg)
{
	struct walk *walk = arg;
	uint8_t prefix[RECORD_KEY];

	if (walk->mails != NULL)
		mails_fini(walk->mails);
	if (walk->traces != NULL)
		mail_traces_fini(walk->traces);
	walk->is_bad = false;
	record_key(walk->user, prefix);
	return store_walk(txn, walk->table, prefix, sizeof(prefix), walk->visit,
			  walk);
}

static enum err run_walk(struct store *store, struct walk *walk)
{
	enum err e = store_view(store, walk_user, walk);

	return e == ERR_OK && walk->is_bad ? ERR_CORRUPT : e;
}

enum err mail_table_box(struct store *store, user_id to, struct mails *mails_r)
{
	struct walk walk = { .table = box_table(store),
			     .user = to,
			     .visit = add_mail,
			     .mails = mails_r };

	return run_walk(store, &walk);
}

enum err mail_table_sent(struct store *store, user_id from,
			 struct mail_traces *traces_r)
{
	struct walk walk = { .table = sent_table(store),
			     .user = from,
			     .visit = add_trace,
			     .traces = traces_r };

	return run_walk(store, &walk);
}

struct scan {
	struct store_table *table;
	const uint8_t *from;
	uint8_t next[RECORD_KEY_PAIR];
	size_t left;
	size_t most;
	int64_t then_ms;
	struct mail_traces *traces;
};

static bool scan_one(const struct store_record *record, void *arg)
{
	struct scan *scan = arg;
	struct mail_trace trace;

	if (scan->left == 0) {
		if (record->key_len == RECORD_KEY_PAIR)
			memcpy(scan->next, record->key, RECORD_KEY_PAIR);
		return false;
	}
	scan->left--;
	if (mail_trace_decode(record, &trace) && trace.read_ms != 0 &&
	    trace.read_ms < scan->then_ms)
		append_trace(scan->traces, &trace);
	return true;
}

static enum err scan_some(struct store_txn *txn, void *arg)
{
	struct scan *scan = arg;

	mail_traces_fini(scan->traces);
	scan->left = scan->most;
	memset(scan->next, 0, sizeof(scan->next));
	return store_walk_from(txn, scan->table, scan->from, RECORD_KEY_PAIR,
			       scan_one, scan);
}

enum err mail_table_scan(struct store *store, uint8_t key[RECORD_KEY_PAIR],
			 size_t most, int64_t then_ms,
			 struct mail_traces *traces_r)
{
	struct scan scan = { .table = sent_table(store),
			     .from = key,
			     .most = most,
			     .then_ms = then_ms,
			     .traces = traces_r };
	enum err e = store_view(store, scan_some, &scan);

	if (e == ERR_OK)
		memcpy(key, scan.next, sizeof(scan.next));
	return e;
}

struct look {
	struct store_table *table;
	user_id to;
	uint64_t id;
	struct mail *mail;
};

static enum err get_one(struct store_txn *txn, void *arg)
{
	const struct look *look = arg;
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY_PAIR];
	enum err e;

	record_key_pair(look->to, look->id, key);
	e = store_get(txn, look->table, key, sizeof(key), &value);
	if (e != ERR_OK)
		return e;
	mail_fini(look->mail);
	return mail_decode(buf_at(&value), buf_len(&value), look->mail)
		       ? ERR_OK
		       : ERR_CORRUPT;
}

enum err mail_table_get(struct store *store, user_id to, uint64_t id,
			struct mail *mail_r)
{
	struct look look = { box_table(store), to, id, mail_r };

	return store_view(store, get_one, &look);
}
