#include "front/line/line.h"

#include <stdarg.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/command.h"
#include "command/sign.h"
#include "front/line/local.h"
#include "net/server.h"

struct line {
	struct service service;
	struct realm *realm;
	struct local *locals;            /* one per worker, its own */
	struct subscriber **subscribers; /* into locals; immutable */
	unsigned count;
};

static const char *const refusal_texts[][2] = {
	{ "timeout", "You were silent for too long." },
	{ "slow-reader", "You read too slowly: some lines are lost." },
	{ "too-many-sessions", "There are too many sessions. Try later." },
	{ "not-allowed", "This console is not for you." },
	{ "session-ended", "This session was ended." },
	{ "disabled", "An administrator has disabled or removed this login." },
	{ "line-too-long", "A line is longer than this server takes." },
	{ "bad-input", "That is no telnet that this server understands." },
};

struct line_session *line_session_of(const struct session *s)
{
	return session_data(s);
}

static struct line *line_of(const struct session *s)
{
	return session_service(s)->arg;
}

static struct local *local_of(const struct line_session *ls)
{
	return &line_of(ls->caller.session)->locals[ls->caller.subscriber];
}

static struct line_session *of_caller(struct caller *caller)
{
	return CONTAINER(caller, struct line_session, caller);
}

void line_write(struct line_session *ls, const char *text)
{
	session_write(ls->caller.session, text, strlen(text));
}

static void write_line(struct line_session *ls, const char *prefix,
		       const char *text)
{
	AUTO(buf_fini) struct buf line = { 0 };

	if (ls->is_prompting) /* a prompt is open: end its line first */
		buf_add_char(&line, '\n');
	ls->is_prompting = false;
	buf_print(&line, "%s%s\n", prefix, text);
	session_write(ls->caller.session, buf_at(&line), buf_len(&line));
}

void line_say(struct line_session *ls, bool is_asked, const char *text)
{
	write_line(ls, is_asked || !ls->is_machine ? "-- " : "~~ ", text);
}

static void prompt(struct line_session *ls)
{
	AUTO(buf_fini) struct buf bytes = { 0 };

	if (ls->is_machine || ls->is_prompting)
		return;
	if (ls->dialog != NULL) {
		telnet_hide_echo(&ls->telnet, true, &bytes);
		buf_add_text(&bytes, dialog_prompt(ls->dialog));
	} else if (ls->caller.roles == 0) {
		buf_add_text(&bytes, caller_awaits_code(&ls->caller)
					     ? "code: "
					     : "username: ");
	} else {
		return;
	}
	ls->is_prompting = true;
	session_write(ls->caller.session, buf_at(&bytes), buf_len(&bytes));
}

static void op_say(struct caller *caller, const char *text)
{
	line_say(of_caller(caller), true, text);
}

static void op_refuse(struct caller *caller, enum err code, const char *text)
{
	AUTO(buf_fini) struct buf words = { 0 };

	buf_print(&words, "%s %s", err_code(code), text);
	write_line(of_caller(caller), "!! ", buf_text(&words));
}

static void op_done(struct caller *caller, enum err code)
{
	struct line_session *ls = of_caller(caller);
	AUTO(buf_fini) struct buf line = { 0 };

	worker_empty_mailbox(session_worker(caller->session));
	if (!ls->is_machine) {
		if (!session_is_closing(caller->session))
			prompt(ls);
		return;
	}
	if (code == ERR_OK)
		buf_add_text(&line, "== ok\n");
	else
		buf_print(&line, "== error %s\n", err_code(code));
	session_write(caller->session, buf_at(&line), buf_len(&line));
}

static void op_entered(struct caller *caller)
{
	struct line_session *ls = of_caller(caller);
	int64_t idle_s =
		worker_limits(session_worker(caller->session))->idle_timeout_s;

	local_enter(local_of(ls), ls);
	session_set_idle_timeout(caller->session, idle_s > 0 ? idle_s : 0);
}

static void op_leaving(struct caller *caller)
{
	struct line_session *ls = of_caller(caller);

	local_leave(local_of(ls), ls);
}

static bool op_set_machine(struct caller *caller, bool is_machine)
{
	struct line_session *ls = of_caller(caller);

	if (ls->was_prompted && !ls->is_machine)
		line_write(ls, "\n");
	ls->is_machine = is_machine;
	return true;
}

static bool op_ask_passwords(struct caller *caller, const char *verb,
			     const char *name)
{
	struct line_session *ls = of_caller(caller);

	if (ls->is_machine)
		return false;
	dialog_free(&ls->dialog);
	ls->dialog = dialog_new(verb, name);
	return true;
}

static const struct caller_ops ops = {
	.say = op_say,
	.refuse = op_refuse,
	.done = op_done,
	.entered = op_entered,
	.leaving = op_leaving,
	.set_machine = op_set_machine,
	.ask_passwords = op_ask_passwords,
	.ways = { [WAY_ACCOUNTS] = "/accounts shows yours",
		  [WAY_FACTOR] = "/factor on makes one." },
};

