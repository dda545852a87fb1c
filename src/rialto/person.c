#include "rialto/person.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "client/line.h"
#include "rialto/backoff.h"
#include "rialto/connect.h"
#include "rialto/identify.h"
#include "rialto/login.h"
#include "rialto/prompt.h"
#include "rialto/screen.h"
#include "rialto/vocabulary.h"
#include "rialto/wait.h"

enum {
	GOODBYE_MS = 3 * 1000,
	/* A refusal this shortly before the end is the reason for it. */
	REASON_MS = 2 * 1000,
};

/*
 * The commands are learnt from "/help", asked for in machine mode once, after
 * the first login, because there its answer has an end.
 */
enum help {
	HELP_UNKNOWN,
	HELP_ASKED,   /* up to the end of the answer to "/mode machine" */
	HELP_COMING,  /* up to the end of the answer to "/help" */
	HELP_LEAVING, /* "/mode person" is answered with an end or nothing */
	HELP_KNOWN,
};

struct person {
	const struct options *options;
	const struct link_trust *cas;
	struct trust *trust;
	struct link *link;   /* NULL between two tries */
	struct identify who; /* answers there; busy only between two links */
	struct login login;
	struct vocabulary *words;
	struct backoff backoff;
	enum help help;
	enum prompt prompt; /* the one that waits for an answer */
	bool was_prompted;  /* nothing arrived since */
	int64_t final_ms;   /* when a final refusal came; 0 for never */
	int64_t due_ms;     /* the next try, or the end of a goodbye */
	bool is_leaving;
	bool is_done;
	int status;
};

/* After these the server would only say the same again. */
static const char *const final_codes[] = {
	"approval-pending", "bad-code",
	"bad-login",        "banned",
	"disabled",         "guests-off",
	"locked-out",       "lockdown",
	"login-required",   "registration-closed",
	"session-ended",    "timeout",
};

static void say(const struct person *p, const char *format, ...) PRINTF(2, 3);

static void say(const struct person *p UNUSED, const char *format, ...)
{
	AUTO(buf_fini) struct buf text = { 0 };
	va_list args;

	buf_add_text(&text, "rialto: ");
	va_start(args, format);
	buf_vprint(&text, format, args);
	va_end(args);
	screen_show(buf_text(&text));
}

static const char *host(const struct person *p)
{
	return p->options->address.text;
}

static void send_line(struct person *p, const char *bytes, size_t len)
{
	if (p->link == NULL)
		return;
	link_send(p->link, bytes, len);
	link_send(p->link, "\n", 1);
}

/* Waits for the server to end it, but not for long. */
static void expect_end(struct person *p)
{
	p->is_leaving = true;
	p->is_done = p->link == NULL || link_state(p->link) != LINK_OPEN;
	p->due_ms = clock_mono_ms() + GOODBYE_MS;
}

static void leave(struct person *p)
{
	screen_ask(SCREEN_QUIET, "");
	/* Where a password is asked for, it would be taken for one. */
	if (p->login.is_in && p->prompt != PROMPT_SECRET) {
		send_line(p, "/quit", strlen("/quit"));
		expect_end(p);
	} else {
		p->is_done = true;
	}
}

/* The server asks; what is known already is not asked of the person. */
static void answer(struct person *p, const char *question)
{
	AUTO(mem_free_text) char *name = NULL;
	const struct secret *password = NULL;

	if (p->prompt == PROMPT_SECRET)
		password = login_answer_password(&p->login);
	else if (p->prompt == PROMPT_PLAIN)
		name = login_answer_name(&p->login);
	if (password == NULL && name == NULL) {
		screen_ask(p->prompt == PROMPT_SECRET ? SCREEN_SECRET
						      : SCREEN_LINE,
			   question);
		return;
	}
	if (name != NULL) {
		AUTO(mem_free_text)
		char *both = mem_print("%s%s", question, name);

		screen_show(both);
		send_line(p, name, strlen(name));
	} else {
		send_line(p, password->bytes, password->len);
	}
	screen_ask(SCREEN_QUIET, "");
	p->prompt = PROMPT_NONE;
}

static bool is_final(struct span code)
{
	for (size_t i = 0; i < COUNT(final_codes); i++) {
		if (span_is(code, final_codes[i]))
			return true;
	}
	return false;
}

static void ask_help(struct person *p)
{
	static const char lines[] = "/mode machine\n/help\n/mode person\n";

	if (p->help != HELP_UNKNOWN)
		return;
	link_send(p->link, lines, strlen(lines));
	p->help = HELP_ASKED;
}

