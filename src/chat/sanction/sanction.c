#include "chat/sanction/sanction.h"

#include <assert.h>
#include <string.h>

#include "chat/sanction/docket.h"
#include "chat/sanction/pattern.h"
#include "store/record.h"

enum { SANCTION_VERSION = 1 };

static const char *const words[SANCTION_KINDS] = {
	[SANCTION_BAN] = "ban",       [SANCTION_QUIET] = "quiet",
	[SANCTION_EXEMPT] = "exempt", [SANCTION_ADMIT] = "admit",
	[SANCTION_PASS] = "pass",     [SANCTION_REFUSE] = "refuse",
	[SANCTION_HOLD] = "hold",     [SANCTION_MUTE] = "mute",
};

const char *sanction_word(enum sanction_kind kind)
{
	assert(kind > 0 && kind < SANCTION_KINDS);
	return words[kind];
}

enum sanction_kind sanction_kind_of(const char *word)
{
	for (int kind = 1; kind < SANCTION_KINDS; kind++) {
		if (name_compare(words[kind], word) == 0)
			return (enum sanction_kind)kind;
	}
	return (enum sanction_kind)0;
}

bool sanction_is_filter(enum sanction_kind kind)
{
	return kind >= SANCTION_REFUSE;
}

bool sanction_is_against(enum sanction_kind kind)
{
	return kind == SANCTION_BAN || kind == SANCTION_QUIET;
}

bool sanction_is_for(const struct sanction *s, const struct subject *who)
{
	if (mask_match(&s->mask, who))
		return true;
	return sanction_is_against(s->kind) && who->user != 0 &&
	       who->since_ms > s->since_ms && mask_match_guest(&s->mask, who);
}

bool sanction_is_over(const struct sanction *s, int64_t now_ms)
{
	return s->until_ms != 0 && s->until_ms <= now_ms;
}

void sanction_print_term(const struct sanction *s, struct buf *out)
{
	char term[TERM_TEXT];

	buf_print(out, "%s%s%s", term_print(s->until_ms, term),
		  s->reason[0] == '\0' ? "" : ": ", s->reason);
	if (strcmp(s->by, DOCKET_DAEMON) != 0)
		buf_print(out, " (by %s)", s->by);
}

void sanction_encode(const struct sanction *s, struct buf *out)
{
	record_begin(out, SANCTION_VERSION);
	record_put_u64(out, s->id);
	record_put_u8(out, (uint8_t)s->kind);
	record_put_text(out, s->mask.text);
	record_put_u64(out, s->mask.user);
	record_put_text(out, s->by);
	record_put_u64(out, s->by_user);
	record_put_u8(out, (uint8_t)s->by_rank);
	record_put_i64(out, s->since_ms);
	record_put_i64(out, s->until_ms);
	record_put_text(out, s->reason);
}

/* The text was read; what it means follows from it. */
static bool decode_mask(enum sanction_kind kind, struct mask *mask)
{
	user_id user = mask->user;
	char text[MASK_MOST + 1];

	if (kind == 0 || kind >= SANCTION_KINDS)
		return false;
	if (sanction_is_filter(kind))
		return user == 0 && pattern_check(mask->text, NULL) == ERR_OK;
	memcpy(text, mask->text, sizeof(text));
	if (mask_parse(text, mask, NULL) != ERR_OK ||
	    strcmp(text, mask->text) != 0)
		return false;
	mask->user = user;
	return (user != 0) == (mask->kind == MASK_USER);
}

bool sanction_decode(const void *bytes, size_t len, struct sanction *s_r)
{
	struct record_reader r;

	memset(s_r, 0, sizeof(*s_r));
	record_open(&r, bytes, len);
	s_r->id = record_get_u64(&r);
	s_r->kind = record_get_u8(&r);
	record_get_text(&r, s_r->mask.text, sizeof(s_r->mask.text));
	s_r->mask.user = record_get_u64(&r);
	record_get_text(&r, s_r->by, sizeof(s_r->by));
	s_r->by_user = record_get_u64(&r);
	s_r->by_rank = record_get_u8(&r);
	s_r->since_ms = record_get_i64(&r);
	s_r->until_ms = record_get_i64(&r);
	record_get_text(&r, s_r->reason, sizeof(s_r->reason));
	return record_close(&r) && r.version == SANCTION_VERSION &&
	       s_r->id != 0 && s_r->by_rank <= RANK_ADMIN &&
	       s_r->until_ms >= 0 && decode_mask(s_r->kind, &s_r->mask);
}
