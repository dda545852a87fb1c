#include "pipe.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

void pipe_init(struct pipe *p, struct outbox_turn *turn)
{
	int fds[2];

	memset(p, 0, sizeof(*p));
	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	assert_true(stream_init(&p->stream, fds[0], NULL, "test"));
	p->far = fds[1];
	outbox_init(&p->outbox, turn, &p->stream, PIPE_LIMIT);
}

void pipe_fini(struct pipe *p)
{
	seat_leave(&p->seat);
	seat_leave(&p->other);
	outbox_fini(&p->outbox);
	stream_close(&p->stream);
	if (p->far >= 0)
		close(p->far);
	buf_fini(&p->got);
}

const char *pipe_read(struct pipe *p)
{
	buf_reset(&p->got);
	for (;;) {
		ssize_t n = recv(p->far, buf_reserve(&p->got, 4096), 4096, 0);

		if (n <= 0)
			break;
		buf_added(&p->got, (size_t)n);
	}
	return buf_text(&p->got);
}

size_t pipe_clog(struct pipe *p)
{
	static const char filler[1024];
	size_t total = 0;

	for (size_t size = sizeof(filler); size > 0; size /= 2) {
		ssize_t n;

		while ((n = send(p->stream.fd, filler, size, 0)) > 0)
			total += (size_t)n;
		assert_int_equal(errno, EAGAIN);
	}
	return total;
}

void pipe_drain(struct pipe *p, size_t len)
{
	char bytes[1024];

	while (len > 0) {
		ssize_t n = recv(p->far, bytes,
				 len < sizeof(bytes) ? len : sizeof(bytes), 0);

		assert_true(n > 0);
		len -= (size_t)n;
	}
}

void turn_flush(struct outbox_turn *turn)
{
	while (!list_is_empty(&turn->channels))
		channel_flush(LIST_ITEM(turn->channels.next, struct channel,
					turn_link));
	while (!list_is_empty(&turn->outboxes)) {
		struct outbox *o = LIST_ITEM(turn->outboxes.next, struct outbox,
					     turn_link);

		list_remove(&o->turn_link);
		outbox_flush(o);
	}
	turn->lines = 0;
}

void channel_say(struct channel *c, const char *text, struct pipe *except)
{
	struct outbox *outbox = except == NULL ? NULL : &except->outbox;

	channel_append(c, text, strlen(text), &outbox, outbox != NULL);
}

void pipe_say(struct pipe *p, const char *text)
{
	outbox_write(&p->outbox, text, strlen(text));
}
