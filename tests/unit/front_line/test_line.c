#include "front/line/line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "house.h"

#define DO_ECHO "\xff\xfd\x01"
#define DONT_ECHO "\xff\xfe\x01"
#define WILL_ECHO "\xff\xfb\x01"
#define WONT_ECHO "\xff\xfc\x01"

#define GREETING                                                               \
	"-- Welcome to House. Type your name, or /register NAME, "             \
	"/guest NAME, /help.\n"

static struct house house;

static int setup(void **state)
{
	(void)state;
	house_open(&house, 1, 0);
	house_start(&house);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	house_close(&house);
	return 0;
}

static int enter(const char *listener)
{
	int fd = house_connect(&house, listener);
	struct timeval wait = { .tv_sec = 20 };

	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	return fd;
}

static void say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL),
			 strlen(text));
}

/* What comes next is this, to the byte. */
static void expect(int fd, const char *want)
{
	size_t len = strlen(want);
	char *got = mem_zero(len + 1);
	size_t have = 0;

	while (have < len) {
		ssize_t n = recv(fd, got + have, len - have, 0);

		if (n <= 0)
			fail_msg("wanted \"%s\", got \"%s\"", want, got);
		have += (size_t)n;
	}
	assert_string_equal(got, want);
	mem_free(got);
}

static const char *const spoilt_passwords[] = { "pass\x01word\r\n",
						"\xc3\x28\r\n" };

/* Whatever becomes of the password, one sees again what one types. */
static void the_echo_comes_back(void **state)
{
	char long_line[5000];
	int fd = enter("always");

	(void)state;
	memset(long_line, 'p', sizeof(long_line));
	memcpy(long_line + sizeof(long_line) - 3, "\r\n", 3);
	expect(fd, GREETING "username: ");
	for (int i = 0; i < 3; i++) {
		say(fd, "ann\r\n");
		expect(fd, WILL_ECHO "password: ");
		say(fd, DO_ECHO);
		say(fd, i < 2 ? spoilt_passwords[i] : long_line);
		expect(fd, WONT_ECHO "\n!! ");
		expect(fd, i == 0   ? "bad-input A line may not hold control "
				      "characters.\nusername: "
			   : i == 1 ? "bad-input A line may not hold bytes "
				      "that are not UTF-8.\nusername: "
				    : "line-too-long A line has at most 4096 "
				      "bytes.\nusername: ");
		say(fd, DONT_ECHO);
	}
	say(fd, "ann\r\n");
	expect(fd, WILL_ECHO "password: ");
	say(fd, DO_ECHO "password\r\n");
	expect(fd, WONT_ECHO "\n-- Welcome, ann.\n");
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_echo_comes_back, setup,
						teardown),
	};

	return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
