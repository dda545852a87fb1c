#include "chat/chat.h"
#include "chat/history/recent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/act.h"
#include "chat/chat_fields.h"
#include "chat/rights/heritage.h"
#include "hall.h"

#define assert_hears(hall, ear, text)                                          \
	assert_string_equal(hall_hears(hall, ear), text)

static const struct actor nobody;

static enum err set_topic(struct hall *h, struct person *person,
			  struct room *room, const char *topic)
{
	struct actor by = hall_actor(person);

	return chat_set_topic(h->chat, &by, room, topic, NULL);
}

static void joining_is_the_persons(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 7);
	struct person *twice = hall_come(h, 1, "ann", 1, 8);
	struct person *ben = hall_come(h, 2, "ben", 2, 9);
	struct actor by = hall_actor(ann);
	struct room *room;

	by.origin = 7;
	hall_hush(h);
	assert_int_equal(chat_join(h->chat, &by, "Den", NULL, &room, NULL),
			 ERR_OK);
	assert_string_equal(room_name(room), "Den");
	room_unref(&room);
	assert_int_equal(h->ears[0].heard[0]->origin, 7);
	assert_int_equal(h->ears[0].heard[0]->session, 0);
	assert_hears(h, 0, "entered Den ann +0;");
	assert_hears(h, 1, "entered Den ann +0;");
	assert_hears(h, 2, "");
	assert_int_equal(hall_join(h, ben, "den"), ERR_OK);
	assert_hears(h, 0, "joined Den ben;");
	assert_hears(h, 1, "joined Den ben;");
	assert_hears(h, 2, "entered Den ben +0;");
	assert_int_equal(hall_join(h, ben, "DEN"), ERR_EXISTS);
	assert_hears(h, 2, "");
	room = chat_room(h->chat, "den");
	assert_int_equal(chat_leave(h->chat, ann, room), ERR_OK);
	assert_hears(h, 0, "exited Den ann;");
	assert_hears(h, 1, "exited Den ann;");
	assert_hears(h, 2, "parted Den ann;");
	assert_int_equal(chat_leave(h->chat, ann, room), ERR_NO_ROOM);
	assert_int_equal(hall_say(h, ann, "den", "x"), ERR_NO_ROOM);
	assert_int_equal(hall_say(h, ben, "den", "alone"), ERR_OK);
	assert_hears(h, 0, "");
	assert_hears(h, 2, "say Den ben: alone;");
	room_unref(&room);
	hall_go(h, &twice, 1);
	hall_go(h, &ann, 0);
	hall_go(h, &ben, 2);
}

static void what_was_said_last_is_replayed(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 7);
	struct person *ben;
	const struct message *entered;

	for (int i = 0; i < 6; i++) {
		char text[] = { (char)('a' + i), '\0' };

		assert_int_equal(hall_say(h, ann, "lobby", text), ERR_OK);
	}
	hall_hush(h);
	ben = hall_come(h, 2, "ben", 1, 8);
	entered = h->ears[1].heard[0];
	assert_int_equal(entered->kind, MESSAGE_ENTERED);
	assert_int_equal(entered->replay_count, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_string_equal(entered->replay[i]->from, "ann");
		assert_int_equal(entered->replay[i]->text[0], 'c' + i);
	}
	assert_hears(h, 0, "joined lobby ben;");
	hall_go(h, &ben, 1);
	hall_go(h, &ann, 0);
}

/* However many lines are kept, no more text than RECENT_BYTES_MOST is. */
static const struct bulk_case {
	const char *name;
	size_t bytes; /* of each of four lines */
	size_t kept;
} bulk_cases[] = {
	{ "all fit to the byte", RECENT_BYTES_MOST / 4, 4 },
	{ "the oldest goes", RECENT_BYTES_MOST / 4 + 1, 3 },
	{ "the two oldest go", RECENT_BYTES_MOST / 2, 2 },
	{ "one alone", RECENT_BYTES_MOST, 1 },
	{ "one that is too long for any", RECENT_BYTES_MOST + 1, 0 },
};

