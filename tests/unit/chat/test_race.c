/*
 * Speakers, joiners and leavers in several threads at once: whoever enters
 * must hear everything exactly once, in the replay or after it.
 */
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "chat/guard/closing.h"
#include "chat/rights/heritage.h"
#include "chat/sanction/pardon.h"
#include "chat/sanction/sentence.h"
#include "hall.h"

enum { SPEAKERS = 2, JOINERS = 2, ROUNDS = 200, STAY = 6, REPLAY = 50 };

static atomic_uint said;
static atomic_uint joining; /* joiners that are not done */

struct player {
	struct hall *hall;
	struct thread thread;
	unsigned number;
};

static void speak(void *arg)
{
	struct player *a = arg;
	char name[24];
	char text[16];
	struct person *person;

	snprintf(name, sizeof(name), "speaker%u", a->number);
	person = hall_come(a->hall, 0, name, 0, 100 + a->number);
	for (int i = 0; atomic_load(&joining) > 0; i++) {
		snprintf(text, sizeof(text), "%d", i);
		assert_int_equal(hall_say(a->hall, person, "lobby", text),
				 ERR_OK);
		atomic_fetch_add(&said, 1);
		sched_yield();
	}
	hall_go(a->hall, &person, 0);
}

/* Comes and goes; every stay is judged afterwards. */
static void come_and_go(void *arg)
{
	struct player *a = arg;
	char name[24];

	for (int i = 0; i < ROUNDS; i++) {
		struct person *person;
		unsigned until;

		snprintf(name, sizeof(name), "j%u-%d", a->number, i);
		person = hall_come(a->hall, 0, name, 1 + i % 2, 1);
		until = atomic_load(&said) + STAY;
		while (atomic_load(&said) < until)
			sched_yield();
		hall_go(a->hall, &person, 1 + (unsigned)i % 2);
	}
	atomic_fetch_sub(&joining, 1);
}

static void run_all(struct hall *h)
{
	static struct player actors[SPEAKERS + JOINERS];

	atomic_store(&joining, JOINERS);
	for (unsigned i = 0; i < COUNT(actors); i++) {
		actors[i].hall = h;
		actors[i].number = i;
		thread_start(&actors[i].thread, "actor",
			     i < SPEAKERS ? speak : come_and_go, &actors[i]);
	}
	for (unsigned i = 0; i < COUNT(actors); i++)
		thread_join(&actors[i].thread);
}

/* What one who entered has been told: ids must only grow. */
struct listener {
	uint64_t last_id;
	int next[SPEAKERS]; /* the line that must come next, -1: any */
};

static void listen_to(struct listener *l, const struct message *m)
{
	int speaker;
	int line;

	if (m->kind != MESSAGE_SAY)
		return;
	assert_true(m->id > l->last_id);
	l->last_id = m->id;
	assert_int_equal(sscanf(m->from, "speaker%d", &speaker), 1);
	assert_int_equal(sscanf(m->text, "%d", &line), 1);
	if (l->next[speaker] >= 0)
		assert_int_equal(line, l->next[speaker]);
	l->next[speaker] = line + 1;
}

/* Follows one entry through what its ear heard, while the person was here. */
static void judge(const struct ear *ear, size_t at)
{
	const struct message *entered = ear->heard[at];
	struct listener l = { 0, { -1, -1 } };

	for (size_t i = 0; i < entered->replay_count; i++)
		listen_to(&l, entered->replay[i]);
	/* With a replay that is not full, nothing was removed. */
	if (entered->replay_count < REPLAY) {
		for (int i = 0; i < SPEAKERS; i++)
			l.next[i] = l.next[i] < 0 ? 0 : l.next[i];
	}
	for (size_t i = at + 1; i < ear->count; i++) {
		const struct message *m = ear->heard[i];

		/* Gone: the ear hears only what others are there for. */
		if (m->kind == MESSAGE_PARTED || m->kind == MESSAGE_ENTERED)
			return;
		if (m->room != NULL && m->to == NULL)
			listen_to(&l, m);
	}
}

static void nothing_is_lost_or_heard_twice(void **state)
{
	struct hall *h = *state;
	size_t entries = 0;

	for (int round = 0; round < 5; round++) {
		run_all(h);
		for (int e = 1; e < HALL_EARS; e++) {
			const struct ear *ear = &h->ears[e];

			for (size_t i = 0; i < ear->count; i++) {
				if (ear->heard[i]->kind != MESSAGE_ENTERED)
					continue;
				judge(ear, i);
				entries++;
			}
		}
		assert_int_equal(room_count(chat_default_room(h->chat)), 0);
		hall_reopen(h);
	}
	assert_int_equal(entries, 5 * JOINERS * ROUNDS);
}

