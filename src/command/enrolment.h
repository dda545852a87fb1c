/*
 * An enrolment: a secret that was shown to a user, and becomes the second
 * factor once a code of it has come back. Kept with the session alone, for a
 * while. In its worker.
 */
#ifndef RIALTO_COMMAND_ENROLMENT_H
#define RIALTO_COMMAND_ENROLMENT_H

#include <stdint.h>

#include "command/command.h"
#include "crypto/totp.h"

struct enrolment {
	int64_t since_ms; /* monotonic */
	uint8_t secret[TOTP_SECRET];
};

enum { ENROLMENT_MINUTES = 10 };

/* Wipes it. */
void enrolment_free(struct enrolment **enrolment);

enum err cmd_factor_on(struct call *call);      /* [PASSWORD] */
enum err cmd_factor_confirm(struct call *call); /* CODE */

#endif
