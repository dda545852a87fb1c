/* The lines of a plugin, and those that are sent to it. */
#include "plugin/process.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "log/log.h"
#include "plugin/uses.h"

enum {
	READ_BYTES = 65536,
	SAID_BYTES = 500, /* of a line on standard error */
	/* Of standard error between two looks; then the pipe fills up. */
	HEARD_BYTES = 65536,
};

bool allowance_take(struct allowance *allowance, int64_t now_ms)
{
	if (allowance->empty_ms < now_ms)
		allowance->empty_ms = now_ms;
	if (allowance->empty_ms + allowance->period_ms >
	    now_ms + allowance->most_ms)
		return false;
	allowance->empty_ms += allowance->period_ms;
	return true;
}

void process_log(struct process *process, const char *how, const char *text,
		 size_t len, int64_t now_ms)
{
	char line[SAID_BYTES + 1];
	unsigned before;

	if (!log_limit_pass(&process->lines, now_ms, &before))
		return;
	len = len < SAID_BYTES ? len : SAID_BYTES;
	memcpy(line, text, len);
	line[len] = '\0';
	text_clean(line, len);
	for (char *quote = strchr(line, '"'); quote != NULL;
	     quote = strchr(quote, '"'))
		*quote = '\'';
	log_info("plugin", "%s name=%s text=\"%s\" suppressed=%u", how,
		 process->plugin->name, line, before);
}

/* Whether it can be written to is asked only while something waits. */
static void watch(struct process *process, bool is_written)
{
	struct epoll_event event = { .events = EPOLLIN,
				     .data.ptr = &process->socket };

	if (is_written)
		event.events |= EPOLLOUT;
	process->is_written = is_written;
	epoll_ctl(process->plugin->plugins->epoll, EPOLL_CTL_MOD,
		  process->socket.fd, &event);
}

void process_flush(struct process *process)
{
	struct buf *out = &process->out;
	ssize_t len = 0;

	if (process->socket.fd < 0)
		return;
	while (buf_len(out) > 0) {
		len = send(process->socket.fd, buf_at(out), buf_len(out),
			   MSG_NOSIGNAL | MSG_DONTWAIT);
		if (len < 0)
			break;
		buf_take(out, (size_t)len);
	}
	/* That it has ended is seen by reading. */
	if (len < 0 && errno != EAGAIN && errno != EINTR)
		buf_reset(out);
	if (process->is_written != (buf_len(out) > 0))
		watch(process, buf_len(out) > 0);
	if (process->is_bidden && buf_len(out) == 0)
		shutdown(process->socket.fd, SHUT_WR);
}

static bool is_hello(struct process *process, struct plugin_message *message,
		     int64_t now_ms)
{
	struct plugin *plugin = process->plugin;

	if (message->op != OP_HELLO || process->state != PLUGIN_STARTING)
		return false;
	mutex_lock(&plugin->plugins->lock);
	plugin->offer = *message->offer;
	plugin->is_known = true;
	mutex_unlock(&plugin->plugins->lock);
	process->hello_ms = 0;
	process->up_ms = now_ms;
	process->why[0] = '\0';
	process_set_state(process, PLUGIN_UP);
	log_notice("plugin", "up name=%s pid=%d", plugin->name, process->pid);
	return true;
}

static void take_message(struct process *process,
			 struct plugin_message *message, int64_t now_ms)
{
	if (is_hello(process, message, now_ms))
		return;
	if (message->op == OP_HELLO || process->state != PLUGIN_UP)
		process_condemn(process, "it said %s",
				message->op == OP_HELLO ? "hello twice"
							: "no hello first");
	else if (message->op == OP_ANSWER)
		uses_answer(process, message);
	else if (!allowance_take(&process->messages, now_ms))
		process_condemn(process, "it said too much in too short a "
					 "time");
	else if (message->op == OP_SAY)
		uses_say(process, message, now_ms);
	else
		process_log(process, "says", message->text,
			    strlen(message->text), now_ms);
}

static void take_line(struct process *process, const char *line, size_t len,
		      int64_t now_ms)
{
	struct plugin_message message;
	char why[PLUGIN_WHY];

	if (len > PLUGIN_MESSAGE_BYTES) {
		process_condemn(process, "it sent a line of more than %d bytes",
				PLUGIN_MESSAGE_BYTES);
		return;
	}
	if (!message_read(line, len, &message, why)) {
		process_condemn(process, "it sent %s", why);
		return;
	}
	take_message(process, &message, now_ms);
	message_fini(&message);
}

