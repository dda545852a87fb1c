#include "chat/ignore/ignores.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/chat_fields.h"
#include "chat/ignore/ignore_act.h"
#include "chat/ignore/ignore_people.h"
#include "chat/person_fields.h"
#include "chat/rights/heritage.h"
#include "chat/verify.h"
#include "hall.h"

enum { ANN = 1, BEN, CLEO, DAN };

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

static void lists_are_added_to_and_taken_from(void **state)
{
	struct ignore_list list = { .count = 0 };
	struct ignore ben = { .number = BEN, .kinds = IGNORE_ROOMS };
	struct ignore zoe = { .number = 99, .guest = "Zoe", .kinds = 15 };
	AUTO(buf_fini) struct buf text = { 0 };

	(void)state;
	assert_true(ignore_list_add(&list, &ben));
	ben.kinds = IGNORE_MEMOS;
	assert_true(ignore_list_add(&list, &ben));
	assert_true(ignore_list_add(&list, &zoe));
	assert_int_equal(list.count, 2);
	assert_int_equal(list.list[0].kinds, IGNORE_ROOMS | IGNORE_MEMOS);
	assert_ptr_equal(ignore_list_find(&list, 99, ""), &list.list[1]);
	assert_ptr_equal(ignore_list_find(&list, 0, "zOE"), &list.list[1]);
	assert_null(ignore_list_find(&list, 0, ""));
	assert_null(ignore_list_find(&list, CLEO, "ben"));
	ignore_list_take(&list, &list.list[0], IGNORE_ROOMS | IGNORE_PRIVATE);
	assert_int_equal(list.list[0].kinds, IGNORE_MEMOS);
	ignore_list_take(&list, &list.list[0], IGNORE_ALL);
	assert_int_equal(list.count, 1);
	ignore_print_kinds(list.list[0].kinds, &text);
	assert_string_equal(buf_text(&text),
			    "rooms, private, invitations, memos");
	assert_int_equal(ignore_kind("Private"), IGNORE_PRIVATE);
	assert_int_equal(ignore_kind("all"), 0);
}

static void records_are_decoded(void **state)
{
	struct ignore_list list = {
		.list = { { BEN, "", IGNORE_ROOMS }, { 99, "Zoe", 15 } },
		.count = 2,
	};
	AUTO(buf_fini) struct buf out = { 0 };
	struct ignore_list back;

	(void)state;
	ignore_encode(&list, &out);
	assert_true(ignore_decode(buf_at(&out), buf_len(&out), &back));
	assert_int_equal(back.count, 2);
	assert_int_equal(back.list[0].number, BEN);
	assert_int_equal(back.list[1].number, 0); /* another guest, by then */
	assert_string_equal(back.list[1].guest, "Zoe");
	for (size_t len = 0; len < buf_len(&out); len++)
		assert_false(ignore_decode(buf_at(&out), len, &back));
	list.list[0].kinds = 16;
	buf_reset(&out);
	ignore_encode(&list, &out);
	assert_false(ignore_decode(buf_at(&out), buf_len(&out), &back));
}

static void set(struct ignores *all, uint64_t who, uint64_t number,
		const char *guest, unsigned kinds)
{
	struct ignore_list list = { .list = { { number, "", kinds } },
				    .count = kinds != 0 };

	snprintf(list.list[0].guest, sizeof(list.list[0].guest), "%s", guest);
	ignores_set(all, who, &list);
}

