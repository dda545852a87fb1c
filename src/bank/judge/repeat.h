/*
 * Orders that are asked again under the id that their giver chose: the same
 * question gets the same answer, also a refusal; another one is refused. From
 * the inside of this folder. Within a batch, by its owner; what functions
 * return is as struct batch has it.
 */
#ifndef RIALTO_BANK_REPEAT_H
#define RIALTO_BANK_REPEAT_H

#include <stdbool.h>

#include "bank/judge/batch.h"
#include "bank/order.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

/*
 * What is remembered of an order, under its id and its giver. The wording is
 * for whom names lead elsewhere later: see order_note_wording().
 */
struct repeat {
	uint8_t question[DIGEST_BYTES];
	uint8_t wording[ORDER_WORDING]; /* zeros: not known */
	enum err result;
	uint64_t seq;    /* the entry that it became; 0: none */
	uint64_t number; /* the request that it became; 0: none */
	int64_t time_ms;
	char words[ORDER_WORDS];
};

/* Where it is kept: id, user, big-endian. Any thread, as the stored form. */
enum { REPEAT_KEY = UUID_BYTES + 8 };
void repeat_key(const struct uuid *id, user_id user, uint8_t key_r[REPEAT_KEY]);

/* The stored form, version first; out is empty. */
void repeat_encode(const struct repeat *repeat, struct buf *out);
/* False, and nothing changed, for what repeat_encode() cannot have made. */
NODISCARD bool repeat_decode(const void *bytes, size_t len,
			     struct repeat *repeat_r);

/*
 * Was it asked before? Then *is_known_r, and the order is answered, with what
 * is returned; ERR_ID_CONFLICT when something else was asked. Else the answer
 * that most get is written for it already (looking first would be a search
 * more), and what it comes to is told by one of the two below.
 */
NODISCARD enum err repeat_claim(struct batch *batch, struct order *order,
				bool *is_known_r);

/* Remembers the answer. */
NODISCARD enum err repeat_keep(struct batch *batch, const struct order *order);

/* It was not answered for good: whoever asks again is judged again. */
NODISCARD enum err repeat_drop(struct batch *batch, const struct order *order);

#endif
