#include "chat/person.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "hall.h"

static void words_of_absence(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 1);
	AUTO(buf_fini) struct buf text = { 0 };

	assert_false(person_away(ann, &text));
	person_set_away(ann, "lunch");
	person_set_away(ann, "tea");
	assert_true(person_away(ann, &text));
	assert_string_equal(buf_text(&text), "tea");
	person_set_away(ann, "");
	assert_false(person_away(ann, &text));
	person_set_away(ann, "again");
	person_set_away(ann, NULL);
	assert_false(person_away(ann, &text));
	person_set_away(ann, "until freed");
	hall_go(h, &ann, 0);
}

static void idleness_is_measured(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 1);

	assert_int_equal(person_idle_s(ann), 0);
	clock_fake_advance(61999);
	assert_int_equal(person_idle_s(ann), 61);
	person_touch(ann);
	assert_int_equal(person_idle_s(ann), 0);
	hall_go(h, &ann, 0);
}

static void rooms_in_common(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 1);
	struct person *ben = hall_come(h, 2, "ben", 0, 1);
	AUTO(buf_fini) struct buf text = { 0 };

	assert_int_equal(hall_join(h, ann, "Attic"), ERR_OK);
	assert_int_equal(hall_join(h, ann, "den"), ERR_OK);
	assert_int_equal(hall_join(h, ben, "den"), ERR_OK);
	person_print_rooms(ann, NULL, &text);
	assert_string_equal(buf_text(&text), "lobby, Attic, den");
	buf_reset(&text);
	person_print_rooms(ann, ben, &text);
	assert_string_equal(buf_text(&text), "lobby, den");
	buf_reset(&text);
	person_print_rooms(ann, ann, &text);
	assert_string_equal(buf_text(&text), "lobby, Attic, den");
	hall_go(h, &ben, 0);
	buf_reset(&text);
	person_print_rooms(ann, NULL, &text);
	hall_go(h, &ann, 0);
}

static void nobody_is_in_no_room(void **state)
{
	struct hall *h = *state;
	struct subscribers subscribers = { h->subscribers, HALL_EARS };
	struct person *p = person_new(&subscribers, 0, "gus");
	AUTO(buf_fini) struct buf text = { 0 };
	struct message *m = message_new(MESSAGE_NOTICE, NULL, p, "", "x");

	assert_true(person_is_guest(p));
	assert_int_equal(person_user(p), 0);
	person_print_rooms(p, NULL, &text);
	assert_int_equal(buf_len(&text), 0);
	person_send(p, m);
	assert_string_equal(hall_hears(h, 0), "");
	message_unref(&m);
	person_unref(&p);
	assert_null(p);
	person_unref(&p);
}

static void notices_go_to_every_session(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 1);
	struct person *twice = hall_come(h, 1, "ann", 0, 2);
	struct person *thrice = hall_come(h, 1, "ann", 2, 3);
	struct message *m =
		message_new(MESSAGE_NOTICE, NULL, ann, "", "the end is near");

	hall_hush(h);
	person_send(ann, m);
	message_unref(&m);
	assert_string_equal(hall_hears(h, 0), "notice ann: the end is near;");
	assert_string_equal(hall_hears(h, 1), "");
	assert_string_equal(hall_hears(h, 2), "notice ann: the end is near;");
	hall_go(h, &ann, 0);
	hall_go(h, &twice, 0);
	hall_go(h, &thrice, 2);
}

static void slots_are_each_workers(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 1);
	int one = 1;
	int two = 2;

	for (unsigned i = 0; i < HALL_EARS; i++)
		assert_null(person_slot(ann, i));
	person_set_slot(ann, 1, &one);
	person_set_slot(ann, 2, &two);
	assert_null(person_slot(ann, 0));
	assert_ptr_equal(person_slot(ann, 1), &one);
	assert_ptr_equal(person_slot(ann, 2), &two);
	hall_go(h, &ann, 0);
}

static void people_of_a_room(void **state)
{
	struct hall *h = *state;
	struct person *cleo = hall_come(h, 3, "cleo", 0, 1);
	struct person *ann = hall_come(h, 1, "Ann", 0, 2);
	struct person *gus = hall_come(h, 0, "bgus", 0, 3);
	struct room *room;
	AUTO(buf_fini) struct buf text = { 0 };

	assert_int_equal(hall_join(h, ann, "den"), ERR_OK);
	room = chat_room(h->chat, "den");
	room_print_people(room, &text);
	assert_string_equal(buf_text(&text), "Ann (owner)");
	assert_int_equal(hall_join(h, cleo, "den"), ERR_OK);
	assert_int_equal(hall_join(h, gus, "den"), ERR_OK);
	person_set_away(cleo, "x");
	buf_reset(&text);
	room_print_people(room, &text);
	assert_string_equal(buf_text(&text), "Ann (owner), bgus; away: cleo");
	hall_go(h, &ann, 0);
	hall_go(h, &gus, 0);
	buf_reset(&text);
	room_print_people(room, &text);
	assert_string_equal(buf_text(&text), "nobody; away: cleo");
	hall_go(h, &cleo, 0);
	buf_reset(&text);
	room_print_people(room, &text);
	assert_string_equal(buf_text(&text), "nobody");
	room_unref(&room);
}

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(words_of_absence),
		IN_HALL(idleness_is_measured),
		IN_HALL(rooms_in_common),
		IN_HALL(nobody_is_in_no_room),
		IN_HALL(notices_go_to_every_session),
		IN_HALL(slots_are_each_workers),
		IN_HALL(people_of_a_room),
	};

	clock_fake(1700000000000);
	return cmocka_run_group_tests_name("person", tests, NULL, NULL);
}
