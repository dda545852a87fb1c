#include "rialto/atm/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "rialto/atm/words.h"

enum { WIDTH = 80, WIDTH_LEAST = 10, HEIGHT = 24, HEIGHT_LEAST = 8 };

static struct view {
	bool is_plain;
	bool can_clear;  /* also where it is plain */
	struct buf page; /* not wrapped */
	struct buf said;
} view;

/* The last column stays empty: some terminals go on below by themselves. */
size_t view_columns(void)
{
	struct winsize size;
	size_t columns = WIDTH;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		columns = size.ws_col;
	return (columns > WIDTH_LEAST ? columns : WIDTH_LEAST) - 1;
}

size_t view_rows(void)
{
	struct winsize size;
	size_t rows = HEIGHT;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0)
		rows = size.ws_row;
	return rows > HEIGHT_LEAST ? rows : HEIGHT_LEAST;
}

static void print(const char *text)
{
	AUTO(buf_wipe) struct buf lines = { 0 };

	words_wrap(text, view_columns(), &lines);
	if (buf_len(&lines) > 0)
		fwrite(buf_at(&lines), 1, buf_len(&lines), stdout);
}

void view_open(bool is_plain)
{
	const char *term = getenv("TERM");

	view.can_clear = isatty(STDOUT_FILENO) && term != NULL &&
			 term[0] != '\0' && strcmp(term, "dumb") != 0;
	view.is_plain = is_plain || !view.can_clear;
}

bool view_is_plain(void)
{
	return view.is_plain;
}

void view_close(void)
{
	buf_wipe(&view.page);
	buf_wipe(&view.said);
}

static void draw(void)
{
	fputs(view.is_plain ? "\n" : "\033[H\033[2J", stdout);
	print(buf_text(&view.page));
	print(buf_text(&view.said));
}

void view_show(const char *text)
{
	view_close();
	buf_add_text(&view.page, text);
	draw();
}

/* Is that the last that was said? */
static bool is_said(const char *text)
{
	const char *said = buf_text(&view.said);
	size_t len = strlen(text);
	size_t len_said = strlen(said);

	return len > 0 && len_said > len && said[len_said - 1] == '\n' &&
	       memcmp(said + len_said - 1 - len, text, len) == 0;
}

void view_say(const char *text)
{
	if (!view.is_plain && is_said(text)) {
		draw();
		fflush(stdout);
		return;
	}
	buf_add_text(&view.said, text);
	if (text[0] != '\0' && text[strlen(text) - 1] != '\n')
		buf_add_char(&view.said, '\n');
	print(text);
	fflush(stdout);
}

void view_redraw(void)
{
	if (!view.is_plain)
		draw();
}

void view_clear(void)
{
	view_close();
	if (view.can_clear)
		fputs("\033[H\033[2J\033[3J", stdout);
	fflush(stdout);
}