/* Whether the line is part of what ask_help() caused, and not to be shown. */
static bool take_help(struct person *p, const struct line *line)
{
	switch (p->help) {
	case HELP_ASKED:
	case HELP_COMING:
		if (line->kind == LINE_END)
			p->help++;
		return line->kind == LINE_END ||
		       (p->help == HELP_COMING && (line->kind == LINE_ANSWER ||
						   line->kind == LINE_REFUSAL));
	case HELP_LEAVING:
		p->help = HELP_KNOWN;
		return line->kind == LINE_END;
	default:
		return false;
	}
}

static void take_line(struct person *p, const char *text)
{
	struct line line;

	line_parse(text, &line);
	login_learn(&p->login, &line);
	if (p->login.is_in)
		screen_know(p->login.name);
	vocabulary_learn(p->words, text);
	if (line.kind == LINE_REFUSAL && is_final(line.code))
		p->final_ms = clock_mono_ms();
	if (!take_help(p, &line))
		screen_show(text);
	if (p->login.is_in) {
		p->backoff.tries = 0;
		ask_help(p);
	}
}

/* Shows the lines that came, and answers the prompt behind them. */
static void take_input(struct person *p)
{
	AUTO(buf_fini) struct buf line = { 0 };
	struct buf *in = link_input(p->link);
	bool has_lines = false;
	enum prompt prompt;

	while (line_take(in, &line)) {
		/* The end of a prompt's line is not worth a line. */
		if (buf_len(&line) > 0 || !p->was_prompted)
			take_line(p, buf_text(&line));
		p->was_prompted = false;
		has_lines = true;
	}
	prompt = buf_len(in) > 0 ? prompt_find(buf_at(in), buf_len(in))
				 : PROMPT_NONE;
	if (prompt != PROMPT_NONE) {
		p->prompt = prompt;
		p->was_prompted = true;
		if (!p->is_leaving)
			answer(p, buf_text(in));
		buf_reset(in);
	} else if (has_lines && !p->is_leaving && p->prompt == PROMPT_NONE) {
		screen_ask(SCREEN_LINE, SCREEN_PROMPT);
	}
	screen_flush();
}

static bool is_quit(const struct secret *typed)
{
	size_t len = strcspn(typed->bytes, " ");

	return len == strlen("/quit") &&
	       strncasecmp(typed->bytes, "/quit", len) == 0;
}

/* Whether the link is open, but not yet known for who is there. */
static bool is_identifying(const struct person *p)
{
	return p->who.state == IDENTIFY_BUSY &&
	       link_state(p->link) != LINK_SHAKEN &&
	       link_state(p->link) != LINK_BUSY;
}

static void take_typed(struct person *p, struct secret *typed)
{
	bool is_ready = p->link != NULL && link_state(p->link) == LINK_OPEN &&
			!is_identifying(p);

	if (is_ready && (typed->len > 0 || p->prompt != PROMPT_NONE))
		send_line(p, typed->bytes, typed->len);
	else if (typed->len > 0 && !is_quit(typed))
		say(p, "Not connected; that was not sent.");
	if (p->prompt == PROMPT_SECRET) {
		login_typed_password(&p->login, typed);
	} else {
		if (p->prompt == PROMPT_PLAIN)
			login_typed_name(&p->login);
		if (is_quit(typed))
			expect_end(p);
		secret_free(&typed);
	}
	/* After an answer, what comes next is the server's to say. */
	if (p->prompt == PROMPT_NONE && !p->is_leaving)
		screen_ask(SCREEN_LINE, SCREEN_PROMPT);
	p->prompt = PROMPT_NONE;
	screen_flush();
}

static void read_screen(struct person *p)
{
	struct secret *typed = NULL;

	switch (screen_read(&typed)) {
	case SCREEN_NOTHING:
		break;
	case SCREEN_TYPED:
		take_typed(p, typed);
		break;
	case SCREEN_ENDED:
		leave(p);
		break;
	}
}

