/*
 * Who comes in while a name changes hands. Doors hold up a thread of the
 * server, so that what could happen now and then happens each time.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
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
#include "chat/room.h"
#include "command/task.h"
#include "house.h"

enum { RENAMES = 60, COMERS = 3 };

static struct house house;

/* A door that a thread of the server waits at. */
struct door {
	struct job job;
	atomic_bool is_reached;
	atomic_bool is_open;
};

static void wait_until(atomic_bool *what)
{
	while (!atomic_load(what))
		sched_yield();
}

static void wait_at_door(struct door *d)
{
	atomic_store(&d->is_reached, true);
	wait_until(&d->is_open);
}

static void job_at_door(struct job *job)
{
	wait_at_door(CONTAINER(job, struct door, job));
}

static void worker_at_door(struct worker *worker UNUSED, void *to UNUSED,
			   void *arg)
{
	wait_at_door(arg);
}

/* One thread of the set stands at the door when this returns. */
static void hold_jobs(struct door *d, struct jobs *jobs)
{
	*d = (struct door){ .job = { .run = job_at_door } };
	assert_int_equal(jobs_submit(jobs, &d->job), ERR_OK);
	wait_until(&d->is_reached);
}

static void hold_worker(struct door *d)
{
	*d = (struct door){ .job = { .run = job_at_door } };
	worker_post(server_worker(house.realm.server, 0), worker_at_door, NULL,
		    d);
	wait_until(&d->is_reached);
}

static void let_go(struct door *d)
{
	atomic_store(&d->is_open, true);
}

static void wait_for_queue(struct jobs *jobs, size_t count)
{
	while (jobs_waiting(jobs) != count)
		sched_yield();
}

/* A program at the other end. */
struct client {
	int fd;
	struct buf got;    /* not looked at yet */
	struct buf answer; /* all lines since the last answer, and it */
	bool is_over;
};

static void tell(struct client *c, const char *line)
{
	(void)!send(c->fd, line, strlen(line), MSG_NOSIGNAL);
	(void)!send(c->fd, "\n", 1, MSG_NOSIGNAL);
}

/* Takes a line into the answer: false when it ends the answer. */
static bool take_line(struct client *c)
{
	const char *at = buf_at(&c->got);
	const char *end =
		at == NULL ? NULL : memchr(at, '\n', buf_len(&c->got));
	bool is_last;

	if (end == NULL) {
		ssize_t n = recv(c->fd, buf_reserve(&c->got, 4096), 4096, 0);

		c->is_over = n <= 0;
		if (n > 0)
			buf_added(&c->got, (size_t)n);
		return !c->is_over;
	}
	is_last = strncmp(at, "== ", 3) == 0;
	buf_add(&c->answer, at, (size_t)(end - at) + 1);
	buf_take(&c->got, (size_t)(end - at) + 1);
	return !is_last;
}

/* Up to the next "==", or the end of the session. */
static const char *answer(struct client *c)
{
	buf_reset(&c->answer);
	while (take_line(c))
		;
	return buf_text(&c->answer);
}

static const char *ask(struct client *c, const char *line)
{
	tell(c, line);
	return answer(c);
}

static void enter(struct client *c, const char *listener)
{
	struct timeval wait = { .tv_sec = 60 };

	*c = (struct client){ .fd = house_connect(&house, listener) };
	assert_true(c->fd >= 0);
	setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	ask(c, "/mode machine");
}

static void leave(struct client *c)
{
	close(c->fd);
	buf_fini(&c->got);
	buf_fini(&c->answer);
}

static void assert_ends_with(const char *text, const char *end)
{
	size_t len = strlen(text);

	if (len < strlen(end) || strcmp(text + len - strlen(end), end) != 0)
		fail_msg("\"%s\" does not end with \"%s\"", text, end);
}

static void assert_lacks(const char *text, const char *part)
{
	if (strstr(text, part) != NULL)
		fail_msg("\"%s\" has \"%s\"", text, part);
}

static int setup(void **state)
{
	(void)state;
	house_open(&house, 1, 0);
	house.jobs = 1;
	house_start(&house);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	house_close(&house);
	return 0;
}

