#include "net/outbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "pipe.h"

enum { PEERS = 3 };

/* Three peers in one room; some are in a second room as well. */
struct world {
	struct outbox_turn turn;
	struct channel room;
	struct channel den;
	struct pipe peers[PEERS];
};

static int setup(void **state)
{
	static struct world w;

	outbox_turn_init(&w.turn);
	channel_init(&w.room, &w.turn);
	channel_init(&w.den, &w.turn);
	for (int i = 0; i < PEERS; i++) {
		pipe_init(&w.peers[i], &w.turn);
		seat_take(&w.peers[i].seat, &w.room, &w.peers[i].outbox);
	}
	*state = &w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < PEERS; i++)
		pipe_fini(&w->peers[i]);
	channel_fini(&w->room);
	channel_fini(&w->den);
	return 0;
}

/*
 * A script is a text of steps, run in one turn: "R:x" says x in the room,
 * "D:x" in the den, "Ri:x" and "Di:x" to all but peer i, "Pi:x" privately to
 * peer i, "+i" and "-i" seat peer i in the den or take it out, "!i" lets peer
 * i leave the room, "*i" lets it come back, "F" ends the turn, "fi" flushes
 * peer i before that.
 */
static const struct order_case {
	const char *name;
	const char *script;
	const char *want[PEERS];
} order_cases[] = {
	{ "all get one line", "R:a", { "a", "a", "a" } },
	{ "all get many", "R:a R:b R:c", { "abc", "abc", "abc" } },
	{ "a private word before", "P0:x R:a", { "xa", "a", "a" } },
	{ "a private word after", "R:a P0:x", { "ax", "a", "a" } },
	{ "a private word between",
	  "R:a P1:x R:b P1:y R:c",
	  { "abc", "axbyc", "abc" } },
	{ "nothing private at all", "P0: R:a P0:", { "a", "a", "a" } },
	{ "the speaker is left out", "R0:a", { "", "a", "a" } },
	{ "the speaker is left out between",
	  "R:a R0:b R:c",
	  { "ac", "abc", "abc" } },
	{ "two speakers", "R0:a R1:b R0:c R:d", { "bd", "acd", "abcd" } },
	{ "two are left out", "R01:a R:b", { "b", "b", "ab" } },
	{ "two are left out between",
	  "R:a R12:b R:c R01:d",
	  { "abc", "ac", "acd" } },
	{ "all are left out", "R012:a R:b", { "b", "b", "b" } },
	{ "two are left out, one of whom is elsewhere",
	  "+0 D:x !1 R01:a D:y R:b",
	  { "xyb", "", "ab" } },
	{ "an answer behind one's own word",
	  "R0:a P0:ok R:b",
	  { "okb", "ab", "ab" } },
	{ "two rooms", "+0 R:a D:x R:b D:y", { "axby", "ab", "ab" } },
	{ "two rooms, the den first", "+0 D:x R:a D:y", { "xay", "a", "a" } },
	{ "two rooms, followers of either",
	  "+0 +1 !1 R:a D:x R:b D:y",
	  { "axby", "xy", "ab" } },
	{ "two rooms and a private word",
	  "+0 R:a D:x P0:p R:b D:y",
	  { "axpby", "ab", "ab" } },
	{ "two rooms, a speaker in both",
	  "+0 +1 R0:a D0:x R:b D1:y",
	  { "by", "axb", "ab" } },
	{ "leaves before anything", "!0 R:a", { "", "a", "a" } },
	{ "leaves between", "R:a !0 R:b", { "a", "ab", "ab" } },
	{ "leaves, a private word, comes back",
	  "R:a !0 R:b P0:x *0 R:c",
	  { "axc", "abc", "abc" } },
	{ "leaves and comes back at once",
	  "R:a !0 *0 R:b",
	  { "ab", "ab", "ab" } },
	{ "comes in between", "!0 R:a *0 R:b", { "b", "ab", "ab" } },
	{ "comes in between with a replay",
	  "!0 R:a P0:[a] *0 R:b",
	  { "[a]b", "ab", "ab" } },
	{ "comes in, turn by turn",
	  "!0 R:a *0 F R:b F R:c",
	  { "bc", "abc", "abc" } },
	{ "follows one room, comes into another in between",
	  "+1 R:a D:x +0 D:y R:b",
	  { "ayb", "axyb", "ab" } },
	{ "left out of one room, follows another",
	  "+0 +1 D0:x R:a D:y R:b",
	  { "ayb", "xayb", "ab" } },
	{ "leaves one room, stays in the other",
	  "+0 R:a D:x !0 R:b D:y",
	  { "axy", "ab", "ab" } },
	{ "leaves the den while it follows the room",
	  "+0 D:x F R:a -0 R:b D:y",
	  { "xab", "ab", "ab" } },
	{ "the last leaves", "!0 !1 R:a !2 R:b", { "", "", "a" } },
	{ "everyone leaves in the middle",
	  "R:a !0 !1 !2 R:b *0 R:c",
	  { "ac", "a", "a" } },
	{ "a speaker who is not in the room", "!0 R0:a", { "", "a", "a" } },
	{ "flushed early", "R:a f0 R:b", { "ab", "ab", "ab" } },
	{ "flushed early, twice", "R:a f0 f0 R:b f0", { "ab", "ab", "ab" } },
	{ "flushed early with a private word",
	  "P0:x R:a f0 R:b P0:y f0 R:c",
	  { "xabyc", "abc", "abc" } },
	{ "two turns", "R:a F R:b", { "ab", "ab", "ab" } },
	{ "two turns, singly in the first",
	  "R:a P0:x F R:b R0:c F R:d",
	  { "axbd", "abcd", "abcd" } },
	{ "an empty turn", "F F R:a F F", { "a", "a", "a" } },
};

