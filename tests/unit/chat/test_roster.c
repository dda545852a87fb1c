#include "chat/roster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "hall.h"

static const struct room_facts sound = {
	.name = "Den",
	.owner = 5,
	.created_ms = 1700000000000,
	.topic = "tea",
	.topic_by = "ann",
	.topic_ms = 1700000000001,
	.successor = 6,
	.modes = { .set = 1U << MODE_KEY | 1U << MODE_LIMIT |
			  1U << MODE_MODERATED | 1U << MODE_SLOW,
		   .values = { [MODE_KEY] = 1,
			       [MODE_LIMIT] = 50,
			       [MODE_MODERATED] = 1,
			       [MODE_SLOW] = 10 },
		   .ranks = { [MODE_KEY] = RANK_OP,
			      [MODE_LIMIT] = RANK_OWNER,
			      [MODE_MODERATED] = RANK_ADMIN,
			      [MODE_SLOW] = RANK_MODERATOR },
		   .salt = { 1, 2, 3 },
		   .lock = { 4, 0, 5 } },
	.retention = { .count = 500, .age_s = 86400 },
};

static void facts_are_read_as_written(void **state)
{
	AUTO(buf_fini) struct buf bytes = { 0 };
	struct room_facts facts;

	(void)state;
	room_facts_encode(&sound, &bytes);
	assert_true(room_facts_decode(buf_at(&bytes), buf_len(&bytes), &facts));
	assert_string_equal(facts.name, "Den");
	assert_int_equal(facts.owner, 5);
	assert_int_equal(facts.created_ms, 1700000000000);
	assert_string_equal(facts.topic, "tea");
	assert_string_equal(facts.topic_by, "ann");
	assert_int_equal(facts.topic_ms, 1700000000001);
	assert_int_equal(facts.successor, 6);
	assert_memory_equal(&facts.modes, &sound.modes, sizeof(facts.modes));
}

/* What lies behind modes and successor when there are none. */
enum { RETENTION_BYTES = 13, MODES_BYTES = 12 };

/* As older versions wrote it: it ends where what is new would begin. */
static void the_first_version_is_read(void **state)
{
	AUTO(buf_fini) struct buf bytes = { 0 };
	struct room_facts facts = sound;
	struct room_facts again;

	(void)state;
	memset(&facts.modes, 0, sizeof(facts.modes));
	memset(&facts.retention, 0, sizeof(facts.retention));
	facts.successor = 0;
	room_facts_encode(&facts, &bytes);
	buf_cut(&bytes, buf_len(&bytes) - MODES_BYTES - RETENTION_BYTES);
	buf_at(&bytes)[0] = 1;
	assert_true(room_facts_decode(buf_at(&bytes), buf_len(&bytes), &again));
	assert_memory_equal(&facts, &again, sizeof(facts));
}

static void the_second_version_is_read(void **state)
{
	AUTO(buf_fini) struct buf bytes = { 0 };
	struct room_facts facts = sound;
	struct room_facts again;

	(void)state;
	memset(&facts.retention, 0, sizeof(facts.retention));
	room_facts_encode(&facts, &bytes);
	buf_cut(&bytes, buf_len(&bytes) - RETENTION_BYTES);
	buf_at(&bytes)[0] = 2;
	assert_true(room_facts_decode(buf_at(&bytes), buf_len(&bytes), &again));
	assert_memory_equal(&facts, &again, sizeof(facts));
}

/* Counted from the end of the sound record: what lies there, and may not. */
static const struct spoilt_mode {
	const char *name;
	size_t from_end;
	int byte;
} spoilt_modes[] = {
	{ "a mode that is not known", 72, 0x80 },
	{ "a key of value 2", 65, 2 },
	{ "a rank above all", 64, 7 },
	{ "a limit of 0", 60, 0 },
	{ "a limit too high", 62, 2 },
	{ "a flag that is 2", 55, 2 },
};

static void spoilt_modes_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(spoilt_modes); i++) {
		const struct spoilt_mode *c = &spoilt_modes[i];
		AUTO(buf_fini) struct buf bytes = { 0 };
		struct room_facts facts;
		size_t at;

		print_message("# %s\n", c->name);
		room_facts_encode(&sound, &bytes);
		at = buf_len(&bytes) - RETENTION_BYTES - c->from_end;
		assert_true(buf_at(&bytes)[at] != c->byte);
		buf_at(&bytes)[at] = (char)c->byte;
		assert_false(room_facts_decode(buf_at(&bytes), buf_len(&bytes),
					       &facts));
	}
}

