/*
 * Waiting for events, to the microsecond. Any thread may call.
 */
#ifndef RIALTO_NET_AWAIT_H
#define RIALTO_NET_AWAIT_H

#include <stdint.h>
#include <sys/epoll.h>

/*
 * Waits at most most_us for events of epoll, or until there are some when it
 * is below 0. Returns how many of them it put into events: none also when a
 * signal came. Ends the program when epoll cannot be waited for.
 */
int await_events(int epoll, struct epoll_event *events, int most,
		 int64_t most_us);

#endif
