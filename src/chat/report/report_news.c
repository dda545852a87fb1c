/* The key is the user and the report, the value the words. */
#include "chat/report/report_news.h"

#include <inttypes.h>
#include <string.h>

#include "chat/chat_fields.h"
#include "chat/message.h"
#include "store/record.h"

enum {
	NEWS_VERSION = 1,
	NEWS_TEXT = 640, /* more than report_news_print() writes, with a NUL */
};

void report_news_print(const struct report *report, struct buf *out)
{
	buf_print(out, "Your report #%" PRIu64 " about %s is closed: %s",
		  report->number, report->target, report->note);
}

enum err report_news_put(struct store_txn *txn, struct store *store,
			 const struct report *report)
{
	AUTO(buf_fini) struct buf words = { 0 };
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY_PAIR];

	record_key_pair(report->user, report->number, key);
	report_news_print(report, &words);
	record_begin(&value, NEWS_VERSION);
	record_put_text(&value, buf_text(&words));
	return store_put(txn, store_table(store, "report_news"), key,
			 sizeof(key), buf_at(&value), buf_len(&value));
}

struct look {
	struct store *store;
	user_id user;
	store_visit_fn *visit;
	void *arg;
};

static enum err look(struct store_txn *txn, void *arg)
{
	const struct look *l = arg;
	uint8_t prefix[RECORD_KEY];

	record_key(l->user, prefix);
	return store_walk(txn, store_table(l->store, "report_news"), prefix,
			  sizeof(prefix), l->visit, l->arg);
}

static bool find_one(const struct store_record *record, void *arg)
{
	bool *has_news = arg;

	(void)record;
	*has_news = true;
	return false;
}

enum err report_news_look(struct chat *chat, user_id user, bool *has_news_r)
{
	struct look l = { chat->store, user, find_one, has_news_r };

	*has_news_r = false;
	return store_view(chat->store, look, &l);
}

/* The oldest news, and its key. */
struct news {
	uint8_t key[RECORD_KEY_PAIR];
	char text[NEWS_TEXT];
	bool is_there;
	bool is_bad;
};

static bool decode(const struct store_record *record, struct news *news_r)
{
	struct record_reader r;

	record_open(&r, record->value, record->value_len);
	record_get_text(&r, news_r->text, sizeof(news_r->text));
	if (!record_close(&r) || r.version != NEWS_VERSION ||
	    record->key_len != RECORD_KEY_PAIR)
		return false;
	memcpy(news_r->key, record->key, RECORD_KEY_PAIR);
	return true;
}

static bool read_one(const struct store_record *record, void *arg)
{
	struct news *news = arg;

	news->is_there = true;
	news->is_bad = !decode(record, news);
	return false;
}

struct forgetting {
	struct store *store;
	const uint8_t *key;
};

static enum err forget(struct store_txn *txn, void *arg)
{
	const struct forgetting *f = arg;
	enum err e = store_delete(txn, store_table(f->store, "report_news"),
				  f->key, RECORD_KEY_PAIR);

	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static void send(struct person *person, const char *text)
{
	struct message *m = message_new(MESSAGE_NOTICE, NULL, person, "", text);

	person_send(person, m);
	message_unref(&m);
}

/* person NULL: nobody is told. */
static enum err take_all(struct store *store, user_id user,
			 struct person *person)
{
	enum err e;

	for (;;) {
		struct news news = { 0 };
		struct look l = { store, user, read_one, &news };
		struct forgetting f = { store, news.key };

		e = store_view(store, look, &l);
		if (e != ERR_OK || !news.is_there)
			return e;
		if (news.is_bad)
			return ERR_CORRUPT;
		if (person != NULL)
			send(person, news.text);
		e = store_run(store, forget, &f);
		if (e != ERR_OK)
			return e;
	}
}

enum err report_news_tell(struct chat *chat, struct person *person)
{
	return take_all(chat->store, person_user(person), person);
}

enum err report_news_drop(struct store *store, user_id user)
{
	return take_all(store, user, NULL);
}

static bool check_one(const struct store_record *record, void *arg)
{
	struct news news;

	if (!decode(record, &news))
		buf_add_text(arg, "report_news: a record cannot be read\n");
	return true;
}

static enum err check_all(struct store_txn *txn, void *arg)
{
	const struct look *l = arg;

	return store_walk(txn, store_table(l->store, "report_news"), "", 0,
			  check_one, l->arg);
}

enum err report_news_verify(struct store *store, struct buf *report)
{
	struct look l = { .store = store, .arg = report };
	size_t before = buf_len(report);
	enum err e = store_view(store, check_all, &l);

	return e == ERR_OK && buf_len(report) > before ? ERR_CORRUPT : e;
}
