#include "base/fold.h"

#include <stdbool.h>
#include <stdint.h>

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

/* Decompositions of decompositions; Unicode has no more than a few. */
enum { DEPTH_MOST = 8, CHARACTER_MOST = 4 };

/* Blank, though they count as letters or symbols. */
static bool is_blank(ucs4_t c)
{
	return c == 0x2800 || c == 0x3164 || c == 0xffa0;
}

static bool takes_no_place(ucs4_t c)
{
	return uc_is_property_default_ignorable_code_point(c) ||
	       uc_is_general_category_withtable(c, UC_CATEGORY_MASK_M |
							   UC_CATEGORY_MASK_Cf);
}

/* Small letters by way of capitals, which takes long and final ones along. */
static size_t fold_simple(ucs4_t c, uint8_t *at)
{
	int written;

	if (takes_no_place(c))
		return 0;
	if (is_blank(c)) {
		*at = ' ';
		return 1;
	}
	/* The capital of one is two. */
	if (c == 0x00df || c == 0x1e9e) {
		at[0] = 's';
		at[1] = 's';
		return 2;
	}
	written = u8_uctomb(at, uc_tolower(uc_toupper(c)), CHARACTER_MOST);
	return written > 0 ? (size_t)written : 0;
}

static size_t fold_character(ucs4_t c, uint8_t *at, int depth)
{
	ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
	int tag;
	int count = depth == DEPTH_MOST ? -1 : uc_decomposition(c, &tag, parts);
	size_t len = 0;

	if (count < 0)
		return fold_simple(c, at);
	for (int i = 0; i < count; i++)
		len += fold_character(parts[i], at + len, depth + 1);
	return len;
}

size_t fold_text(const char *text, size_t len, char *folded_r)
{
	const uint8_t *from = (const uint8_t *)text;
	uint8_t *to = (uint8_t *)folded_r;
	size_t written = 0;

	for (size_t i = 0; i < len;) {
		uint8_t byte = from[i];
		ucs4_t c;

		if (byte < 0x80) {
			to[written++] =
				byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
			i++;
			continue;
		}
		i += (size_t)u8_mbtouc(&c, from + i, len - i);
		written += fold_character(c, to + written, 0);
	}
	return written;
}
