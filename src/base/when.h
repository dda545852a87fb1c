/*
 * Moments as people write them: 20:00, yesterday, 2026-11-14,
 * "2026-11-14 20:00", 3d.
 * In the local time zone. Any thread.
 */
#ifndef RIALTO_BASE_WHEN_H
#define RIALTO_BASE_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

/*
 * 20:00 is the last one that has been, 3d (or 90s, 5m, 2h, 1w) so long before
 * now_ms; today, yesterday or a date is the beginning of that day. Between a
 * date and a time there is a space or a T. False, and nothing changed, when
 * the text is none of these.
 */
NODISCARD bool when_parse(const char *text, int64_t now_ms, int64_t *ms_r);

/* As when_parse(), but a day alone is the end of that day. */
NODISCARD bool when_parse_end(const char *text, int64_t now_ms, int64_t *ms_r);

/* Words for a refusal that fit behind "write". */
extern const char when_words[];

#endif