static void says_at_length(struct hall *h, struct person *person, size_t bytes)
{
	char *text = mem_zero(bytes + 1);

	for (char c = 'a'; c < 'e'; c++) {
		memset(text, c, bytes);
		assert_int_equal(hall_say(h, person, "lobby", text), ERR_OK);
	}
	mem_free(text);
}

static void a_replay_has_a_size(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 7);

	for (size_t i = 0; i < COUNT(bulk_cases); i++) {
		const struct bulk_case *c = &bulk_cases[i];
		const struct message *entered;
		struct person *ben;

		print_message("# %s\n", c->name);
		says_at_length(h, ann, c->bytes);
		hall_hush(h);
		/* A guest: for a user it would be read from the store. */
		ben = hall_come(h, 0, "ben", 1, 8);
		entered = h->ears[1].heard[0];
		assert_int_equal(entered->replay_count, c->kept);
		for (size_t k = 0; k < c->kept; k++)
			assert_int_equal(entered->replay[k]->text[0],
					 'e' - c->kept + k);
		hall_go(h, &ben, 1);
	}
	hall_go(h, &ann, 0);
}

static const struct join_case {
	const char *name;
	user_id user;
	const char *room;
	enum err want;
} join_cases[] = {
	{ "a guest makes none", 0, "den", ERR_NO_SUCH_ROOM },
	{ "a user does", 1, "den", ERR_OK },
	{ "a guest may enter", 0, "den", ERR_OK },
	{ "the default room", 1, "Lobby", ERR_EXISTS },
	{ "no name", 1, "", ERR_BAD_NAME },
	{ "a bad name", 1, "no spaces", ERR_BAD_NAME },
	{ "a name that is too long", 1, "a23456789b123456789c123456789d123",
	  ERR_BAD_NAME },
	{ "the longest", 1, "a23456789b123456789c123456789d12", ERR_OK },
	{ "the third", 1, "three", ERR_OK },
	{ "a fourth", 1, "four", ERR_ROOM_LIMIT },
	{ "somebody else's fourth", 2, "four", ERR_OK },
	{ "somebody else's room", 1, "four", ERR_OK },
};

static void rooms_are_made_by_users(void **state)
{
	struct hall *h = *state;
	struct person *people[3];

	people[0] = hall_come(h, 0, "gus", 0, 1);
	people[1] = hall_come(h, 1, "ann", 0, 2);
	people[2] = hall_come(h, 2, "ben", 0, 3);
	for (size_t i = 0; i < COUNT(join_cases); i++) {
		const struct join_case *c = &join_cases[i];

		print_message("# %s\n", c->name);
		assert_int_equal(hall_join(h, people[c->user], c->room),
				 c->want);
	}
	for (int i = 0; i < 3; i++)
		hall_go(h, &people[i], 0);
}

static bool note_creation(const struct audit_record *record, void *arg)
{
	const struct audit_entry *entry = &record->entry;
	struct buf *creations = arg;

	if (strcmp(entry->action, "room.create") == 0)
		buf_print(creations, "%s:%s;", entry->actor, entry->target);
	return true;
}

static void whoever_makes_a_room_is_recorded(void **state)
{
	AUTO(buf_fini) struct buf creations = { 0 };
	struct hall *h = *state;
	struct person *gus = hall_come(h, 0, "gus", 0, 1);
	struct person *ann = hall_come(h, 1, "ann", 0, 2);

	assert_int_equal(hall_join(h, gus, "attic"), ERR_NO_SUCH_ROOM);
	assert_int_equal(hall_join(h, ann, "den"), ERR_OK);
	assert_int_equal(hall_join(h, gus, "den"), ERR_OK);
	assert_int_equal(hall_join(h, ann, "den"), ERR_EXISTS);
	assert_int_equal(trail_walk(h->trail, 1, note_creation, &creations),
			 ERR_OK);
	assert_string_equal(buf_text(&creations), "ann:den;");
	hall_go(h, &ann, 0);
	hall_go(h, &gus, 0);
}

