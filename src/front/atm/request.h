/*
 * A request: what the JSON of one says, checked against the members that its
 * op takes. One owner; any thread.
 */
#ifndef RIALTO_FRONT_ATM_REQUEST_H
#define RIALTO_FRONT_ATM_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "base/attr.h"
#include "base/buf.h"
#include "crypto/secret.h"
#include "crypto/uuid.h"

enum {
	REQUEST_WORD = 80,   /* bytes of a name or an account, with its NUL */
	REQUEST_MEMO = 512,  /* likewise of a memo: the bank takes fewer */
	REQUEST_TERM = 40,   /* of an amount, a month, a code */
	REQUEST_NONCE = 128, /* of a nonce as it was written */
	REQUEST_OP = 32,
	BATCH_MOST = 1000, /* transfers of a batch */
};

/* Zero, empty, NULL where it was left out; receipt is true then. */
struct request {
	char op[REQUEST_OP];
	char id_text[UUID_TEXT]; /* as it was written; "": not known */
	struct uuid id;
	struct uuid of;
	char user[REQUEST_WORD];
	struct secret *password;
	struct secret *code;
	char account[REQUEST_WORD];
	char from[REQUEST_WORD];
	char to[REQUEST_WORD];
	char amount[REQUEST_TERM];
	char month[REQUEST_TERM];
	char memo[REQUEST_MEMO];
	char client_nonce[REQUEST_NONCE];
	int64_t hold;
	int64_t entry;
	int64_t before;
	int64_t limit;
	int64_t expires_ms;
	int64_t v;
	json_t *transfers; /* an array of objects, a reference */
	bool receipt;
};

void request_init(struct request *r);

/* Wipes and frees what is in it; an empty one afterwards. */
void request_fini(struct request *r);

/*
 * Takes the op, and the id when is_sealed, out of an object. False, with flaw
 * saying which is missing or wrong; the id may be known nevertheless.
 */
NODISCARD bool request_begin(struct request *r, json_t *object, bool is_sealed,
			     struct buf *flaw);

/*
 * Reads the members of an object as spec names them, one space between two:
 * "to amount account? memo?" (?: may be left out). False, with flaw naming the
 * member that is missing, unknown, or has another type, form or range.
 */
NODISCARD bool request_read(struct request *r, json_t *object, const char *spec,
			    struct buf *flaw);

#endif
