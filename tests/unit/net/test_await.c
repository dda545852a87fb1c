#include "net/await.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/thread.h"

static bool is_missing; /* epoll_pwait2() */
static unsigned missed; /* calls that it was missing for */

int __real_epoll_pwait2(int epoll, struct epoll_event *events, int most,
			const struct timespec *wait, const sigset_t *mask);
int __wrap_epoll_pwait2(int epoll, struct epoll_event *events, int most,
			const struct timespec *wait, const sigset_t *mask);

int __wrap_epoll_pwait2(int epoll, struct epoll_event *events, int most,
			const struct timespec *wait, const sigset_t *mask)
{
	int n = -1;

	errno = ENOSYS;
	if (!is_missing)
		n = __real_epoll_pwait2(epoll, events, most, wait, mask);
	if (n < 0 && errno == ENOSYS)
		missed++;
	return n;
}

struct watched {
	int epoll;
	int fd;
};

static void watch(struct watched *w)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = 7 };

	w->epoll = epoll_create1(EPOLL_CLOEXEC);
	w->fd = eventfd(0, EFD_CLOEXEC);
	assert_int_equal(epoll_ctl(w->epoll, EPOLL_CTL_ADD, w->fd, &event), 0);
}

static void wake(void *arg)
{
	assert_int_equal(eventfd_write(*(int *)arg, 1), 0);
}

static void ignore(int number)
{
	(void)number;
}

/* Who waits, and whether he still does. */
struct waiter {
	pthread_t id;
	atomic_bool is_back;
};

static void disturb(void *arg)
{
	struct waiter *w = arg;

	while (!atomic_load(&w->is_back)) {
		pthread_kill(w->id, SIGUSR1);
		sched_yield();
	}
}

static void wait_for_a_signal(struct watched *w)
{
	struct sigaction action = { .sa_handler = ignore };
	struct waiter waiter = { .id = pthread_self() };
	struct thread thread;
	struct epoll_event event;

	sigaction(SIGUSR1, &action, NULL);
	thread_start(&thread, "disturb", disturb, &waiter);
	assert_int_equal(await_events(w->epoll, &event, 1, -1), 0);
	atomic_store(&waiter.is_back, true);
	thread_join(&thread);
}

/* Every kind of wait, whichever system call does it. */
static void wait_in_every_way(void)
{
	struct watched w;
	struct thread waker;
	struct epoll_event events[2] = { 0 };
	int64_t before_us = clock_mono_us();

	watch(&w);
	assert_int_equal(await_events(w.epoll, events, 2, 0), 0);
	assert_int_equal(await_events(w.epoll, events, 2, 700), 0);
	assert_true(clock_mono_us() - before_us >= 700);
	wait_for_a_signal(&w);
	thread_start(&waker, "waker", wake, &w.fd);
	assert_int_equal(await_events(w.epoll, events, 2, -1), 1);
	assert_int_equal(events[0].data.u32, 7);
	thread_join(&waker);
	assert_int_equal(await_events(w.epoll, events, 2, 60000000), 1);
	close(w.fd);
	close(w.epoll);
}

static void a_kernel_that_has_it_waits(void **state)
{
	(void)state;
	is_missing = false;
	wait_in_every_way();
}

/* It is asked for once, and not again: so this test is the last. */
static void a_kernel_without_it_waits_as_well(void **state)
{
	(void)state;
	is_missing = true;
	wait_in_every_way();
	assert_int_equal(missed, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_kernel_that_has_it_waits),
		cmocka_unit_test(a_kernel_without_it_waits_as_well),
	};

	return cmocka_run_group_tests_name("await", tests, NULL, NULL);
}