static void one_is_in_so_many_rooms(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 1);
	char name[16];

	h->settings.rooms_per_user = 1000;
	chat_change_settings(h->chat, &h->settings);
	for (int i = 1; i < ROOMS_INSIDE_MOST; i++) {
		snprintf(name, sizeof(name), "r%d", i);
		assert_int_equal(hall_join(h, ann, name), ERR_OK);
	}
	assert_int_equal(hall_join(h, ann, "more"), ERR_ROOM_LIMIT);
	assert_int_equal(hall_join(h, ann, "r1"), ERR_EXISTS);
	assert_null(chat_room(h->chat, "more"));
	hall_go(h, &ann, 0);
}

static void rooms_and_memberships_last(void **state)
{
	AUTO(room_names_fini) struct room_names names = { 0 };
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "Ann", 0, 1);
	struct room_facts facts;
	struct room *room;

	assert_int_equal(hall_join(h, ann, "Den"), ERR_OK);
	assert_int_equal(hall_join(h, ann, "attic"), ERR_OK);
	assert_int_equal(hall_join(h, ann, "cellar"), ERR_OK);
	room = chat_room(h->chat, "cellar");
	assert_int_equal(chat_leave(h->chat, ann, room), ERR_OK);
	room_unref(&room);
	hall_go(h, &ann, 0);
	hall_reopen(h);
	room = chat_room(h->chat, "den");
	room_facts(room, &facts);
	assert_string_equal(facts.name, "Den");
	assert_int_equal(facts.owner, 1);
	assert_int_equal(facts.created_ms, clock_wall_ms());
	room_unref(&room);
	assert_int_equal(chat_memberships(h->chat, 1, &names), ERR_OK);
	assert_int_equal(names.count, 2);
	assert_string_equal(names.names[0], "attic");
	assert_string_equal(names.names[1], "den");
	ann = hall_come(h, 1, "Ann", 2, 5);
	assert_hears(h, 2,
		     "entered attic Ann +0;entered Den Ann +0;"
		     "entered lobby Ann +0;");
	hall_go(h, &ann, 2);
}

static void memberships_of_a_room_that_is_gone(void **state)
{
	static char names[2][NAME_MOST + 1] = { "gone", "lobby" };
	struct room_names rooms = { .names = names, .count = 2 };
	struct hall *h = *state;
	struct person *ann;

	assert_int_equal(
		chat_arrive(h->chat,
			    &(struct chat_arrival){ .user = 1,
						    .roles = ROLE_USER,
						    .name = "ann",
						    .address = "192.0.2.1",
						    .rooms = &rooms,
						    .session = 1 },
			    &ann),
		ERR_OK);
	assert_hears(h, 0, "entered lobby ann +0;");
	hall_go(h, &ann, 0);
}

static void topics_last(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 1);
	struct person *gus = hall_come(h, 0, "gus", 1, 2);
	struct room *room = room_ref(chat_default_room(h->chat));
	char topic[TOPIC_MOST + 2];
	struct room_facts facts;

	hall_hush(h);
	assert_int_equal(set_topic(h, gus, room, "x"), ERR_USERS_ONLY);
	memset(topic, 't', sizeof(topic));
	topic[TOPIC_MOST + 1] = '\0';
	assert_int_equal(set_topic(h, ann, room, topic), ERR_BAD_INPUT);
	assert_int_equal(set_topic(h, ann, room, "tea"), ERR_OK);
	assert_hears(h, 0, "topic lobby ann: tea;");
	assert_hears(h, 1, "topic lobby ann: tea;");
	topic[TOPIC_MOST] = '\0';
	assert_int_equal(set_topic(h, ann, room, topic), ERR_OK);
	assert_int_equal(chat_leave(h->chat, ann, room), ERR_OK);
	assert_int_equal(set_topic(h, ann, room, "y"), ERR_NO_ROOM);
	room_unref(&room);
	hall_go(h, &ann, 0);
	hall_go(h, &gus, 1);
	clock_fake_advance(5000);
	hall_reopen(h);
	room_facts(chat_default_room(h->chat), &facts);
	assert_string_equal(facts.topic, topic);
	assert_string_equal(facts.topic_by, "ann");
	assert_int_equal(facts.topic_ms, clock_wall_ms() - 5000);
}

