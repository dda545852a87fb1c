/*
 * What the person types, below what is shown (view.h): a prompt with the
 * cursor behind it, so that a screen reader reads all as it is. One, since the
 * terminal is one.
 */
#ifndef RIALTO_RIALTO_ATM_FACE_H
#define RIALTO_RIALTO_ATM_FACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "crypto/secret.h"

/*
 * Takes the terminal; a visit ends after idle_s without a key, but for one that
 * is held.
 */
void face_open(bool is_plain, int64_t idle_s);

/* Gives it back as it was. */
void face_close(void);

/* Waits; false, at once, when the person presses Escape or Ctrl-C. */
NODISCARD bool face_wait(int64_t wait_ms);

enum face_event {
	FACE_TYPED,
	FACE_BACK, /* Escape, Ctrl-C */
	FACE_IDLE, /* nothing was typed for too long */
	FACE_GONE, /* the terminal, or the program is to end */
};

/*
 * Waits for one key; Enter is '\n'. Where standard input is no terminal, for
 * a line, and takes the first byte of it.
 */
NODISCARD enum face_event face_key(const char *prompt, bool may_idle,
				   char *key_r);

/*
 * Forgets what was typed by now, so that it answers nothing that is asked from
 * here on; whether some of it came with the key that was taken last, as when
 * it was pasted. Nothing where standard input is no terminal.
 */
bool face_drop(void);

/* Waits for a line, which is not shown when it is secret. */
NODISCARD enum face_event face_line(const char *prompt, bool is_secret,
				    struct secret **line_r);

#endif