/* Sessions of one person and its rooms change from several threads. */
static void flutter(void *arg)
{
	struct player *a = arg;
	struct hall *h = a->hall;

	for (int i = 0; i < ROUNDS; i++) {
		struct person *person =
			hall_come(h, 1, "ann", a->number % HALL_EARS, i + 1);
		enum err e = hall_join(h, person, "den");
		struct room *room = chat_room(h->chat, "den");

		assert_true(e == ERR_OK || e == ERR_EXISTS);
		e = room_say(room, person, MESSAGE_SAY, "x", 0, NULL);
		assert_true(e == ERR_OK || e == ERR_NO_ROOM);
		if (i % 3 == 0) {
			e = chat_leave(h->chat, person, room);
			assert_true(e == ERR_OK || e == ERR_NO_ROOM);
		}
		room_unref(&room);
		hall_go(h, &person, a->number % HALL_EARS);
	}
}

static void one_person_in_many_threads(void **state)
{
	static struct player actors[4];
	struct hall *h = *state;
	struct room *room;

	for (unsigned i = 0; i < COUNT(actors); i++) {
		actors[i] = (struct player){ .hall = h, .number = i };
		thread_start(&actors[i].thread, "actor", flutter, &actors[i]);
	}
	for (unsigned i = 0; i < COUNT(actors); i++)
		thread_join(&actors[i].thread);
	assert_null(chat_person(h->chat, "ann"));
	room = chat_room(h->chat, "den");
	assert_int_equal(room_count(room), 0);
	/* Nobody is told any more: the counts of all ears are back at none. */
	hall_hush(h);
	room_set_topic(room, "x", "y", 0, 0);
	for (unsigned i = 0; i < HALL_EARS; i++)
		assert_string_equal(hall_hears(h, i), "");
	room_unref(&room);
}

/* Everybody wants to make the same rooms at once. */
static void found(void *arg)
{
	struct player *a = arg;
	struct hall *h = a->hall;
	char name[24];
	struct person *person;

	snprintf(name, sizeof(name), "user%u", a->number);
	person = hall_come(h, a->number + 1, name, 0, 1);
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "room%d", i);
		assert_int_equal(hall_join(h, person, name), ERR_OK);
	}
	hall_go(h, &person, 0);
}

static void a_room_is_made_once(void **state)
{
	static struct player actors[4];
	struct hall *h = *state;
	AUTO(buf_fini) struct buf report = { 0 };
	struct room **rooms;
	size_t count;

	h->settings.rooms_per_user = 1000;
	chat_change_settings(h->chat, &h->settings);
	for (unsigned i = 0; i < COUNT(actors); i++) {
		actors[i] = (struct player){ .hall = h, .number = i };
		thread_start(&actors[i].thread, "actor", found, &actors[i]);
	}
	for (unsigned i = 0; i < COUNT(actors); i++)
		thread_join(&actors[i].thread);
	rooms = chat_rooms(h->chat, &count);
	assert_int_equal(count, 21);
	chat_free_rooms(rooms, count);
	hall_reopen(h);
	rooms = chat_rooms(h->chat, &count);
	assert_int_equal(count, 21);
	chat_free_rooms(rooms, count);
	assert_int_equal(roster_verify(h->store, &report), ERR_OK);
}

/* One user founds a room, and is removed at that moment. */
struct parting {
	struct hall *hall;
	struct person *person;
	user_id user;
	char room[NAME_MOST + 1];
	atomic_uint ready;
	enum err joined;
	enum err removed;
};

static void meet(struct parting *p)
{
	atomic_fetch_add(&p->ready, 1);
	while (atomic_load(&p->ready) < 2)
		sched_yield();
}

static void join_room(void *arg)
{
	struct parting *p = arg;

	meet(p);
	p->joined = hall_join(p->hall, p->person, p->room);
}

static void remove_user(void *arg)
{
	static const struct actor nobody;
	struct parting *p = arg;

	meet(p);
	p->removed =
		heritage_remove(p->hall->chat, &nobody, p->user, &hall_entry);
}

/* Whichever came first, nothing is the user's; and the later was refused. */
static void judge_parting(struct parting *p)
{
	AUTO(room_names_fini) struct room_names names = { 0 };
	struct room *room = chat_room(p->hall->chat, p->room);
	struct room_facts facts = { 0 };

	assert_int_equal(p->removed, ERR_OK);
	assert_int_equal(p->joined, room != NULL ? ERR_OK : ERR_DISABLED);
	assert_int_equal(roster_list(p->hall->store, p->user, &names), ERR_OK);
	assert_int_equal(names.count, 0);
	if (room != NULL)
		room_facts(room, &facts);
	assert_int_equal(facts.owner, 0);
	room_unref(&room);
}

