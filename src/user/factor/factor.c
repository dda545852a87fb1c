#include "user/factor/factor.h"

#include <string.h>

#include "base/mem.h"
#include "store/record.h"

enum { FACTOR_VERSION = 1 };

static void get_bytes(struct record_reader *r, uint8_t *bytes_r, size_t len)
{
	for (size_t i = 0; i < len; i++)
		bytes_r[i] = record_get_u8(r);
}

void factor_encode(const struct factor *factor, struct buf *out)
{
	record_begin(out, FACTOR_VERSION);
	record_put_u8(out, (uint8_t)factor->state);
	record_put_i64(out, factor->since_ms);
	record_put_text(out, factor->by);
	buf_add(out, factor->salt, sizeof(factor->salt));
	buf_add(out, factor->sealed, sizeof(factor->sealed));
	record_put_u64(out, factor->last_step);
	record_put_u32(out, factor->wrong);
	record_put_i64(out, factor->wrong_ms);
	record_put_i64(out, factor->pay_by_ms);
	record_put_u8(out, (uint8_t)factor->recovery_count);
	buf_add(out, factor->recovery, factor->recovery_count * DIGEST_BYTES);
}

static bool is_sound(const struct factor *factor)
{
	return (factor->state == FACTOR_ON || factor->state == FACTOR_TAKEN) &&
	       factor->since_ms >= 0 && factor->wrong_ms >= 0 &&
	       factor->pay_by_ms >= 0;
}

bool factor_decode(const void *bytes, size_t len, struct factor *factor_r)
{
	struct factor factor = { 0 };
	struct record_reader r;

	record_open(&r, bytes, len);
	factor.state = (enum factor_state)record_get_u8(&r);
	factor.since_ms = record_get_i64(&r);
	record_get_text(&r, factor.by, sizeof(factor.by));
	get_bytes(&r, factor.salt, sizeof(factor.salt));
	get_bytes(&r, factor.sealed, sizeof(factor.sealed));
	factor.last_step = record_get_u64(&r);
	factor.wrong = record_get_u32(&r);
	factor.wrong_ms = record_get_i64(&r);
	factor.pay_by_ms = record_get_i64(&r);
	factor.recovery_count = record_get_u8(&r);
	if (r.version != FACTOR_VERSION || factor.recovery_count > CODE_SHEET)
		return false;
	for (unsigned i = 0; i < factor.recovery_count; i++)
		get_bytes(&r, factor.recovery[i], DIGEST_BYTES);
	if (!record_close(&r) || !is_sound(&factor))
		return false;
	*factor_r = factor;
	return true;
}

/* What was noted by a clock that was ahead does not count for longer. */
static int64_t owed_ms(const struct factor *factor, int64_t now_ms)
{
	const int64_t most_ms = (int64_t)FACTOR_FREE * FACTOR_PRICE_MS;
	int64_t owed = factor->pay_by_ms - now_ms;

	return owed < 0 ? 0 : owed > most_ms ? most_ms : owed;
}

int64_t factor_wait_ms(const struct factor *factor, int64_t now_ms)
{
	const int64_t bound_ms = (int64_t)(FACTOR_FREE - 1) * FACTOR_PRICE_MS;
	int64_t wait = owed_ms(factor, now_ms) - bound_ms;

	return wait > 0 ? wait : 0;
}

void factor_note_wrong(struct factor *factor, int64_t now_ms)
{
	factor->pay_by_ms = now_ms + owed_ms(factor, now_ms) + FACTOR_PRICE_MS;
	factor->wrong_ms = now_ms;
	if (factor->wrong < UINT32_MAX)
		factor->wrong++;
}

bool factor_spend(struct factor *factor, uint64_t user, const struct code *code)
{
	uint8_t hash[DIGEST_BYTES];

	code_hash(user, code, hash);
	for (unsigned i = 0; i < factor->recovery_count; i++) {
		if (memcmp(factor->recovery[i], hash, sizeof(hash)) != 0)
			continue;
		factor->recovery_count--;
		memmove(factor->recovery[i],
			factor->recovery[factor->recovery_count], sizeof(hash));
		return true;
	}
	return false;
}

void factor_keep_sheet(struct factor *factor, uint64_t user,
		       const struct code_sheet *sheet)
{
	factor->recovery_count = 0;
	for (size_t i = 0; i < CODE_SHEET; i++) {
		struct code code;

		if (!code_read(sheet->codes[i], &code))
			continue;
		code_hash(user, &code,
			  factor->recovery[factor->recovery_count++]);
		mem_wipe(&code, sizeof(code));
	}
}
