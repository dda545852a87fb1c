#include "rialto/script.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "client/line.h"
#include "client/terminal.h"
#include "rialto/login.h"
#include "rialto/wait.h"

enum {
	LOGIN_MS = 60 * 1000, /* to answer the first two lines */
	GOODBYE_MS = 5 * 1000,
};

enum step {
	ENTERING, /* "/mode machine" was sent */
	LOGGING_IN,
	READY,   /* for the next command */
	WAITING, /* for the end of its answer */
	LEAVING, /* "/quit" was sent */
};

struct script {
	const struct options *options;
	struct link *link;
	const struct secret *password;
	enum step step;
	size_t next; /* of the options' commands */
	struct buf input;
	bool input_ended;
	bool has_failed;
	int64_t due_ms;
};

static void send_line(struct script *s, const char *bytes, size_t len,
		      enum step step)
{
	link_send(s->link, bytes, len);
	link_send(s->link, "\n", 1);
	s->step = step;
}

static void leave(struct script *s)
{
	send_line(s, "/quit", 5, LEAVING);
	s->due_ms = clock_mono_ms() + GOODBYE_MS;
}

static void log_in(struct script *s)
{
	AUTO(mem_free_text)
	char *name = s->options->address.user != NULL
			     ? mem_text(s->options->address.user)
			     : login_guest_name();
	struct buf line = { 0 };

	if (s->password != NULL)
		buf_print(&line, "/login %s %s", name, s->password->bytes);
	else
		buf_print(&line, "/guest %s", name);
	send_line(s, buf_at(&line), buf_len(&line), LOGGING_IN);
	buf_wipe(&line);
}

/* The second factor, which no file can have. False when nobody is there. */
static bool ask_code(struct script *s)
{
	AUTO(mem_free_text)
	char *question =
		mem_print("Code of %s at %s: ", s->options->address.user,
			  s->options->address.text);
	AUTO(secret_free) struct secret *code = NULL;
	AUTO(buf_wipe) struct buf line = { 0 };

	if (terminal_ask(question, true, &code) != TERMINAL_OK) {
		fputs("rialto: no terminal to ask for the code\n", stderr);
		return false;
	}
	buf_print(&line, "/code %s", code->bytes);
	send_line(s, buf_at(&line), buf_len(&line), LOGGING_IN);
	s->due_ms = clock_mono_ms() + LOGIN_MS;
	return true;
}

static bool wants_code(const struct script *s, const struct line *line)
{
	return s->step == LOGGING_IN && (span_is(line->code, "code-required") ||
					 span_is(line->code, "bad-code"));
}

static void take_end(struct script *s, const struct line *line)
{
	bool is_ok = span_is(line->code, "ok");

	if (wants_code(s, line) && ask_code(s))
		return;
	s->has_failed = s->has_failed || !is_ok;
	if (s->step == WAITING) {
		s->step = READY;
	} else if (s->step != LEAVING && !is_ok) {
		leave(s);
	} else if (s->step == ENTERING) {
		log_in(s);
	} else if (s->step == LOGGING_IN) {
		s->step = READY;
		s->due_ms = INT64_MAX;
	}
}

static void take_line(struct script *s, const char *text)
{
	struct line line;

	line_parse(text, &line);
	if (line.kind == LINE_END)
		take_end(s, &line);
	else if (line.kind == LINE_REFUSAL)
		fprintf(stderr, "%s\n", text);
	else if (s->step == WAITING &&
		 (line.kind == LINE_ANSWER || line.is_replayed))
		puts(text);
}

static void take_input(struct script *s)
{
	AUTO(buf_fini) struct buf line = { 0 };

	while (line_take(link_input(s->link), &line))
		take_line(s, buf_text(&line));
	if (fflush(stdout) != 0 && s->step != LEAVING) {
		fprintf(stderr, "rialto: cannot write: %s\n", strerror(errno));
		s->has_failed = true;
		leave(s);
	}
}

/* Sends the next line of standard input that says something, if it is there. */
static void send_from_input(struct script *s)
{
	const char *end;
	size_t len;

	while (s->step == READY && buf_len(&s->input) > 0) {
		end = memchr(buf_at(&s->input), '\n', buf_len(&s->input));
		if (end == NULL && !s->input_ended)
			break;
		len = end != NULL ? (size_t)(end - buf_at(&s->input))
				  : buf_len(&s->input);
		if (strspn(buf_text(&s->input), " \t\r") < len)
			send_line(s, buf_at(&s->input), len, WAITING);
		buf_take(&s->input, end != NULL ? len + 1 : len);
	}
	if (s->step == READY && s->input_ended)
		leave(s);
}

static void send_next(struct script *s)
{
	const char *command;

	if (s->options->command_count == 0) {
		send_from_input(s);
	} else if (s->next == s->options->command_count) {
		leave(s);
	} else {
		command = s->options->commands[s->next++];
		send_line(s, command, strlen(command), WAITING);
	}
}

static bool wants_input(const struct script *s)
{
	return s->options->command_count == 0 && s->step == READY &&
	       !s->input_ended;
}

static void read_input(struct script *s)
{
	ssize_t n = read(STDIN_FILENO, buf_reserve(&s->input, 4096), 4096);

	if (n > 0)
		buf_added(&s->input, (size_t)n);
	else if (n == 0 || (errno != EINTR && errno != EAGAIN))
		s->input_ended = true;
	if (buf_len(&s->input) > LINE_MOST &&
	    memchr(buf_at(&s->input), '\n', LINE_MOST) == NULL) {
		fputs("rialto: a line of standard input is too long\n", stderr);
		s->has_failed = true;
		leave(s);
	}
}

static void report_loss(struct script *s)
{
	if (s->step == LEAVING)
		return;
	fprintf(stderr, "rialto: %s: %s\n", s->options->address.text,
		link_state(s->link) == LINK_DOWN ? link_problem(s->link)
						 : "it does not answer");
	s->has_failed = true;
}

int script_run(const struct options *o, struct link *link,
	       const struct secret *password)
{
	struct script s = {
		.options = o,
		.link = link,
		.password = password,
		.due_ms = clock_mono_ms() + LOGIN_MS,
	};

	send_line(&s, "/mode machine", strlen("/mode machine"), ENTERING);
	take_input(&s); /* what came while the server said who it is */
	while (link_state(link) != LINK_DOWN && clock_mono_ms() < s.due_ms) {
		struct pollfd input = { STDIN_FILENO, POLLIN, 0 };

		wait_turn(link, &input, wants_input(&s) ? 1 : 0, s.due_ms);
		if (input.revents != 0)
			read_input(&s);
		take_input(&s);
		if (s.step == READY)
			send_next(&s);
	}
	report_loss(&s);
	buf_wipe(&s.input);
	return s.has_failed ? 1 : 0;
}