static void take_signal(struct person *p, int signals)
{
	struct signalfd_siginfo info;

	if (read(signals, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return;
	switch (info.ssi_signo) {
	case SIGINT:
		if (p->is_leaving)
			p->is_done = true;
		else if (screen_interrupt())
			leave(p);
		screen_flush();
		break;
	case SIGWINCH:
		screen_resize();
		break;
	case SIGTSTP:
		screen_suspend();
		raise(SIGSTOP);
		break;
	case SIGCONT:
		screen_resume();
		break;
	default:
		leave(p);
	}
}

static void try_later(struct person *p, const char *what)
{
	int64_t wait_ms = backoff_next_ms(&p->backoff);

	say(p, "%s Trying again in %d s.", what, (int)((wait_ms + 500) / 1000));
	p->due_ms = clock_mono_ms() + wait_ms;
	p->prompt = PROMPT_NONE;
	screen_ask(SCREEN_LINE, SCREEN_PROMPT);
	screen_flush();
}

/* The link is down: for good, or for a while. */
static void take_loss(struct person *p)
{
	AUTO(mem_free_text)
	char *what = mem_print("No connection to %s: %s.", host(p),
			       link_problem(p->link));
	bool is_final =
		p->final_ms > 0 &&
		(!p->login.is_in || clock_mono_ms() - p->final_ms < REASON_MS);

	link_free(&p->link);
	if (p->is_leaving || is_final) {
		p->is_done = true;
		p->status = p->is_leaving ? 0 : 1;
	} else {
		try_later(p, what);
	}
}

static void begin_session(struct person *p)
{
	login_begin(&p->login);
	p->final_ms = 0;
	p->help = p->help == HELP_KNOWN ? HELP_KNOWN : HELP_UNKNOWN;
	p->prompt = PROMPT_NONE;
	p->was_prompted = false;
	p->due_ms = INT64_MAX;
}

static void tell(struct person *p, struct buf *words)
{
	AUTO(buf_fini) struct buf line = { 0 };

	while (line_take(words, &line))
		say(p, "%s", buf_text(&line));
}

static void give_up(struct person *p)
{
	link_free(&p->link);
	p->is_done = true;
	p->status = 1;
}

/* Between a lost link and the next. */
static void check_trust(struct person *p)
{
	AUTO(buf_fini) struct buf words = { 0 };

	if (!trust_check(p->trust, link_peer(p->link), false, &words)) {
		tell(p, &words);
		give_up(p);
		return;
	}
	link_accept(p->link);
	identify_begin(&p->who, p->link);
	p->due_ms = p->who.due_ms;
}

/* After that, and before anything is said. */
static void check_identity(struct person *p)
{
	AUTO(buf_fini) struct buf words = { 0 };
	bool is_trusted;

	identify_turn(&p->who, p->link);
	if (p->who.state == IDENTIFY_BUSY)
		return;
	if (link_state(p->link) == LINK_DOWN) {
		begin_session(p);
		take_input(p); /* it may have said why */
		return;
	}
	is_trusted = trust_identify(p->trust, &p->who, false, &words);
	tell(p, &words);
	if (!is_trusted) {
		give_up(p);
		return;
	}
	say(p, "Connected to %s again.", host(p));
	screen_ask(SCREEN_QUIET, "");
	begin_session(p);
	take_input(p);
}

static void take_due(struct person *p)
{
	if (p->is_leaving) {
		p->is_done = true;
		return;
	}
	p->due_ms = INT64_MAX;
	if (p->link == NULL)
		p->link = link_new(p->cas, CONNECT_PROTOCOL,
				   p->options->address.host,
				   p->options->address.port);
}

static void turn(struct person *p, int signals)
{
	struct pollfd others[] = {
		{ signals, POLLIN, 0 },
		{ screen_wants_input() ? STDIN_FILENO : -1, POLLIN, 0 },
	};

	if (p->link == NULL || link_state(p->link) != LINK_DOWN)
		wait_turn(p->link, others, COUNT(others), p->due_ms);
	/* First, so that what comes is drawn for the window as it is. */
	if (others[0].revents != 0)
		take_signal(p, signals);
	if (p->link != NULL && is_identifying(p))
		check_identity(p);
	else if (p->link != NULL)
		take_input(p);
	if (others[1].revents != 0 && screen_wants_input() && !p->is_done)
		read_screen(p);
	if (p->link != NULL && link_state(p->link) == LINK_SHAKEN)
		check_trust(p);
	if (p->link != NULL && link_state(p->link) == LINK_DOWN)
		take_loss(p);
	if (clock_mono_ms() >= p->due_ms)
		take_due(p);
}

/* The signals of a terminal, to be read instead of to interrupt. */
static int open_signals(sigset_t *was_r)
{
	static const int numbers[] = { SIGINT,  SIGTERM, SIGHUP,  SIGQUIT,
				       SIGTSTP, SIGCONT, SIGWINCH };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < COUNT(numbers); i++)
		sigaddset(&set, numbers[i]);
	sigprocmask(SIG_BLOCK, &set, was_r);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int person_run(const struct options *o, const struct link_trust *cas,
	       struct trust *trust, struct link *link, struct secret *password)
{
	struct person p = {
		.who = { .state = IDENTIFY_PROVEN },
		.options = o,
		.cas = cas,
		.trust = trust,
		.link = link,
		.words = vocabulary_new(),
	};
	sigset_t was;
	int signals = open_signals(&was);

	login_init(&p.login, o->address.user, o->is_guest, password);
	screen_open(colour_is_wanted(o->colour, STDOUT_FILENO), p.words);
	begin_session(&p);
	take_input(&p); /* what came while the server said who it is */
	while (!p.is_done)
		turn(&p, signals);
	screen_close();
	close(signals);
	sigprocmask(SIG_SETMASK, &was, NULL);
	link_free(&p.link);
	login_fini(&p.login);
	vocabulary_free(&p.words);
	return p.status;
}
