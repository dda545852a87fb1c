/* A house with people and accounts of every sort, for tables of orders. */
#ifndef RIALTO_TESTS_UNIT_BANK_WORLD_H
#define RIALTO_TESTS_UNIT_BANK_WORLD_H

#include "house.h"

enum person {
	NOBODY = 0,
	ANN,
	BEN,
	TESS, /* a teller */
	ADA,  /* an administrator */
	PEOPLE,
};

/* Accounts; all that has a balance has 100.00. */
enum place {
	NOWHERE = 0, /* no account has that number */
	ANNS,
	ANNS_SAVINGS,
	ANNS_SHOE, /* empty */
	BENS,
	OURS,      /* shared by ann and ben */
	FROZEN_IN, /* ben's, as all below */
	FROZEN_OUT,
	CLOSED,
	FULL,   /* its ceiling is 100.00 */
	DEEP,   /* its floor is -50.00 */
	CAPPED, /* ann's: at most 10.00 at once, 25.00 in a day */
	TILL,   /* for members */
	BOX,    /* a till that tess has open */
	DRAWER, /* a till that nobody has open */
	FEES,
	INCOME,
	OPENING,
	OVER_SHORT,
	PLACES,
};

struct world {
	struct house house;
	user_id people[PEOPLE];
	account_id places[PLACES];
};

int world_set_up(void **state);
int world_tear_down(void **state);

/* An order by a person in an office, from one place to another. */
struct order world_order(struct world *w, enum order_kind kind, enum person by,
			 enum authority authority, enum place from,
			 enum place to, money amount);

/* A row of a table of orders, one after the other in one world. */
struct world_case {
	const char *name;
	enum order_kind kind;
	enum person by;
	enum authority authority;
	enum place from;
	enum place to;
	money amount;
	enum err want;
};

/* Fails the test where a row comes to something else than it wants. */
void world_play(struct world *w, const struct world_case *cases, size_t count);

/* A row of orders with changes, of whom it is said by enum person. */
enum { WORLD_CHANGES = 4 };
struct world_change {
	const char *name;
	enum order_kind kind;
	enum person by;
	enum authority authority;
	enum place from;
	const char *label; /* NULL: none */
	struct change changes[WORLD_CHANGES];
	enum err want;
};

void world_change(struct world *w, const struct world_change *cases,
		  size_t count);

/* As world_play() says it when it fails. */
void world_want(struct world *w, const char *name, struct order *order,
		enum err want);

#endif
