/*
 * Any text as a code of a second factor: one that is understood is six digits
 * or sixteen letters of base32, and is understood again as the same. Any bytes
 * as a stored factor: one that is read is written as it was.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "user/factor/code.h"
#include "user/factor/factor.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void read_code(const char *text)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	struct code code = { 0 };
	struct code again = { 0 };

	if (!code_read(text, &code)) {
		assert(code.text[0] == '\0');
		return;
	}
	assert(strlen(code.text) ==
	       (code.is_recovery ? (size_t)CODE_LETTERS : 6));
	assert(strspn(code.text, code.is_recovery ? letters : "0123456789") ==
	       strlen(code.text));
	assert(code_read(code.text, &again));
	assert(again.is_recovery == code.is_recovery);
	assert(strcmp(again.text, code.text) == 0);
}

static void read_factor(const uint8_t *bytes, size_t len)
{
	AUTO(buf_fini) struct buf written = { 0 };
	struct factor factor;

	if (!factor_decode(bytes, len, &factor))
		return;
	factor_encode(&factor, &written);
	assert(buf_len(&written) == len);
	assert(memcmp(buf_at(&written), bytes, len) == 0);
	assert(factor_wait_ms(&factor, factor.wrong_ms) >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text = mem_alloc(len + 1);

	memcpy(text, bytes, len);
	text[len] = '\0';
	read_code(text);
	read_factor(bytes, len);
	mem_free(text);
	return 0;
}