static void the_removed_own_no_room(void **state)
{
	struct hall *h = *state;

	for (unsigned i = 1; i <= ROUNDS; i++) {
		struct parting p = { .hall = h };
		struct thread joiner;
		struct thread remover;

		snprintf(p.room, sizeof(p.room), "room%u", i);
		p.user = hall_user(h, p.room);
		p.person = hall_come(h, p.user, "ann", 0, i);
		thread_start(&joiner, "joiner", join_room, &p);
		thread_start(&remover, "remover", remove_user, &p);
		thread_join(&joiner);
		thread_join(&remover);
		hall_go(h, &p.person, 0);
		judge_parting(&p);
	}
}

/* Comes, into the den as well where that is open, and goes again. */
static void drop_in(void *arg)
{
	struct player *a = arg;
	struct hall *h = a->hall;
	char name[16];

	snprintf(name, sizeof(name), "ann%u", a->number);
	for (int i = 0; i < ROUNDS; i++) {
		struct person *person =
			hall_come(h, a->number + 1, name, a->number, i + 1);
		enum err e = hall_join(h, person, "den");

		assert_true(e == ERR_OK || e == ERR_EXISTS ||
			    e == ERR_ROOM_CLOSED || e == ERR_BANNED);
		e = hall_say(h, person, "den", "x");
		assert_true(e == ERR_OK || e == ERR_NO_ROOM ||
			    e == ERR_BANNED); /* and about to be put out */
		hall_go(h, &person, a->number);
	}
}

static void a_closed_room_is_empty(void **state)
{
	static const struct actor by = { .roles = ROLE_ADMIN };
	struct hall *h = *state;
	struct person *ann = hall_come(h, 9, "owner", 0, 1);
	struct player players[HALL_EARS];
	struct room *den;

	assert_int_equal(hall_join(h, ann, "den"), ERR_OK);
	hall_go(h, &ann, 0);
	den = chat_room(h->chat, "den");
	for (unsigned i = 0; i < COUNT(players); i++) {
		players[i] = (struct player){ .hall = h, .number = i };
		thread_start(&players[i].thread, "player", drop_in,
			     &players[i]);
	}
	for (int i = 0; i < ROUNDS; i++) {
		assert_int_equal(closing_begin(h->chat, &by, den, "", NULL),
				 ERR_OK);
		assert_int_equal(room_count(den), 0);
		assert_int_equal(closing_end(h->chat, &by, den, NULL), ERR_OK);
	}
	for (unsigned i = 0; i < COUNT(players); i++)
		thread_join(&players[i].thread);
	assert_int_equal(room_count(den), 0);
	room_unref(&den);
}

/* Whoever is banned is out when the answer is there, and stays so. */
static void ban_and_pardon(struct hall *h, struct room *den)
{
	static const struct actor by = { .roles = ROLE_ADMIN };
	const struct term term = { 0 };
	const struct sentence sentence = { SANCTION_BAN, "ann*", &term };
	struct outcome outcome = { 0 };
	struct sanction lifted;

	assert_int_equal(
		sentence_pass(h->chat, &by, den, &sentence, &outcome, NULL),
		ERR_OK);
	outcome_fini(&outcome);
	assert_int_equal(room_count(den), 0);
	assert_int_equal(pardon_give(h->chat, &by, den, SANCTION_BAN, "ann*",
				     &lifted, NULL),
			 ERR_OK);
}

static void the_banned_are_out(void **state)
{
	struct hall *h = *state;
	struct person *owner = hall_come(h, 9, "owner", 0, 1);
	struct player players[HALL_EARS];
	struct room *den;

	assert_int_equal(hall_join(h, owner, "den"), ERR_OK);
	hall_go(h, &owner, 0);
	den = chat_room(h->chat, "den");
	for (unsigned i = 0; i < COUNT(players); i++) {
		players[i] = (struct player){ .hall = h, .number = i };
		thread_start(&players[i].thread, "player", drop_in,
			     &players[i]);
	}
	for (int i = 0; i < ROUNDS; i++)
		ban_and_pardon(h, den);
	for (unsigned i = 0; i < COUNT(players); i++)
		thread_join(&players[i].thread);
	room_unref(&den);
}

static int setup(void **state)
{
	hall_setup(state);
	((struct hall *)*state)->settings.replay = REPLAY;
	hall_reopen(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_is_lost_or_heard_twice,
						setup, hall_teardown),
		cmocka_unit_test_setup_teardown(one_person_in_many_threads,
						setup, hall_teardown),
		cmocka_unit_test_setup_teardown(a_room_is_made_once, setup,
						hall_teardown),
		cmocka_unit_test_setup_teardown(the_removed_own_no_room, setup,
						hall_teardown),
		cmocka_unit_test_setup_teardown(a_closed_room_is_empty, setup,
						hall_teardown),
		cmocka_unit_test_setup_teardown(the_banned_are_out, setup,
						hall_teardown),
	};

	return cmocka_run_group_tests_name("race", tests, NULL, NULL);
}
