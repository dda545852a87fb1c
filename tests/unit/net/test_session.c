#include "net/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "echo.h"

static struct echo echo;

static int setup_one(void **state)
{
	(void)state;
	echo_init(&echo, 1);
	echo_start(&echo);
	return 0;
}

static int setup_two(void **state)
{
	(void)state;
	echo_init(&echo, 2);
	echo_start(&echo);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	server_stop(echo.server, 1000);
	echo_fini(&echo);
	return 0;
}

static void lines_are_answered(void **state)
{
	int fd = echo_connect(&echo);

	(void)state;
	echo_send(fd, "echo one\n");
	echo_expect(fd, "one\n");
	echo_send(fd, "echo two\necho thr");
	echo_expect(fd, "two\n");
	echo_send(fd, "ee\n");
	echo_expect(fd, "three\n");
	close(fd);
	assert_int_equal(echo_wait(has_closed, 1).why, ERR_OK);
}

/* More than one turn's input, and more than the socket holds. */
static void much_input_keeps_its_order(void **state)
{
	enum { LINES = 30000, AHEAD = 500 };
	int fd = echo_connect(&echo);
	char line[32];

	(void)state;
	for (int i = 0; i < LINES + AHEAD; i++) {
		if (i < LINES) {
			snprintf(line, sizeof(line), "echo %d\n", i);
			echo_send(fd, line);
		}
		if (i >= AHEAD) {
			snprintf(line, sizeof(line), "%d\n", i - AHEAD);
			echo_expect(fd, line);
		}
	}
	close(fd);
	echo_wait(has_closed, 1);
}

static void last_words_come_before_the_end(void **state)
{
	int fd = echo_connect(&echo);

	(void)state;
	echo_send(fd, "flood 60\nclose\necho not any more\n");
	for (int i = 0; i < 60; i++) {
		char line[1001];

		memset(line, 'f', sizeof(line));
		line[999] = '\n';
		line[1000] = '\0';
		echo_expect(fd, line);
	}
	echo_expect_end(fd, "bye\n");
	assert_int_equal(echo_wait(has_closed, 1).why, ERR_OK);
}

static void the_refused_are_told_why(void **state)
{
	int fd = echo_connect(&echo);

	(void)state;
	echo_send(fd, "refuse\n");
	echo_expect_end(fd, "busy\n");
	assert_int_equal(echo_wait(has_closed, 1).why, ERR_BUSY);
}

static void many_come_and_go(void **state)
{
	(void)state;
	for (int round = 0; round < 20; round++) {
		int fds[20];

		for (int i = 0; i < 20; i++) {
			fds[i] = echo_connect(&echo);
			echo_send(fds[i], i % 3 == 0 ? "close\n" : "echo x\n");
		}
		for (int i = 0; i < 20; i++) {
			if (i % 3 == 0) {
				echo_expect_end(fds[i], "bye\n");
				continue;
			}
			echo_expect(fds[i], "x\n");
			close(fds[i]);
		}
	}
	echo_wait(has_closed, 400);
}

/* What a test wants to know of a session, asked in its worker. */
struct question {
	struct session_handle handle;
	uint64_t tag;
	bool is_found;
	bool is_tagged;
};

static void ask(struct worker *w, void *arg)
{
	struct question *q = arg;
	struct session *s = session_find(w, q->handle);

	q->is_found = s != NULL;
	if (s != NULL)
		q->tag = session_tag(s);
	q->is_tagged = s != NULL ? session_tagged(w, q->tag) == s
				 : session_tagged(w, q->tag) != NULL;
}

static void a_handle_names_one_session_only(void **state)
{
	struct question first = { .tag = 0 };
	struct question second = { .tag = 0 };
	struct worker *w = server_worker(echo.server, 0);
	int fd = echo_connect(&echo);

	(void)state;
	echo_send(fd, "echo a\n");
	echo_expect(fd, "a\n");
	first.handle = echo_wait(has_opened, 1).last;
	echo_call(w, ask, &first);
	assert_true(first.is_found && first.is_tagged);
	assert_true(first.tag != 0);
	echo_send(fd, "close\n");
	echo_expect_end(fd, "bye\n");
	echo_wait(has_closed, 1);
	echo_call(w, ask, &first);
	assert_false(first.is_found || first.is_tagged);

	fd = echo_connect(&echo);
	echo_send(fd, "echo b\n");
	echo_expect(fd, "b\n");
	second.handle = echo_wait(has_opened, 2).last;
	assert_int_equal(second.handle.slot, first.handle.slot);
	assert_int_not_equal(second.handle.number, first.handle.number);
	echo_call(w, ask, &first);
	assert_false(first.is_found || first.is_tagged);
	echo_call(w, ask, &second);
	assert_true(second.is_found && second.is_tagged);
	second.handle.slot = 1 << 19;
	echo_call(w, ask, &second);
	assert_false(second.is_found);
	second.handle.worker = 1;
	echo_call(w, ask, &second);
	assert_false(second.is_found);
	close(fd);
}

struct words {
	struct session_handle to;
	const char *text;
};

static void write_words(struct worker *w, void *arg)
{
	const struct words *words = arg;
	struct session *s = session_find(w, words->to);

	assert_non_null(s);
	session_write(s, words->text, strlen(words->text));
}