static void it_is_known_who_is_shunned(void **state)
{
	struct ignores *all = ignores_new();
	uint64_t *who;
	size_t count;

	(void)state;
	set(all, ANN, BEN, "", IGNORE_ROOMS);
	set(all, CLEO, BEN, "", IGNORE_ALL);
	set(all, DAN, 99, "Zoe", IGNORE_ROOMS);
	assert_true(ignores_has(all, ANN, BEN, "", IGNORE_ROOMS));
	assert_false(ignores_has(all, ANN, BEN, "", IGNORE_MEMOS));
	assert_false(ignores_has(all, BEN, ANN, "", IGNORE_ROOMS));
	assert_true(ignores_has(all, DAN, 99, "Zora", IGNORE_ROOMS));
	assert_true(ignores_has(all, DAN, 98, "zoe", IGNORE_ROOMS));
	assert_false(ignores_has(all, DAN, 98, "zora", IGNORE_ROOMS));
	assert_true(ignores_shun(all, BEN, ""));
	assert_true(ignores_shun(all, 98, "zoE"));
	assert_false(ignores_shun(all, CLEO, ""));
	who = ignores_of(all, BEN, &count);
	assert_int_equal(count, 2);
	mem_free(who);
	set(all, ANN, 0, "", 0);
	assert_true(ignores_shun(all, BEN, ""));
	set(all, CLEO, BEN, "", IGNORE_PRIVATE);
	assert_false(ignores_shun(all, BEN, ""));
	set(all, DAN, 0, "", 0);
	assert_false(ignores_shun(all, 98, "zoe"));
	ignores_free(&all);
}

static void ignore(struct hall *h, struct person *who, const char *name,
		   unsigned kinds)
{
	struct actor by = hall_actor(who);
	struct ignoring what = { .name = name, .kinds = kinds };

	assert_int_equal(ignore_add(h->chat, &by, &what, NULL), ERR_OK);
	assert_int_equal(what.kinds_r, kinds);
}

static void unignore(struct hall *h, struct person *who, const char *name)
{
	struct actor by = hall_actor(who);
	struct ignoring what = { .name = name, .kinds = IGNORE_ALL };

	assert_int_equal(ignore_take(h->chat, &by, &what, NULL), ERR_OK);
}

/* What the first ear heard last. */
static struct message *last(struct hall *h)
{
	return h->ears[0].heard[h->ears[0].count - 1];
}

/* Nobody looks for those who ignore somebody unless there may be some. */
static void only_words_of_the_shunned_are_marked(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, ANN, "user1", 0, 1);
	struct person *ben = hall_come(h, BEN, "user2", 0, 2);
	struct person *zoe = hall_come(h, 0, "zoe", 0, 3);

	assert_int_equal(hall_say(h, ben, "lobby", "hello"), ERR_OK);
	assert_false(last(h)->is_shunned);
	assert_false(ignore_hides(ann, last(h)));
	ignore(h, ann, "user2", IGNORE_PRIVATE);
	assert_int_equal(hall_say(h, ben, "lobby", "hello"), ERR_OK);
	assert_false(last(h)->is_shunned);
	unignore(h, ann, "user2");
	ignore(h, ann, "user2", IGNORE_ROOMS);
	assert_true(ignore_hides(ann, last(h))); /* as in a replay */
	assert_int_equal(hall_say(h, ben, "lobby", "hello"), ERR_OK);
	assert_true(last(h)->is_shunned);
	assert_true(ignore_hides(ann, last(h)));
	assert_false(ignore_hides(zoe, last(h)));
	assert_int_equal(hall_say(h, zoe, "lobby", "hello"), ERR_OK);
	assert_false(last(h)->is_shunned);
	ignore(h, ann, "zoe", IGNORE_ROOMS);
	assert_int_equal(chat_rename(h->chat, zoe, "zora"), ERR_OK);
	assert_int_equal(hall_say(h, zoe, "lobby", "hello"), ERR_OK);
	assert_true(last(h)->is_shunned);
	assert_true(ignore_hides(ann, last(h)));
	unignore(h, ann, "user2");
	assert_int_equal(hall_say(h, ben, "lobby", "hello"), ERR_OK);
	assert_false(last(h)->is_shunned);
	hall_go(h, &ben, 0);
	hall_go(h, &zoe, 0);
	hall_go(h, &ann, 0);
}

