/*
 * Clients that do anything at any time, from several threads, and a server
 * that is stopped in the middle of it: for the sanitizers to look at. What is
 * asserted is that each line of a machine is answered once, in order.
 */
#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "house.h"

enum { CLIENTS = 6, LIVES = 12, LINES = 60 };

struct client {
	struct house *house;
	struct thread thread;
	uint32_t random;
	unsigned number;
	int fd;
	unsigned sent;     /* lines that are to be answered */
	unsigned answered; /* by "== " */
	bool is_ended;     /* by the server, which has said so */

	/* Of all its lives: what must not be, and what only a stop excuses. */
	unsigned faults;
	unsigned unanswered;
	struct buf got;
};

static unsigned roll(struct client *c, unsigned sides)
{
	c->random = c->random * 1664525 + 1013904223;
	return (c->random >> 12) % sides;
}

static const char *const acts[] = {
	"hello everybody\n",
	"/me waves\n",
	"//a slash\n",
	"/tell ann psst\n",
	"/tell g0 psst\n",
	".ben psst\n",
	"/reply yes\n",
	"/join den\n",
	"/join attic\n",
	"/join no-such-room-of-mine\n",
	"/leave\n",
	"/leave den\n",
	"/leave lobby\n",
	"/topic news of the day\n",
	"/topic\n",
	"/who\n",
	"/who den\n",
	"/rooms\n",
	"/whois ann\n",
	"/whois g1\n",
	"/away lunch\n",
	"/away\n",
	"/nick n5\n",
	"/nick g2\n",
	"/sessions\n",
	"/help\n",
	"/login ann password\n",
	"/login ann wrong-password\n",
	"/guest g3\n",
	"/unknown\n",
	"\n",
	"/passwd password password\n",
	"\xc3\x28\n",
};

static const char *const logins[] = {
	"/login ann password\n", "/login ben password\n", "/guest g0\n",
	"/guest g1\n",           "/guest g2\n",
};

static bool put(struct client *c, const char *text)
{
	size_t len = strlen(text);

	while (len > 0) {
		ssize_t n = send(c->fd, text, len, MSG_NOSIGNAL);

		if (n < 0)
			return false;
		text += n;
		len -= (size_t)n;
	}
	return true;
}

static atomic_uint all_answers;

static bool begins(const char *at, const char *end, const char *with)
{
	size_t len = strlen(with);

	return (size_t)(end - at) >= len && memcmp(at, with, len) == 0;
}

static void count_answers(struct client *c)
{
	const char *at;
	const char *end;

	while ((at = buf_at(&c->got)) != NULL &&
	       (end = memchr(at, '\n', buf_len(&c->got))) != NULL) {
		if (begins(at, end, "== ")) {
			c->answered++;
			atomic_fetch_add(&all_answers, 1);
		}
		if (begins(at, end, "~~ session-ended") ||
		    begins(at, end, "!! session-ended") ||
		    begins(at, end, "~~ The server is stopping") ||
		    begins(at, end, "!! bad-login That was the last"))
			c->is_ended = true;
		buf_take(&c->got, (size_t)(end - at) + 1);
	}
}

/* Reads what is there, or waits for the end of the stream. */
static bool get(struct client *c, bool to_the_end)
{
	for (;;) {
		ssize_t n = recv(c->fd, buf_reserve(&c->got, 4096), 4096,
				 to_the_end ? 0 : MSG_DONTWAIT);

		if (n <= 0) {
			count_answers(c);
			return n < 0 && errno == EAGAIN;
		}
		buf_added(&c->got, (size_t)n);
		count_answers(c);
	}
}

static void say(struct client *c, const char *text)
{
	if (put(c, text))
		c->sent++;
	get(c, false);
}

/* Some end in good order: then everything was answered. */
static void live(struct client *c)
{
	unsigned lines = roll(c, LINES);
	unsigned ending = roll(c, 4);
	const char *login = logins[roll(c, COUNT(logins))];

	c->sent = 0;
	c->answered = 0;
	c->is_ended = false;
	say(c, "/mode machine\n");
	say(c, login);
	for (unsigned i = 0; i < lines; i++)
		say(c, acts[roll(c, COUNT(acts))]);
	if (ending == 0)
		return; /* gone, whatever is under way */
	if (ending == 1)
		say(c, "/quit\n");
	shutdown(c->fd, SHUT_WR);
	get(c, true);
	if (c->answered > c->sent)
		c->faults++;
	if (c->answered < c->sent && !c->is_ended)
		c->unanswered++;
}

static void end(struct client *c)
{
	close(c->fd);
	buf_fini(&c->got);
}

static void run(void *arg)
{
	struct client *c = arg;

	for (int i = 0; i < LIVES; i++) {
		c->fd = house_connect(c->house, "auto");
		if (c->fd < 0)
			return; /* it is stopped */
		live(c);
		end(c);
	}
}

/* The administrator, who ends the sessions of others and his own. */
static void run_console(void *arg)
{
	struct client *c = arg;
	char line[64];

	for (int i = 0; i < LIVES; i++) {
		c->fd = house_connect(c->house, "console");
		if (c->fd < 0)
			return;
		say(c, "/mode machine\n");
		for (int k = 0; k < 20; k++) {
			snprintf(line, sizeof(line), "/sessions end %u\n",
				 roll(c, CLIENTS * LIVES));
			say(c, line);
			say(c, "/sessions all\n");
			say(c, "/status\n");
			say(c, "/users\n");
		}
		shutdown(c->fd, SHUT_WR);
		get(c, true);
		end(c);
	}
}

static void start(struct client *clients, struct house *h)
{
	for (unsigned i = 0; i < CLIENTS; i++) {
		clients[i] = (struct client){ .house = h,
					      .random = 77 + i * 1001,
					      .number = i };
		thread_start(&clients[i].thread, "client",
			     i == 0 ? run_console : run, &clients[i]);
	}
}

static void join(struct client *clients, bool must_be_answered)
{
	for (unsigned i = 0; i < CLIENTS; i++) {
		thread_join(&clients[i].thread);
		assert_int_equal(clients[i].faults, 0);
		if (must_be_answered)
			assert_int_equal(clients[i].unanswered, 0);
	}
}

static void everybody_at_once(void **state)
{
	static struct client clients[CLIENTS];
	struct house h;

	(void)state;
	house_open(&h, 2, ROLE_ADMIN);
	house_start(&h);
	start(clients, &h);
	join(clients, true);
	house_close(&h);
}

static void stopped_in_the_middle(void **state)
{
	static struct client clients[CLIENTS];

	(void)state;
	for (unsigned round = 1; round <= 6; round++) {
		struct house h;

		atomic_store(&all_answers, 0);
		house_open(&h, 2, ROLE_ADMIN);
		house_start(&h);
		start(clients, &h);
		while (atomic_load(&all_answers) < round * 60)
			sched_yield();
		house_close(&h);
		join(clients, false);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everybody_at_once),
		cmocka_unit_test(stopped_in_the_middle),
	};

	return cmocka_run_group_tests_name("storm", tests, NULL, NULL);
}
