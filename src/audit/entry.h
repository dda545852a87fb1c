/*
 * An entry of the audit trail: who did what, where, to whom, and how it ended.
 * Plain values; what is too long is cut. Passwords and message texts never
 * enter it.
 */
#ifndef RIALTO_AUDIT_ENTRY_H
#define RIALTO_AUDIT_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "crypto/digest.h"

/* Bytes of each text, with its NUL. */
enum {
	AUDIT_ACTION = 32,
	AUDIT_NAME = 33,
	AUDIT_ADDRESS = 64,
	AUDIT_TARGET = 160,
	AUDIT_DETAIL = 512,
};

/* The action after which a trail may go on at an older record. */
#define AUDIT_RESTORE "store.restore"

struct audit_entry {
	char action[AUDIT_ACTION];   /* "room.ban": layer or noun, dot, verb */
	char actor[AUDIT_NAME];      /* "ann", "console:0", "" : the daemon */
	uint64_t user;               /* the actor's user_id; 0: none */
	uint64_t session;            /* the actor's session's number; 0: none */
	char address[AUDIT_ADDRESS]; /* the actor's; "" : none */
	char room[AUDIT_NAME];       /* "" : none */
	char target[AUDIT_TARGET];   /* a name, a mask, a setting; "" : none */
	char outcome[AUDIT_ACTION];  /* "ok", or the code of a refusal */
	char detail[AUDIT_DETAIL];   /* a reason, a new value; "" : none */
};

/* An entry as it is stored. */
struct audit_record {
	uint64_t sequence; /* 1, 2, 3 … without a gap */
	int64_t time_ms;   /* wall clock */
	struct audit_entry entry;
	/* SHA-256 of the hash before and the bytes of this record. */
	uint8_t hash[DIGEST_BYTES];
};

/* Copies what fits; NULL is "". */
void audit_text(char *field_r, size_t size, const char *text);
#define AUDIT_SET(field, text) audit_text(field, sizeof(field), text)

/*
 * The stored form, version first; out is empty. The hash is not part of the
 * bytes that it covers: it is their last DIGEST_BYTES.
 */
void audit_record_encode(const struct audit_record *record,
			 const uint8_t before[DIGEST_BYTES], struct buf *out);
NODISCARD bool audit_record_decode(const void *bytes, size_t len,
				   struct audit_record *record_r);

/* True when the bytes carry the hash that follows `before`. */
NODISCARD bool audit_record_follows(const void *bytes, size_t len,
				    const uint8_t before[DIGEST_BYTES]);

#endif
