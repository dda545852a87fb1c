#include "chat/report/report.h"

#include <inttypes.h>
#include <string.h>

#include "store/record.h"

enum { REPORT_VERSION = 1, CONTEXT_VERSION = 1 };

void report_encode(const struct report *report, struct buf *out)
{
	record_begin(out, REPORT_VERSION);
	record_put_u64(out, report->number);
	record_put_i64(out, report->time_ms);
	record_put_u8(out, (uint8_t)report->state);
	record_put_u64(out, report->user);
	record_put_text(out, report->name);
	record_put_u64(out, report->target_user);
	record_put_text(out, report->target);
	record_put_text(out, report->room);
	record_put_text(out, report->words);
	record_put_text(out, report->by);
	record_put_u8(out, (uint8_t)report->by_rank);
	record_put_i64(out, report->by_ms);
	record_put_text(out, report->note);
}

bool report_decode(const void *bytes, size_t len, struct report *report_r)
{
	struct report *report = report_r;
	struct record_reader r;

	memset(report, 0, sizeof(*report));
	record_open(&r, bytes, len);
	report->number = record_get_u64(&r);
	report->time_ms = record_get_i64(&r);
	report->state = record_get_u8(&r);
	report->user = record_get_u64(&r);
	record_get_text(&r, report->name, sizeof(report->name));
	report->target_user = record_get_u64(&r);
	record_get_text(&r, report->target, sizeof(report->target));
	record_get_text(&r, report->room, sizeof(report->room));
	record_get_text(&r, report->words, sizeof(report->words));
	record_get_text(&r, report->by, sizeof(report->by));
	report->by_rank = record_get_u8(&r);
	report->by_ms = record_get_i64(&r);
	record_get_text(&r, report->note, sizeof(report->note));
	return record_close(&r) && r.version == REPORT_VERSION &&
	       report->number != 0 && report->state >= REPORT_OPEN &&
	       report->state <= REPORT_CLOSED && report->by_rank <= RANK_ADMIN;
}

void report_context_encode(const struct report_context *context,
			   struct buf *out)
{
	record_begin(out, CONTEXT_VERSION);
	record_put_u8(out, (uint8_t)context->count);
	for (size_t i = 0; i < context->count; i++) {
		const struct report_line *line = &context->lines[i];

		record_put_u64(out, line->id);
		record_put_i64(out, line->time_ms);
		record_put_u8(out, line->is_action);
		record_put_text(out, line->from);
		record_put_text(out, line->text);
	}
}

bool report_context_decode(const void *bytes, size_t len,
			   struct report_context *context_r)
{
	struct record_reader r;
	size_t count;
	bool is_sound;

	memset(context_r, 0, sizeof(*context_r));
	record_open(&r, bytes, len);
	count = record_get_u8(&r);
	is_sound = r.version == CONTEXT_VERSION && count <= REPORT_LINES;
	for (size_t i = 0; is_sound && i < count; i++) {
		struct report_line *line = &context_r->lines[i];
		uint8_t is_action;

		line->id = record_get_u64(&r);
		line->time_ms = record_get_i64(&r);
		is_action = record_get_u8(&r);
		line->is_action = is_action == 1;
		record_get_text(&r, line->from, sizeof(line->from));
		record_get_text(&r, line->text, sizeof(line->text));
		is_sound = is_action <= 1;
	}
	context_r->count = is_sound ? count : 0;
	return is_sound && record_close(&r);
}

enum err report_put(struct store_txn *txn, struct store *store,
		    const struct report *report)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];

	record_key(report->number, key);
	report_encode(report, &value);
	return store_put(txn, store_table(store, "reports"), key, sizeof(key),
			 buf_at(&value), buf_len(&value));
}

enum err report_add(struct store_txn *txn, struct store *store,
		    struct report *report, const struct report_context *context)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];
	enum err e = store_next(txn, "reports", &report->number);

	if (e == ERR_OK)
		e = report_put(txn, store, report);
	if (e != ERR_OK)
		return e;
	record_key(report->number, key);
	report_context_encode(context, &value);
	return store_put(txn, store_table(store, "report_contexts"), key,
			 sizeof(key), buf_at(&value), buf_len(&value));
}