static void the_longest_facts(void **state)
{
	AUTO(buf_fini) struct buf bytes = { 0 };
	struct room_facts facts = { .owner = UINT64_MAX };
	struct room_facts again;

	(void)state;
	memset(facts.name, 'n', NAME_MOST);
	memset(facts.topic, 't', TOPIC_MOST);
	memset(facts.topic_by, 'b', NAME_MOST);
	room_facts_encode(&facts, &bytes);
	assert_true(room_facts_decode(buf_at(&bytes), buf_len(&bytes), &again));
	assert_memory_equal(&facts, &again, sizeof(facts));
}

/* The name "Den" lies at 3: a version, a length of two bytes, its bytes. */
static const struct spoilt_case {
	const char *name;
	size_t at;
	int byte; /* -1: cut there */
} spoilt_cases[] = {
	{ "nothing at all", 0, -1 },
	{ "only the version", 1, -1 },
	{ "a newer version", 0, 4 },
	{ "an older one, with more behind it", 0, 1 },
	{ "no version", 0, 0 },
	{ "a name that is cut", 4, -1 },
	{ "a length beyond the end", 1, 0xff },
	{ "a length beyond the field", 2, 40 },
	{ "no name", 2, 0 },
	{ "a NUL in the name", 4, 0 },
	{ "a space in the name", 4, ' ' },
	{ "a digit first", 3, '7' },
	{ "no owner", 6, -1 },
	{ "half an owner", 10, -1 },
};

static void spoilt_facts_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(spoilt_cases); i++) {
		const struct spoilt_case *c = &spoilt_cases[i];
		AUTO(buf_fini) struct buf bytes = { 0 };
		struct room_facts facts;
		char *copy;

		print_message("# %s\n", c->name);
		room_facts_encode(&sound, &bytes);
		if (c->byte < 0)
			buf_cut(&bytes, c->at);
		else
			buf_at(&bytes)[c->at] = (char)c->byte;
		/* Not a byte longer, so that a sanitizer sees more. */
		copy = mem_copy(buf_at(&bytes), buf_len(&bytes));
		assert_false(room_facts_decode(copy, buf_len(&bytes), &facts));
		mem_free(copy);
	}
}

static void facts_end_where_they_end(void **state)
{
	AUTO(buf_fini) struct buf bytes = { 0 };
	struct room_facts facts;

	(void)state;
	room_facts_encode(&sound, &bytes);
	buf_add_char(&bytes, '\0');
	assert_false(
		room_facts_decode(buf_at(&bytes), buf_len(&bytes), &facts));
	for (size_t len = 0; len + 1 < buf_len(&bytes); len++)
		assert_false(room_facts_decode(buf_at(&bytes), len, &facts));
}

static void a_room_is_added_once(void **state)
{
	struct hall *h = *state;
	struct room_facts other = sound;

	assert_int_equal(roster_add_room(h->store, &sound), ERR_OK);
	snprintf(other.name, sizeof(other.name), "dEN");
	assert_int_equal(roster_add_room(h->store, &other), ERR_EXISTS);
}

static void members_come_and_go(void **state)
{
	struct hall *h = *state;
	struct store *store = h->store;
	AUTO(room_names_fini) struct room_names names = { 0 };
	AUTO(buf_fini) struct buf report = { 0 };

	assert_int_equal(roster_add_room(store, &sound), ERR_OK);
	assert_int_equal(roster_list(store, 5, &names), ERR_OK);
	assert_int_equal(names.count, 1); /* its owner */
	assert_string_equal(names.names[0], "den");
	assert_int_equal(roster_add_member(store, 5, "LOBBY"), ERR_OK);
	assert_int_equal(roster_add_member(store, 5, "lobby"), ERR_OK);
	assert_int_equal(roster_add_member(store, 6, "den"), ERR_OK);
	assert_int_equal(roster_list(store, 5, &names), ERR_OK);
	assert_int_equal(names.count, 2);
	assert_int_equal(roster_drop_member(store, 5, "Den"), ERR_OK);
	assert_int_equal(roster_drop_member(store, 5, "den"), ERR_OK);
	assert_int_equal(roster_list(store, 5, &names), ERR_OK);
	assert_int_equal(names.count, 1);
	assert_string_equal(names.names[0], "lobby");
	assert_int_equal(roster_drop_user(store, 5), ERR_OK);
	assert_int_equal(roster_drop_user(store, 77), ERR_OK);
	assert_int_equal(roster_list(store, 5, &names), ERR_OK);
	assert_int_equal(names.count, 0);
	assert_int_equal(roster_list(store, 6, &names), ERR_OK);
	assert_int_equal(names.count, 1);
	assert_int_equal(roster_verify(store, &report), ERR_OK);
	assert_int_equal(buf_len(&report), 0);
}

