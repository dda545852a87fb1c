/*
 * What people are shown of a second factor, in lines. None of it may stay
 * anywhere: it holds the secret, so its buf is to be wiped. Any thread.
 */
#ifndef RIALTO_COMMAND_FACTOR_TEXT_H
#define RIALTO_COMMAND_FACTOR_TEXT_H

#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "command/task.h"
#include "crypto/totp.h"
#include "user/factor/code.h"
#include "user/factor/factors.h"

/*
 * The secret for the app of the user of that name, here at the server of that
 * name: as a QR code, as an address, and to be typed in.
 */
void factor_text_offer(const char *server, const char *name,
		       const uint8_t secret[TOTP_SECRET], struct buf *out);

/* Recovery codes, two a line, and what they are good for. */
void factor_text_sheet(const struct code_sheet *sheet, struct buf *out);

/* "on since …, 9 recovery codes left"; "off"; "off: ben switched it off, …" */
void factor_text_state(const struct factor_facts *facts, struct buf *out);

/* The same for /users show, as a line of the task's. A job. */
NODISCARD enum err factor_text_print(struct task *task, user_id user);

#endif
