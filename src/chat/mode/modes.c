#include "chat/mode/modes.h"

#include <string.h>

#include "base/quantity.h"
#include "base/text.h"
#include "crypto/mac.h"
#include "crypto/random.h"

enum { HOUR_S = 3600, WEEK_S = 7 * 24 * 3600 };

const struct mode_row mode_rows[MODE_COUNT] = {
	[MODE_INVITE_ONLY] = { 'i', "invite-only", MODE_FLAG, 0, 1,
			       "only the invited come in" },
	[MODE_KEY] = { 'k', "key", MODE_WORD, 1, ROOM_KEY_MOST,
		       "who comes in must name the key" },
	[MODE_LIMIT] = { 'l', "limit", MODE_NUMBER, 1, 100000,
			 "no more people than this" },
	[MODE_MODERATED] = { 'm', "moderated", MODE_FLAG, 0, 1,
			     "only the voiced and ops speak" },
	[MODE_OP_MODERATED] = { 'z', "op-moderated", MODE_FLAG, 0, 1,
				"what may not be said goes to the ops" },
	[MODE_TOPIC_LOCKED] = { 't', "topic-locked", MODE_FLAG, 0, 1,
				"only ops set the topic" },
	[MODE_SECRET] = { 's', "secret", MODE_FLAG, 0, 1,
			  "not shown to those outside" },
	[MODE_USERS_JOIN] = { 'R', "users-join", MODE_FLAG, 0, 1,
			      "only users with a login come in" },
	[MODE_USERS_SPEAK] = { 'M', "users-speak", MODE_FLAG, 0, 1,
			       "only users with a login speak" },
	[MODE_SLOW] = { 'S', "slow", MODE_SPAN, 1, HOUR_S,
			"so long between two messages of a member" },
	[MODE_NEWCOMER] = { 'N', "newcomer", MODE_SPAN, 1, WEEK_S,
			    "so long before a new member may speak" },
	[MODE_PLAIN] = { 'c', "plain", MODE_FLAG, 0, 1,
			 "no colour or formatting codes" },
};

enum mode mode_lettered(char letter)
{
	size_t i = 0;

	while (i < MODE_COUNT && mode_rows[i].letter != letter)
		i++;
	return (enum mode)i;
}

enum mode mode_called(const char *word)
{
	size_t i = 0;

	while (i < MODE_COUNT && name_compare(mode_rows[i].word, word) != 0)
		i++;
	return (enum mode)i;
}

void modes_put(struct modes *modes, enum mode mode, uint32_t value,
	       enum rank by)
{
	modes->values[mode] = value;
	modes->ranks[mode] = (uint8_t)(value == 0 ? RANK_GUEST : by);
	if (value == 0)
		modes->set &= ~(1U << mode);
	else
		modes->set |= 1U << mode;
}

void modes_put_key(struct modes *modes, const char *key, enum rank by)
{
	modes_put(modes, MODE_KEY, key != NULL, by);
	memset(modes->salt, 0, sizeof(modes->salt));
	memset(modes->lock, 0, sizeof(modes->lock));
	if (key == NULL)
		return;
	random_bytes(modes->salt, sizeof(modes->salt));
	mac_make(modes->salt, sizeof(modes->salt), key, strlen(key),
		 modes->lock);
}

bool modes_key_fits(const struct modes *modes, const char *key)
{
	uint8_t lock[ROOM_LOCK];
	uint8_t differs = 0;

	if (!modes_have(modes, MODE_KEY))
		return true;
	if (key == NULL)
		return false;
	mac_make(modes->salt, sizeof(modes->salt), key, strlen(key), lock);
	for (size_t i = 0; i < sizeof(lock); i++)
		differs |= lock[i] ^ modes->lock[i];
	return differs == 0;
}

void modes_print_word(enum mode mode, uint32_t value, struct buf *out)
{
	char span[QUANTITY_TEXT];

	buf_add_text(out, mode_rows[mode].word);
	if (value > 0 && mode_rows[mode].kind == MODE_NUMBER) {
		buf_print(out, " %u", value);
	} else if (value > 0 && mode_rows[mode].kind == MODE_SPAN) {
		quantity_print_seconds(value, span);
		buf_print(out, " %s", span);
	}
}

/* The flags, or what has a value. */
static void print_words(const struct modes *modes, bool are_flags,
			const char *lead, struct buf *out)
{
	for (size_t i = 0; i < MODE_COUNT; i++) {
		if (!modes_have(modes, (enum mode)i) ||
		    (mode_rows[i].kind == MODE_FLAG) != are_flags)
			continue;
		buf_add_text(out, lead);
		modes_print_word((enum mode)i, modes->values[i], out);
		lead = ", ";
	}
}

void modes_print(const struct modes *modes, struct buf *out)
{
	bool has_flags = false;

	if (modes->set == 0)
		return;
	buf_add_char(out, '+');
	for (size_t i = 0; i < MODE_COUNT; i++) {
		if (!modes_have(modes, (enum mode)i))
			continue;
		buf_add_char(out, mode_rows[i].letter);
		has_flags |= mode_rows[i].kind == MODE_FLAG;
	}
	print_words(modes, true, " ", out);
	print_words(modes, false, has_flags ? "; " : " ", out);
}

static void put_bytes(struct buf *out, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		record_put_u8(out, bytes[i]);
}

static void get_bytes(struct record_reader *r, uint8_t *bytes_r, size_t len)
{
	for (size_t i = 0; i < len; i++)
		bytes_r[i] = record_get_u8(r);
}

/* What is on: its mask, then value and rank of each, then lock and salt. */
void modes_encode(const struct modes *modes, struct buf *out)
{
	record_put_u32(out, modes->set);
	for (size_t i = 0; i < MODE_COUNT; i++) {
		if (!modes_have(modes, (enum mode)i))
			continue;
		record_put_u32(out, modes->values[i]);
		record_put_u8(out, modes->ranks[i]);
	}
	if (modes_have(modes, MODE_KEY)) {
		put_bytes(out, modes->salt, sizeof(modes->salt));
		put_bytes(out, modes->lock, sizeof(modes->lock));
	}
}

bool modes_decode(struct record_reader *r, struct modes *modes_r)
{
	bool is_sound;

	memset(modes_r, 0, sizeof(*modes_r));
	modes_r->set = record_get_u32(r);
	is_sound = modes_r->set >> MODE_COUNT == 0;
	for (size_t i = 0; i < MODE_COUNT; i++) {
		const struct mode_row *row = &mode_rows[i];
		bool is_word = row->kind == MODE_WORD;

		if (!modes_have(modes_r, (enum mode)i))
			continue;
		modes_r->values[i] = record_get_u32(r);
		modes_r->ranks[i] = record_get_u8(r);
		is_sound = is_sound && modes_r->values[i] > 0 &&
			   modes_r->values[i] <= (is_word ? 1 : row->most) &&
			   modes_r->ranks[i] <= RANK_ADMIN;
	}
	if (modes_have(modes_r, MODE_KEY)) {
		get_bytes(r, modes_r->salt, sizeof(modes_r->salt));
		get_bytes(r, modes_r->lock, sizeof(modes_r->lock));
	}
	return is_sound && !r->is_bad;
}
