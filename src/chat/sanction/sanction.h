/*
 * A sanction: one entry of a room's lists, with whom or what it is about, who
 * set it, why, and until when. Plain values; any thread.
 */
#ifndef RIALTO_CHAT_SANCTION_H
#define RIALTO_CHAT_SANCTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/text.h"
#include "chat/rank.h"
#include "chat/sanction/mask.h"
#include "chat/sanction/term.h"

enum sanction_kind {
	SANCTION_BAN = 1, /* may not come in, nor speak */
	SANCTION_QUIET,   /* may not speak */
	SANCTION_EXEMPT,  /* neither bans nor quiets are for them */
	SANCTION_ADMIT,   /* may come in without an invitation */
	SANCTION_PASS,    /* an invitation: once */
	SANCTION_REFUSE,  /* a word filter: the message is refused */
	SANCTION_HOLD,    /* likewise: only the ops see it */
	SANCTION_MUTE,    /* likewise: and its author is quieted */
	SANCTION_KINDS
};

enum {
	/*
	 * An entry that is over is kept for a day, since a clock that jumped
	 * may be put right.
	 */
	SANCTION_KEPT_MS = 24 * 60 * 60 * 1000,
};

struct sanction {
	uint64_t id; /* of all rooms, never again: 1, 2, 3 … */
	enum sanction_kind kind;
	struct mask mask; /* of a filter: its text is the pattern */
	char by[NAME_MOST + 1];
	user_id by_user; /* 0: the console */
	enum rank by_rank;
	int64_t since_ms;
	int64_t until_ms; /* 0: for good */
	char reason[REASON_MOST + 1];
};

/* "ban", "quiet" … */
const char *sanction_word(enum sanction_kind kind);

/* Without case; 0 when no kind is called so. */
enum sanction_kind sanction_kind_of(const char *word);

bool sanction_is_filter(enum sanction_kind kind);

/* A ban or a quiet. */
bool sanction_is_against(enum sanction_kind kind);

/*
 * Whether it is for who; what is against guests is for those as well who
 * became users since.
 */
bool sanction_is_for(const struct sanction *s, const struct subject *who);

/* Its time has come. */
bool sanction_is_over(const struct sanction *s, int64_t now_ms);

/* Adds "until 2026-11-21 18:00: spamming (by ann)". */
void sanction_print_term(const struct sanction *s, struct buf *out);

/* The stored form. */
void sanction_encode(const struct sanction *s, struct buf *out);
NODISCARD bool sanction_decode(const void *bytes, size_t len,
			       struct sanction *s_r);

#endif
