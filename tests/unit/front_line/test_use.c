/* Commands of plugins, answered when the test says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "command/plugin_chat.h"
#include "command/use.h"
#include "house.h"
#include "puppet.h"

static struct house house;

/* One session in machine mode, and what it has got. */
struct seated {
	int fd;
	struct buf got;
};

static void send_line(struct seated *g, const char *line)
{
	assert_true(send(g->fd, line, strlen(line), MSG_NOSIGNAL) > 0);
	assert_true(send(g->fd, "\n", 1, MSG_NOSIGNAL) > 0);
}

/* Everything up to the end of what is written so, borrowed. */
static const char *read_up_to(struct seated *g, const char *end)
{
	static struct buf text; /* of the last call */
	const char *at;

	while ((at = strstr(buf_text(&g->got), end)) == NULL) {
		char bytes[4096];
		ssize_t n = recv(g->fd, bytes, sizeof(bytes), 0);

		if (n <= 0)
			fail_msg("no %s: %s", end, buf_text(&g->got));
		buf_add(&g->got, bytes, (size_t)n);
	}
	buf_fini(&text);
	at += strlen(end);
	buf_add(&text, buf_text(&g->got), (size_t)(at - buf_text(&g->got)));
	buf_take(&g->got, buf_len(&text));
	return buf_text(&text);
}

/* What comes up to that code, "ok" or "error busy". */
static const char *ask(struct seated *g, const char *line, const char *code)
{
	AUTO(mem_free_text) char *end = mem_print("== %s\n", code);

	send_line(g, line);
	return read_up_to(g, end);
}