static void a_user_who_is_no_more(void **state)
{
	AUTO(room_names_fini) struct room_names names = { 0 };
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 1);
	struct person *ben = hall_come(h, 2, "ben", 0, 2);
	struct room_facts facts;
	struct room *room;

	assert_int_equal(hall_join(h, ann, "den"), ERR_OK);
	assert_int_equal(hall_join(h, ben, "den"), ERR_OK);
	assert_int_equal(hall_join(h, ben, "bens"), ERR_OK);
	hall_go(h, &ann, 0);
	hall_go(h, &ben, 0);
	assert_int_equal(heritage_remove(h->chat, &nobody, 1, &hall_entry),
			 ERR_OK);
	for (int i = 0; i < 2; i++) {
		room = chat_room(h->chat, "den");
		room_facts(room, &facts);
		assert_int_equal(facts.owner, 0);
		room_unref(&room);
		assert_int_equal(chat_memberships(h->chat, 1, &names), ERR_OK);
		assert_int_equal(names.count, 0);
		assert_int_equal(chat_memberships(h->chat, 2, &names), ERR_OK);
		assert_int_equal(names.count, 2);
		room = chat_room(h->chat, "bens");
		room_facts(room, &facts);
		assert_int_equal(facts.owner, 2);
		room_unref(&room);
		hall_reopen(h);
	}
}

static enum err act_on(struct hall *h, const struct actor *by)
{
	const struct act act = { .by = by, .action = "room.test" };
	enum err e;

	mutex_lock(&h->chat->change);
	e = act_run(h->chat, &act, NULL, NULL);
	mutex_unlock(&h->chat->change);
	return e;
}

/* Until the session has ended. */
static void who_is_removed_changes_nothing(void **state)
{
	AUTO(room_names_fini) struct room_names names = { 0 };
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 1);
	struct actor by = hall_actor(ann);
	struct room *den;

	assert_int_equal(hall_join(h, ann, "den"), ERR_OK);
	den = chat_room(h->chat, "den");
	assert_int_equal(heritage_remove(h->chat, &nobody, 1, &hall_entry),
			 ERR_OK);
	assert_int_equal(hall_join(h, ann, "attic"), ERR_DISABLED);
	assert_null(chat_room(h->chat, "attic"));
	assert_int_equal(chat_set_topic(h->chat, &by, den, "mine", NULL),
			 ERR_DISABLED);
	assert_int_equal(act_on(h, &by), ERR_DISABLED);
	assert_int_equal(heritage_remove(h->chat, &nobody, 1, &hall_entry),
			 ERR_NO_SUCH_USER);
	room_unref(&den);
	hall_go(h, &ann, 0);
	assert_int_equal(roster_list(h->store, 1, &names), ERR_OK);
	assert_int_equal(names.count, 0);
}

static void all_rooms_by_name(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 1);
	struct room **rooms;
	size_t count;

	assert_int_equal(hall_join(h, ann, "Zoo"), ERR_OK);
	assert_int_equal(hall_join(h, ann, "attic"), ERR_OK);
	hall_go(h, &ann, 0);
	rooms = chat_rooms(h->chat, &count);
	assert_int_equal(count, 3);
	assert_string_equal(room_name(rooms[0]), "attic");
	assert_string_equal(room_name(rooms[1]), "lobby");
	assert_string_equal(room_name(rooms[2]), "Zoo");
	chat_free_rooms(rooms, count);
}

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(joining_is_the_persons),
		IN_HALL(what_was_said_last_is_replayed),
		IN_HALL(a_replay_has_a_size),
		IN_HALL(rooms_are_made_by_users),
		IN_HALL(whoever_makes_a_room_is_recorded),
		IN_HALL(one_is_in_so_many_rooms),
		IN_HALL(rooms_and_memberships_last),
		IN_HALL(memberships_of_a_room_that_is_gone),
		IN_HALL(topics_last),
		IN_HALL(a_user_who_is_no_more),
		IN_HALL(who_is_removed_changes_nothing),
		IN_HALL(all_rooms_by_name),
	};

	clock_fake(1700000000000);
	return cmocka_run_group_tests_name("membership", tests, NULL, NULL);
}
