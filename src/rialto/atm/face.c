#include "rialto/atm/face.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"

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
	bool is_plain;
	struct termios was;
	int64_t idle_ms;
	int64_t touched_ms; /* the last key */
	bool has_warned;
	bool may_idle;
	const char *prompt;
	bool is_secret;
	char keys[LINE_BYTES]; /* read and not yet taken */
	size_t first, end;
	char line[LINE_BYTES + 1]; /* as far as it was typed */
	size_t len;
} face;

static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
static volatile sig_atomic_t is_ended;

static void note(int number)
{
	is_ended = number;
}

static void catch_signals(void)
{
	struct sigaction noting = { .sa_handler = note };

	sigemptyset(&noting.sa_mask);
	for (size_t i = 0; i < COUNT(ending); i++)
		sigaction(ending[i], &noting, NULL);
}

void face_open(bool is_plain, int64_t idle_s)
{
	const char *term = getenv("TERM");
	struct termios now;

	memset(&face, 0, sizeof(face));
	face.is_plain = is_plain || !isatty(STDOUT_FILENO) || term == NULL ||
			term[0] == '\0' || strcmp(term, "dumb") == 0;
	face.idle_ms = idle_s * 1000;
	face.is_terminal = tcgetattr(STDIN_FILENO, &face.was) == 0;
	catch_signals();
	if (!face.is_terminal)
		return;
	now = face.was;
	now.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
	now.c_iflag |= ICRNL;
	now.c_cc[VMIN] = 1;
	now.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &now);
}

void face_close(void)
{
	if (face.is_terminal)
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &face.was);
	mem_wipe(&face, sizeof(face));
}

void face_show(const char *text)
{
	fputs(face.is_plain ? "\n" : "\033[H\033[2J", stdout);
	fputs(text, stdout);
}

void face_say(const char *line)
{
	printf("%s\n", line);
	fflush(stdout);
}

void face_clear(void)
{
	if (!face.is_plain)
		fputs("\033[H\033[2J\033[3J", stdout);
	fflush(stdout);
}

static void show_prompt(void)
{
	fputs(face.prompt, stdout);
	if (!face.is_secret)
		fwrite(face.line, 1, face.len, stdout);
	fflush(stdout);
}

static void warn(int64_t left_ms)
{
	face.has_warned = true;
	printf("\n%d seconds left. Press a key, or the visit ends.\n",
	       (int)((left_ms + 999) / 1000));
	show_prompt();
}

/* How long to wait for a key, saying what must be said; below 0: no longer. */
static int64_t patience(void)
{
	int64_t warn_ms = face.idle_ms / 2 < WARN_S * 1000 ? face.idle_ms / 2
							   : WARN_S * 1000;
	int64_t left_ms = face.touched_ms + face.idle_ms - clock_mono_ms();

	if (!face.may_idle)
		return INT_MAX;
	if (left_ms <= 0)
		return -1;
	if (left_ms <= warn_ms && !face.has_warned)
		warn(left_ms);
	return face.has_warned ? left_ms : left_ms - warn_ms;
}

/* Reads what was typed; FACE_TYPED when there is some. */
static enum face_event fill(void)
{
	struct pollfd input = { STDIN_FILENO, POLLIN, 0 };

	while (is_ended == 0) {
		int64_t wait_ms = patience();
		ssize_t n;

		if (wait_ms < 0)
			return FACE_IDLE;
		if (poll(&input, 1, (int)wait_ms) <= 0)
			continue;
		n = read(STDIN_FILENO, face.keys, sizeof(face.keys));
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n <= 0)
			return FACE_GONE;
		face.first = 0;
		face.end = (size_t)n;
		face.touched_ms = clock_mono_ms();
		face.has_warned = false;
		return FACE_TYPED;
	}
	return FACE_GONE;
}

/* One byte of what was typed. */
static enum face_event take(char *key_r)
{
	enum face_event event = FACE_TYPED;

	if (face.first == face.end)
		event = fill();
	if (event != FACE_TYPED)
		return event;
	*key_r = face.keys[face.first];
	face.keys[face.first++] = '\0';
	if (!face.is_terminal)
		return FACE_TYPED;
	if (*key_r == CTRL_C || *key_r == CTRL_D)
		return FACE_BACK;
	if (*key_r == ESCAPE) {
		/* An arrow, or another key that is many bytes. */
		if (face.first < face.end) {
			face.first = face.end = 0;
			return take(key_r);
		}
		return FACE_BACK;
	}
	return FACE_TYPED;
}

/* Whether what was typed says to stop; the rest of it is dropped. */
static bool is_stopped(void)
{
	ssize_t n = read(STDIN_FILENO, face.keys, sizeof(face.keys));
	char first = face.keys[0];

	mem_wipe(face.keys, sizeof(face.keys));
	face.first = face.end = 0;
	return n == 0 || (n == 1 && (first == ESCAPE || first == CTRL_C));
}

bool face_wait(int64_t wait_ms)
{
	int64_t due_ms = clock_mono_ms() + wait_ms;
	struct pollfd input = { face.is_terminal ? STDIN_FILENO : -1, POLLIN,
				0 };
	int64_t left_ms;

	while (is_ended == 0 && (left_ms = due_ms - clock_mono_ms()) > 0) {
		if (poll(&input, 1, (int)left_ms) > 0 && is_stopped())
			return false;
	}
	return is_ended == 0;
}

static void begin(const char *prompt, bool is_secret, bool may_idle)
{
	face.prompt = prompt;
	face.is_secret = is_secret;
	face.may_idle = may_idle;
	face.touched_ms = clock_mono_ms();
	face.has_warned = false;
	face.len = 0;
	show_prompt();
}

/* The last character, of however many bytes. */
static void erase(void)
{
	if (face.len == 0)
		return;
	do {
		face.len--;
	} while (face.len > 0 &&
		 ((unsigned char)face.line[face.len] & 0xc0) == 0x80);
	if (!face.is_secret)
		fputs("\b \b", stdout);
}

static void add(char key)
{
	if (face.len == LINE_BYTES || ((unsigned char)key < ' '))
		return;
	face.line[face.len++] = key;
	if (!face.is_secret && face.is_terminal)
		fputc(key, stdout);
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
	fputc('\n', stdout);
	fflush(stdout);
	return event;
}

static void wipe_line(void)
{
	mem_wipe(face.line, sizeof(face.line));
	face.len = 0;
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