static void greet(struct line_session *ls)
{
	struct realm_settings settings;
	AUTO(buf_fini) struct buf text = { 0 };

	realm_settings(ls->caller.realm, &settings);
	if (ls->caller.is_console)
		buf_print(&text, "%s: you are %s.", settings.name,
			  ls->caller.console);
	else
		buf_print(&text,
			  "Welcome to %s. Type your name, or /register NAME, "
			  "/guest NAME, /help.",
			  settings.name);
	line_say(ls, true, buf_text(&text));
	prompt(ls);
}

static void open_session(struct session *s)
{
	struct line_session *ls = mem_zero(sizeof(*ls));

	session_set_data(s, ls);
	caller_init(&ls->caller, &ops, line_of(s)->realm, s);
	list_init(&ls->person_link);
	list_init(&ls->seats);
	telnet_init(&ls->telnet, session_listener(s)->telnet);
	if (!ls->caller.is_console)
		session_set_deadline(
			s, worker_limits(session_worker(s))->login_timeout_s);
	greet(ls);
}

/* The client may echo again; the newline that it was sent it did not echo. */
static void show_echo(struct line_session *ls)
{
	AUTO(buf_fini) struct buf bytes = { 0 };

	telnet_hide_echo(&ls->telnet, false, &bytes);
	if (ls->telnet.is_active)
		buf_add_char(&bytes, '\n');
	session_write(ls->caller.session, buf_at(&bytes), buf_len(&bytes));
}

/* A password prompt ends without its answer. */
static void drop_dialog(struct line_session *ls)
{
	if (ls->dialog == NULL)
		return;
	dialog_free(&ls->dialog);
	show_echo(ls);
}

static void refuse_line(struct line_session *ls, enum err code,
			const char *text)
{
	op_refuse(&ls->caller, code, text);
	op_done(&ls->caller, code);
}

/* The answer to a password prompt: anything, also with a slash. */
static void answer_dialog(struct line_session *ls, const char *text)
{
	struct dialog *d = ls->dialog;

	show_echo(ls);
	if (dialog_answer(d, text)) {
		prompt(ls);
		return;
	}
	ls->dialog = NULL;
	dialog_run(d, &ls->caller);
	dialog_free(&d);
}

static void run_line(struct line_session *ls, char *text, size_t len)
{
	const char *flaw = text_flaw(text, len);
	char *args[1] = { text };

	ls->was_prompted = ls->is_prompting;
	ls->is_prompting = false;
	if (flaw != NULL) {
		AUTO(buf_fini) struct buf words = { 0 };

		drop_dialog(ls);
		sign_violation(&ls->caller, ERR_BAD_INPUT);
		buf_print(&words, "A line may not hold %s.", flaw);
		refuse_line(ls, ERR_BAD_INPUT, buf_text(&words));
	} else if (ls->dialog != NULL) {
		answer_dialog(ls, text);
	} else if (ls->caller.roles == 0 && !ls->is_machine && len > 0 &&
		   text[0] != '/') {
		command_call(&ls->caller,
			     caller_awaits_code(&ls->caller) ? "code" : "login",
			     1, args);
	} else {
		command_run(&ls->caller, text);
	}
	mem_wipe(text, len); /* it may have been a password */
}

/* A line has ended: what is in partial and then these bytes. */
static void end_line(struct line_session *ls, const char *bytes, size_t len)
{
	const struct limits *limits =
		worker_limits(session_worker(ls->caller.session));
	AUTO(buf_wipe) struct buf line = ls->partial;

	buf_init(&ls->partial);
	if (ls->is_discarding ||
	    buf_len(&line) + len > (size_t)limits->line_bytes) {
		AUTO(buf_fini) struct buf words = { 0 };

		ls->is_discarding = false;
		ls->is_prompting = false;
		drop_dialog(ls);
		sign_violation(&ls->caller, ERR_LINE_TOO_LONG);
		buf_print(&words, "A line has at most %lld bytes.",
			  (long long)limits->line_bytes);
		refuse_line(ls, ERR_LINE_TOO_LONG, buf_text(&words));
		return;
	}
	buf_add(&line, bytes, len);
	if (buf_len(&line) > 0 && buf_at(&line)[buf_len(&line) - 1] == '\r')
		line.end--;
	buf_text(&line);
	run_line(ls, buf_at(&line), buf_len(&line));
}

static void keep_partial(struct line_session *ls, const char *bytes, size_t len)
{
	const struct limits *limits =
		worker_limits(session_worker(ls->caller.session));

	if (ls->is_discarding)
		return;
	if (buf_len(&ls->partial) + len > (size_t)limits->line_bytes) {
		ls->is_discarding = true;
		buf_wipe(&ls->partial);
		return;
	}
	buf_add(&ls->partial, bytes, len);
}

static bool may_go_on(const struct session *s)
{
	return !session_is_parked(s) && !session_is_closing(s) &&
	       !session_must_yield(s);
}

