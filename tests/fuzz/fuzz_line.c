/*
 * Any bytes, in pieces of any size, to the whole line service over a socket:
 * what comes back must be lines that may be shown, a machine's lines must be
 * answered once each, and the session must end when its input does.
 *
 * The first byte of the input says how the session begins, the second how its
 * bytes are cut.
 */
#include <assert.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/sockios.h>

#include "../unit/front_line/house.h"
#include "base/mem.h"
#include "base/text.h"
#include "log/log.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* Bits of the first byte. */
enum { TELNET = 1, MACHINE = 2, GUEST = 4, USER = 8 };

struct run {
	int fd;
	bool is_over;   /* the server has closed it */
	struct buf got; /* all that came back */
	size_t lines;   /* that a machine has sent */
};

static struct house house;

static void close_house(void)
{
	house_close(&house);
}

/* Nobody is an administrator: he could stop it, and write files anywhere. */
static void open_house(void)
{
	log_set_level(LOG_ERROR);
	house_open(&house, 1, 0);
	house_start(&house);
	atexit(close_house);
}

/* Takes what has come; waits for more, if told to, until the end. */
static void receive(struct run *r, bool to_the_end)
{
	while (!r->is_over) {
		ssize_t n = recv(r->fd, buf_reserve(&r->got, 4096), 4096,
				 to_the_end ? 0 : MSG_DONTWAIT);

		if (n < 0 && !to_the_end)
			return;
		r->is_over = n <= 0;
		buf_added(&r->got, (size_t)(n > 0 ? n : 0));
	}
}

/* Sends a piece, and waits until the server has read it. */
static void send_piece(struct run *r, const void *bytes, size_t len)
{
	const char *at = bytes;
	int unread = 1;

	for (size_t i = 0; i < len; i++)
		r->lines += at[i] == '\n';
	while (len > 0 && !r->is_over) {
		ssize_t n = send(r->fd, at, len, MSG_NOSIGNAL | MSG_DONTWAIT);

		receive(r, false);
		if (n <= 0)
			continue;
		at += n;
		len -= (size_t)n;
	}
	while (!r->is_over && ioctl(r->fd, SIOCOUTQ, &unread) == 0 &&
	       unread > 0) {
		receive(r, false);
		sched_yield();
	}
}

static void send_text(struct run *r, const char *text)
{
	send_piece(r, text, strlen(text));
}

static bool begins(const char *at, size_t len, const char *with)
{
	return len >= strlen(with) && memcmp(at, with, strlen(with)) == 0;
}

/* A line that came back; returns whether it answers a machine's line. */
static bool check_line(const char *at, size_t len)
{
	assert(text_flaw(at, len) == NULL);
	if (!begins(at, len, "=="))
		return false;
	assert(begins(at, len, "== ok") || begins(at, len, "== error "));
	return true;
}

static bool has(const uint8_t *bytes, size_t len, const char *word)
{
	return memmem(bytes, len, word, strlen(word)) != NULL;
}

static void check(struct run *r, bool is_machine, bool goes_to_the_end)
{
	size_t answers = 0;
	bool is_ended = false;

	for (;;) {
		const char *at = buf_at(&r->got);
		const char *end = memchr(at, '\n', buf_len(&r->got));
		size_t len;

		if (end == NULL)
			break;
		len = (size_t)(end - at);
		answers += check_line(at, len);
		is_ended = is_ended || begins(at, len, "~~ ") ||
			   begins(at, len, "!! bad-login That was the last");
		buf_take(&r->got, len + 1);
	}
	if (!is_machine)
		return;
	assert(answers <= r->lines);
	assert(answers == r->lines || is_ended || !goes_to_the_end);
	assert(buf_len(&r->got) == 0); /* no prompts */
}

static void begin(struct run *r, unsigned how)
{
	if ((how & MACHINE) != 0) {
		send_text(r, "/mode machine\n");
		r->lines = 1;
	}
	if ((how & GUEST) != 0)
		send_text(r, "/guest gus\n");
	else if ((how & USER) != 0)
		send_text(r, "/login ben password\n");
}

static void feed(struct run *r, const uint8_t *bytes, size_t len, uint8_t cut)
{
	size_t step = cut == 0 ? len : cut % 64U + 1;

	/* Every piece costs a turn of the worker. */
	if (step < len / 32)
		step = len / 32;
	for (size_t at = 0; at < len; at += step)
		send_piece(r, bytes + at, len - at < step ? len - at : step);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct run r = { .fd = -1 };
	bool is_telnet;
	unsigned how;

	if (house.line == NULL)
		open_house();
	if (len < 2)
		return 0;
	how = bytes[0];
	is_telnet = (how & TELNET) != 0 || memchr(bytes + 2, 255, len - 2);
	r.fd = house_connect(&house, (how & TELNET) != 0 ? "always" : "auto");
	assert(r.fd >= 0);
	begin(&r, how);
	feed(&r, bytes + 2, len - 2, bytes[1]);
	shutdown(r.fd, SHUT_WR);
	receive(&r, true);
	close(r.fd);
	if (!is_telnet)
		check(&r, (how & MACHINE) != 0 && !has(bytes, len, "mode"),
		      !has(bytes, len, "quit"));
	buf_fini(&r.got);
	return 0;
}
