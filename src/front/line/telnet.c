#include "front/line/telnet.h"

#include <string.h>

enum {
	IAC = 255,
	DONT = 254,
	DO = 253,
	WONT = 252,
	WILL = 251,
	SB = 250,
	SE = 240,

	OPTION_ECHO = 1,
	OPTION_GO_AHEAD = 3,

	SKIPPED_MOST = 4096,
	NEGOTIATED_MOST = 256,
};

enum parser { TEXT, TEXT_CR, COMMAND, OPTION, SKIP, SKIP_COMMAND };

/* RFC 1143, section 7, for options of ours. */
enum option { NO, YES, WANT_NO, WANT_NO_OPPOSITE, WANT_YES, WANT_YES_OPPOSITE };

static void send_option(struct telnet *t, struct buf *reply, uint8_t verb,
			uint8_t option)
{
	uint8_t bytes[3] = { IAC, verb, option };

	t->negotiated++;
	buf_add(reply, bytes, sizeof(bytes));
}

/* We want the option on, or off. */
static void want(struct telnet *t, uint8_t *state, uint8_t option, bool on,
		 struct buf *reply)
{
	static const struct {
		uint8_t next;
		uint8_t verb; /* 0: nothing is sent */
	} on_table[] = {
		[NO] = { WANT_YES, WILL },
		[YES] = { YES, 0 },
		[WANT_NO] = { WANT_NO_OPPOSITE, 0 },
		[WANT_NO_OPPOSITE] = { WANT_NO_OPPOSITE, 0 },
		[WANT_YES] = { WANT_YES, 0 },
		[WANT_YES_OPPOSITE] = { WANT_YES, 0 },
	}, off_table[] = {
		[NO] = { NO, 0 },
		[YES] = { WANT_NO, WONT },
		[WANT_NO] = { WANT_NO, 0 },
		[WANT_NO_OPPOSITE] = { WANT_NO, 0 },
		[WANT_YES] = { WANT_YES_OPPOSITE, 0 },
		[WANT_YES_OPPOSITE] = { WANT_YES_OPPOSITE, 0 },
	};
	uint8_t verb = on ? on_table[*state].verb : off_table[*state].verb;

	*state = on ? on_table[*state].next : off_table[*state].next;
	if (verb != 0)
		send_option(t, reply, verb, option);
}

/* The peer says DO or DONT about an option of ours. */
static void hear(struct telnet *t, uint8_t *state, uint8_t option, bool on,
		 struct buf *reply)
{
	switch ((enum option) * state) {
	case NO:
		if (on) /* nobody asked: only a prompt turns it on */
			send_option(t, reply, WONT, option);
		break;
	case YES:
		if (!on) {
			*state = NO;
			send_option(t, reply, WONT, option);
		}
		break;
	case WANT_NO:
		*state = NO;
		break;
	case WANT_NO_OPPOSITE:
		*state = on ? YES : WANT_YES; /* on: it did not do as told */
		if (!on)
			send_option(t, reply, WILL, option);
		break;
	case WANT_YES:
		*state = on ? YES : NO;
		break;
	case WANT_YES_OPPOSITE:
		*state = on ? WANT_NO : NO;
		if (on)
			send_option(t, reply, WONT, option);
		break;
	}
}

static void negotiate(struct telnet *t, uint8_t option, struct buf *reply)
{
	bool is_do = t->verb == DO;

	if (t->verb == WILL) {
		send_option(t, reply, DONT, option);
	} else if (t->verb == WONT) {
		return; /* it is off, as we want it */
	} else if (option == OPTION_ECHO) {
		hear(t, &t->echo, option, is_do, reply);
	} else if (option == OPTION_GO_AHEAD) {
		if (is_do && t->go_ahead == NO)
			want(t, &t->go_ahead, option, true, reply);
		hear(t, &t->go_ahead, option, is_do, reply);
	} else if (is_do) {
		send_option(t, reply, WONT, option);
	}
}

void telnet_init(struct telnet *t, enum listener_telnet mode)
{
	memset(t, 0, sizeof(*t));
	t->mode = (uint8_t)mode;
	t->is_active = mode == TELNET_ALWAYS;
}

bool telnet_is_idle(const struct telnet *t, const char *bytes, size_t len)
{
	return t->mode == TELNET_NEVER ||
	       (!t->is_active && memchr(bytes, IAC, len) == NULL);
}

void telnet_hide_echo(struct telnet *t, bool hide, struct buf *reply)
{
	if (t->is_active)
		want(t, &t->echo, OPTION_ECHO, hide, reply);
}

static void take_text(struct telnet *t, uint8_t byte, struct buf *text)
{
	bool after_cr = t->state == TEXT_CR;

	t->state = TEXT;
	if (after_cr && (byte == '\n' || byte == '\0')) {
		buf_add_char(text, '\n');
		return;
	}
	if (after_cr)
		buf_add_char(text, '\r');
	if (byte == '\r')
		t->state = TEXT_CR;
	else if (byte == IAC)
		t->state = COMMAND;
	else
		buf_add_char(text, (char)byte);
}

static void take_command(struct telnet *t, uint8_t byte, struct buf *text)
{
	t->state = TEXT;
	if (byte == IAC) {
		buf_add_char(text, (char)IAC);
	} else if (byte == SB) {
		t->state = SKIP;
		t->skipped = 0;
	} else if (byte >= WILL) {
		t->verb = byte;
		t->state = OPTION;
	}
}

static void take(struct telnet *t, uint8_t byte, struct buf *text,
		 struct buf *reply)
{
	switch ((enum parser)t->state) {
	case TEXT:
	case TEXT_CR:
		take_text(t, byte, text);
		break;
	case COMMAND:
		take_command(t, byte, text);
		break;
	case OPTION:
		t->state = TEXT;
		negotiate(t, byte, reply);
		break;
	case SKIP:
		t->skipped++;
		if (byte == IAC)
			t->state = SKIP_COMMAND;
		break;
	case SKIP_COMMAND:
		t->state = byte == SE ? TEXT : SKIP;
		break;
	}
}

bool telnet_filter(struct telnet *t, const char *bytes, size_t len,
		   struct buf *text, struct buf *reply)
{
	t->is_active = true;
	for (size_t i = 0; i < len; i++) {
		take(t, (uint8_t)bytes[i], text, reply);
		if (t->skipped > SKIPPED_MOST ||
		    t->negotiated > NEGOTIATED_MOST)
			return false;
	}
	return true;
}