static void say_in(struct world *w, struct channel *c, const char *step,
		   size_t len)
{
	const char *colon = memchr(step, ':', len);
	struct outbox *except[PEERS];
	size_t count = 0;

	for (const char *at = step + 1; at < colon; at++)
		except[count++] = &w->peers[*at - '0'].outbox;
	channel_append(c, colon + 1, (size_t)(step + len - colon - 1), except,
		       count);
}

static void run_step(struct world *w, const char *step, size_t len)
{
	struct pipe *p = &w->peers[len > 1 ? (step[1] - '0') % PEERS : 0];

	switch (step[0]) {
	case 'R':
		say_in(w, &w->room, step, len);
		break;
	case 'D':
		say_in(w, &w->den, step, len);
		break;
	case 'P':
		outbox_write(&p->outbox, step + 3, len - 3);
		break;
	case '+':
		seat_take(&p->other, &w->den, &p->outbox);
		break;
	case '-':
		seat_leave(&p->other);
		break;
	case '*':
		seat_take(&p->seat, &w->room, &p->outbox);
		break;
	case '!':
		seat_leave(&p->seat);
		break;
	case 'f':
		outbox_flush(&p->outbox);
		break;
	default:
		turn_flush(&w->turn);
	}
}

static void run_script(struct world *w, const char *script)
{
	while (*script != '\0') {
		size_t len = strcspn(script, " ");

		run_step(w, script, len);
		script += len + (script[len] == ' ');
	}
	turn_flush(&w->turn);
}

static void one_order_whatever_the_way(void **state)
{
	for (size_t i = 0; i < COUNT(order_cases); i++) {
		const struct order_case *c = &order_cases[i];
		struct world *w = *state;

		print_message("# %s\n", c->name);
		run_script(w, c->script);
		for (int k = 0; k < PEERS; k++) {
			assert_string_equal(pipe_read(&w->peers[k]),
					    c->want[k]);
			assert_true(outbox_is_empty(&w->peers[k].outbox));
		}
		teardown(state);
		setup(state);
	}
}

/* The same against a model: what each peer must get is known beforehand. */
static void random_scripts_agree_with_a_model(void **state)
{
	struct world *w = *state;
	struct buf want[PEERS] = { 0 };
	bool in_den[PEERS] = { 0 };
	bool in_room[PEERS] = { true, true, true };
	uint32_t random = 20240607;
	char step[16];

	for (int n = 0; n < 60000; n++) {
		static const char acts[] = "RRRRDDDRPPDJj!F";
		int who;
		int too;
		char act;

		random = random * 1664525 + 1013904223;
		act = acts[(random >> 16) % (sizeof(acts) - 1)];
		who = (int)(random >> 8) % PEERS;
		who = who < 0 ? -who : who;
		snprintf(step, sizeof(step), "%c%d:%d ", act, who, n);
		too = act == 'R' || act == 'D' ? (int)(random >> 4) % 8 : who;
		if (too < PEERS && too != who)
			snprintf(step, sizeof(step), "%c%d%d:%d ", act, who,
				 too, n);
		if (act == 'J') /* into the den, or out */
			step[0] = in_den[who] ? '-' : '+';
		if (act == 'j' || act == '!') /* into the room, or out */
			step[0] = in_room[who] ? '!' : '*';
		if (act == 'J')
			in_den[who] = !in_den[who];
		if (act == 'j' || act == '!')
			in_room[who] = !in_room[who];
		for (int k = 0; k < PEERS; k++) {
			bool is_in = k != who && k != too;

			if ((act == 'R' && in_room[k] && is_in) ||
			    (act == 'D' && in_den[k] && is_in) ||
			    (act == 'P' && k == who))
				buf_add_text(&want[k], strchr(step, ':') + 1);
		}
		run_step(w, step, strlen(step));
		if (act != 'F')
			continue;
		for (int k = 0; k < PEERS; k++) {
			assert_string_equal(pipe_read(&w->peers[k]),
					    buf_text(&want[k]));
			buf_reset(&want[k]);
		}
	}
	for (int k = 0; k < PEERS; k++)
		buf_fini(&want[k]);
}

