/* A disk that others fill for a while: what was begun waits for space. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sysexits.h>
#include <unistd.h>

#include <cmocka.h>
#include <db.h>

#include "base/thread.h"
#include "place.h"

enum { A_WHILE = 40 }; /* tries, of which there are ten a second */

static atomic_int refusals; /* of what is still to be written */

/* Berkeley DB writes its log by this. */
static ssize_t write_bytes(int fd, const void *bytes, size_t len)
{
	int left = atomic_load(&refusals);

	if (left == 0)
		return write(fd, bytes, len);
	atomic_store(&refusals, left - 1);
	errno = ENOSPC;
	return -1;
}

/* Each opens the store itself, one of them in a process of its own. */
static int set_up(void **state)
{
	static struct place place;

	(void)db_env_set_func_write(write_bytes);
	place_init(&place);
	*state = &place;
	return 0;
}

static int tear_down(void **state)
{
	atomic_store(&refusals, 0);
	place_fini(*state);
	return 0;
}

static void a_flush_waits_for_space(void **state)
{
	struct place *p = *state;

	place_open(p);
	assert_int_equal(place_put(p, p->one, "a", "b"), ERR_OK);
	atomic_store(&refusals, A_WHILE);
	store_flush(p->store);
	assert_int_equal(atomic_load(&refusals), 0);
	assert_true(store_is_durable(p->store, store_ticket(p->store)));
}

static void hurry(void *arg)
{
	store_hurry(arg, 0);
}

static NORETURN void be_stuck(struct place *p)
{
	struct thread thread;

	place_open(p);
	if (place_put(p, p->one, "c", "d") != ERR_OK)
		_exit(1);
	atomic_store(&refusals, INT32_MAX);
	thread_start(&thread, "hurry", hurry, p->store);
	store_flush(p->store);
	_exit(2);
}

/* Nobody frees it, and who is to stop cannot wait for ever: it ends. */
static void who_must_stop_waits_no_longer(void **state)
{
	int pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		be_stuck(*state);
	assert_int_equal(place_wait(pid), EX_IOERR);
}

#define CASE(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_flush_waits_for_space),
		CASE(who_must_stop_waits_no_longer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
