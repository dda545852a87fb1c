#include "rialto/atm/machine.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "rialto/atm/acts.h"
#include "rialto/atm/face.h"
#include "rialto/atm/view.h"

void machine_say(struct machine *m, const char *format, ...)
{
	AUTO(buf_fini) struct buf words = { 0 };
	va_list args;

	va_start(args, format);
	buf_vprint(&words, format, args);
	va_end(args);
	buf_add(&m->text, buf_at(&words), buf_len(&words));
	if (buf_len(&words) == 0 || buf_at(&words)[buf_len(&words) - 1] != '\n')
		buf_add_char(&m->text, '\n');
}

static void forget_text(char **text)
{
	mem_free(*text);
	*text = NULL;
}

void machine_forget_transaction(struct machine *m)
{
	m->transaction = NULL;
	forget_text(&m->receiver);
	forget_text(&m->amount);
	forget_text(&m->memo);
}

void machine_forget_receipt(struct machine *m)
{
	forget_text(&m->receipt);
	forget_text(&m->signed_receipt);
}

void machine_forget(struct machine *m)
{
	machine_forget_transaction(m);
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

static void show(struct machine *m, const struct screen *s)
{
	AUTO(buf_wipe) struct buf page = { 0 };

	buf_print(&page, "%s\n\n", s->title);
	buf_add(&page, buf_at(&m->text), buf_len(&m->text));
	if (buf_len(&m->text) > 0)
		buf_add_char(&page, '\n');
	for (const struct choice *c = s->choices; c != NULL && c->words != NULL;
	     c++)
		buf_print(&page, "%c  %s\n", c->key, c->words);
	if (s->choices != NULL)
		buf_add_char(&page, '\n');
	view_show(buf_text(&page));
	buf_wipe(&m->text);
}

static enum at choose(struct machine *m, const struct choice *c)
{
	if (c->amount != NULL) {
		mem_free(m->amount);
		m->amount = mem_text(c->amount);
	}
	return c->act != NULL ? c->act(m) : c->leads;
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
		for (const struct choice *c = s->choices;
		     c != NULL && c->words != NULL; c++) {
			if (c->key == key) {
				*next_r = choose(m, c);
				return event;
			}
		}
		if (s->leads != AT_END) {
			*next_r = s->leads == AT_NAME ? act_begin(m) : s->leads;
			return event;
		}
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

/* Back to the start, with nothing left of the visit. */
static enum at leave(struct machine *m)
{
	visit_leave(&m->visit);
	machine_forget(m);
	buf_wipe(&m->text);
	view_clear();
	return AT_START;
}

static void step(struct machine *m)
{
	const struct screen *s = &screens[m->at];
	enum at next = m->at;
	enum face_event event;

	show(m, s);
	event = s->take != NULL ? take_line(m, s, &next)
				: take_key(m, s, &next);
	switch (event) {
	case FACE_BACK:
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
