#include "rialto/atm/machine.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mem.h"
#include "rialto/atm/acts.h"
#include "rialto/atm/face.h"
#include "rialto/atm/list.h"
#include "rialto/atm/request.h"
#include "rialto/atm/view.h"
#include "rialto/atm/words.h"

#define DAY_MS INT64_C(86400000)

void machine_say(struct machine *m, const char *format, ...)
{
	AUTO(buf_fini) struct buf words = { 0 };
	va_list args;

	va_start(args, format);
	buf_vprint(&words, format, args);
	va_end(args);
	if (buf_len(&words) == 0)
		return;
	buf_add(&m->text, buf_at(&words), buf_len(&words));
	if (buf_at(&words)[buf_len(&words) - 1] != '\n')
		buf_add_char(&m->text, '\n');
}

bool machine_connect(struct machine *m)
{
	AUTO(buf_fini) struct buf words = { 0 };
	enum desk_outcome outcome;

	view_say("One moment, please.");
	desk_close(m->visit.desk);
	outcome = desk_open(m->visit.desk, false, &words);
	if (outcome == DESK_UNTRUSTED)
		machine_say(m, "%s", buf_text(&words));
	else if (outcome != DESK_OK)
		(void)machine_to_start(m);
	return outcome == DESK_OK;
}

enum at machine_to_start(struct machine *m)
{
	machine_say(m, "No connection to %s: %s.", m->options->address.text,
		    desk_problem(m->visit.desk));
	return AT_START;
}

bool machine_ask(struct machine *m, struct buf *request, const char *id,
		 struct answer *answer_r, enum at *next_r)
{
	*next_r = AT_TEXT;
	if (visit_ask(&m->visit, request, id, false, answer_r) != DESK_OK) {
		buf_wipe(&m->text); /* it would stay there */
		*next_r = machine_to_start(m);
		return false;
	}
	if (!answer_r->is_ok)
		machine_say(m, "%s", answer_r->text);
	return answer_r->is_ok;
}

bool machine_is_main(const struct machine *m, const char *account)
{
	return m->visit.user != NULL && strcasecmp(account, m->visit.user) == 0;
}

void machine_set(char **text, const char *typed)
{
	mem_free(*text);
	*text = mem_print("%.*s", REQUEST_TEXT, typed);
}

static void forget_text(char **text)
{
	mem_free(*text);
	*text = NULL;
}

void machine_forget_transaction(struct machine *m)
{
	m->transaction = NULL;
	forget_text(&m->payer);
	forget_text(&m->receiver);
	forget_text(&m->available);
	forget_text(&m->amount);
	forget_text(&m->memo);
	m->hold = 0;
	m->expires_ms = 0;
}

void machine_forget_receipt(struct machine *m)
{
	forget_text(&m->receipt);
	forget_text(&m->signed_receipt);
}

void machine_forget(struct machine *m)
{
	machine_forget_transaction(m);
	statement_fini(&m->statement);
	list_set(m, NULL);
	json_decref(m->accounts);
	m->accounts = NULL;
	forget_text(&m->user);
	machine_forget_receipt(m);
	secret_free(&m->password);
}

static void tell(void *context UNUSED, const char *words)
{
	view_say(words);
}

static struct secret *ask_code(void *context UNUSED)
{
	struct secret *code = NULL;

	return face_line("Code: ", false, &code) == FACE_TYPED ? code : NULL;
}

static bool wait_for(void *context UNUSED, int64_t wait_ms)
{
	return face_wait(wait_ms);
}

static bool is_there(const struct machine *m, const struct choice *c)
{
	return c->is_there == NULL || c->is_there(m);
}

/* The choices of a screen, and the empty line below them. */
static size_t choice_lines(const struct screen *s)
{
	size_t count = 0;

	for (const struct choice *c = s->choices; c != NULL && c->words != NULL;
	     c++)
		count++;
	return s->choices != NULL ? count + 1 : 0;
}

/* The title, the prompt, and an empty line for each. */
enum { FRAME_LINES = 4 };

size_t machine_room(struct machine *m)
{
	size_t used = FRAME_LINES + choice_lines(&screens[m->at]) +
		      words_rows(buf_text(&m->text), view_columns());
	size_t rows = view_rows();

	return rows > used ? rows - used : 1;
}

/* An answer that is longer than the screen goes on behind the next key. */
static size_t text_bytes(struct machine *m)
{
	return m->at == AT_TEXT ? words_fit(&m->text, view_columns(),
					    view_rows() - FRAME_LINES)
				: buf_len(&m->text);
}

