#include "chat/mode/mode_change.h"

#include <stdio.h>
#include <string.h>

#include "base/near.h"
#include "base/quantity.h"
#include "base/text.h"
#include "chat/act.h"
#include "chat/chat_fields.h"
#include "chat/room_fields.h"
#include "chat/roster.h"

/* What is left of the text. */
struct words {
	const char *at;
};

/* As long as the longest that means something, and a byte more. */
enum { WORD = ROOM_KEY_MOST + 2 };

/* Copies the next word, cut at WORD - 1 bytes; false when there is none. */
static bool next_word(struct words *words, char word_r[WORD])
{
	const char *begin = words->at + strspn(words->at, " ");
	size_t len = strcspn(begin, " ");

	words->at = begin + len;
	snprintf(word_r, WORD, "%.*s", (int)(len < WORD ? len : WORD - 1),
		 begin);
	return len > 0;
}

static enum err refuse_value(enum mode mode, struct refusal *why)
{
	const struct mode_row *row = &mode_rows[mode];
	char least[QUANTITY_TEXT];
	char most[QUANTITY_TEXT];

	quantity_print_seconds(row->least, least);
	quantity_print_seconds(row->most, most);
	switch (row->kind) {
	case MODE_FLAG:
		return refusal_give(why, ERR_BAD_INPUT,
				    "%s is on or off: +%c or -%c.", row->word,
				    row->letter, row->letter);
	case MODE_WORD:
		return refusal_give(why, ERR_BAD_INPUT,
				    "+%c (%s) takes one word of %u to %u bytes "
				    "without commas.",
				    row->letter, row->word, row->least,
				    row->most);
	case MODE_NUMBER:
		return refusal_give(why, ERR_BAD_INPUT,
				    "+%c (%s) takes a number from %u to %u.",
				    row->letter, row->word, row->least,
				    row->most);
	case MODE_SPAN:
		break;
	}
	return refusal_give(why, ERR_BAD_INPUT,
			    "+%c (%s) takes a time from %s to %s, as 10s or "
			    "5m.",
			    row->letter, row->word, least, most);
}

/* The value of a number or a span; plain numbers are seconds. */
static bool read_value(enum mode mode, const char *word, uint32_t *value_r)
{
	const struct mode_row *row = &mode_rows[mode];
	int64_t value;

	if (!quantity_number(word, &value) &&
	    (row->kind != MODE_SPAN || !quantity_seconds(word, &value)))
		return false;
	if (value < row->least || value > row->most)
		return false;
	*value_r = (uint32_t)value;
	return true;
}

/* Only the last of contradicting letters counts. */
static void take(struct mode_change *change, enum mode mode, bool is_on,
		 uint32_t value)
{
	uint32_t bit = 1U << mode;

	change->on = is_on ? change->on | bit : change->on & ~bit;
	change->off = is_on ? change->off & ~bit : change->off | bit;
	change->values[mode] = is_on ? value : 0;
	if (mode == MODE_KEY && !is_on)
		change->key[0] = '\0';
}

static enum err take_value(struct mode_change *change, enum mode mode,
			   const char *word, struct refusal *why)
{
	uint32_t value = 1;

	if (mode_rows[mode].kind == MODE_WORD) {
		if (strlen(word) > ROOM_KEY_MOST || strchr(word, ',') != NULL)
			return refuse_value(mode, why);
		snprintf(change->key, sizeof(change->key), "%.*s",
			 ROOM_KEY_MOST, word);
	} else if (!read_value(mode, word, &value)) {
		return refuse_value(mode, why);
	}
	take(change, mode, true, value);
	return ERR_OK;
}

static enum err parse_letter(struct mode_change *change, char letter,
			     bool is_on, struct words *values,
			     struct refusal *why)
{
	enum mode mode = mode_lettered(letter);
	char word[WORD];

	if (mode == MODE_COUNT)
		return refusal_give(why, ERR_BAD_INPUT,
				    "There is no mode %c; /mode help lists "
				    "them.",
				    letter > ' ' && letter <= '~' ? letter
								  : '?');
	if (!is_on || mode_rows[mode].kind == MODE_FLAG) {
		take(change, mode, is_on, 1);
		return ERR_OK;
	}
	if (!next_word(values, word))
		return refuse_value(mode, why);
	return take_value(change, mode, word, why);
}

/* "+itl 50": what takes a value takes it from the words behind, in order. */
static enum err parse_letters(struct mode_change *change, const char *text,
			      struct refusal *why)
{
	size_t len = strcspn(text, " ");
	struct words values = { text + len };
	char word[WORD];
	bool is_on = true;
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < len; i++) {
		if (text[i] == '+' || text[i] == '-')
			is_on = text[i] == '+';
		else
			e = parse_letter(change, text[i], is_on, &values, why);
	}
	if (e == ERR_OK && next_word(&values, word))
		return refusal_give(why, ERR_BAD_INPUT,
				    "There is a word too many.");
	if (e == ERR_OK && (change->on | change->off) == 0)
		return refusal_give(why, ERR_BAD_INPUT,
				    "Name a mode: +m or -m.");
	return e;
}

static enum err refuse_word(const char *word, struct refusal *why)
{
	struct near near;

	near_init(&near, word);
	for (size_t i = 0; i < MODE_COUNT; i++)
		near_show(&near, mode_rows[i].word);
	if (near.best != NULL)
		return refusal_give(why, ERR_BAD_INPUT,
				    "There is no such mode. Did you mean %s?",
				    near.best);
	return refusal_give(why, ERR_BAD_INPUT,
			    "There is no such mode; /mode help lists them.");
}

