/*
 * The person's terminal: what arrives is shown above what is being typed,
 * which stays whole. There is one, because readline is one.
 */
#ifndef RIALTO_RIALTO_SCREEN_H
#define RIALTO_RIALTO_SCREEN_H

#include <stdbool.h>

#include "base/attr.h"
#include "crypto/secret.h"
#include "rialto/vocabulary.h"

/* What the prompt of a line said to the room looks like. */
#define SCREEN_PROMPT "> "

enum screen_mode {
	SCREEN_QUIET,  /* what is typed waits, unseen */
	SCREEN_LINE,   /* readline, with history and completion */
	SCREEN_SECRET, /* one line that is not shown */
};

/* Takes the terminal over, quietly. Borrows words until screen_close(). */
void screen_open(bool is_coloured, const struct vocabulary *words);

/* Gives the terminal back as it was. Harmless when it is not open. */
void screen_close(void);

/* From now on the person types in this mode, behind this prompt. */
void screen_ask(enum screen_mode mode, const char *prompt);

/* The person's own name, which stands out in what others say. Copies it. */
void screen_know(const char *name);

/* Adds a line, as line_take() gives it; screen_flush() shows it. */
void screen_show(const char *text);
void screen_flush(void);

/* Whether standard input is to be polled. */
bool screen_wants_input(void);

enum screen_event {
	SCREEN_NOTHING,
	SCREEN_TYPED, /* a line, without its end */
	SCREEN_ENDED, /* Ctrl-D, or the terminal is gone */
};

/*
 * Reads what was typed. After SCREEN_TYPED the mode is SCREEN_QUIET, and
 * *typed_r is the caller's.
 */
NODISCARD enum screen_event screen_read(struct secret **typed_r);

/* Ctrl-C: drops what was typed; true when it was the second in a row. */
NODISCARD bool screen_interrupt(void);

/* The window has another size. */
void screen_resize(void);

/* Ctrl-Z, and what follows it when the program goes on. */
void screen_suspend(void);
void screen_resume(void);

#endif