static void show(struct machine *m, const struct screen *s)
{
	AUTO(buf_wipe) struct buf page = { 0 };
	char behind[CURRENCY_CODE + 1];
	size_t bytes;

	if (s->show != NULL)
		s->show(m);
	(void)currency_behind(&m->currency, behind);
	bytes = text_bytes(m);
	buf_print(&page, "%s\n\n", s->title);
	buf_add(&page, buf_at(&m->text), bytes);
	if (bytes > 0)
		buf_add_char(&page, '\n');
	for (const struct choice *c = s->choices; c != NULL && c->words != NULL;
	     c++)
		if (is_there(m, c))
			buf_print(&page, "%c  %s%s\n", c->key, c->words,
				  c->amount != NULL ? behind : "");
	if (s->choices != NULL)
		buf_add_char(&page, '\n');
	view_show(buf_text(&page));
	buf_take(&m->text, bytes);
	if (buf_len(&m->text) == 0)
		buf_wipe(&m->text);
}

static enum at choose(struct machine *m, const struct choice *c)
{
	if (c->amount != NULL) {
		mem_free(m->amount);
		m->amount = mem_text(c->amount);
	}
	if (c->days > 0)
		m->expires_ms = clock_wall_ms() + c->days * DAY_MS;
	return c->act != NULL ? c->act(m) : c->leads;
}

/* False when the key leads nowhere. */
static bool follow(struct machine *m, const struct screen *s, char key,
		   enum at *next_r)
{
	const json_t *item = list_at(m, key);

	for (const struct choice *c = s->choices; c != NULL && c->words != NULL;
	     c++) {
		if (c->key == key && is_there(m, c)) {
			*next_r = choose(m, c);
			return true;
		}
	}
	if (s->pick != NULL && item != NULL) {
		*next_r = s->pick(m, item);
		return true;
	}
	if (s->leads == AT_END)
		return false;
	*next_r = s->leads == AT_NAME ? act_begin(m) : s->leads;
	return true;
}

/* Waits for a key that leads somewhere. */
static enum face_event take_key(struct machine *m, const struct screen *s,
				enum at *next_r)
{
	for (;;) {
		char key = '\0';
		enum face_event event = face_key(s->prompt, !s->may_wait, &key);

		if (event != FACE_TYPED)
			return event;
		if (s->is_careful && face_drop()) {
			view_say("Please press one key.");
			continue;
		}
		if (follow(m, s, key, next_r))
			return event;
		view_say("That key is not on the list.");
	}
}

static enum face_event take_line(struct machine *m, const struct screen *s,
				 enum at *next_r)
{
	AUTO(secret_free) struct secret *line = NULL;
	enum face_event event = face_line(s->prompt, s->is_secret, &line);

	if (event != FACE_TYPED)
		return event;
	if (line->len > 0 || s == &screens[AT_MEMO]) {
		*next_r = s->take(m, line->bytes);
	} else if (s->missing != NULL) {
		machine_say(m, "%s Escape goes back.", s->missing);
	} else {
		*next_r = s->back;
	}
	return event;
}

/*
 * Back to the start, with nothing left of the visit: not even while the daemon
 * takes its time for a goodbye.
 */
static enum at leave(struct machine *m)
{
	machine_forget(m);
	buf_wipe(&m->text);
	view_clear();
	if (m->visit.user != NULL)
		view_say("One moment, please.");
	visit_leave(&m->visit);
	(void)face_drop();
	return AT_START;
}

static void step(struct machine *m)
{
	const struct screen *s = &screens[m->at];
	enum at next = m->at;
	enum face_event event;

	if (s->is_careful)
		(void)face_drop();
	show(m, s);
	event = s->take != NULL ? take_line(m, s, &next)
				: take_key(m, s, &next);
	switch (event) {
	case FACE_BACK:
		buf_wipe(&m->text);
		next = s->back;
		break;
	case FACE_IDLE:
		next = leave(m);
		machine_say(m, "The visit has ended, since no key was "
			       "pressed.");
		break;
	case FACE_GONE:
		next = AT_END;
		break;
	default:
		if (m->at == AT_TEXT && buf_len(&m->text) > 0)
			next = AT_TEXT;
		break;
	}
	if (next == AT_START && m->at != AT_START && event != FACE_IDLE) {
		AUTO(buf_fini) struct buf last = m->text;

		buf_init(&m->text);
		(void)leave(m);
		machine_say(m, "%s", buf_text(&last));
	}
	if (next == AT_MENU)
		machine_forget_transaction(m);
	m->at = next;
}

int machine_run(const struct options *o, struct desk *desk,
		const struct secret *password)
{
	struct machine m = {
		.options = o,
		.visit = { .desk = desk,
			   .tell = tell,
			   .ask_code = ask_code,
			   .wait = wait_for },
		.given = password != NULL
				 ? secret_new(password->bytes, password->len)
				 : NULL,
	};

	face_open(o->is_plain, o->idle_s);
	while (m.at != AT_END)
		step(&m);
	(void)leave(&m);
	face_close();
	secret_free(&m.given);
	buf_wipe(&m.text);
	return m.status;
}