static void users_numbers_are_whole_keys(void **state)
{
	struct hall *h = *state;
	AUTO(room_names_fini) struct room_names names = { 0 };

	/* In the key one is a prefix of nothing but itself. */
	assert_int_equal(roster_add_member(h->store, 1, "lobby"), ERR_OK);
	assert_int_equal(roster_add_member(h->store, 256, "lobby"), ERR_OK);
	assert_int_equal(
		roster_add_member(h->store, 0x6c00000000000000, "lobby"),
		ERR_OK);
	assert_int_equal(roster_list(h->store, 1, &names), ERR_OK);
	assert_int_equal(names.count, 1);
	assert_int_equal(roster_list(h->store, 0x6c00000000000000, &names),
			 ERR_OK);
	assert_int_equal(names.count, 1);
}

struct row {
	struct store *store;
	const char *table;
	const char *key;
	size_t key_len;
	const char *value;
	size_t value_len;
};

static enum err put_row(struct store_txn *txn, void *arg)
{
	const struct row *row = arg;

	return store_put(txn, store_table(row->store, row->table), row->key,
			 row->key_len, row->value, row->value_len);
}

static const struct finding_case {
	const char *name;
	const char *table;
	const char *key;
	size_t key_len;
	const char *finding;
} finding_cases[] = {
	{ "a room that cannot be read", "rooms", "attic", 5,
	  "rooms: the record \"attic\" cannot be read\n" },
	{ "a member of no room", "members", "\0\0\0\0\0\0\0\1gone", 12,
	  "members: user 1 is in a room \"gone\" that is not there\n" },
	{ "a member's key that is short", "members", "\0\0\1", 3,
	  "members: a key is too short\n" },
	{ "a key with hostile bytes", "rooms", "\x1b[2J", 4,
	  "rooms: the record \"?[2J\" cannot be read\n" },
};

static void what_is_wrong_is_found(void **state)
{
	for (size_t i = 0; i < COUNT(finding_cases); i++) {
		const struct finding_case *c = &finding_cases[i];
		AUTO(buf_fini) struct buf report = { 0 };
		struct hall *h = *state;
		struct row row = { h->store,   c->table,   c->key,
				   c->key_len, "nonsense", 8 };

		print_message("# %s\n", c->name);
		assert_int_equal(store_run(h->store, put_row, &row), ERR_OK);
		assert_int_equal(roster_verify(h->store, &report), ERR_CORRUPT);
		assert_string_equal(buf_text(&report), c->finding);
		hall_teardown(state);
		hall_setup(state);
	}
}

static void note_visit(const struct room_facts *facts, void *arg)
{
	buf_print(arg, "%s ", facts->name);
}

static void one_bad_room_hides_no_other(void **state)
{
	struct hall *h = *state;
	struct row row = { h->store, "rooms", "ear", 3, "nonsense", 8 };
	AUTO(buf_fini) struct buf seen = { 0 };

	assert_int_equal(roster_add_room(h->store, &sound), ERR_OK);
	assert_int_equal(roster_walk(h->store, note_visit, &seen), ERR_OK);
	assert_string_equal(buf_text(&seen), "Den lobby ");
	assert_int_equal(store_run(h->store, put_row, &row), ERR_OK);
	buf_reset(&seen);
	assert_int_equal(roster_walk(h->store, note_visit, &seen), ERR_CORRUPT);
	assert_string_equal(buf_text(&seen), "Den lobby ");
}

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_are_read_as_written),
		cmocka_unit_test(the_first_version_is_read),
		cmocka_unit_test(the_second_version_is_read),
		cmocka_unit_test(spoilt_modes_are_refused),
		cmocka_unit_test(the_longest_facts),
		cmocka_unit_test(spoilt_facts_are_refused),
		cmocka_unit_test(facts_end_where_they_end),
		IN_HALL(a_room_is_added_once),
		IN_HALL(members_come_and_go),
		IN_HALL(users_numbers_are_whole_keys),
		IN_HALL(what_is_wrong_is_found),
		IN_HALL(one_bad_room_hides_no_other),
	};

	return cmocka_run_group_tests_name("roster", tests, NULL, NULL);
}
