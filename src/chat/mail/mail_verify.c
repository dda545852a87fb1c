/* Kept messages against their index, both in ascending order of numbers. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "chat/mail/mail_table.h"

/* The messages as one of the tables has them. */
struct sights {
	struct mail_trace *list;
	size_t count;
	size_t room;
	struct buf *report;
};

static void add(struct sights *sights, const struct mail_trace *sight)
{
	if (sights->count == sights->room) {
		sights->room = sights->room == 0 ? 64 : sights->room * 2;
		sights->list =
			mem_resize(sights->list, sights->room * sizeof(*sight));
	}
	sights->list[sights->count++] = *sight;
}

static bool see_mail(const struct store_record *record, void *arg)
{
	struct sights *sights = arg;
	const uint8_t *key = record->key;
	struct mail mail;

	if (record->key_len != RECORD_KEY_PAIR ||
	    !mail_decode(record->value, record->value_len, &mail)) {
		buf_add_text(sights->report, "mail: a record cannot be read\n");
		return true;
	}
	if (record_key_number(key) != mail.to ||
	    record_key_number(key + RECORD_KEY) != mail.id)
		buf_print(sights->report,
			  "mail: #%" PRIu64 " is not where it belongs\n",
			  mail.id);
	add(sights,
	    &(struct mail_trace){ mail.id, mail.to, mail.from, mail.read_ms });
	mail_fini(&mail);
	return true;
}

static bool see_trace(const struct store_record *record, void *arg)
{
	struct sights *sights = arg;
	struct mail_trace trace;

	if (mail_trace_decode(record, &trace))
		add(sights, &trace);
	else
		buf_add_text(sights->report,
			     "mail_sent: a record cannot be read\n");
	return true;
}

struct look {
	struct store *store;
	struct sights mail;
	struct sights sent;
};

static enum err see_all(struct store_txn *txn, void *arg)
{
	struct look *look = arg;
	enum err e;

	look->mail.count = 0;
	look->sent.count = 0;
	e = store_scan(txn, store_table(look->store, "mail"), "", 0, see_mail,
		       &look->mail);
	return e == ERR_OK
		       ? store_scan(txn, store_table(look->store, "mail_sent"),
				    "", 0, see_trace, &look->sent)
		       : e;
}

static int compare(const void *a, const void *b)
{
	const struct mail_trace *x = a;
	const struct mail_trace *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static void sort(struct sights *sights)
{
	if (sights->count > 0)
		qsort(sights->list, sights->count, sizeof(sights->list[0]),
		      compare);
}

static bool is_same(const struct mail_trace *a, const struct mail_trace *b)
{
	return a->id == b->id && a->to == b->to && a->from == b->from &&
	       a->read_ms == b->read_ms;
}

/* Each message once in both. */
static void match(const struct sights *mail, const struct sights *sent,
		  struct buf *report)
{
	size_t i = 0;
	size_t k = 0;

	while (i < mail->count || k < sent->count) {
		const struct mail_trace *m =
			i < mail->count ? &mail->list[i] : NULL;
		const struct mail_trace *s =
			k < sent->count ? &sent->list[k] : NULL;
		bool is_behind = m == NULL || (s != NULL && s->id < m->id);

		if (m != NULL && s != NULL && is_same(m, s)) {
			i++;
			k++;
			continue;
		}
		buf_print(report, "mail: #%" PRIu64 " and its index differ\n",
			  is_behind ? s->id : m->id);
		i += !is_behind;
		k += is_behind || (s != NULL && m->id == s->id);
	}
}

enum err mail_verify(struct store *store, struct buf *report)
{
	struct look look = { .store = store,
			     .mail = { .report = report },
			     .sent = { .report = report } };
	size_t before = buf_len(report);
	enum err e = store_view(store, see_all, &look);

	if (e == ERR_OK) {
		sort(&look.mail);
		sort(&look.sent);
		match(&look.mail, &look.sent, report);
	}
	mem_free(look.mail.list);
	mem_free(look.sent.list);
	return e == ERR_OK && buf_len(report) > before ? ERR_CORRUPT : e;
}
