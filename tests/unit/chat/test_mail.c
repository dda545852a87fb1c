#include "chat/mail/mail_box.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/chat_fields.h"
#include "chat/mail/mail_table.h"
#include "chat/rights/heritage.h"
#include "chat/verify.h"
#include "hall.h"

enum { ANN = 1, BEN, CLEO, DAN, DAY_MS = 86400 * 1000 };

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

static struct actor actor(user_id user)
{
	struct actor by = { .user = user, .roles = ROLE_USER };

	return by;
}

static enum err keep(struct hall *h, user_id from, user_id to, const char *text)
{
	struct person *person =
		person_new(&h->chat->subscribers, from, "somebody");
	struct actor by = actor(from);
	char name[16];
	struct parcel parcel = { .to = name, .text = text, .is_copy = true };
	enum err e;

	by.person = person;
	snprintf(name, sizeof(name), "user%llu", (unsigned long long)to);
	e = mail_keep(h->chat, &by, &parcel, NULL);
	person_unref(&person);
	return e;
}

static size_t waiting(struct hall *h, user_id user)
{
	size_t count;

	assert_int_equal(mail_count(h->chat, user, &count), ERR_OK);
	return count;
}

/* How many are shown. */
static size_t take(struct hall *h, user_id user)
{
	struct actor by = actor(user);
	struct mail_page page = { 0 };
	size_t count;

	assert_int_equal(mail_take(h->chat, &by, &page), ERR_OK);
	count = page.mails.count;
	mails_fini(&page.mails);
	return count;
}

static size_t stored(struct hall *h, user_id user)
{
	AUTO(mails_fini) struct mails box = { 0 };

	assert_int_equal(mail_table_box(h->store, user, &box), ERR_OK);
	return box.count;
}

static void it_waits_until_it_is_read(void **state)
{
	struct hall *h = *state;
	struct actor ben = actor(BEN);
	struct mail_page page = { 0 };

	assert_int_equal(keep(h, ANN, BEN, "one"), ERR_OK);
	assert_int_equal(keep(h, CLEO, BEN, "two"), ERR_OK);
	hall_reopen(h);
	assert_int_equal(waiting(h, BEN), 2);
	assert_int_equal(waiting(h, ANN), 0);
	assert_int_equal(mail_take(h->chat, &ben, &page), ERR_OK);
	assert_int_equal(page.mails.count, 2);
	assert_string_equal(page.mails.list[0].text, "one");
	assert_int_equal(page.mails.list[0].from, ANN);
	assert_int_equal(page.mails.list[0].time_ms, clock_wall_ms());
	assert_string_equal(page.mails.list[1].text, "two");
	mails_fini(&page.mails);
	hall_reopen(h);
	assert_int_equal(waiting(h, BEN), 0);
	assert_int_equal(take(h, BEN), 0);
	assert_int_equal(stored(h, BEN), 2);
	assert_int_equal(chat_verify(h->store, &h->text), ERR_OK);
}

/* One user cannot fill the disk by writing to everybody. */
static void a_sender_is_bounded(void **state)
{
	struct hall *h = *state;
	user_id users[MAIL_SENT_MOST / MAIL_PAIR_MOST + 2];
	char name[16];

	for (size_t i = 0; i < COUNT(users); i++) {
		snprintf(name, sizeof(name), "user%zu", i + HALL_USERS + 1);
		users[i] = hall_user(h, name);
	}
	for (size_t i = 0; i < MAIL_SENT_MOST; i++)
		assert_int_equal(keep(h, ANN, users[i / MAIL_PAIR_MOST], "x"),
				 ERR_OK);
	assert_int_equal(keep(h, ANN, users[0], "x"), ERR_LIMIT);
	assert_int_equal(keep(h, ANN, users[COUNT(users) - 1], "x"), ERR_LIMIT);
	assert_int_equal(keep(h, CLEO, users[0], "x"), ERR_OK);
	/* What was read goes first, wherever it is. */
	assert_int_equal(take(h, users[1]), MAIL_PAIR_MOST);
	assert_int_equal(keep(h, ANN, users[COUNT(users) - 1], "x"), ERR_OK);
	assert_int_equal(stored(h, users[1]), MAIL_PAIR_MOST - 1);
	assert_int_equal(chat_verify(h->store, &h->text), ERR_OK);
}

static void a_box_is_bounded(void **state)
{
	struct hall *h = *state;
	user_id from = 0;
	char name[16];

	for (size_t i = 0; i < MAIL_BOX_MOST; i++) {
		if (i % MAIL_PAIR_MOST == 0) {
			snprintf(name, sizeof(name), "more%zu", i);
			from = hall_user(h, name);
		}
		assert_int_equal(keep(h, from, BEN, "x"), ERR_OK);
	}
	assert_int_equal(keep(h, ANN, BEN, "x"), ERR_LIMIT);
	assert_int_equal(take(h, BEN), MAIL_PAGE);
	assert_int_equal(keep(h, ANN, BEN, "x"), ERR_OK);
	assert_int_equal(stored(h, BEN), MAIL_BOX_MOST);
	assert_int_equal(waiting(h, BEN), MAIL_BOX_MOST - MAIL_PAGE + 1);
	assert_int_equal(chat_verify(h->store, &h->text), ERR_OK);
}

