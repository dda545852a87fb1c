/*
 * Asking for passwords, one prompt after another, for a command that was
 * given without them: login, register, passwd. Belongs to the session's
 * worker.
 */
#ifndef RIALTO_FRONT_LINE_DIALOG_H
#define RIALTO_FRONT_LINE_DIALOG_H

#include <stdbool.h>

#include "base/attr.h"
#include "command/caller.h"

struct dialog;

/* verb is "login", "register" or "passwd"; copies name. */
NODISCARD struct dialog *dialog_new(const char *verb, const char *name);

/* Wipes what was typed, frees *d and sets it to NULL. */
void dialog_free(struct dialog **d);

/* What is asked now: "password: "; static. */
const char *dialog_prompt(const struct dialog *d);

/* Takes the line typed at the prompt. True while another prompt follows. */
NODISCARD bool dialog_answer(struct dialog *d, const char *line);

/*
 * Runs the command with what was typed, or refuses when a password was not
 * repeated; the caller's done is called.
 */
void dialog_run(struct dialog *d, struct caller *caller);

#endif
