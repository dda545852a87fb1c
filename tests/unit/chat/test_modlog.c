#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "chat/act.h"
#include "chat/chat_fields.h"
#include "chat/modlog.h"
#include "chat/verify.h"
#include "hall.h"

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

static enum err act(struct hall *h, struct room *room, const char *target,
		    store_fn *fn)
{
	struct actor by = { .user = 1, .roles = ROLE_USER, .name = "ann" };
	struct act act = { .by = &by,
			   .action = "room.kick",
			   .room = room,
			   .target = target,
			   .detail = "spamming" };
	enum err e;

	mutex_lock(&h->chat->change);
	e = act_run(h->chat, &act, fn, NULL);
	mutex_unlock(&h->chat->change);
	return e;
}

/* The page as "ID:TARGET ID:TARGET", with "… " before it when there is more. */
static const char *read_page(struct hall *h, const char *room, uint64_t before,
			     size_t most)
{
	AUTO(modlog_page_fini) struct modlog_page page;

	assert_int_equal(modlog_read(h->store, room, before, most, &page),
			 ERR_OK);
	buf_reset(&h->text);
	if (page.has_older)
		buf_add_text(&h->text, "… ");
	for (size_t i = 0; i < page.count; i++) {
		buf_print(&h->text, "%s%llu:%s", i > 0 ? " " : "",
			  (unsigned long long)page.list[i].id,
			  page.list[i].target);
		assert_string_equal(page.list[i].action, "room.kick");
		assert_string_equal(page.list[i].by, "ann");
		assert_string_equal(page.list[i].detail, "spamming");
	}
	return buf_text(&h->text);
}

static void make_room(struct hall *h, const char *name)
{
	struct person *ann = hall_come(h, 1, "ann", 0, 1);

	assert_int_equal(hall_join(h, ann, name), ERR_OK);
	hall_go(h, &ann, 0);
}

static void each_room_has_its_own(void **state)
{
	struct hall *h = *state;
	struct room *room;
	struct room *other;

	make_room(h, "den");
	make_room(h, "den2");
	room = chat_room(h->chat, "den");
	other = chat_room(h->chat, "den2");
	assert_string_equal(read_page(h, "den", 0, 10), "");
	assert_int_equal(act(h, room, "troll", NULL), ERR_OK);
	assert_int_equal(act(h, other, "zoe", NULL), ERR_OK);
	assert_int_equal(act(h, room, "spammer", NULL), ERR_OK);
	assert_int_equal(act(h, NULL, "dan", NULL), ERR_OK);
	room_unref(&room);
	room_unref(&other);
	hall_reopen(h);
	assert_string_equal(read_page(h, "den", 0, 10), "1:troll 2:spammer");
	assert_string_equal(read_page(h, "DEN2", 0, 10), "1:zoe");
	assert_string_equal(read_page(h, "", 0, 10), "1:dan");
	assert_string_equal(read_page(h, "de", 0, 10), "");
}

static enum err refuse(struct store_txn *txn, void *arg)
{
	(void)txn;
	(void)arg;
	return ERR_EXISTS;
}

static void what_was_not_done_is_not_in_it(void **state)
{
	struct hall *h = *state;
	struct room *room = chat_room(h->chat, "lobby");

	assert_int_equal(act(h, room, "troll", refuse), ERR_EXISTS);
	assert_string_equal(read_page(h, "lobby", 0, 10), "");
	room_unref(&room);
}

static enum err fill(struct store_txn *txn, void *arg)
{
	struct hall *h = arg;
	struct modlog_entry entry = { .time_ms = 1,
				      .by = "ann",
				      .action = "room.kick",
				      .detail = "spamming" };
	enum err e = ERR_OK;

	for (int i = 1; e == ERR_OK && i <= MODLOG_MOST + 3; i++) {
		snprintf(entry.target, sizeof(entry.target), "t%d", i);
		e = modlog_write(txn, h->store, "den", &entry);
	}
	return e;
}

static void only_the_newest_are_kept(void **state)
{
	struct hall *h = *state;
	struct modlog_page page;

	assert_int_equal(store_run(h->store, fill, h), ERR_OK);
	assert_string_equal(read_page(h, "den", 0, 2),
			    "… 10002:t10002 10003:t10003");
	assert_string_equal(read_page(h, "den", 10002, 2),
			    "… 10000:t10000 10001:t10001");
	assert_string_equal(read_page(h, "den", 7, 3), "4:t4 5:t5 6:t6");
	assert_string_equal(read_page(h, "den", 6, 3), "4:t4 5:t5");
	assert_string_equal(read_page(h, "den", 4, 3), "");
	assert_string_equal(read_page(h, "den", 1, 3), "");
	assert_string_equal(read_page(h, "den", UINT64_MAX, 1),
			    "… 10003:t10003");
	assert_int_equal(modlog_read(h->store, "den", 0, 5000, &page), ERR_OK);
	assert_int_equal(page.count, MODLOG_PAGE);
	modlog_page_fini(&page);
}

static enum err spoil(struct store_txn *txn, void *arg)
{
	struct hall *h = arg;

	return store_put(txn, store_table(h->store, "modlog"),
			 "den\0\0\0\0\0\0\0\0\1", 12, "\1oops", 5);
}

static void damage_is_found(void **state)
{
	struct hall *h = *state;
	AUTO(buf_fini) struct buf report = { 0 };
	AUTO(modlog_page_fini) struct modlog_page page;
	struct room *room;

	make_room(h, "den");
	room = chat_room(h->chat, "den");
	assert_int_equal(act(h, room, "troll", NULL), ERR_OK);
	room_unref(&room);
	assert_int_equal(chat_verify(h->store, &report), ERR_OK);
	assert_int_equal(store_run(h->store, spoil, h), ERR_OK);
	assert_int_equal(chat_verify(h->store, &report), ERR_CORRUPT);
	assert_string_equal(buf_text(&report),
			    "modlog: a record cannot be read\n");
	assert_int_equal(modlog_read(h->store, "den", 0, 9, &page),
			 ERR_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(each_room_has_its_own),
		IN_HALL(what_was_not_done_is_not_in_it),
		IN_HALL(only_the_newest_are_kept),
		IN_HALL(damage_is_found),
	};

	return cmocka_run_group_tests_name("modlog", tests, NULL, NULL);
}
