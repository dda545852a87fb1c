/*
 * epoll_pwait2() is what does it, since Linux 5.11. A kernel, a sandbox or a
 * valgrind that does not know it gets ppoll() and epoll_wait() instead: a call
 * more for each turn, and the same answer.
 */
#include "net/await.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static atomic_bool is_unknown; /* epoll_pwait2() */

static int wait_in_two(int epoll, struct epoll_event *events, int most,
		       const struct timespec *wait)
{
	struct pollfd fd = { .fd = epoll, .events = POLLIN };

	if (ppoll(&fd, 1, wait, NULL) < 0)
		return -1;
	return epoll_wait(epoll, events, most, 0);
}

static int wait_for(int epoll, struct epoll_event *events, int most,
		    const struct timespec *wait)
{
	int n;

	if (atomic_load_explicit(&is_unknown, memory_order_relaxed))
		return wait_in_two(epoll, events, most, wait);
	n = epoll_pwait2(epoll, events, most, wait, NULL);
	/* A sandbox may call it forbidden rather than unknown. */
	if (n >= 0 || (errno != ENOSYS && errno != EPERM))
		return n;
	atomic_store(&is_unknown, true);
	return wait_in_two(epoll, events, most, wait);
}

int await_events(int epoll, struct epoll_event *events, int most,
		 int64_t most_us)
{
	struct timespec wait = { most_us / 1000000, most_us % 1000000 * 1000 };
	int n = wait_for(epoll, events, most, most_us < 0 ? NULL : &wait);

	if (n >= 0)
		return n;
	if (errno != EINTR) {
		perror("epoll");
		exit(71); /* EX_OSERR */
	}
	return 0;
}