/* The login has read the old name when the user gets a new one. */
static void a_renamed_user_enters_under_the_new_name(void **state)
{
	struct realm *r = &house.realm;
	struct door hasher;
	struct door job;
	struct door worker;
	struct door last;
	struct client ann;
	struct client ben;
	struct client admin;

	(void)state;
	enter(&ann, "auto");
	enter(&ben, "auto");
	enter(&admin, "console");
	assert_ends_with(ask(&ben, "/login ben password"), "== ok\n");
	hold_jobs(&hasher, r->hashers);
	tell(&ann, "/login ann password");
	wait_for_queue(r->hashers, 1);
	hold_jobs(&job, r->jobs);
	let_go(&hasher);
	wait_for_queue(r->jobs, 1);
	tell(&admin, "/users rename ann eva");
	wait_for_queue(r->jobs, 2);
	hold_worker(&worker);
	let_go(&job);
	hold_jobs(&last, r->jobs); /* both are done */
	let_go(&last);
	let_go(&worker);
	assert_ends_with(answer(&admin), "== ok\n");
	assert_ends_with(answer(&ann), "== error session-ended\n");
	assert_lacks(ask(&ben, "/who"), "ann");
	answer(&ann);
	assert_true(ann.is_over);
	leave(&ann);
	enter(&ann, "auto");
	assert_ends_with(ask(&ann, "/login eva password"), "== ok\n");
	assert_lacks(ask(&ben, "/who"), "ann");
	leave(&ann);
	leave(&ben);
	leave(&admin);
}

/* A guest came while the password of a new user was hashed. */
static void a_guest_was_first(void **state)
{
	struct realm *r = &house.realm;
	struct door hasher;
	struct client gus;
	struct client user;

	(void)state;
	enter(&gus, "auto");
	enter(&user, "auto");
	hold_jobs(&hasher, r->hashers);
	tell(&user, "/register gus password");
	wait_for_queue(r->hashers, 1);
	assert_ends_with(ask(&gus, "/guest gus"), "== ok\n");
	let_go(&hasher);
	assert_ends_with(answer(&user), "== error name-taken\n");
	assert_ends_with(ask(&user, "/login gus password"),
			 "== error bad-login\n");
	assert_ends_with(ask(&gus, "/whois gus"), "== ok\n");
	leave(&gus);
	leave(&user);
}

/* What is sent, and then asks for the name, before either has it. */
static const struct taker_case {
	const char *name;
	const char *before;
	const char *takes;
} taker_cases[] = {
	{ "a new guest", "", "/guest gus" },
	{ "a guest under another name", "/guest zoe", "/nick gus" },
};

/* Both have found that nobody has the name. */
static void one_of_two_takes_a_name(void **state)
{
	const struct taker_case *c = *state;
	struct realm *r = &house.realm;
	struct door job;
	struct door worker;
	struct door last;
	struct client gus;
	struct client user;

	enter(&gus, "auto");
	enter(&user, "auto");
	assert_ends_with(ask(&gus, c->before), "== ok\n");
	hold_jobs(&job, r->jobs);
	tell(&gus, c->takes);
	wait_for_queue(r->jobs, 1);
	tell(&user, "/register gus password");
	wait_for_queue(r->jobs, 2);
	hold_worker(&worker);
	let_go(&job);
	hold_jobs(&last, r->jobs);
	let_go(&last);
	let_go(&worker);
	assert_ends_with(answer(&gus), "== ok\n");
	assert_ends_with(answer(&user), "== error name-taken\n");
	assert_ends_with(ask(&user, "/login gus password"),
			 "== error bad-login\n");
	assert_ends_with(ask(&gus, "/whois gus"), "== ok\n");
	leave(&gus);
	leave(&user);
}

/* And the other way about: then the guest finds the user. */
static void the_user_was_first(void **state)
{
	const struct taker_case *c = *state;
	struct realm *r = &house.realm;
	struct door job;
	struct client gus;
	struct client user;

	enter(&gus, "auto");
	enter(&user, "auto");
	assert_ends_with(ask(&gus, c->before), "== ok\n");
	hold_jobs(&job, r->jobs);
	tell(&user, "/register gus password");
	wait_for_queue(r->jobs, 1);
	tell(&gus, c->takes);
	wait_for_queue(r->jobs, 2);
	let_go(&job);
	assert_ends_with(answer(&user), "== ok\n");
	assert_ends_with(answer(&gus), "== error name-taken\n");
	leave(&gus);
	leave(&user);
}

/* A listener on the loopback, where peers have an address. */
static in_port_t listen_on_loopback(void)
{
	static char text[32];
	struct listener_settings settings = { .address = text };
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t len = sizeof(in);
	AUTO(buf_fini) struct buf why = { 0 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &len), 0);
	snprintf(text, sizeof(text), "127.0.0.1:%u", ntohs(in.sin_port));
	assert_int_equal(server_listen(house.realm.server, &settings,
				       line_service(house.line), house.dir, fd,
				       &why),
			 ERR_OK);
	return in.sin_port;
}

