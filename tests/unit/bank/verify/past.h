/*
 * A world with a past: entries of all kinds, over two months, holds and
 * requests of all states; and the ways to spoil what is stored of it.
 */
#ifndef RIALTO_TESTS_UNIT_BANK_PAST_H
#define RIALTO_TESTS_UNIT_BANK_PAST_H

#include "../world.h"
#include "bank/entry.h"
#include "bank/hold.h"
#include "bank/request.h"
#include "bank/verify/verify.h"
#include "base/buf.h"

struct past {
	struct world *world;

	/* Numbers of entries. */
	uint64_t paid;     /* ann to ben, of last month, with the id 1 */
	uint64_t undone;   /* likewise, id 2, and taken back by the next */
	uint64_t reversal; /* id 3 */
	uint64_t held;     /* by ann for ben, open */
	uint64_t captured; /* a hold that was */
	uint64_t capture;  /* the entry that did */
	uint64_t accepted; /* that has paid a request */
	uint64_t last;

	/* Numbers of requests. */
	uint64_t open;
	uint64_t payed;
};

int past_set_up(void **state);
int past_tear_down(void **state);

/* What verify says of it, with a NUL; "" when nothing is wrong. */
const char *past_verify(struct past *p, struct buf *report);

/* Fails the test unless verify finds something, with these words. */
void past_want(struct past *p, const char *words);

/* One way to spoil it, and what is found then. */
struct past_case {
	void (*spoil)(struct past *p);
	const char *words[2];
};

/* Each in a past of its own. */
void past_play(const struct past_case *cases, size_t count);

/* Puts (value NULL: deletes) a record under any key. */
void past_spoil(struct past *p, const char *table, const void *key,
		size_t key_len, const struct buf *value);

/* Reads and writes what is stored behind the back of the bank. */
void past_get(struct past *p, const char *table, uint64_t key,
	      struct buf *value);
void past_put(struct past *p, const char *table, uint64_t key,
	      const struct buf *value);
void past_delete(struct past *p, const char *table, uint64_t key);

struct entry past_entry(struct past *p, uint64_t seq);
/* Under its number, with the hash that it has or, with is_hashed, its own. */
void past_put_entry(struct past *p, struct entry *entry, bool is_hashed);
/* Every hash from this entry on, and the head's. */
void past_chain(struct past *p, uint64_t from);

struct account past_account(struct past *p, enum place place);
void past_put_account(struct past *p, const struct account *account);

#endif