/* Runs whole lines until the session must wait; returns what was used. */
static size_t split(struct line_session *ls, const char *bytes, size_t len)
{
	struct session *s = ls->caller.session;
	size_t used = 0;

	do {
		const char *at = bytes + used;
		const char *end = memchr(at, '\n', len - used);

		if (end == NULL) {
			keep_partial(ls, at, len - used);
			return len;
		}
		used += (size_t)(end - at) + 1;
		end_line(ls, at, (size_t)(end - at));
	} while (used < len && may_go_on(s));
	return used;
}

/* Bytes of a telnet client, up to the line after which it must wait. */
static size_t filter(struct line_session *ls, const char *bytes, size_t len)
{
	struct session *s = ls->caller.session;
	AUTO(buf_wipe) struct buf text = { 0 };
	AUTO(buf_fini) struct buf reply = { 0 };
	size_t used = 0;

	do {
		if (!telnet_filter(&ls->telnet, bytes + used, 1, &text,
				   &reply)) {
			sign_violation(&ls->caller, ERR_BAD_INPUT);
			session_refuse(s, ERR_BAD_INPUT);
			return len;
		}
		used++;
		session_write(s, buf_at(&reply), buf_len(&reply));
		buf_reset(&reply);
		if (buf_len(&text) == 0 || text.bytes[text.end - 1] != '\n')
			continue;
		split(ls, buf_at(&text), buf_len(&text));
		buf_reset(&text);
		if (!may_go_on(s))
			return used;
	} while (used < len);
	keep_partial(ls, buf_at(&text), buf_len(&text));
	return used;
}

/* Once a second is enough for a list that shows minutes. */
static void touch(struct line_session *ls)
{
	struct session *s = ls->caller.session;
	int64_t now_ms = worker_now_ms(session_worker(s));

	if (now_ms - ls->touched_ms < 1000)
		return;
	ls->touched_ms = now_ms;
	directory_touch(ls->caller.realm->directory, session_handle(s));
	if (ls->caller.person != NULL)
		person_touch(ls->caller.person);
}

static size_t input(struct session *s, const char *bytes, size_t len)
{
	struct line_session *ls = line_session_of(s);

	touch(ls);
	if (telnet_is_idle(&ls->telnet, bytes, len))
		return split(ls, bytes, len);
	return filter(ls, bytes, len);
}

static void refuse(struct session *s, enum err why, const char *words)
{
	struct line_session *ls = line_session_of(s);
	AUTO(buf_fini) struct buf line = { 0 };
	const char *text = words != NULL ? words : "Goodbye.";

	for (size_t i = 0; words == NULL && i < COUNT(refusal_texts); i++) {
		if (strcmp(refusal_texts[i][0], err_code(why)) == 0)
			text = refusal_texts[i][1];
	}
	if (ls != NULL && ls->is_prompting)
		buf_add_char(&line, '\n');
	buf_print(&line, "%s %s %s\n",
		  ls != NULL && ls->is_machine ? "~~" : "!!", err_code(why),
		  text);
	session_write(s, buf_at(&line), buf_len(&line));
}

static void stopping(struct session *s)
{
	line_say(line_session_of(s), false, "The server is stopping. Goodbye.");
}

static void closed(struct session *s, enum err why)
{
	struct line_session *ls = line_session_of(s);

	caller_fini(&ls->caller, why);
	dialog_free(&ls->dialog);
	buf_wipe(&ls->partial);
	mem_free(ls);
}

static void turned_away(const struct service *service, const char *site,
			const char *why)
{
	const struct line *line = service->arg;

	sign_turned_away(line->realm->tally, site, why);
}

struct line *line_new(struct realm *realm, struct server *server)
{
	struct line *line = mem_zero(sizeof(*line));

	line->realm = realm;
	line->count = server_worker_count(server);
	line->locals = mem_array(line->count, sizeof(line->locals[0]));
	line->subscribers = mem_array(line->count, sizeof(struct subscriber *));
	for (unsigned i = 0; i < line->count; i++) {
		local_init(&line->locals[i], server_worker(server, i), i);
		line->subscribers[i] = &line->locals[i].subscriber;
	}
	line->service = (struct service){
		.name = "line",
		.alpn = "rialto-line",
		.arg = line,
		.open = open_session,
		.input = input,
		.refuse = refuse,
		.stopping = stopping,
		.closed = closed,
		.turned_away = turned_away,
	};
	return line;
}

void line_free(struct line **line)
{
	if (*line == NULL)
		return;
	for (unsigned i = 0; i < (*line)->count; i++)
		local_fini(&(*line)->locals[i]);
	mem_free((*line)->locals);
	mem_free((*line)->subscribers);
	mem_free(*line);
	*line = NULL;
}

const struct service *line_service(const struct line *line)
{
	return &line->service;
}

struct subscriber **line_subscribers(const struct line *line)
{
	return line->subscribers;
}
