#include "chat/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/room.h"
#include "hall.h"

static void a_message_keeps_what_it_tells_of(void **state)
{
	struct hall *h = *state;
	struct subscribers subscribers = { h->subscribers, HALL_EARS };
	struct room_facts facts = { .name = "den" };
	struct room *room = room_new(&subscribers, &facts, 0);
	struct person *person = person_new(&subscribers, 0, "gus");
	struct message *m =
		message_new(MESSAGE_TOPIC, room, person, "ann", "tea");
	struct message *again = message_ref(m);

	room_unref(&room);
	person_unref(&person);
	assert_int_equal(m->time_ms, clock_wall_ms());
	assert_string_equal(m->from, "ann");
	assert_string_equal(m->text, "tea");
	assert_string_equal(room_name(m->room), "den");
	assert_true(person_is_guest(m->to));
	assert_int_equal(m->id, 0);
	assert_int_equal(m->origin, 0);
	message_unref(&m);
	assert_null(m);
	assert_string_equal(room_name(again->room), "den");
	message_unref(&again);
	message_unref(&again);
}

static void a_replay_lives_as_long_as_needed(void **state)
{
	struct message *old = message_new(MESSAGE_SAY, NULL, NULL, "a", "x");
	struct message *entered =
		message_new(MESSAGE_ENTERED, NULL, NULL, "", "");

	(void)state;
	entered->replay = mem_array(2, sizeof(entered->replay[0]));
	entered->replay[0] = message_ref(old);
	entered->replay[1] = message_ref(old);
	entered->replay_count = 2;
	message_unref(&old);
	assert_string_equal(entered->replay[1]->text, "x");
	message_unref(&entered);
}

static void names_that_are_too_long_are_cut(void **state)
{
	char name[100];
	struct message *m;

	(void)state;
	memset(name, 'n', sizeof(name));
	name[99] = '\0';
	m = message_new(MESSAGE_SAY, NULL, NULL, name, "");
	assert_int_equal(strlen(m->from), NAME_MOST);
	message_unref(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_message_keeps_what_it_tells_of, hall_setup,
			hall_teardown),
		cmocka_unit_test(a_replay_lives_as_long_as_needed),
		cmocka_unit_test(names_that_are_too_long_are_cut),
	};

	clock_fake(1700000000000);
	return cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
