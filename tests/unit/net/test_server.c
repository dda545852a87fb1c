#include "net/server.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
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

static void a_full_house_says_so(void **state)
{
	struct limits limits = echo.limits;
	int first = echo_connect(&echo);
	int fd;

	(void)state;
	limits.sessions = 1;
	echo_send(first, "echo in\n");
	echo_expect(first, "in\n");
	server_change(echo.server, &limits, echo.tls);
	fd = echo_connect(&echo);
	echo_expect_end(fd, "too-many-sessions\n");
	assert_int_equal(server_sessions(echo.server), 1);
	echo_send(first, "close\n");
	echo_expect_end(first, "bye\n");
	fd = echo_connect(&echo);
	echo_send(fd, "echo in\n");
	echo_expect(fd, "in\n");
	/* Those who were refused were never the service's. */
	assert_int_equal(echo_wait(has_opened, 2).opened, 2);
	close(fd);
	assert_int_equal(echo_wait(has_closed, 2).closed, 2);
}

static void stopping_is_told(void **state)
{
	int fd = echo_connect(&echo);
	int other = echo_connect(&echo);

	(void)state;
	echo_send(fd, "echo in\n");
	echo_expect(fd, "in\n");
	echo_send(other, "echo in\n");
	echo_expect(other, "in\n");
	server_stop(echo.server, 1000);
	echo_expect_end(fd, "stopping\n");
	echo_expect_end(other, "stopping\n");
	assert_int_equal(echo_wait(has_closed, 2).why, ERR_SHUTTING_DOWN);
	assert_int_equal(server_sessions(echo.server), 0);
	echo_fini(&echo);
}

struct stopper {
	struct thread thread;
	int64_t grace_ms;
};

static void stop(void *arg)
{
	const struct stopper *s = arg;

	server_stop(echo.server, s->grace_ms);
}

static void stopping_waits_for_answers(void **state)
{
	struct stopper stopper = { .grace_ms = 60000 };
	int parked = echo_connect(&echo);
	int idle = echo_connect(&echo);
	struct echo_counts counts;

	(void)state;
	echo_send(idle, "echo in\n");
	echo_expect(idle, "in\n");
	echo_send(parked, "park\necho never\n");
	counts = echo_wait(has_parked, 1);
	thread_start(&stopper.thread, "stopper", stop, &stopper);
	echo_expect_end(idle, "stopping\n");
	echo_resume(&echo, counts.last);
	echo_expect_end(parked, "stopping\n");
	thread_join(&stopper.thread);
	assert_int_equal(echo_wait(has_closed, 2).closed, 2);
	echo_fini(&echo);
}

static void stopping_waits_for_so_long_only(void **state)
{
	struct stopper stopper = { .grace_ms = 2000 };
	int parked = echo_connect(&echo);
	int idle = echo_connect(&echo);
	struct echo_counts counts;

	(void)state;
	echo_send(parked, "park\n");
	counts = echo_wait(has_parked, 1);
	echo_send(idle, "echo in\n");
	echo_expect(idle, "in\n");
	thread_start(&stopper.thread, "stopper", stop, &stopper);
	echo_expect_end(idle, "stopping\n");
	clock_fake_advance(2500);
	thread_join(&stopper.thread);
	echo_expect_end(parked, "stopping\n");
	assert_int_equal(echo_wait(has_closed, 2).closed, 2);
	echo_resume(&echo, counts.last); /* its job ends after all */
	echo_fini(&echo);
}

enum { NEW_SESSIONS = 77 };

/* The first worker has taken the change. */
static atomic_bool is_first_done;

static void watch_first(struct worker *w, void *to, void *arg)
{
	if (worker_limits(w)->sessions == NEW_SESSIONS)
		atomic_store(&is_first_done, true);
	else
		worker_post(w, watch_first, to, arg);
}

static void hold_second(struct worker *w, void *to, void *arg)
{
	(void)w;
	(void)to;
	(void)arg;
	while (!atomic_load(&is_first_done))
		sched_yield();
}

static void a_change_is_done_when_the_last_worker_has_it(void **state)
{
	struct limits limits = echo.limits;

	(void)state;
	limits.sessions = NEW_SESSIONS;
	atomic_store(&is_first_done, false);
	worker_post(server_worker(echo.server, 1), hold_second, NULL, NULL);
	worker_post(server_worker(echo.server, 0), watch_first, NULL, NULL);
	server_change(echo.server, &limits, echo.tls);
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(
			worker_limits(server_worker(echo.server, i))->sessions,
			NEW_SESSIONS);
}

/* Who asks for one while the daemon stops must not wait for ever. */
static void a_change_after_the_end_is_no_wait(void **state)
{
	(void)state;
	server_stop(echo.server, 1000);
	server_change(echo.server, &echo.limits, echo.tls);
	echo_fini(&echo);
}

static unsigned late_calls;

static void note_late(struct worker *w, void *to, void *arg)
{
	(void)w;
	(void)to;
	late_calls += arg != NULL;
	mem_free(arg);
}

/* What jobs answer after the workers have ended must not leak. */
static void late_answers_are_freed(void **state)
{
	struct worker *w = server_worker(echo.server, 0);

	(void)state;
	late_calls = 0;
	server_stop(echo.server, 1000);
	worker_post_answer(w, note_late, NULL, mem_zero(100));
	worker_post(w, note_late, NULL, mem_zero(100));
	echo_fini(&echo);
	assert_int_equal(late_calls, 2);
}

static void nobody_came(void **state)
{
	(void)state;
	server_free(&echo.server); /* never started */
	assert_null(echo.server);
	echo_fini(&echo);
}

static int setup_idle(void **state)
{
	(void)state;
	echo_init(&echo, 3);
	return 0;
}

#define WITH(setup, test) cmocka_unit_test_setup_teardown(test, setup, teardown)
#define ONCE(setup, test) cmocka_unit_test_setup(test, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(setup_one, a_full_house_says_so),
		ONCE(setup_two, stopping_is_told),
		ONCE(setup_one, stopping_waits_for_answers),
		ONCE(setup_one, stopping_waits_for_so_long_only),
		WITH(setup_two, a_change_is_done_when_the_last_worker_has_it),
		ONCE(setup_two, a_change_after_the_end_is_no_wait),
		ONCE(setup_one, late_answers_are_freed),
		ONCE(setup_idle, nobody_came),
	};

	clock_fake(1700000000000);
	return cmocka_run_group_tests_name("server", tests, NULL, NULL);
}
