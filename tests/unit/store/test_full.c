/* A disk that others fill for a while: what was begun waits for space. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>
#include <db.h>

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

static int set_up(void **state)
{
	static struct place place;

	(void)db_env_set_func_write(write_bytes);
	place_init(&place);
	place_open(&place);
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

	assert_int_equal(place_put(p, p->one, "a", "b"), ERR_OK);
	atomic_store(&refusals, A_WHILE);
	store_flush(p->store);
	assert_int_equal(atomic_load(&refusals), 0);
	assert_true(store_is_durable(p->store, store_ticket(p->store)));
}

#define CASE(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_flush_waits_for_space),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
