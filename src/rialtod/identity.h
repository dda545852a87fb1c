/* The identity key of this server, from its file. Start-up only. */
#ifndef RIALTO_RIALTOD_IDENTITY_H
#define RIALTO_RIALTOD_IDENTITY_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "conf/conf.h"
#include "crypto/identity_key.h"

/*
 * Reads it. Where there is none, it is made, as in a house from before there
 * were any, and the log says so. Else why says what is wrong, as
 * identity_key_load() does.
 */
NODISCARD enum err identity_open(const char *path, struct identity_key **key_r,
				 struct buf *why);

/* Complains of a file that is there and cannot be used. */
void identity_check(struct conf_check *check, const char *path);

#endif
