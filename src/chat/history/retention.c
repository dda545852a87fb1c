#include "chat/history/retention.h"

#include <inttypes.h>
#include <string.h>

#include "base/quantity.h"

enum { DAY_S = 24 * 3600 };

static int64_t lesser(int64_t choice, int64_t limit)
{
	if (choice == 0 || limit == 0)
		return choice + limit;
	return choice < limit ? choice : limit;
}

struct retention retention_within(const struct retention *choice,
				  const struct retention *limits)
{
	struct retention r = { .is_off = choice->is_off || limits->is_off };

	if (r.is_off)
		return r;
	r.count = (uint32_t)lesser(choice->count, limits->count);
	r.age_s = lesser(choice->age_s, limits->age_s);
	return r;
}

void retention_print(const struct retention *retention, struct buf *out)
{
	char age[QUANTITY_TEXT];

	if (retention->is_off) {
		buf_add_text(out, "nothing");
		return;
	}
	if (retention->count == 0 && retention->age_s == 0)
		buf_add_text(out, "everything");
	if (retention->count != 0)
		buf_print(out, "the last %" PRIu32 " message%s",
			  retention->count, retention->count == 1 ? "" : "s");
	if (retention->count != 0 && retention->age_s != 0)
		buf_add_text(out, ", ");
	if (retention->age_s == 0)
		return;
	if (retention->age_s % DAY_S == 0) { /* "90d", not "12w 6d" */
		buf_print(out, "for %" PRId64 "d", retention->age_s / DAY_S);
	} else {
		quantity_print_seconds(retention->age_s, age);
		buf_print(out, "for %s", age);
	}
}

void retention_encode(const struct retention *retention, struct buf *out)
{
	record_put_u8(out, retention->is_off);
	record_put_u32(out, retention->count);
	record_put_i64(out, retention->age_s);
}

bool retention_decode(struct record_reader *r, struct retention *retention_r)
{
	uint8_t is_off = record_get_u8(r);

	retention_r->is_off = is_off == 1;
	retention_r->count = record_get_u32(r);
	retention_r->age_s = record_get_i64(r);
	return is_off <= 1 && retention_r->age_s >= 0;
}
