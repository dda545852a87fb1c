#include "net/worker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
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

static void look(struct worker *w, void *arg)
{
	(void)w;
	(void)arg;
}

/* Keeps a worker busy until it is let go. */
struct gate {
	struct mutex lock;
	struct cond moved;
	bool is_there;
	bool is_open;
};

static void wait_at_gate(struct worker *w, void *to, void *arg)
{
	struct gate *gate = arg;

	(void)w;
	(void)to;
	mutex_lock(&gate->lock);
	gate->is_there = true;
	cond_wake_all(&gate->moved);
	while (!gate->is_open)
		cond_wait(&gate->moved, &gate->lock);
	mutex_unlock(&gate->lock);
}

static void close_gate(struct gate *gate, struct worker *w)
{
	mutex_init(&gate->lock, LOCK_TABLE);
	cond_init(&gate->moved);
	gate->is_there = false;
	gate->is_open = false;
	worker_post(w, wait_at_gate, NULL, gate);
	mutex_lock(&gate->lock);
	while (!gate->is_there)
		cond_wait(&gate->moved, &gate->lock);
	mutex_unlock(&gate->lock);
}

static void open_gate(struct gate *gate)
{
	mutex_lock(&gate->lock);
	gate->is_open = true;
	cond_wake_all(&gate->moved);
	mutex_unlock(&gate->lock);
}

static void out_of_credit_it_reads_no_more(void **state)
{
	struct echo_counts counts;
	struct worker *mine;
	struct gate gate;
	int fd = echo_connect(&echo);

	(void)state;
	echo_send(fd, "echo in\n");
	echo_expect(fd, "in\n");
	counts = echo_wait(has_opened, 1);
	mine = server_worker(echo.server, counts.last.worker);
	close_gate(&gate, server_worker(echo.server, 1 - counts.last.worker));
	echo_send(fd, "post 20000\necho posted\n");
	echo_expect(fd, "posted\n");
	echo_send(fd, "echo starved\n");
	/* It goes through its turns, but does not look at the socket. */
	for (int i = 0; i < 20; i++)
		echo_call(mine, look, NULL);
	counts = echo_wait(has_opened, 1);
	assert_int_equal(counts.posts, 0);
	assert_int_equal(counts.inputs, 3);
	open_gate(&gate);
	echo_expect(fd, "starved\n");
	echo_wait(has_posted, 20000);
	close(fd);
	echo_wait(has_closed, 1);
}

/* The same again and again: no wake-up may be lost. */
static void credit_comes_back_every_time(void **state)
{
	int fd = echo_connect(&echo);

	(void)state;
	for (int i = 0; i < 100; i++) {
		echo_send(fd, "post 9000\necho a\n");
		echo_send(fd, "echo b\n");
		echo_expect(fd, "a\nb\n");
	}
	echo_wait(has_posted, 900000);
	close(fd);
}

struct numbered {
	unsigned next;
};

static void take_number(struct worker *w, void *to, void *arg)
{
	struct numbered *n = to;

	(void)w;
	assert_int_equal((uintptr_t)arg, n->next);
	n->next++;
}

static void check_number(struct worker *w, void *arg)
{
	const struct numbered *n = arg;

	(void)w;
	assert_int_equal(n->next, 50000);
}

static void posts_keep_their_order(void **state)
{
	struct worker *w = server_worker(echo.server, 0);
	struct numbered n = { 0 };

	(void)state;
	for (uintptr_t i = 0; i < 50000; i++)
		worker_post(w, take_number, &n, (void *)i);
	echo_call(w, check_number, &n);
}

struct effect {
	bool is_posted;
	bool was_seen;
	bool was_nested;
};

static void cause(struct worker *w, void *to, void *arg)
{
	struct effect *effect = arg;

	(void)w;
	(void)to;
	effect->is_posted = true;
}

static void answer(struct worker *w, void *to, void *arg)
{
	struct effect *effect = arg;

	(void)to;
	worker_post(w, cause, NULL, effect);
	worker_empty_mailbox(w);
	effect->was_seen = effect->is_posted;
	echo_note_post();
}

static void nest(struct worker *w, void *arg)
{
	struct effect *effect = arg;

	effect->is_posted = false;
	worker_post(w, cause, NULL, effect);
	worker_empty_mailbox(w); /* in a mail's call: not again */
	effect->was_nested = effect->is_posted;
}

static void an_answer_comes_after_what_it_caused(void **state)
{
	struct worker *w = server_worker(echo.server, 0);
	struct effect effect = { 0 };

	(void)state;
	worker_post_answer(w, answer, NULL, &effect);
	echo_wait(has_posted, 1);
	assert_true(effect.was_seen);
	echo_call(w, nest, &effect);
	assert_false(effect.was_nested);
	echo_call(w, look, NULL);
	assert_true(effect.is_posted);
}

static void signs_of_life(void **state)
{
	struct gate gate;

	(void)state;
	close_gate(&gate, server_worker(echo.server, 0));
	assert_true(server_is_alive(echo.server));  /* asks */
	assert_false(server_is_alive(echo.server)); /* no answer */
	open_gate(&gate);
	echo_call(server_worker(echo.server, 0), look, NULL);
	assert_true(server_is_alive(echo.server));
}

#define WITH(setup, test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(setup_two, out_of_credit_it_reads_no_more),
		WITH(setup_two, credit_comes_back_every_time),
		WITH(setup_one, posts_keep_their_order),
		WITH(setup_one, an_answer_comes_after_what_it_caused),
		WITH(setup_one, signs_of_life),
	};

	clock_fake(1700000000000);
	return cmocka_run_group_tests_name("worker", tests, NULL, NULL);
}