static void enter_from_loopback(struct client *c, in_port_t port)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = port };
	struct timeval wait = { .tv_sec = 60 };

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	*c = (struct client){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC,
					   0) };
	assert_int_equal(connect(c->fd, (struct sockaddr *)&in, sizeof(in)), 0);
	setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	ask(c, "/mode machine");
}

/* All that come by Unix sockets are of one address, "local". */
static void one_address_leaves_room_for_others(void **state)
{
	static const char *const lines[] = { "/login ann password",
					     "/register zoe password" };
	static struct client crowd[HASHES_PER_SITE + 4];
	struct jobs *hashers = house.realm.hashers;
	struct door hasher;
	struct client ben;

	hold_jobs(&hasher, hashers);
	for (size_t i = 0; i < COUNT(crowd); i++)
		enter(&crowd[i], "auto");
	for (size_t i = 0; i < HASHES_PER_SITE; i++) {
		tell(&crowd[i], lines[i % 2]);
		wait_for_queue(hashers, i + 1);
	}
	for (size_t i = HASHES_PER_SITE; i < COUNT(crowd); i++)
		assert_ends_with(ask(&crowd[i], lines[i % 2]),
				 "== error busy\n");
	enter_from_loopback(&ben, *(in_port_t *)*state);
	tell(&ben, "/login ben password");
	wait_for_queue(hashers, HASHES_PER_SITE + 1);
	let_go(&hasher);
	assert_ends_with(answer(&ben), "== ok\n");
	assert_ends_with(answer(&crowd[0]), "== ok\n");
	/* The queue is empty, and the address has its share again. */
	assert_ends_with(ask(&crowd[HASHES_PER_SITE], lines[0]), "== ok\n");
	for (size_t i = 0; i < COUNT(crowd); i++)
		leave(&crowd[i]);
	leave(&ben);
}

static int setup_loopback(void **state)
{
	static in_port_t port;

	house_open(&house, 1, 0);
	port = listen_on_loopback();
	house_start(&house);
	*state = &port;
	return 0;
}

static atomic_uint renaming;

static void rename_to_and_fro(void *arg UNUSED)
{
	struct client admin;

	enter(&admin, "console");
	for (int i = 0; i < RENAMES / 2; i++) {
		ask(&admin, "/users rename ann eva");
		ask(&admin, "/users rename eva ann");
	}
	leave(&admin);
	atomic_store(&renaming, 0);
}

static void come_and_go(void *arg UNUSED)
{
	static const char *const logins[] = { "/login ann password",
					      "/login eva password" };

	for (unsigned i = 0; atomic_load(&renaming) > 0; i++) {
		struct client c;

		enter(&c, "auto");
		ask(&c, logins[i % 2]);
		leave(&c);
	}
}

/* However logins and renames meet, a user is one person. */
static void nobody_is_two(void **state)
{
	struct thread threads[1 + COMERS];
	AUTO(buf_fini) struct buf people = { 0 };
	bool is_two = false;

	(void)state;
	atomic_store(&renaming, 1);
	thread_start(&threads[0], "renamer", rename_to_and_fro, NULL);
	for (unsigned i = 1; i < COUNT(threads); i++)
		thread_start(&threads[i], "comer", come_and_go, NULL);
	while (atomic_load(&renaming) > 0) {
		buf_reset(&people);
		room_print_people(chat_default_room(house.realm.chat), &people);
		is_two |= strchr(buf_text(&people), ',') != NULL;
		sched_yield();
	}
	for (unsigned i = 0; i < COUNT(threads); i++)
		thread_join(&threads[i]);
	assert_false(is_two);
}

static int setup_many(void **state)
{
	(void)state;
	house_open(&house, 2, 0);
	house_start(&house);
	return 0;
}

#define IN_HOUSE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
#define IN_CASE(test, i)                                                       \
	{                                                                      \
#test, test, setup, teardown,                                  \
			(void *)(uintptr_t)&taker_cases[i]                     \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HOUSE(a_renamed_user_enters_under_the_new_name),
		IN_HOUSE(a_guest_was_first),
		IN_CASE(one_of_two_takes_a_name, 0),
		IN_CASE(one_of_two_takes_a_name, 1),
		IN_CASE(the_user_was_first, 0),
		IN_CASE(the_user_was_first, 1),
		cmocka_unit_test_setup_teardown(
			one_address_leaves_room_for_others, setup_loopback,
			teardown),
		cmocka_unit_test_setup_teardown(nobody_is_two, setup_many,
						teardown),
	};

	return cmocka_run_group_tests_name("entry", tests, NULL, NULL);
}