enum err report_delete(struct store_txn *txn, struct store *store,
		       uint64_t number)
{
	uint8_t key[RECORD_KEY];
	enum err e;

	record_key(number, key);
	e = store_delete(txn, store_table(store, "reports"), key, sizeof(key));
	if (e == ERR_OK)
		e = store_delete(txn, store_table(store, "report_contexts"),
				 key, sizeof(key));
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

struct getting {
	struct store *store;
	uint64_t number;
	struct report *report_r;
	struct report_context *context_r;
};

static enum err get(struct store_txn *txn, void *arg)
{
	const struct getting *g = arg;
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];
	enum err e;

	record_key(g->number, key);
	e = store_get(txn, store_table(g->store, "reports"), key, sizeof(key),
		      &value);
	if (e != ERR_OK)
		return e;
	if (!report_decode(buf_at(&value), buf_len(&value), g->report_r))
		return ERR_CORRUPT;
	if (g->context_r == NULL)
		return ERR_OK;
	e = store_get(txn, store_table(g->store, "report_contexts"), key,
		      sizeof(key), &value);
	if (e == ERR_OK &&
	    !report_context_decode(buf_at(&value), buf_len(&value),
				   g->context_r))
		e = ERR_CORRUPT;
	return e;
}

enum err report_get(struct store *store, uint64_t number,
		    struct report *report_r, struct report_context *context_r)
{
	struct getting getting = { store, number, report_r, context_r };

	return store_view(store, get, &getting);
}

struct walk {
	struct store *store;
	report_visit_fn *visit;
	void *arg;
	uint64_t seen; /* after a deadlock the walk begins anew */
	bool is_bad;
};

static bool visit_one(const struct store_record *record, void *arg)
{
	struct walk *walk = arg;
	struct report report;

	if (!report_decode(record->value, record->value_len, &report)) {
		walk->is_bad = true;
		return false;
	}
	if (report.number <= walk->seen)
		return true;
	walk->seen = report.number;
	return walk->visit(&report, walk->arg);
}

static enum err walk_all(struct store_txn *txn, void *arg)
{
	struct walk *walk = arg;

	return store_walk(txn, store_table(walk->store, "reports"), "", 0,
			  visit_one, walk);
}

enum err report_walk(struct store *store, report_visit_fn *visit, void *arg)
{
	struct walk walk = { .store = store, .visit = visit, .arg = arg };
	enum err e = store_view(store, walk_all, &walk);

	return e == ERR_OK && walk.is_bad ? ERR_CORRUPT : e;
}

struct check {
	struct store *store;
	struct buf *report;
};

static bool check_one(const struct store_record *record, void *arg)
{
	struct check *check = arg;
	struct report report;

	if (record->key_len != RECORD_KEY ||
	    !report_decode(record->value, record->value_len, &report) ||
	    record_key_number(record->key) != report.number)
		buf_add_text(check->report,
			     "reports: a record cannot be read\n");
	return true;
}

static bool check_context(const struct store_record *record, void *arg)
{
	struct check *check = arg;
	struct report_context context;

	if (record->key_len != RECORD_KEY ||
	    !report_context_decode(record->value, record->value_len, &context))
		buf_add_text(check->report,
			     "report_contexts: a record cannot be read\n");
	return true;
}

static enum err check_all(struct store_txn *txn, void *arg)
{
	struct check *check = arg;
	enum err e = store_walk(txn, store_table(check->store, "reports"), "",
				0, check_one, check);

	if (e == ERR_OK)
		e = store_walk(txn,
			       store_table(check->store, "report_contexts"), "",
			       0, check_context, check);
	return e;
}

enum err report_verify(struct store *store, struct buf *report)
{
	struct check check = { store, report };
	size_t before = buf_len(report);
	enum err e = store_view(store, check_all, &check);

	return e == ERR_OK && buf_len(report) > before ? ERR_CORRUPT : e;
}
