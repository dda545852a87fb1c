#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "echo.h"

enum { LINGERS_MS = 2500, CLOSES_MS = 5500 };

static struct echo echo;

static int setup(void **state)
{
	(void)state;
	echo_init(&echo, 1);
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

static void look(struct worker *w, void *arg)
{
	(void)w;
	(void)arg;
}

/* The worker looks at the clock once a turn, and calls may share a turn. */
static void pass(int64_t ms)
{
	clock_fake_advance(ms);
	for (int i = 0; i < 3; i++)
		echo_call(server_worker(echo.server, 0), look, NULL);
}

static void expect_nobody_after(int64_t ms)
{
	enum { ROUNDS = 100000 };

	pass(ms);
	for (int i = 0; i < ROUNDS && server_sessions(echo.server) > 0; i++)
		pass(0);
	assert_int_equal(server_sessions(echo.server), 0);
}

/* Sends up to so many bytes; how many went before the socket refused. */
static size_t babble(int fd, size_t most)
{
	char bytes[65536];
	size_t sent = 0;
	ssize_t n = 1;

	memset(bytes, 'x', sizeof(bytes));
	while (sent < most &&
	       (n = send(fd, bytes, sizeof(bytes), MSG_NOSIGNAL)) > 0)
		sent += (size_t)n;
	return sent;
}

/* Its last words must reach whoever goes on talking. */
static void who_talks_on_hears_the_last_words(void **state)
{
	enum { MUCH = 4 << 20 };
	int fd = echo_connect(&echo);

	(void)state;
	echo_send(fd, "close\n");
	assert_int_equal(babble(fd, MUCH), MUCH);
	echo_expect_end(fd, "bye\n");
	assert_int_equal(echo_wait(has_closed, 1).why, ERR_OK);
}

static void a_slow_reader_hears_why(void **state)
{
	enum { MUCH = 4 << 20, TAIL = 12 };
	char tail[4096 + TAIL] = "";
	int fd = echo_connect(&echo);
	ssize_t n;

	(void)state;
	for (int i = 0; i < 200; i++)
		echo_send(fd, "flood 20\n");
	assert_int_equal(babble(fd, MUCH), MUCH);
	while ((n = recv(fd, tail + TAIL, sizeof(tail) - TAIL, 0)) > 0)
		memmove(tail, tail + n, TAIL);
	assert_int_equal(n, 0); /* no reset */
	assert_memory_equal(tail, "slow-reader\n", TAIL);
	close(fd);
}

/* It counts until then, and no longer. */
static void nobody_lingers_for_ever(void **state)
{
	int fd = echo_connect(&echo);
	char byte;

	(void)state;
	echo_send(fd, "close\n");
	echo_expect(fd, "bye\n");
	assert_int_equal(recv(fd, &byte, 1, 0), 0);
	assert_int_equal(server_sessions(echo.server), 1);
	pass(1000);
	assert_int_equal(server_sessions(echo.server), 1);
	echo_send(fd, "not any more\n");
	expect_nobody_after(LINGERS_MS);
	assert_int_equal(babble(fd, 65536), 0);
	close(fd);
}

static void nobody_talks_for_ever(void **state)
{
	enum { TOO_MUCH = 32 << 20 };
	int fd = echo_connect(&echo);

	(void)state;
	echo_send(fd, "close\n");
	assert_true(babble(fd, TOO_MUCH) < TOO_MUCH);
	expect_nobody_after(0);
	close(fd);
}

static void who_takes_no_last_words_is_dropped(void **state)
{
	int fd = echo_connect(&echo);

	(void)state;
	echo_send(fd, "flood 900\nclose\n");
	echo_wait(has_closed, 1);
	pass(LINGERS_MS);
	assert_int_equal(server_sessions(echo.server), 1);
	expect_nobody_after(CLOSES_MS);
	close(fd);
}

/* Stopping would wait until the clock moves, and here it does not. */
static void a_stop_waits_for_no_silent_peer(void **state)
{
	int ended = echo_connect(&echo);
	int idle = echo_connect(&echo);
	char byte;

	(void)state;
	echo_send(idle, "echo in\n");
	echo_expect(idle, "in\n");
	echo_send(ended, "close\n");
	echo_expect(ended, "bye\n");
	assert_int_equal(recv(ended, &byte, 1, 0), 0);
	server_stop(echo.server, 60000);
	echo_expect_end(idle, "stopping\n");
	close(ended);
	echo_fini(&echo);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(who_talks_on_hears_the_last_words),
		WITH(a_slow_reader_hears_why),
		WITH(nobody_lingers_for_ever),
		WITH(nobody_talks_for_ever),
		WITH(who_takes_no_last_words_is_dropped),
		cmocka_unit_test_setup(a_stop_waits_for_no_silent_peer, setup),
	};

	clock_fake(1700000000000);
	return cmocka_run_group_tests_name("ending", tests, NULL, NULL);
}
