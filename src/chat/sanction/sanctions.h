/*
 * Sanctions: the lists of one room in memory, and what follows from them for
 * a person. One owner, who locks.
 *
 * An entry is for nobody above the rank that set it.
 */
#ifndef RIALTO_CHAT_SANCTIONS_H
#define RIALTO_CHAT_SANCTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chat/sanction/sanction.h"

enum {
	SANCTIONS_MOST = 500, /* entries in one room, of all kinds */
	FILTERS_MOST = 100,   /* of them filters */
};

struct sieve;

struct sanctions {
	struct sanction **list; /* by id */
	size_t count;
	size_t counts[SANCTION_KINDS];
	uint64_t version;     /* grows with every change; 0: never any */
	int64_t first_end_ms; /* of those that end; 0: none does */
	struct sieve *sieve;  /* made of the filters; NULL: none */
};

/* What follows for one member, kept by whoever asks again and again. */
struct verdict {
	uint64_t version; /* of the lists; 0: nothing is known yet */
	enum rank rank;
	int64_t from_ms;
	int64_t until_ms;               /* 0: as long as the version */
	const struct sanction *against; /* a ban or a quiet; NULL: none */
};

void sanctions_fini(struct sanctions *all);

/* Borrowed until the next change; NULL when there is none. */
const struct sanction *sanctions_find(const struct sanctions *all, uint64_t id);
const struct sanction *sanctions_find_mask(const struct sanctions *all,
					   enum sanction_kind kind,
					   const struct mask *mask);

/* Copies s, whose id is the highest yet. The caller looked at the limits. */
void sanctions_add(struct sanctions *all, const struct sanction *s);
void sanctions_drop(struct sanctions *all, uint64_t id);

/* Writes the numbers of those that are over then; returns how many. */
size_t sanctions_list_over(const struct sanctions *all, int64_t then_ms,
			   uint64_t ids_r[SANCTIONS_MOST]);

/* Neither bans nor quiets set by this rank are for who. */
bool sanctions_exempt(const struct sanctions *all, const struct subject *who,
		      enum rank by_rank, int64_t now_ms);

/*
 * The entry of this kind that is for who, a person of this rank: the one that
 * lasts longest; NULL when there is none, or an exemption undoes them all.
 */
const struct sanction *sanctions_match(const struct sanctions *all,
				       enum sanction_kind kind,
				       const struct subject *who,
				       enum rank rank, int64_t now_ms);

/* The ban, else the quiet, that is for who; as remembered in verdict. */
const struct sanction *sanctions_judge(const struct sanctions *all,
				       const struct subject *who,
				       enum rank rank, int64_t now_ms,
				       struct verdict *verdict);

/* The filter that catches the text; NULL: none. */
const struct sanction *sanctions_sift(const struct sanctions *all,
				      const char *text, int64_t now_ms);

#endif
