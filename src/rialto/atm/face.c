#include "rialto/atm/face.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <unistr.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "rialto/atm/lines.h"
#include "rialto/atm/presence.h"
#include "rialto/atm/view.h"

enum {
	LINE_BYTES = 512,
	WARN_S = 15, /* before the end of a visit */
	ESCAPE = 27,
	CTRL_C = 3,
	CTRL_D = 4,
	CTRL_H = 8,
	CTRL_U = 21,
	DELETE = 127,
};

static struct face {
	bool is_terminal; /* standard input is one */
	struct termios was;
	struct termios ours;
	sigset_t mask; /* while waiting: nothing else is interrupted */
	int64_t idle_ms;
	struct presence presence;
	bool has_warned;
	bool may_idle;
	const char *prompt;
	bool is_secret;
	char keys[LINE_BYTES]; /* read and not yet taken */
	size_t first, end;
	char line[LINE_BYTES + 1]; /* as far as it was typed */
	size_t len;
	size_t whole; /* of that, without what is no character yet */
} face;

static volatile sig_atomic_t is_ended;
static volatile sig_atomic_t is_stale; /* what is shown, and how we read */

static void note_end(int number)
{
	is_ended = number;
}

static void note_change(int number UNUSED)
{
	is_stale = 1;
}

static const struct noted {
	int number;
	void (*note)(int number);
} noted[] = {
	{ SIGINT, note_end },      { SIGTERM, note_end },
	{ SIGHUP, note_end },      { SIGQUIT, note_end },
	{ SIGWINCH, note_change }, { SIGCONT, note_change },
};

/* They come while we wait for keys, and at no other time. */
static void catch_signals(void)
{
	struct sigaction action = { 0 };
	sigset_t set;

	sigemptyset(&action.sa_mask);
	sigemptyset(&set);
	for (size_t i = 0; i < COUNT(noted); i++)
		sigaddset(&set, noted[i].number);
	sigprocmask(SIG_BLOCK, &set, &face.mask);
	for (size_t i = 0; i < COUNT(noted); i++) {
		sigdelset(&face.mask, noted[i].number);
		action.sa_handler = noted[i].note;
		sigaction(noted[i].number, &action, NULL);
	}
}

void face_open(bool is_plain, int64_t idle_s)
{
	struct termios now;

	memset(&face, 0, sizeof(face));
	view_open(is_plain);
	face.idle_ms = idle_s * 1000;
	face.is_terminal = tcgetattr(STDIN_FILENO, &face.was) == 0;
	catch_signals();
	if (!face.is_terminal)
		return;
	now = face.was;
	now.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
	/* Who could stop output would stop the end of the visit, too. */
	now.c_iflag &= ~(tcflag_t)IXON;
	now.c_iflag |= ICRNL;
	now.c_cc[VMIN] = 1;
	now.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &now);
	face.ours = now;
}

void face_close(void)
{
	if (face.is_terminal)
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &face.was);
	mem_wipe(&face, sizeof(face));
	view_close();
}

static void show_prompt(void)
{
	fputs(face.prompt, stdout);
	if (!face.is_secret)
		fwrite(face.line, 1, face.whole, stdout);
	fflush(stdout);
}

static void warn(int64_t left_ms)
{
	AUTO(mem_free_text)
	char *words = mem_print("%d seconds left. Press a key, or the visit "
				"ends.",
				(int)((left_ms + 999) / 1000));

	face.has_warned = true;
	fputc('\n', stdout);
	view_say(words);
	show_prompt();
}

/* After the window was changed, or the program has slept. */
static void refresh(void)
{
	is_stale = 0;
	if (face.is_terminal)
		tcsetattr(STDIN_FILENO, TCSANOW, &face.ours);
	if (!view_is_plain()) {
		view_redraw();
		show_prompt();
	}
}

/* Waits for what was typed; false when there is none, or a signal came. */
static bool wait_for_keys(int fd, int64_t wait_ms)
{
	struct pollfd input = { fd, POLLIN, 0 };
	const struct timespec time = { wait_ms / 1000,
				       wait_ms % 1000 * 1000000 };

	return ppoll(&input, 1, &time, &face.mask) > 0;
}

/* How long to wait for a key, saying what must be said; below 0: no longer. */
static int64_t patience(void)
{
	int64_t warn_ms = face.idle_ms / 2 < WARN_S * 1000 ? face.idle_ms / 2
							   : WARN_S * 1000;
	int64_t left_ms =
		face.presence.seen_ms + face.idle_ms - clock_mono_ms();

	if (!face.may_idle)
		return INT_MAX;
	if (left_ms <= 0)
		return -1;
	if (left_ms <= warn_ms && !face.has_warned)
		warn(left_ms);
	return face.has_warned ? left_ms : left_ms - warn_ms;
}

/* What a program writes into a pipe is never held. */
static void note_keys(void)
{
	if (!face.is_terminal)
		face.presence.key = 0;
	if (presence_typed(&face.presence, face.keys, face.end,
			   clock_mono_ms()))
		face.has_warned = false;
}

/* Reads what was typed; FACE_TYPED when there is some. */
static enum face_event fill(void)
{
	while (is_ended == 0) {
		int64_t wait_ms = patience();
		ssize_t n;

		if (ferror(stdout)) /* nobody sees what is asked */
			return FACE_GONE;
		if (wait_ms < 0)
			return FACE_IDLE;
		if (is_stale)
			refresh();
		if (!wait_for_keys(STDIN_FILENO, wait_ms))
			continue;
		n = read(STDIN_FILENO, face.keys, sizeof(face.keys));
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n <= 0)
			return FACE_GONE;
		face.first = 0;
		face.end = (size_t)n;
		note_keys();
		return FACE_TYPED;
	}
	return FACE_GONE;
}