/* Everything happens a minute later each time, as the keeper would have it. */
static void pass(struct hall *h, int days)
{
	clock_fake_advance(days * INT64_C(1) * DAY_MS);
	chat_tick(h->chat);
	clock_fake_advance(60 * 1000);
	chat_tick(h->chat);
}

static void what_was_read_stays_a_week(void **state)
{
	struct hall *h = *state;

	chat_tick(h->chat); /* it has just been started */
	assert_int_equal(keep(h, ANN, BEN, "one"), ERR_OK);
	assert_int_equal(keep(h, ANN, CLEO, "waits"), ERR_OK);
	pass(h, 30);
	assert_int_equal(take(h, BEN), 1);
	pass(h, MAIL_READ_DAYS - 1);
	assert_int_equal(stored(h, BEN), 1);
	pass(h, 1);
	assert_int_equal(stored(h, BEN), 0);
	assert_int_equal(stored(h, CLEO), 1);
	assert_int_equal(chat_verify(h->store, &h->text), ERR_OK);
}

static void it_goes_with_either(void **state)
{
	struct hall *h = *state;
	struct actor by = actor(DAN);

	assert_int_equal(keep(h, ANN, BEN, "x"), ERR_OK);
	assert_int_equal(keep(h, BEN, CLEO, "x"), ERR_OK);
	assert_int_equal(keep(h, ANN, CLEO, "x"), ERR_OK);
	assert_int_equal(heritage_remove(h->chat, &by, BEN, &hall_entry),
			 ERR_OK);
	assert_int_equal(stored(h, BEN), 0);
	assert_int_equal(stored(h, CLEO), 1);
	assert_int_equal(keep(h, ANN, BEN, "x"), ERR_NO_SUCH_USER);
	assert_int_equal(chat_verify(h->store, &h->text), ERR_OK);
}

static void records_are_decoded(void **state)
{
	struct mail mail = { 7, BEN, ANN, 1000, 2000, NULL };
	AUTO(buf_fini) struct buf out = { 0 };
	struct mail back;

	(void)state;
	mail.text = mem_text("psst");
	mail_encode(&mail, &out);
	mail_fini(&mail);
	assert_true(mail_decode(buf_at(&out), buf_len(&out), &back));
	assert_int_equal(back.id, 7);
	assert_int_equal(back.to, BEN);
	assert_int_equal(back.from, ANN);
	assert_int_equal(back.time_ms, 1000);
	assert_int_equal(back.read_ms, 2000);
	assert_string_equal(back.text, "psst");
	mail_fini(&back);
	for (size_t len = 0; len < buf_len(&out); len++)
		assert_false(mail_decode(buf_at(&out), len, &back));
	buf_add_char(&out, 'x');
	assert_false(mail_decode(buf_at(&out), buf_len(&out), &back));
}

/* What is planted: a key and a value in a table. */
struct planting {
	struct hall *hall;
	const char *table;
	user_id first;
	uint64_t second;
	const char *value;
	size_t len;
};

static enum err plant_one(struct store_txn *txn, void *arg)
{
	const struct planting *p = arg;
	uint8_t key[RECORD_KEY_PAIR];
	struct store_table *table = store_table(p->hall->store, p->table);

	record_key_pair(p->first, p->second, key);
	return p->value == NULL ? store_delete(txn, table, key, sizeof(key))
				: store_put(txn, table, key, sizeof(key),
					    p->value, p->len);
}

static const struct damage {
	const char *table;
	user_id first;
	uint64_t second;
	const char *value;
	size_t len;
	const char *finding;
} damages[] = {
	{ "mail", BEN, 1, "\1x", 2, "mail: a record cannot be read\n" },
	{ "mail_sent", ANN, 1, "\1x", 2,
	  "mail_sent: a record cannot be read\n" },
	{ "mail", BEN, 1, NULL, 0, "mail: #1 and its index differ\n" },
	{ "mail_sent", ANN, 2, NULL, 0, "mail: #2 and its index differ\n" },
	{ "mail_sent", CLEO, 2, "\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\0", 17,
	  "mail: #2 and its index differ\n" },
};

static void what_is_broken_is_found(void **state)
{
	struct hall *h = *state;

	for (size_t i = 0; i < COUNT(damages); i++) {
		const struct damage *d = &damages[i];
		AUTO(buf_fini) struct buf report = { 0 };
		struct planting p = { h,         d->table, d->first,
				      d->second, d->value, d->len };

		assert_int_equal(keep(h, ANN, BEN, "x"), ERR_OK);
		assert_int_equal(keep(h, ANN, BEN, "y"), ERR_OK);
		assert_int_equal(store_run(h->store, plant_one, &p), ERR_OK);
		assert_int_equal(chat_verify(h->store, &report), ERR_CORRUPT);
		assert_non_null(strstr(buf_text(&report), d->finding));
		hall_teardown(state);
		hall_setup(state);
		h = *state;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(it_waits_until_it_is_read),
		IN_HALL(a_sender_is_bounded),
		IN_HALL(a_box_is_bounded),
		IN_HALL(what_was_read_stays_a_week),
		IN_HALL(it_goes_with_either),
		IN_HALL(what_is_broken_is_found),
		cmocka_unit_test(records_are_decoded),
	};

	clock_fake(1000);
	return cmocka_run_group_tests_name("mail", tests, NULL, NULL);
}
