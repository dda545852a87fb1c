/*
 * The trail cannot be exported, so acts are refused: who is in stays and
 * talks, nobody comes in, and the console is where one looks for the reason.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "house.h"

static struct house house;

static enum err fill(struct store_txn *txn, void *arg)
{
	const struct audit_entry entry = { .action = "test" };
	enum err e = ERR_OK;

	(void)arg;
	while (e == ERR_OK)
		e = trail_write(txn, house.realm.trail, &entry);
	return e == ERR_AUDIT_DOWN ? ERR_OK : e;
}

static void take_trail_down(void)
{
	trail_follow(house.realm.trail, 0);
	assert_int_equal(store_run(house.realm.store, fill, NULL), ERR_OK);
}

static void mend_trail(void)
{
	struct trail_head head;

	assert_int_equal(trail_head(house.realm.trail, &head), ERR_OK);
	trail_follow(house.realm.trail, head.sequence);
}

/* The code of the answer to a line, or how the session ended. */
static const char *ask(int fd, const char *line)
{
	static char got[8192];
	size_t len = 0;
	const char *answer = NULL;

	(void)!send(fd, line, strlen(line), MSG_NOSIGNAL);
	(void)!send(fd, "\n", 1, MSG_NOSIGNAL);
	while (answer == NULL && len < sizeof(got) - 1) {
		ssize_t n = recv(fd, got + len, sizeof(got) - 1 - len, 0);

		if (n <= 0)
			return "the session has ended";
		len += (size_t)n;
		got[len] = '\0';
		if (got[len - 1] == '\n')
			answer = strstr(got, "== ");
	}
	if (answer != NULL)
		got[len - 1] = '\0';
	return answer;
}

static int enter(const char *listener)
{
	struct timeval wait = { .tv_sec = 60 };
	int fd = house_connect(&house, listener);

	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	assert_string_equal(ask(fd, "/mode machine"), "== ok");
	return fd;
}

static int setup(void **state)
{
	(void)state;
	house_open(&house, 1, ROLE_ADMIN);
	house_start(&house);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	house_close(&house);
	return 0;
}

static void nobody_comes_in_but_the_console(void **state)
{
	int ann = enter("auto");
	int ben = enter("auto");
	int guest = enter("auto");
	int console;

	(void)state;
	assert_string_equal(ask(ann, "/login ann password"), "== ok");
	take_trail_down();
	assert_string_equal(ask(ben, "/login ben password"),
			    "== error audit-down");
	assert_string_equal(ask(ben, "/register carl password"),
			    "== error audit-down");
	assert_string_equal(ask(guest, "/guest zoe"), "== error audit-down");
	assert_string_equal(ask(ann, "hello"), "== ok");
	assert_string_equal(ask(ann, "/users disable ben"),
			    "== error audit-down");
	console = enter("console");
	assert_string_equal(ask(console, "/status"), "== ok");
	assert_string_equal(ask(console, "/users disable ben"),
			    "== error audit-down");
	mend_trail();
	assert_string_equal(ask(ben, "/login ben password"), "== ok");
	assert_string_equal(ask(guest, "/guest zoe"), "== ok");
	close(ann);
	close(ben);
	close(guest);
	close(console);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nobody_comes_in_but_the_console,
						setup, teardown),
	};

	return cmocka_run_group_tests_name("audit_down", tests, NULL, NULL);
}