static bool is_talking(const struct process *process)
{
	return process->state == PLUGIN_STARTING || process->state == PLUGIN_UP;
}

static void take_lines(struct process *process, int64_t now_ms)
{
	struct buf *in = &process->in;
	const char *end;

	while (is_talking(process) && buf_len(in) > 0 &&
	       (end = memchr(buf_at(in), '\n', buf_len(in))) != NULL) {
		size_t len = (size_t)(end - buf_at(in));

		take_line(process, buf_at(in), len, now_ms);
		buf_take(in, len + 1);
	}
	if (!is_talking(process))
		buf_reset(in);
	else if (buf_len(in) > PLUGIN_MESSAGE_BYTES)
		process_condemn(process, "it sent a line of more than %d bytes",
				PLUGIN_MESSAGE_BYTES);
}

/* It has closed its end: it is dying, or shall. */
static void hang_up(struct process *process, int64_t now_ms)
{
	bool is_half = buf_len(&process->in) > 0;

	process_close(&process->socket);
	if (is_talking(process))
		process_lose(process,
			     is_half ? "it ended in the middle of a line"
				     : "it closed its output",
			     is_half, now_ms);
}

/* False when nothing is there, or nothing more will be. */
static bool read_some(struct process *process, int64_t now_ms)
{
	struct buf *in = &process->in;
	ssize_t len = recv(process->socket.fd, buf_reserve(in, READ_BYTES),
			   READ_BYTES, MSG_DONTWAIT);

	if (len > 0) {
		buf_added(in, (size_t)len);
		take_lines(process, now_ms);
		return true;
	}
	if (len == 0 || (errno != EAGAIN && errno != EINTR))
		hang_up(process, now_ms);
	return false;
}

static void hear(struct process *process, int how)
{
	struct epoll_event event = { .events = EPOLLIN,
				     .data.ptr = &process->errors };

	if (process->errors.fd >= 0)
		epoll_ctl(process->plugin->plugins->epoll, how,
			  process->errors.fd, &event);
}

void process_hear_again(struct process *process)
{
	process->heard = 0;
	if (process->is_ignored)
		hear(process, EPOLL_CTL_ADD);
	process->is_ignored = false;
}

/* What it wrote to standard error, line by line. */
static void read_errors(struct process *process, int64_t now_ms)
{
	struct buf *said = &process->said;
	ssize_t len = read(process->errors.fd, buf_reserve(said, READ_BYTES),
			   READ_BYTES);
	const char *end;

	if (len == 0 || (len < 0 && errno != EAGAIN && errno != EINTR))
		process_close(&process->errors);
	if (len <= 0)
		return;
	buf_added(said, (size_t)len);
	process->heard += (size_t)len;
	if (process->heard >= HEARD_BYTES && !process->is_ignored) {
		hear(process, EPOLL_CTL_DEL);
		process->is_ignored = true;
	}
	while (buf_len(said) > 0 &&
	       (end = memchr(buf_at(said), '\n', buf_len(said))) != NULL) {
		size_t line = (size_t)(end - buf_at(said));

		if (line > 0)
			process_log(process, "complains", buf_at(said), line,
				    now_ms);
		buf_take(said, line + 1);
	}
	if (buf_len(said) > SAID_BYTES)
		buf_cut(said, SAID_BYTES);
}

void process_serve(struct process *process, struct source *source,
		   unsigned events, int64_t now_ms)
{
	if (source->fd < 0)
		return; /* closed in this round */
	if (source->kind == SOURCE_ERRORS) {
		read_errors(process, now_ms);
		return;
	}
	if ((events & EPOLLOUT) != 0)
		process_flush(process);
	if ((events & ~(unsigned)EPOLLOUT) != 0 && source->fd >= 0)
		read_some(process, now_ms);
}

void process_read_rest(struct process *process, int64_t now_ms)
{
	enum { ROUNDS = 8 };

	for (int i = 0; i < ROUNDS && process->socket.fd >= 0; i++) {
		if (!read_some(process, now_ms))
			break;
	}
	if (process->errors.fd >= 0)
		read_errors(process, now_ms);
}
