#include "rialto/screen.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "base/buf.h"
#include "base/mem.h"
#include "rialto/colour.h"
#include "rialto/complete.h"

enum { HISTORY_MOST = 500, SECRET_MOST = 4096 };

static struct {
	bool is_open;
	bool is_coloured;
	bool was_interrupted;
	enum screen_mode mode;
	char *prompt;
	char *name;           /* the person's own; NULL: not known */
	struct termios found; /* how the terminal was */
	struct buf out;       /* lines to show */
	struct buf secret;    /* typed so far */
	struct secret *line;  /* readline's last, until screen_read() ends */
	struct secret *draft; /* what was being typed when the server asked */
	bool has_ended;
} screen;

/* How lines begin that may hold a password or a code; not remembered. */
static const char *const private_lines[] = {
	"/login ", "/register ", "/passwd ",
	"/code ",  "/factor ",   "/users password ",
};

/* Nothing was asked: what is typed is the person's own. */
static bool is_plain(void)
{
	return strcmp(screen.prompt, SCREEN_PROMPT) == 0;
}

static void remember(const char *line)
{
	const HIST_ENTRY *last = history_get(history_base + history_length - 1);

	if (line[0] == '\0' || !is_plain() ||
	    (last != NULL && strcmp(last->line, line) == 0))
		return;
	for (size_t i = 0; i < COUNT(private_lines); i++) {
		if (strncasecmp(line, private_lines[i],
				strlen(private_lines[i])) == 0)
			return;
	}
	add_history(line);
}

/* Without echo; newline says whether the Enter key is seen. */
static void silence(bool newline)
{
	struct termios t = screen.found;

	t.c_lflag |= ICANON | ISIG;
	t.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	if (newline)
		t.c_lflag |= ECHONL;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &t);
}

static void restore(void)
{
	tcsetattr(STDIN_FILENO, TCSADRAIN, &screen.found);
}

static void take_line(char *line)
{
	/* Readline draws the next prompt only when it is installed again. */
	rl_callback_handler_remove();
	if (line == NULL) {
		screen.has_ended = true;
		return;
	}
	remember(line);
	/* Readline keeps its own until the next is typed. */
	mem_wipe(rl_line_buffer, strlen(rl_line_buffer));
	secret_free(&screen.line);
	screen.line = secret_new(line, strlen(line));
	mem_wipe(line, strlen(line));
	free(line);
}

/* Ends a search in the history, or another command of several keys. */
static void end_keys(void)
{
	/* Readline does it only where it believes to be reading. */
	RL_SETSTATE(RL_STATE_CALLBACK);
	rl_callback_sigcleanup();
	RL_UNSETSTATE(RL_STATE_CALLBACK);
}

static void leave_mode(void)
{
	if (screen.mode == SCREEN_LINE) {
		end_keys();
		rl_clear_visible_line();
		if (is_plain() && rl_end > 0) {
			secret_free(&screen.draft);
			screen.draft =
				secret_new(rl_line_buffer, (size_t)rl_end);
		}
		rl_replace_line("", 1);
		rl_callback_handler_remove();
	} else if (screen.mode == SCREEN_SECRET) {
		buf_wipe(&screen.secret);
		fputs("\r\n", rl_outstream);
	}
	restore();
}

static void enter_mode(void)
{
	switch (screen.mode) {
	case SCREEN_QUIET:
		silence(false);
		break;
	case SCREEN_LINE:
		rl_callback_handler_install(screen.prompt, take_line);
		if (is_plain() && screen.draft != NULL) {
			rl_insert_text(screen.draft->bytes);
			secret_free(&screen.draft);
			rl_redisplay();
		}
		break;
	case SCREEN_SECRET:
		silence(true);
		fputs(screen.prompt, rl_outstream);
		break;
	}
	fflush(rl_outstream);
}

void screen_open(bool is_coloured, const struct vocabulary *words)
{
	setlocale(LC_CTYPE, "");
	/*
	 * The protocol is UTF-8, and so is every terminal of today. Readline
	 * asks the environment by itself.
	 */
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0 &&
	    setlocale(LC_CTYPE, "C.UTF-8") != NULL)
		setenv("LC_ALL", "C.UTF-8", 1);
	tcgetattr(STDIN_FILENO, &screen.found);
	rl_readline_name = "rialto";
	rl_instream = stdin;
	rl_outstream = stdout;
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	rl_initialize();
	using_history();
	stifle_history(HISTORY_MOST);
	complete_with(words);
	screen.is_coloured = is_coloured;
	screen.is_open = true;
	screen.prompt = mem_text("");
	screen.mode = SCREEN_QUIET;
	enter_mode();
}