static void forget_keys(void)
{
	mem_wipe(face.keys, sizeof(face.keys));
	face.first = face.end = 0;
}

/* One byte of what was typed. */
static enum face_event take(char *key_r)
{
	enum face_event event;

	for (;;) {
		event = face.first == face.end ? fill() : FACE_TYPED;
		if (event != FACE_TYPED)
			return event;
		*key_r = face.keys[face.first];
		face.keys[face.first++] = '\0';
		if (!face.is_terminal)
			return FACE_TYPED;
		if (*key_r == CTRL_C || *key_r == CTRL_D)
			return FACE_BACK;
		if (*key_r != ESCAPE)
			return FACE_TYPED;
		if (face.first == face.end)
			return FACE_BACK;
		/* An arrow, or another key that is many bytes. */
		forget_keys();
	}
}

bool face_drop(void)
{
	bool was_some = face.first < face.end;

	if (!face.is_terminal)
		return false;
	forget_keys();
	tcflush(STDIN_FILENO, TCIFLUSH);
	return was_some;
}

/* Whether what was typed says to stop; the rest of it is dropped. */
static bool is_stopped(void)
{
	ssize_t n = read(STDIN_FILENO, face.keys, sizeof(face.keys));
	char first = face.keys[0];

	forget_keys();
	return n == 0 || (n == 1 && (first == ESCAPE || first == CTRL_C));
}

bool face_wait(int64_t wait_ms)
{
	int64_t due_ms = clock_mono_ms() + wait_ms;
	int fd = face.is_terminal ? STDIN_FILENO : -1;
	int64_t left_ms;

	while (is_ended == 0 && (left_ms = due_ms - clock_mono_ms()) > 0) {
		if (wait_for_keys(fd, left_ms) && is_stopped())
			return false;
	}
	return is_ended == 0;
}

static void begin(const char *prompt, bool is_secret, bool may_idle)
{
	face.prompt = prompt;
	face.is_secret = is_secret;
	face.may_idle = may_idle;
	if (presence_ask(&face.presence, !may_idle, clock_mono_ms()))
		face.has_warned = false;
	face.len = face.whole = 0;
	show_prompt();
}

/* The last character, of however many bytes and columns. */
static void erase(void)
{
	size_t columns;

	if (face.len > face.whole || face.len == 0) {
		face.len = face.whole;
		return;
	}
	do {
		face.len--;
	} while (face.len > 0 &&
		 ((unsigned char)face.line[face.len] & 0xc0) == 0x80);
	columns = lines_columns(face.line + face.len, face.whole - face.len);
	face.whole = face.len;
	for (; !face.is_secret && columns > 0; columns--)
		fputs("\b \b", stdout);
}

/* What is no character yet, when it has become one that may be shown. */
static void finish_character(void)
{
	const char *at = face.line + face.whole;
	size_t len = face.len - face.whole;
	ucs4_t c;

	if (u8_mbtoucr(&c, (const uint8_t *)at, len) == -2)
		return; /* some of its bytes are still to come */
	if (text_flaw(at, len) != NULL) {
		face.len = face.whole;
		return;
	}
	if (face.is_terminal)
		fwrite(at, 1, len, stdout);
	face.whole = face.len;
}

/*
 * What is not secret is shown, and must not be anything that a terminal takes
 * for more than text, on this screen or for whoever comes next.
 */
static void add(char key)
{
	if (face.len == LINE_BYTES || ((unsigned char)key < ' '))
		return;
	/* Not one of those that are still to come. */
	if (!face.is_secret && ((unsigned char)key & 0xc0) != 0x80)
		face.len = face.whole;
	face.line[face.len++] = key;
	if (face.is_secret)
		face.whole = face.len;
	else
		finish_character();
}

static void edit(char key)
{
	if (key == DELETE || key == CTRL_H) {
		erase();
	} else if (key == CTRL_U) {
		while (face.len > 0)
			erase();
	} else {
		add(key);
	}
	fflush(stdout);
}

static enum face_event type(void)
{
	enum face_event event;
	char key = '\0';

	while ((event = take(&key)) == FACE_TYPED && key != '\n')
		edit(key);
	face.len = face.whole;
	fputc('\n', stdout);
	fflush(stdout);
	return event;
}

static void wipe_line(void)
{
	mem_wipe(face.line, sizeof(face.line));
	face.len = face.whole = 0;
}

enum face_event face_line(const char *prompt, bool is_secret,
			  struct secret **line_r)
{
	enum face_event event;

	begin(prompt, is_secret, true);
	event = type();
	if (event == FACE_TYPED)
		*line_r = secret_new(face.line, face.len);
	wipe_line();
	return event;
}

enum face_event face_key(const char *prompt, bool may_idle, char *key_r)
{
	enum face_event event;

	begin(prompt, false, may_idle);
	if (face.is_terminal) {
		event = take(key_r);
		fputc('\n', stdout);
		fflush(stdout);
		return event;
	}
	event = type();
	*key_r = face.len > 0 ? face.line[0] : '\n';
	wipe_line();
	return event;
}