static void parked_it_receives_but_does_not_run(void **state)
{
	struct worker *w = server_worker(echo.server, 0);
	struct words words = { .text = "news\n" };
	struct echo_counts counts;
	int fd = echo_connect(&echo);

	(void)state;
	echo_send(fd, "park\necho after\n");
	counts = echo_wait(has_parked, 1);
	echo_send(fd, "echo later\n");
	words.to = counts.last;
	echo_call(w, write_words, &words);
	echo_expect(fd, "news\n");
	echo_send(fd, "park\n");
	echo_call(w, write_words, &words);
	echo_expect(fd, "news\n");
	assert_int_equal(echo_wait(has_parked, 1).inputs, 1);
	echo_resume(&echo, counts.last);
	echo_expect(fd, "after\nlater\n");
	echo_wait(has_parked, 2);
	echo_send(fd, "close\n");
	echo_resume(&echo, counts.last);
	echo_expect_end(fd, "bye\n");
	echo_wait(has_closed, 1);
	echo_resume(&echo, counts.last); /* an answer to a dead session */
}

static void a_peer_that_leaves_while_parked(void **state)
{
	int fd = echo_connect(&echo);
	struct echo_counts counts;

	(void)state;
	echo_send(fd, "park\n");
	counts = echo_wait(has_parked, 1);
	close(fd);
	echo_resume(&echo, counts.last);
	assert_int_equal(echo_wait(has_closed, 1).closed, 1);
}

static void look(struct worker *w, void *arg)
{
	(void)w;
	(void)arg;
}

/* Lets the worker see that the clock has moved. */
static void pass(int64_t ms)
{
	clock_fake_advance(ms);
	echo_call(server_worker(echo.server, 0), look, NULL);
	echo_call(server_worker(echo.server, 0), look, NULL);
}

static void deadlines_end_a_session(void **state)
{
	int fd = echo_connect(&echo);

	(void)state;
	echo_send(fd, "deadline 5\necho set\n");
	echo_expect(fd, "set\n");
	pass(4900);
	echo_send(fd, "echo still here\n");
	echo_expect(fd, "still here\n");
	pass(400);
	echo_expect_end(fd, "timeout\n");
	assert_int_equal(echo_wait(has_closed, 1).why, ERR_TIMEOUT);
}

static void a_deadline_can_be_taken_back(void **state)
{
	int fd = echo_connect(&echo);

	(void)state;
	echo_send(fd, "deadline 5\ndeadline 0\necho set\n");
	echo_expect(fd, "set\n");
	pass(100000);
	echo_send(fd, "echo still here\n");
	echo_expect(fd, "still here\n");
	close(fd);
}

static void input_puts_the_idle_timeout_off(void **state)
{
	int fd = echo_connect(&echo);

	(void)state;
	echo_send(fd, "idle 10\necho set\n");
	echo_expect(fd, "set\n");
	for (int i = 0; i < 5; i++) {
		pass(9000);
		echo_send(fd, "echo here\n");
		echo_expect(fd, "here\n");
	}
	pass(9700);
	echo_send(fd, "echo here\n");
	echo_expect(fd, "here\n");
	pass(10600);
	echo_expect_end(fd, "timeout\n");
	echo_wait(has_closed, 1);
}

/* The service must hear of it, or it keeps what it has of a freed session. */
static void closing_and_due_in_one_turn(void **state)
{
	int fd = echo_connect(&echo);

	(void)state;
	echo_send(fd, "deadline 5\necho set\n");
	echo_expect(fd, "set\n");
	clock_fake_advance(6000);
	echo_send(fd, "close\n");
	echo_wait(has_closed, 1);
	close(fd);
	server_stop(echo.server, 1000);
	assert_int_equal(echo_wait(has_closed, 1).closed, 1);
	echo_fini(&echo);
}

static void who_never_reads_is_cut_off(void **state)
{
	int fd = echo_connect(&echo);
	int other = echo_connect(&echo);
	char bytes[4096];
	size_t total = 0;
	ssize_t n;

	(void)state;
	for (int i = 0; i < 200; i++)
		echo_send(fd, "flood 20\n");
	assert_int_equal(echo_wait(has_closed, 1).why, ERR_SLOW_READER);
	echo_send(other, "echo fine\n");
	echo_expect(other, "fine\n");
	while ((n = recv(fd, bytes, sizeof(bytes), 0)) > 0)
		total += (size_t)n;
	assert_int_equal(n, 0);
	assert_true(total < 2000000);
	close(fd);
	close(other);
}

#define WITH(setup, test) cmocka_unit_test_setup_teardown(test, setup, teardown)
#define ONCE(setup, test) cmocka_unit_test_setup(test, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(setup_one, lines_are_answered),
		WITH(setup_two, much_input_keeps_its_order),
		WITH(setup_one, last_words_come_before_the_end),
		WITH(setup_one, the_refused_are_told_why),
		WITH(setup_two, many_come_and_go),
		WITH(setup_one, a_handle_names_one_session_only),
		WITH(setup_one, parked_it_receives_but_does_not_run),
		WITH(setup_one, a_peer_that_leaves_while_parked),
		WITH(setup_one, deadlines_end_a_session),
		WITH(setup_one, a_deadline_can_be_taken_back),
		WITH(setup_one, input_puts_the_idle_timeout_off),
		ONCE(setup_one, closing_and_due_in_one_turn),
		WITH(setup_one, who_never_reads_is_cut_off),
	};

	clock_fake(1700000000000);
	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
