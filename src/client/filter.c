#include "client/filter.h"

#include <stdint.h>
#include <unistr.h>

#include "base/text.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* How many bytes the character at s takes; 1 where there is none. */
static size_t width(const char *s, size_t len)
{
	ucs4_t c;
	int n = u8_mbtoucr(&c, (const uint8_t *)s, len);

	return n > 0 ? (size_t)n : 1;
}

void filter_text(const char *bytes, size_t len, struct buf *out)
{
	if (text_flaw(bytes, len) == NULL) {
		buf_add(out, bytes, len);
		return;
	}
	for (size_t i = 0; i < len;) {
		size_t n = width(bytes + i, len - i);

		if (bytes[i] == '\t')
			buf_add_char(out, ' ');
		else if (text_flaw(bytes + i, n) == NULL)
			buf_add(out, bytes + i, n);
		else
			buf_add_text(out, REPLACEMENT);
		i += n;
	}
}
