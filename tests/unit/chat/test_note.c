#include "chat/guard/note.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/chat_fields.h"
#include "chat/rights/heritage.h"
#include "chat/verify.h"
#include "hall.h"

enum { ANN = 1, BEN, CLEO, DAN, EVE };

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

static struct actor actor(user_id user, role_set more)
{
	struct actor by = { .user = user, .roles = ROLE_USER | more };

	snprintf(by.name, sizeof(by.name), "user%llu",
		 (unsigned long long)user);
	return by;
}

static struct user get(struct hall *h, user_id id)
{
	struct user user;

	assert_int_equal(users_get(h->users, id, &user), ERR_OK);
	return user;
}

/* The number, or 0. */
static uint64_t add(struct hall *h, user_id on, const char *text)
{
	struct actor dan = actor(DAN, ROLE_MODERATOR);
	struct user user = get(h, on);
	uint64_t id;
	enum err e = note_add(h->chat, &dan, &user, text, &id, NULL);

	return e == ERR_OK ? id : 0;
}

static size_t count_on(struct hall *h, user_id on)
{
	struct note *notes;
	size_t count;

	assert_int_equal(note_list(h->store, on, &notes, &count), ERR_OK);
	mem_free(notes);
	return count;
}

static void notes_last_until_they_are_removed(void **state)
{
	struct hall *h = *state;
	struct actor dan = actor(DAN, ROLE_MODERATOR);
	struct user ben = get(h, BEN);
	struct note *notes;
	size_t count;

	assert_int_equal(add(h, BEN, "was warned"), 1);
	assert_int_equal(add(h, CLEO, "is nice"), 2);
	assert_int_equal(add(h, BEN, "again"), 3);
	hall_reopen(h);
	assert_int_equal(note_list(h->store, BEN, &notes, &count), ERR_OK);
	assert_int_equal(count, 2);
	assert_int_equal(notes[0].id, 1);
	assert_string_equal(notes[0].by, "user4");
	assert_int_equal(notes[0].by_rank, RANK_MODERATOR);
	assert_string_equal(notes[0].text, "was warned");
	assert_int_equal(notes[1].id, 3);
	mem_free(notes);
	assert_int_equal(note_remove(h->chat, &dan, &ben, 2, NULL),
			 ERR_NOT_FOUND);
	assert_int_equal(note_remove(h->chat, &dan, &ben, 3, NULL), ERR_OK);
	assert_int_equal(note_remove(h->chat, &dan, &ben, 3, NULL),
			 ERR_NOT_FOUND);
	assert_int_equal(count_on(h, BEN), 1);
	assert_int_equal(add(h, BEN, "once more"), 4);
}

static void they_go_with_the_user_alone(void **state)
{
	struct hall *h = *state;
	struct actor eve = actor(EVE, ROLE_ADMIN);
	struct user ben = get(h, BEN);
	uint64_t id;

	assert_int_equal(add(h, BEN, "was warned"), 1);
	assert_int_equal(add(h, CLEO, "is nice"), 2);
	assert_int_equal(heritage_remove(h->chat, &eve, BEN, &hall_entry),
			 ERR_OK);
	assert_int_equal(count_on(h, BEN), 0);
	assert_int_equal(count_on(h, CLEO), 1);
	/* Who was found before that leaves nothing behind. */
	assert_int_equal(note_add(h->chat, &eve, &ben, "late", &id, NULL),
			 ERR_NO_SUCH_USER);
	assert_int_equal(count_on(h, BEN), 0);
	assert_int_equal(chat_verify(h->store, &h->text), ERR_OK);
}

static void they_follow_the_ranks(void **state)
{
	struct hall *h = *state;
	struct actor ann = actor(ANN, ROLE_AUDITOR);
	struct actor dan = actor(DAN, ROLE_MODERATOR);
	struct actor eve = actor(EVE, ROLE_ADMIN);
	struct user ben = get(h, BEN);
	struct user chief = get(h, EVE);
	uint64_t id;

	chief.roles |= ROLE_ADMIN;
	assert_int_equal(note_add(h->chat, &ann, &ben, "x", &id, NULL),
			 ERR_NOT_ALLOWED);
	assert_int_equal(note_add(h->chat, &dan, &chief, "x", &id, NULL),
			 ERR_RANK);
	assert_int_equal(note_add(h->chat, &eve, &ben, "x", &id, NULL), ERR_OK);
	assert_int_equal(note_remove(h->chat, &dan, &ben, id, NULL), ERR_RANK);
	assert_int_equal(note_remove(h->chat, &ann, &ben, id, NULL),
			 ERR_NOT_ALLOWED);
	assert_int_equal(count_on(h, BEN), 1);
	assert_int_equal(note_remove(h->chat, &eve, &ben, id, NULL), ERR_OK);
}

static bool find_act(const struct audit_record *record, void *arg)
{
	unsigned *found = arg;

	/* What is noted is nobody's to read but the staff's. */
	assert_null(strstr(record->entry.detail, "warned"));
	if (strcmp(record->entry.action, "user.note") == 0 ||
	    strcmp(record->entry.action, "user.unnote") == 0)
		++*found;
	return true;
}

static void they_are_recorded(void **state)
{
	struct hall *h = *state;
	struct actor dan = actor(DAN, ROLE_MODERATOR);
	struct user ben = get(h, BEN);
	unsigned found = 0;

	assert_int_equal(add(h, BEN, "was warned"), 1);
	assert_int_equal(note_remove(h->chat, &dan, &ben, 1, NULL), ERR_OK);
	assert_int_equal(note_remove(h->chat, &dan, &ben, 1, NULL),
			 ERR_NOT_FOUND);
	assert_int_equal(trail_walk(h->trail, 1, find_act, &found), ERR_OK);
	assert_int_equal(found, 2);
}

static void there_are_bounds(void **state)
{
	struct hall *h = *state;
	char text[NOTE_TEXT_MOST + 2] = "";

	assert_int_equal(add(h, BEN, ""), 0);
	memset(text, 'x', NOTE_TEXT_MOST + 1);
	assert_int_equal(add(h, BEN, text), 0);
	text[NOTE_TEXT_MOST] = '\0';
	for (int i = 0; i < NOTES_MOST; i++)
		assert_int_not_equal(add(h, BEN, text), 0);
	assert_int_equal(add(h, BEN, "one more"), 0);
	assert_int_equal(count_on(h, BEN), NOTES_MOST);
	assert_int_not_equal(add(h, CLEO, "x"), 0);
}

static enum err put_broken(struct store_txn *txn, void *arg)
{
	static const char key[] = "\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\1";
	struct hall *h = arg;

	return store_put(txn, store_table(h->store, "notes"), key, 16, "\1x",
			 2);
}

static void what_is_broken_is_found(void **state)
{
	AUTO(buf_fini) struct buf report = { 0 };
	struct hall *h = *state;
	struct note *notes;
	size_t count;

	assert_int_equal(store_run(h->store, put_broken, h), ERR_OK);
	assert_int_equal(chat_verify(h->store, &report), ERR_CORRUPT);
	assert_non_null(strstr(buf_text(&report), "notes: "));
	assert_int_equal(note_list(h->store, BEN, &notes, &count), ERR_CORRUPT);
	mem_free(notes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(notes_last_until_they_are_removed),
		IN_HALL(they_go_with_the_user_alone),
		IN_HALL(they_follow_the_ranks),
		IN_HALL(they_are_recorded),
		IN_HALL(there_are_bounds),
		IN_HALL(what_is_broken_is_found),
	};

	clock_fake(1000);
	return cmocka_run_group_tests_name("note", tests, NULL, NULL);
}