/* "moderated on", "slow 10s", "slow off". */
static enum err parse_pair(struct mode_change *change, struct words *words,
			   const char *name, struct refusal *why)
{
	enum mode mode = mode_called(name);
	char word[WORD];
	char more[WORD];

	if (mode == MODE_COUNT)
		return refuse_word(name, why);
	if (!next_word(words, word) || next_word(words, more))
		return refuse_value(mode, why);
	if (name_compare(word, "off") == 0) {
		take(change, mode, false, 0);
		return ERR_OK;
	}
	if (mode_rows[mode].kind != MODE_FLAG)
		return take_value(change, mode, word, why);
	if (name_compare(word, "on") != 0)
		return refuse_value(mode, why);
	take(change, mode, true, 1);
	return ERR_OK;
}

enum err mode_change_parse(const char *text, struct mode_change *change_r,
			   struct refusal *why)
{
	struct words words = { text };
	char word[WORD];

	memset(change_r, 0, sizeof(*change_r));
	if (!next_word(&words, word))
		return refusal_give(why, ERR_BAD_INPUT,
				    "Name a mode: /mode help lists them.");
	if (word[0] == '+' || word[0] == '-')
		return parse_letters(change_r, text + strspn(text, " "), why);
	return parse_pair(change_r, &words, word, why);
}

static void print_letters(uint32_t set, char sign, struct buf *out)
{
	if (set == 0)
		return;
	buf_add_char(out, sign);
	for (size_t i = 0; i < MODE_COUNT; i++) {
		if ((set & 1U << i) != 0)
			buf_add_char(out, mode_rows[i].letter);
	}
}

static const char *print_words(const struct mode_change *change, uint32_t set,
			       const char *lead, struct buf *out)
{
	for (size_t i = 0; i < MODE_COUNT; i++) {
		if ((set & 1U << i) == 0)
			continue;
		buf_add_text(out, lead);
		modes_print_word((enum mode)i, change->values[i], out);
		lead = ", ";
	}
	return lead;
}

void mode_change_print(const struct mode_change *change, struct buf *out)
{
	const char *lead = " (";

	print_letters(change->on, '+', out);
	print_letters(change->off, '-', out);
	lead = print_words(change, change->on, lead, out);
	print_words(change, change->off, lead, out);
	buf_add_char(out, ')');
}

/* Leaves out what is so already. */
static void narrow(struct mode_change *change, const struct modes *modes)
{
	for (size_t i = 0; i < MODE_COUNT; i++) {
		uint32_t bit = 1U << i;

		if ((change->on & bit) != 0 &&
		    modes_have(modes, (enum mode)i) &&
		    change->values[i] == modes->values[i] &&
		    (i != MODE_KEY || modes_key_fits(modes, change->key)))
			change->on &= ~bit;
		if ((change->off & bit) != 0 &&
		    !modes_have(modes, (enum mode)i))
			change->off &= ~bit;
	}
}

static void alter(const struct mode_change *change, enum rank by,
		  struct modes *modes)
{
	for (size_t i = 0; i < MODE_COUNT; i++) {
		bool is_on = (change->on & 1U << i) != 0;

		if (!is_on && (change->off & 1U << i) == 0)
			continue;
		if (i == MODE_KEY)
			modes_put_key(modes, is_on ? change->key : NULL, by);
		else
			modes_put(modes, (enum mode)i, change->values[i], by);
	}
}

static enum err check(struct mode_change *change,
		      const struct room_facts *facts, enum rank by,
		      struct refusal *why)
{
	const struct modes *modes = &facts->modes;
	enum err e = permit_demand(PERMIT_MODE, by, facts->name, why);

	if (e != ERR_OK)
		return e;
	narrow(change, modes);
	if ((change->on | change->off) == 0)
		return refusal_give(why, ERR_EXISTS, "It is so already.");
	for (size_t i = 0; i < MODE_COUNT; i++) {
		if (((change->on | change->off) & 1U << i) != 0 &&
		    permit_check(PERMIT_MODE, by, modes->ranks[i]) != ERR_OK)
			return refusal_give(
				why, ERR_RANK,
				"%s was set by the rank %s: only that rank or "
				"a higher one changes it.",
				mode_rows[i].word, rank_word(modes->ranks[i]));
	}
	return ERR_OK;
}

struct write {
	struct store *store;
	const struct room_facts *facts;
};

static enum err write_facts(struct store_txn *txn, void *arg)
{
	const struct write *write = arg;

	return roster_write_room(txn, write->store, write->facts);
}

/* With the change lock. */
static enum err make(struct chat *chat, const struct actor *by,
		     struct room *room, struct mode_change *change,
		     struct refusal *why)
{
	AUTO(buf_fini) struct buf text = { 0 };
	enum rank rank = room_rank(room, by->user, by->roles);
	struct act act = { .by = by, .action = "room.mode", .room = room };
	struct room_facts facts;
	enum err e;

	room_facts(room, &facts);
	e = check(change, &facts, rank, why);
	if (e != ERR_OK)
		return e;
	alter(change, rank, &facts.modes);
	mode_change_print(change, &text);
	act.detail = buf_text(&text);
	e = act_run(chat, &act, write_facts,
		    &(struct write){ chat->store, &facts });
	if (e != ERR_OK)
		return e;
	mutex_lock(&room->lock);
	room->facts.modes = facts.modes;
	room_tell(room, MESSAGE_MODE, by->name, "", buf_text(&text), 0);
	mutex_unlock(&room->lock);
	return ERR_OK;
}

enum err mode_change_make(struct chat *chat, const struct actor *by,
			  struct room *room, struct mode_change *change,
			  struct refusal *why)
{
	enum err e;

	mutex_lock(&chat->change);
	e = make(chat, by, room, change, why);
	mutex_unlock(&chat->change);
	return e;
}
