/*
 * An answer of the daemon's: the JSON, and what is looked at first. One owner.
 */
#ifndef RIALTO_RIALTO_ATM_ANSWER_H
#define RIALTO_RIALTO_ATM_ANSWER_H

#include <jansson.h>
#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"

enum { ANSWER_CODE = 40 };

struct answer {
	json_t *object; /* NULL when there is none */
	bool is_ok;
	char code[ANSWER_CODE]; /* "" when it is ok */
	char *text;             /* the words of a refusal, safe to show */
};

/* Reads one; false when it is no object with an "ok". */
NODISCARD bool answer_read(const char *text, size_t len,
			   struct answer *answer_r);

/* From what json holds; takes a reference of its own. As answer_read(). */
NODISCARD bool answer_of(json_t *object, struct answer *answer_r);

/* Frees what is in it; it may be all zero. */
void answer_fini(struct answer *a);

/* The text of a member, "" when there is none; borrowed. */
const char *answer_text(const json_t *object, const char *name);

/* Adds it, safe to show. */
void answer_add(const json_t *object, const char *name, struct buf *out);

/* Whether it is the answer to that id. */
bool answer_is_to(const struct answer *a, const char *id);

#endif
