#include "front/line/render.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "../chat/hall.h"
#include "base/clock.h"

enum place { OUTSIDE, IN_LOBBY };

static const struct render_case {
	enum message_kind kind;
	enum place place;
	const char *from;
	const char *text;
	const char *want;
	const char *machine; /* NULL: the same */
} render_cases[] = {
	{ MESSAGE_SAY, IN_LOBBY, "ann", "hello", "[lobby] ann: hello\n", NULL },
	{ MESSAGE_SAY, IN_LOBBY, "ann", "%s %n", "[lobby] ann: %s %n\n", NULL },
	{ MESSAGE_SAY, IN_LOBBY, "ann", "== ok", "[lobby] ann: == ok\n", NULL },
	{ MESSAGE_ACTION, IN_LOBBY, "ann", "waves", "[lobby] * ann waves\n",
	  NULL },
	{ MESSAGE_JOINED, IN_LOBBY, "ann", "", "[lobby] -- ann joined\n",
	  NULL },
	{ MESSAGE_PARTED, IN_LOBBY, "ann", "", "[lobby] -- ann left\n", NULL },
	{ MESSAGE_LOST, IN_LOBBY, "ann", "",
	  "[lobby] -- ann left (connection lost)\n", NULL },
	{ MESSAGE_CROWD, IN_LOBBY, "", "ann and 3 others joined",
	  "[lobby] -- ann and 3 others joined\n", NULL },
	{ MESSAGE_TOPIC, IN_LOBBY, "ann", "tea",
	  "[lobby] -- ann set the topic: tea\n", NULL },
	{ MESSAGE_TOPIC, IN_LOBBY, "ann", "",
	  "[lobby] -- ann took the topic away\n", NULL },
	{ MESSAGE_MODE, IN_LOBBY, "ann", "+m (moderated)",
	  "[lobby] -- ann set +m (moderated)\n", NULL },
	{ MESSAGE_HELD, IN_LOBBY, "gus", "psst", "[lobby] (held) gus: psst\n",
	  NULL },
	{ MESSAGE_RENAMED, IN_LOBBY, "gus", "joe",
	  "[lobby] -- gus is joe now\n", NULL },
	{ MESSAGE_PRIVATE, OUTSIDE, "ann", "psst", "ann -> you: psst\n", NULL },
	{ MESSAGE_PRIVATE_SENT, OUTSIDE, "ann", "psst", "you -> ben: psst\n",
	  NULL },
	{ MESSAGE_NOTICE, OUTSIDE, "", "news", "-- news\n", "~~ news\n" },
	{ MESSAGE_NOTICE, OUTSIDE, "", "news\nand more",
	  "-- news\n-- and more\n", "~~ news\n~~ and more\n" },
};

static struct message *message_of(struct hall *h, const struct render_case *c)
{
	struct room *room =
		c->place == IN_LOBBY ? chat_default_room(h->chat) : NULL;
	struct message *m = message_new(c->kind, room, NULL, c->from, c->text);

	snprintf(m->peer, sizeof(m->peer), "ben");
	return m;
}

static void messages_are_one_line_each(void **state)
{
	for (size_t i = 0; i < COUNT(render_cases); i++) {
		const struct render_case *c = &render_cases[i];
		struct message *m = message_of(*state, c);
		AUTO(buf_fini) struct buf person = { 0 };
		AUTO(buf_fini) struct buf machine = { 0 };

		render_message(m, false, &person);
		render_message(m, true, &machine);
		assert_string_equal(buf_text(&person), c->want);
		assert_string_equal(buf_text(&machine),
				    c->machine != NULL ? c->machine : c->want);
		message_unref(&m);
	}
}

static void the_longest_message(void **state)
{
	struct hall *h = *state;
	char text[65537];
	struct message *m;
	AUTO(buf_fini) struct buf line = { 0 };

	memset(text, 't', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	m = message_new(MESSAGE_SAY, chat_default_room(h->chat), NULL, "ann",
			text);
	buf_add_text(&line, "before\n");
	render_message(m, false, &line);
	assert_int_equal(buf_len(&line),
			 7 + strlen("[lobby] ann: \n") + sizeof(text) - 1);
	message_unref(&m);
}

static void old_lines_have_their_time(void **state)
{
	struct hall *h = *state;
	struct message *m = message_new(MESSAGE_SAY, chat_default_room(h->chat),
					NULL, "ann", "hello");
	AUTO(buf_fini) struct buf line = { 0 };
	const int64_t hour_ms = 3600 * 1000;

	/* 2023-11-14 22:13 UTC */
	render_replay(m, m->time_ms, &line);
	render_replay(m, m->time_ms + hour_ms, &line);
	render_replay(m, m->time_ms + 2 * hour_ms, &line);
	assert_string_equal(buf_text(&line),
			    "[lobby] 22:13 ann: hello\n"
			    "[lobby] 22:13 ann: hello\n"
			    "[lobby] 2023-11-14 22:13 ann: hello\n");
	message_unref(&m);
}

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(messages_are_one_line_each),
		IN_HALL(the_longest_message),
		IN_HALL(old_lines_have_their_time),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	clock_fake(1700000000000);
	return cmocka_run_group_tests_name("render", tests, NULL, NULL);
}