/* login may be NULL, at the console. */
static void come(struct seated *g, const char *listener, const char *login)
{
	struct timeval wait = { .tv_sec = 60 };

	g->fd = house_connect(&house, listener);
	assert_true(g->fd >= 0);
	setsockopt(g->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	ask(g, "/mode machine", "ok");
	if (login != NULL)
		ask(g, login, "ok");
}

static void go(struct seated *g)
{
	ask(g, "/quit", "ok");
	close(g->fd);
	buf_fini(&g->got);
}

static struct seated ann, ben;

static int setup(void **state)
{
	(void)state;
	house_open(&house, 2, 0);
	house.realm.plugins = puppet();
	plugin_chat_begin(&house.realm);
	house_start(&house);
	puppet_set(ERR_OK);
	come(&ben, "auto", "/login ben password");
	come(&ann, "auto", "/login ann password");
	read_up_to(&ben, "ann joined\n");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	go(&ann);
	go(&ben);
	house_close(&house);
	plugin_chat_end(&house.realm);
	return 0;
}

static void who_asks_is_told_and_the_room(void **state)
{
	(void)state;
	send_line(&ann, "/JOKE  in this room\nhello");
	assert_string_equal(puppet_asked(),
			    "joke(in this room) by ann guest+user in lobby");
	puppet_answer("for you", "for all");
	assert_string_equal(read_up_to(&ann, "== ok\n"),
			    "-- for you\n-- for all\n== ok\n");
	/* The next line waited for the answer. */
	assert_string_equal(read_up_to(&ben, "hello\n"),
			    "[lobby] joke: for all\n[lobby] ann: hello\n");
	assert_string_equal(read_up_to(&ann, "== ok\n"), "== ok\n");
}

static void another_session_of_who_asks_is_told_as_all(void **state)
{
	struct seated other = { 0 };

	(void)state;
	come(&other, "auto", "/login ann password");
	send_line(&ann, "get_joke");
	assert_string_equal(puppet_asked(),
			    "joke() by ann guest+user in lobby: get_joke");
	puppet_answer(NULL, "for all");
	assert_string_equal(read_up_to(&ann, "== ok\n"), "-- for all\n== ok\n");
	assert_string_equal(read_up_to(&other, "for all\n"),
			    "[lobby] joke: for all\n");
	go(&other);
}

static void only_that_line_is_taken(void **state)
{
	(void)state;
	ask(&ann, "get_joke ", "ok");
	ask(&ann, "/say get_joke", "ok");
	ask(&ann, "please get_joke", "ok");
	assert_string_equal(read_up_to(&ben, "please get_joke\n"),
			    "[lobby] ann: get_joke \n[lobby] ann: get_joke\n"
			    "[lobby] ann: please get_joke\n");
}

static void in_no_room_there_is_nobody_else(void **state)
{
	(void)state;
	ask(&ann, "/leave", "ok");
	send_line(&ann, "get_joke");
	assert_string_equal(puppet_asked(),
			    "joke() by ann guest+user: get_joke");
	puppet_answer(NULL, "for all");
	assert_string_equal(read_up_to(&ann, "== ok\n"), "-- for all\n== ok\n");
}

static void who_has_left_meanwhile_tells_the_room_nothing(void **state)
{
	struct seated other = { 0 };

	(void)state;
	come(&other, "auto", "/login ann password");
	send_line(&ann, "/joke");
	puppet_asked();
	ask(&other, "/leave lobby", "ok");
	puppet_answer("for you", "for all");
	assert_non_null(strstr(read_up_to(&ann, "== error no-room\n"),
			       "-- for you\n!! no-room You are not in"));
	ask(&ben, "/tell ben nothing more", "ok");
	assert_string_equal(buf_text(&ben.got), "");
	go(&other);
}

static void the_answer_to_a_session_that_ended_is_dropped(void **state)
{
	struct seated other = { 0 };
	struct seated console = { 0 };

	(void)state;
	come(&other, "auto", "/guest zoe");
	read_up_to(&ben, "zoe joined\n");
	send_line(&other, "/joke");
	puppet_asked();
	come(&console, "console", NULL);
	ask(&console, "/sessions end 3", "ok");
	read_up_to(&ben, "zoe left\n");
	puppet_answer("for you", "for all");
	buf_fini(&other.got);
	ask(&ann, "hello", "ok");
	assert_string_equal(read_up_to(&ben, "hello\n"),
			    "[lobby] ann: hello\n");
	close(other.fd);
	go(&console);
}

static void refusals_are_the_plugins(void **state)
{
	(void)state;
	send_line(&ann, "/joke x");
	puppet_asked();
	puppet_refuse(ERR_LIMIT, "No more today.");
	assert_string_equal(read_up_to(&ann, "== error limit\n"),
			    "!! limit No more today.\n== error limit\n");
	send_line(&ann, "/joke x");
	puppet_asked();
	puppet_refuse(ERR_PLUGIN_TIMEOUT, "It is too slow.");
	read_up_to(&ann, "!! plugin-timeout It is too slow.\n");
	read_up_to(&ann, "== error plugin-timeout\n");
	puppet_set(ERR_PLUGIN_DOWN);
	assert_string_equal(ask(&ann, "/joke", "error plugin-down"),
			    "!! plugin-down The plugin joke does not run at "
			    "present.\n== error plugin-down\n");
	puppet_set(ERR_BUSY);
	ask(&ann, "/joke", "error busy");
	puppet_set(ERR_UNKNOWN_COMMAND);
	ask(&ann, "/joke", "error unknown-command");
}

/* All here come from one address. */
static void one_address_cannot_take_all(void **state)
{
	struct seated crowd[USES_PER_SITE] = { 0 };

	(void)state;
	for (int i = 0; i < USES_PER_SITE; i++) {
		AUTO(mem_free_text) char *login = mem_print("/guest g%d", i);

		come(&crowd[i], "auto", login);
		send_line(&crowd[i], "/joke");
		puppet_asked();
	}
	ask(&ann, "/joke", "error busy");
	puppet_answer("done", NULL);
	read_up_to(&crowd[0], "-- done\n== ok\n");
	send_line(&ann, "/joke");
	puppet_asked();
	for (int i = 1; i < USES_PER_SITE; i++) {
		puppet_answer("done", NULL);
		read_up_to(&crowd[i], "-- done\n== ok\n");
	}
	puppet_answer("done", NULL);
	read_up_to(&ann, "-- done\n== ok\n");
	for (int i = 0; i < USES_PER_SITE; i++)
		go(&crowd[i]);
}

#define IN_HOUSE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HOUSE(who_asks_is_told_and_the_room),
		IN_HOUSE(another_session_of_who_asks_is_told_as_all),
		IN_HOUSE(only_that_line_is_taken),
		IN_HOUSE(in_no_room_there_is_nobody_else),
		IN_HOUSE(who_has_left_meanwhile_tells_the_room_nothing),
		IN_HOUSE(the_answer_to_a_session_that_ended_is_dropped),
		IN_HOUSE(refusals_are_the_plugins),
		IN_HOUSE(one_address_cannot_take_all),
	};

	return cmocka_run_group_tests_name("use", tests, NULL, NULL);
}
