/*
 * The modes of a room: what its ops have switched on, each a row of a table.
 *
 * Modes are part of a room's facts: plain values, copied.
 */
#ifndef RIALTO_CHAT_MODES_H
#define RIALTO_CHAT_MODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/message.h"
#include "chat/rank.h"
#include "chat/refusal.h"
#include "store/record.h"

struct member;
struct person;
struct room;

/* In the order of the stored record: a new one is the last. */
enum mode {
	MODE_INVITE_ONLY,
	MODE_KEY,
	MODE_LIMIT,
	MODE_MODERATED,
	MODE_OP_MODERATED,
	MODE_TOPIC_LOCKED,
	MODE_SECRET,
	MODE_USERS_JOIN,
	MODE_USERS_SPEAK,
	MODE_SLOW,
	MODE_NEWCOMER,
	MODE_PLAIN,
	MODE_COUNT
};

enum mode_kind {
	MODE_FLAG,   /* on or off */
	MODE_WORD,   /* a word that is kept hashed */
	MODE_NUMBER, /* least to most */
	MODE_SPAN,   /* seconds, least to most */
};

struct mode_row {
	char letter; /* IRC's, where it has one */
	const char *word;
	enum mode_kind kind;
	uint32_t least;
	uint32_t most;
	const char *help; /* half a line */
};

extern const struct mode_row mode_rows[MODE_COUNT];

/* The one with the letter or the word (without case); MODE_COUNT: none. */
enum mode mode_lettered(char letter);
enum mode mode_called(const char *word);

/* Bytes of a key, and of what is kept of it. */
enum { ROOM_KEY_MOST = 64, ROOM_SALT = 16, ROOM_LOCK = 32 };

struct modes {
	uint32_t set; /* a bit for each enum mode that is on */
	uint32_t values[MODE_COUNT];
	uint8_t ranks[MODE_COUNT]; /* of those who set what is on */

	/*
	 * HMAC-SHA-256 of the key under a random salt. A fast hash: a room's
	 * key is known to many, all joins of the daemon would wait for a slow
	 * one, and guesses are slowed down by flood control.
	 */
	uint8_t salt[ROOM_SALT];
	uint8_t lock[ROOM_LOCK];
};

static inline bool modes_have(const struct modes *modes, enum mode mode)
{
	return (modes->set & 1U << mode) != 0;
}

/* Switches a mode that is not MODE_KEY on (value) or off (0). */
void modes_put(struct modes *modes, enum mode mode, uint32_t value,
	       enum rank by);

/* MODE_KEY on, or off with NULL. */
void modes_put_key(struct modes *modes, const char *key, enum rank by);

/* Constant time; NULL is never right. True without MODE_KEY. */
bool modes_key_fits(const struct modes *modes, const char *key);

/* "moderated", "limit 50", "slow 10s"; 0: without the value. */
void modes_print_word(enum mode mode, uint32_t value, struct buf *out);

/* "+lmt moderated, topic-locked; limit 50" or "" when nothing is on. */
void modes_print(const struct modes *modes, struct buf *out);

/* The stored form, within the room's record; false: it is not sound. */
void modes_encode(const struct modes *modes, struct buf *out);
NODISCARD bool modes_decode(struct record_reader *r, struct modes *modes_r);

/* For gate.c: what the room's modes say to those who come, and who speak. */
NODISCARD enum err modes_join(struct room *room, const struct actor *by,
			      const char *key, struct refusal *why);
NODISCARD enum err modes_speak(struct room *room, struct member *member,
			       const struct message *m, struct refusal *why);

/* For slow mode: the member is saying something. */
void modes_note_speaker(const struct room *room, struct member *member);

/* What is shown otherwise, see gate_words(): newcomers set no topic. */
NODISCARD enum err modes_words(struct room *room, struct member *member,
			       const struct message *m, struct refusal *why);

/* May a rank set this topic? */
NODISCARD enum err modes_topic(const struct modes *modes, enum rank rank,
			       const char *topic, struct refusal *why);

/*
 * Does text have colour or formatting codes, as IRC has them? (0x02 bold, 0x03
 * and 0x04 colour, 0x0f plain, 0x11 monospace, 0x16 reverse, 0x1d italics, 0x1e
 * struck through, 0x1f underlined.)
 */
bool modes_text_is_coloured(const char *text);

/*
 * May by know that the room is there? Not when it is secret, unless by is
 * inside, has rights there or is an auditor.
 */
bool modes_show(struct room *room, const struct person *person, user_id user,
		role_set roles);

#endif