void screen_close(void)
{
	if (!screen.is_open)
		return;
	screen_flush();
	leave_mode();
	fflush(rl_outstream);
	clear_history();
	mem_free(screen.prompt);
	mem_free(screen.name);
	buf_fini(&screen.out);
	buf_wipe(&screen.secret);
	secret_free(&screen.line);
	secret_free(&screen.draft);
	memset(&screen, 0, sizeof(screen));
}

void screen_ask(enum screen_mode mode, const char *prompt)
{
	if (screen.mode == mode && strcmp(screen.prompt, prompt) == 0)
		return;
	screen_flush();
	leave_mode();
	screen.mode = mode;
	mem_free(screen.prompt);
	screen.prompt = mem_text(prompt);
	enter_mode();
}

void screen_know(const char *name)
{
	if (screen.name != NULL && strcmp(screen.name, name) == 0)
		return;
	mem_free(screen.name);
	screen.name = mem_text(name);
}

void screen_show(const char *text)
{
	if (screen.is_coloured)
		colour_line(text, screen.name, &screen.out);
	else
		buf_add_text(&screen.out, text);
	buf_add_char(&screen.out, '\n');
}

void screen_flush(void)
{
	if (buf_len(&screen.out) == 0)
		return;
	if (screen.mode == SCREEN_LINE)
		rl_clear_visible_line();
	else if (screen.mode == SCREEN_SECRET)
		fputc('\n', rl_outstream);
	fwrite(buf_at(&screen.out), 1, buf_len(&screen.out), rl_outstream);
	buf_reset(&screen.out);
	if (screen.mode == SCREEN_LINE) {
		rl_on_new_line();
		rl_redisplay();
	} else if (screen.mode == SCREEN_SECRET) {
		fputs(screen.prompt, rl_outstream);
	}
	fflush(rl_outstream);
}

bool screen_wants_input(void)
{
	return screen.mode != SCREEN_QUIET;
}

/* Reads a part of the secret; true when it is complete. */
static bool read_secret(void)
{
	ssize_t n = read(STDIN_FILENO, buf_reserve(&screen.secret, SECRET_MOST),
			 SECRET_MOST);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return false;
	if (n <= 0) {
		screen.has_ended = true;
		return false;
	}
	buf_added(&screen.secret, (size_t)n);
	n = (ssize_t)buf_len(&screen.secret);
	if (buf_at(&screen.secret)[n - 1] == '\n')
		n--;
	else if (n < SECRET_MOST)
		return false;
	secret_free(&screen.line);
	screen.line = secret_new(buf_at(&screen.secret), (size_t)n);
	buf_wipe(&screen.secret);
	return true;
}

enum screen_event screen_read(struct secret **typed_r)
{
	screen.was_interrupted = false;
	if (screen.mode == SCREEN_LINE)
		rl_callback_read_char();
	else if (screen.mode == SCREEN_SECRET)
		(void)read_secret();
	if (screen.line == NULL && !screen.has_ended)
		return SCREEN_NOTHING;
	screen.mode = SCREEN_QUIET;
	enter_mode();
	if (screen.has_ended)
		return SCREEN_ENDED;
	*typed_r = screen.line;
	screen.line = NULL;
	return SCREEN_TYPED;
}

bool screen_interrupt(void)
{
	bool is_second = screen.was_interrupted;

	screen.was_interrupted = true;
	if (is_second || screen.mode == SCREEN_QUIET)
		return true;
	if (screen.mode != SCREEN_LINE || rl_end == 0)
		screen_show("rialto: Ctrl-C again leaves.");
	if (screen.mode == SCREEN_LINE) {
		end_keys();
		rl_free_line_state();
		rl_clear_visible_line();
		rl_replace_line("", 1);
		rl_on_new_line();
		rl_redisplay();
	}
	buf_wipe(&screen.secret);
	return false;
}

void screen_resize(void)
{
	if (screen.mode == SCREEN_LINE)
		rl_resize_terminal();
	else
		rl_reset_screen_size();
}

void screen_suspend(void)
{
	if (screen.mode == SCREEN_LINE)
		rl_cleanup_after_signal();
	restore();
	fputc('\n', rl_outstream);
	fflush(rl_outstream);
}

void screen_resume(void)
{
	if (screen.mode != SCREEN_LINE) {
		enter_mode();
		return;
	}
	rl_reset_screen_size();
	rl_reset_after_signal();
	rl_on_new_line();
	rl_redisplay();
	fflush(rl_outstream);
}
