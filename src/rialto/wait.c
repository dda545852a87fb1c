#include "rialto/wait.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

#include "base/clock.h"

/* Milliseconds from now, as poll() wants them. */
static int until(int64_t due_ms)
{
	int64_t wait_ms;

	if (due_ms == INT64_MAX)
		return -1;
	wait_ms = due_ms - clock_mono_ms();
	if (wait_ms < 0)
		return 0;
	return wait_ms < INT_MAX ? (int)wait_ms : INT_MAX;
}

void wait_turn(struct link *l, struct pollfd *others, size_t count,
	       int64_t due_ms)
{
	struct pollfd polls[WAIT_OTHERS_MOST + 1] = { { .fd = -1 } };
	int64_t link_due_ms = l != NULL ? link_poll(l, &polls[0]) : INT64_MAX;

	assert(count <= WAIT_OTHERS_MOST);
	for (size_t i = 0; i < count; i++)
		polls[i + 1] = others[i];
	if (link_due_ms < due_ms)
		due_ms = link_due_ms;
	/* A signal is as good a reason to look again as any. */
	if (poll(polls, count + 1, until(due_ms)) < 0)
		return;
	for (size_t i = 0; i < count; i++)
		others[i].revents = polls[i + 1].revents;
	if (l != NULL)
		link_turn(l);
}