static void they_are_weighed_when_they_come(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, ANN, "user1", 0, 1);
	struct person *ben;

	ignore(h, ann, "user2", IGNORE_ROOMS);
	hall_go(h, &ann, 0);
	hall_reopen(h);
	ben = hall_come(h, BEN, "user2", 0, 2);
	ann = hall_come(h, ANN, "user1", 0, 1);
	assert_int_equal(hall_say(h, ben, "lobby", "hello"), ERR_OK);
	assert_true(last(h)->is_shunned);
	assert_true(ignore_hides(ann, last(h)));
	assert_true(ignore_has(h->chat, ANN, BEN, IGNORE_ROOMS));
	assert_false(ignore_has(h->chat, ANN, BEN, IGNORE_MEMOS));
	hall_go(h, &ben, 0);
	hall_go(h, &ann, 0);
}

static void what_a_guest_ignores_goes_with_it(void **state)
{
	struct hall *h = *state;
	struct person *zoe = hall_come(h, 0, "zoe", 0, 3);
	struct person *kept = person_ref(zoe);
	struct actor late = hall_actor(kept);
	struct ignoring what = { .name = "user3", .kinds = IGNORE_ALL };

	ignore(h, zoe, "user2", IGNORE_ALL);
	assert_true(ignores_shun(h->chat->ignores, BEN, ""));
	hall_go(h, &zoe, 0);
	assert_false(ignores_shun(h->chat->ignores, BEN, ""));
	/* What was queued behind changes nothing. */
	assert_int_equal(ignore_add(h->chat, &late, &what, NULL), ERR_OK);
	assert_false(ignores_shun(h->chat->ignores, CLEO, ""));
	person_unref(&kept);
}

static void the_removed_are_on_no_list(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, ANN, "user1", 0, 1);
	struct actor dan = { .user = DAN };

	ignore(h, ann, "user2", IGNORE_ALL);
	ignore(h, ann, "user3", IGNORE_ALL);
	assert_int_equal(heritage_remove(h->chat, &dan, BEN, &hall_entry),
			 ERR_OK);
	assert_false(ignore_has(h->chat, ANN, BEN, IGNORE_MEMOS));
	assert_true(ignore_has(h->chat, ANN, CLEO, IGNORE_MEMOS));
	hall_go(h, &ann, 0);
	hall_reopen(h);
	assert_false(ignore_has(h->chat, ANN, BEN, IGNORE_MEMOS));
	assert_true(ignore_has(h->chat, ANN, CLEO, IGNORE_MEMOS));
	assert_int_equal(heritage_remove(h->chat, &dan, ANN, &hall_entry),
			 ERR_OK);
	hall_reopen(h);
	assert_false(ignore_has(h->chat, ANN, CLEO, IGNORE_MEMOS));
	assert_int_equal(chat_verify(h->store, &h->text), ERR_OK);
}

static enum err put_broken(struct store_txn *txn, void *arg)
{
	static const char key[] = "\0\0\0\0\0\0\0\2";
	struct hall *h = arg;

	return store_put(txn, store_table(h->store, IGNORE_TABLES), key, 8,
			 "\1\1x", 3);
}

static void what_is_broken_is_found(void **state)
{
	AUTO(buf_fini) struct buf report = { 0 };
	struct hall *h = *state;
	struct ignores *all = ignores_new();

	assert_int_equal(store_run(h->store, put_broken, h), ERR_OK);
	assert_int_equal(chat_verify(h->store, &report), ERR_CORRUPT);
	assert_string_equal(buf_text(&report),
			    "ignores: a record cannot be read\n");
	assert_int_equal(ignores_load(all, h->store), ERR_CORRUPT);
	ignores_free(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_are_added_to_and_taken_from),
		cmocka_unit_test(records_are_decoded),
		cmocka_unit_test(it_is_known_who_is_shunned),
		IN_HALL(only_words_of_the_shunned_are_marked),
		IN_HALL(they_are_weighed_when_they_come),
		IN_HALL(what_a_guest_ignores_goes_with_it),
		IN_HALL(the_removed_are_on_no_list),
		IN_HALL(what_is_broken_is_found),
	};

	clock_fake(1000);
	return cmocka_run_group_tests_name("ignore", tests, NULL, NULL);
}