static void a_blocked_peer_delays_nobody(void **state)
{
	struct world *w = *state;
	size_t clogged = pipe_clog(&w->peers[1]);

	run_script(w, "R:a P1:x R:b F R:c F P1:y R:d");
	assert_string_equal(pipe_read(&w->peers[0]), "abcd");
	assert_string_equal(pipe_read(&w->peers[2]), "abcd");
	assert_false(outbox_is_empty(&w->peers[1].outbox));
	assert_false(w->peers[1].outbox.is_over);
	pipe_drain(&w->peers[1], clogged);
	assert_string_equal(pipe_read(&w->peers[1]), "");
	outbox_flush(&w->peers[1].outbox);
	assert_string_equal(pipe_read(&w->peers[1]), "axbcyd");
	assert_true(outbox_is_empty(&w->peers[1].outbox));
	run_script(w, "R:e");
	assert_string_equal(pipe_read(&w->peers[1]), "e");
}

static void a_peer_that_takes_a_part_gets_the_rest(void **state)
{
	struct world *w = *state;
	struct pipe *p = &w->peers[1];
	char line[1001];
	size_t clogged = pipe_clog(p);
	size_t want = 0;

	memset(line, 'a', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	for (int i = 0; i < 200; i++) {
		line[0] = (char)('A' + i % 26);
		channel_say(&w->room, line, NULL);
		want += strlen(line);
		if (i % 4 == 3) {
			size_t some = clogged > 4500 ? 4500 : clogged;

			turn_flush(&w->turn);
			pipe_drain(p, some);
			clogged -= some;
			pipe_read(&w->peers[0]);
			pipe_read(&w->peers[2]);
			outbox_flush(&p->outbox);
			assert_false(p->outbox.is_over);
		}
		if (clogged == 0)
			break;
	}
	turn_flush(&w->turn);
	pipe_drain(p, clogged);
	outbox_flush(&p->outbox);
	assert_true(outbox_is_empty(&p->outbox));
	pipe_read(p);
	assert_int_equal(buf_len(&p->got), want);
	for (size_t i = 0; i < want; i += 1000)
		assert_int_equal(buf_at(&p->got)[i],
				 'A' + (int)(i / 1000) % 26);
}

static void past_the_limit_it_is_over(void **state)
{
	struct world *w = *state;
	struct pipe *p = &w->peers[1];
	size_t clogged = pipe_clog(p);
	char line[1025];

	memset(line, 'l', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	for (int i = 0; i < PIPE_LIMIT / 1024; i++) {
		channel_say(&w->room, line, NULL);
		turn_flush(&w->turn);
		assert_false(p->outbox.is_over);
	}
	channel_say(&w->room, "x", NULL);
	assert_false(list_is_empty(&w->turn.outboxes));
	turn_flush(&w->turn);
	assert_true(p->outbox.is_over);
	assert_false(w->peers[0].outbox.is_over);
	/* Nothing is added any more: memory does not grow. */
	for (int i = 0; i < 100; i++)
		pipe_say(p, line);
	assert_true(buf_len(&p->outbox.queue) <= PIPE_LIMIT);
	outbox_drop(&p->outbox);
	assert_false(p->outbox.is_over);
	pipe_say(p, "last words");
	turn_flush(&w->turn);
	pipe_drain(p, clogged);
	outbox_flush(&p->outbox);
	assert_string_equal(pipe_read(p), "last words");
}

/* A turn may have more for a peer that reads than the limit is. */
static void a_reader_gets_more_than_the_limit(void **state)
{
	struct world *w = *state;
	struct pipe *p = &w->peers[1];
	static char all[10 * PIPE_LIMIT];
	char line[1025];

	pipe_say(p, "first");
	memset(line, 'l', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	for (int i = 0; i < 20; i++)
		channel_say(&w->room, line, NULL);
	memset(all, 'a', sizeof(all) - 1);
	pipe_say(p, all);
	assert_true(buf_len(&p->outbox.queue) <= PIPE_LIMIT);
	pipe_say(p, "last");
	turn_flush(&w->turn);
	assert_false(p->outbox.is_over);
	pipe_read(p);
	assert_int_equal(buf_len(&p->got), 5 + 20 * 1024 + sizeof(all) - 1 + 4);
	assert_memory_equal(buf_at(&p->got), "firstl", 6);
	assert_memory_equal(buf_at(&p->got) + buf_len(&p->got) - 5, "alast", 5);
}

static void a_batch_larger_than_the_limit(void **state)
{
	struct world *w = *state;
	struct pipe *p = &w->peers[1];
	char line[1025];

	pipe_clog(p);
	memset(line, 'l', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	for (int i = 0; i < 20; i++)
		channel_say(&w->room, line, NULL);
	turn_flush(&w->turn);
	assert_true(p->outbox.is_over);
	assert_true(buf_len(&p->outbox.queue) <= PIPE_LIMIT);
	pipe_read(&w->peers[0]);
	assert_int_equal(buf_len(&w->peers[0].got), 20 * 1024);
}

static void drop_takes_what_it_followed(void **state)
{
	struct world *w = *state;

	channel_say(&w->room, "a", NULL);
	outbox_drop(&w->peers[0].outbox);
	channel_say(&w->room, "b", NULL);
	turn_flush(&w->turn);
	assert_string_equal(pipe_read(&w->peers[0]), "b");
	assert_string_equal(pipe_read(&w->peers[1]), "ab");
}

static void a_broken_stream_is_found_out(void **state)
{
	struct world *w = *state;
	struct pipe *p = &w->peers[1];

	close(p->far);
	p->far = -1;
	channel_say(&w->room, "a", NULL);
	channel_flush(&w->room);
	assert_true(p->outbox.is_broken);
	assert_false(list_is_empty(&p->outbox.turn_link));
	turn_flush(&w->turn);
	for (int i = 0; i < 10; i++) {
		channel_say(&w->room, "b", NULL);
		pipe_say(p, "x");
		turn_flush(&w->turn);
	}
	assert_int_equal(buf_len(&p->outbox.queue), 0);
	assert_string_equal(pipe_read(&w->peers[0]), "abbbbbbbbbb");
}

static void idle_outboxes_keep_no_memory(void **state)
{
	struct world *w = *state;

	run_script(w, "P0:x R:a P0:y F P0:z");
	assert_null(w->peers[0].outbox.queue.bytes);
	assert_string_equal(pipe_read(&w->peers[0]), "xayz");
}

static void an_empty_room_costs_nothing(void **state)
{
	struct world *w = *state;

	channel_say(&w->den, "nobody hears", NULL);
	assert_int_equal(w->turn.lines, 0);
	assert_true(list_is_empty(&w->turn.channels));
	assert_null(w->den.batch.bytes);
	seat_leave(&w->peers[0].other); /* never seated */
}

static void lines_of_a_turn_are_counted(void **state)
{
	struct world *w = *state;

	seat_take(&w->peers[0].other, &w->den, &w->peers[0].outbox);
	channel_say(&w->room, "a", NULL);
	channel_say(&w->den, "b", NULL);
	channel_say(&w->room, "c", &w->peers[0]);
	assert_int_equal(w->turn.lines, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_order_whatever_the_way,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			random_scripts_agree_with_a_model, setup, teardown),
		cmocka_unit_test_setup_teardown(a_blocked_peer_delays_nobody,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_peer_that_takes_a_part_gets_the_rest, setup,
			teardown),
		cmocka_unit_test_setup_teardown(past_the_limit_it_is_over,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_reader_gets_more_than_the_limit, setup, teardown),
		cmocka_unit_test_setup_teardown(a_batch_larger_than_the_limit,
						setup, teardown),
		cmocka_unit_test_setup_teardown(drop_takes_what_it_followed,
						setup, teardown),
		cmocka_unit_test_setup_teardown(a_broken_stream_is_found_out,
						setup, teardown),
		cmocka_unit_test_setup_teardown(idle_outboxes_keep_no_memory,
						setup, teardown),
		cmocka_unit_test_setup_teardown(an_empty_room_costs_nothing,
						setup, teardown),
		cmocka_unit_test_setup_teardown(lines_of_a_turn_are_counted,
						setup, teardown),
	};

	return cmocka_run_group_tests_name("outbox", tests, NULL, NULL);
}
