#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/clock.h"
#include "chat/marker/marker_queue.h"
#include "chat/room.h"

enum { LONG_MS = 130 * 1000 };

static struct room *rooms[2];

static struct marker_note note(user_id user, int room, uint64_t id)
{
	return (struct marker_note){ user, rooms[room], { id, 1 } };
}

static void put(struct marker_queue *queue, user_id user, int room, uint64_t id)
{
	struct marker_note n = note(user, room, id);

	marker_queue_put(queue, &n);
}

/* The number that is queued; 0: none. */
static uint64_t found(struct marker_queue *queue, user_id user, int room)
{
	struct marker marker = { 0 };

	return marker_queue_find(queue, user, rooms[room], &marker) ? marker.id
								    : 0;
}

static void the_newest_waits(void **state)
{
	struct marker_queue *queue = marker_queue_new();
	struct marker_note list[4];

	(void)state;
	assert_false(marker_queue_is_due(queue));
	put(queue, 1, 0, 5);
	put(queue, 1, 1, 6);
	put(queue, 2, 0, 7);
	put(queue, 1, 0, 8);
	assert_true(marker_queue_is_due(queue));
	assert_int_equal(found(queue, 1, 0), 8);
	assert_int_equal(found(queue, 1, 1), 6);
	assert_int_equal(found(queue, 2, 1), 0);
	assert_int_equal(marker_queue_peek(queue, list, 2), 2);
	assert_int_equal(list[0].marker.id, 6);
	assert_int_equal(list[1].marker.id, 7);
	assert_int_equal(marker_queue_peek(queue, list, 4), 3);
	assert_int_equal(list[2].marker.id, 8);
	marker_queue_free(&queue);
}

static void what_changed_meanwhile_waits_on(void **state)
{
	struct marker_queue *queue = marker_queue_new();
	struct marker_note list[4];

	(void)state;
	put(queue, 1, 0, 5);
	put(queue, 2, 0, 6);
	assert_int_equal(marker_queue_peek(queue, list, 4), 2);
	put(queue, 1, 0, 7);
	marker_queue_done(queue, list, 2);
	assert_int_equal(marker_queue_peek(queue, list, 4), 1);
	assert_int_equal(list[0].marker.id, 7);
	marker_queue_free(&queue);
}

static void what_was_written_is_known_for_a_while(void **state)
{
	struct marker_queue *queue = marker_queue_new();
	struct marker_note n = note(1, 0, 5);

	(void)state;
	marker_queue_put(queue, &n);
	marker_queue_done(queue, &n, 1);
	assert_false(marker_queue_is_due(queue));
	marker_queue_trim(queue);
	assert_int_equal(found(queue, 1, 0), 5);
	clock_fake_advance(LONG_MS);
	marker_queue_trim(queue);
	assert_int_equal(found(queue, 1, 0), 0);
	marker_queue_free(&queue);
}

static void it_has_a_bound(void **state)
{
	struct marker_queue *queue = marker_queue_new();
	struct marker_note first = note(1, 0, 1);

	(void)state;
	for (user_id user = 1; user <= MARKERS_WAITING_MOST + 10; user++)
		put(queue, user, 0, user);
	assert_int_equal(found(queue, MARKERS_WAITING_MOST, 0),
			 MARKERS_WAITING_MOST);
	assert_int_equal(found(queue, MARKERS_WAITING_MOST + 1, 0), 0);
	/* What was written makes room. */
	marker_queue_done(queue, &first, 1);
	put(queue, MARKERS_WAITING_MOST + 1, 0, 9);
	assert_int_equal(found(queue, 1, 0), 0);
	assert_int_equal(found(queue, MARKERS_WAITING_MOST + 1, 0), 9);
	marker_queue_free(&queue);
}

int main(void)
{
	static struct subscribers nobody;
	static struct room_facts facts = { .name = "den" };
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_newest_waits),
		cmocka_unit_test(what_changed_meanwhile_waits_on),
		cmocka_unit_test(what_was_written_is_known_for_a_while),
		cmocka_unit_test(it_has_a_bound),
	};
	int failed;

	clock_fake(1000000);
	for (size_t i = 0; i < COUNT(rooms); i++)
		rooms[i] = room_new(&nobody, &facts, 0);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	for (size_t i = 0; i < COUNT(rooms); i++)
		room_unref(&rooms[i]);
	return failed;
}
