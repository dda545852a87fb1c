/*
 * Any bytes to the telnet filter, in reads of any size: the outcome is the
 * same however they are cut, nothing is added to the text, answers are bounded
 * and well formed.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "front/line/telnet.h"

enum { IAC = 255, WILL = 251, ANSWERS_MOST = 3 * 300 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

struct outcome {
	struct telnet telnet;
	struct buf text;
	struct buf reply;
	bool is_sound;
};

/* The parser's state after a refusal is nobody's concern. */
static void filter(struct outcome *o, const char *bytes, size_t len,
		   size_t step, enum listener_telnet mode)
{
	memset(o, 0, sizeof(*o));
	o->is_sound = true;
	telnet_init(&o->telnet, mode);
	for (size_t at = 0; at < len && o->is_sound; at += step) {
		size_t part = len - at < step ? len - at : step;

		o->is_sound = telnet_filter(&o->telnet, bytes + at, part,
					    &o->text, &o->reply);
	}
}

static void check_reply(const struct buf *reply)
{
	const char *at = buf_at(reply);

	assert(buf_len(reply) % 3 == 0 && buf_len(reply) <= ANSWERS_MOST);
	for (size_t i = 0; i < buf_len(reply); i += 3) {
		assert((uint8_t)at[i] == IAC);
		assert((uint8_t)at[i + 1] >= WILL && (uint8_t)at[i + 1] < IAC);
	}
}

static bool is_same(const struct buf *a, const struct buf *b)
{
	return buf_len(a) == buf_len(b) &&
	       (buf_len(a) == 0 ||
		memcmp(buf_at(a), buf_at(b), buf_len(a)) == 0);
}

static void outcome_fini(struct outcome *o)
{
	buf_fini(&o->text);
	buf_fini(&o->reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const char *at = (const char *)bytes + 1;
	enum listener_telnet mode;
	struct outcome whole;
	struct outcome cut;

	if (len < 1)
		return 0;
	mode = bytes[0] % 2 == 0 ? TELNET_AUTO : TELNET_ALWAYS;
	filter(&whole, at, len - 1, len, mode);
	filter(&cut, at, len - 1, 1 + bytes[0] / 2 % 16, mode);
	assert(whole.is_sound == cut.is_sound);
	assert(is_same(&whole.text, &cut.text));
	assert(is_same(&whole.reply, &cut.reply));
	assert(buf_len(&whole.text) <= len - 1);
	check_reply(&whole.reply);
	telnet_hide_echo(&whole.telnet, true, &whole.reply);
	telnet_hide_echo(&whole.telnet, false, &whole.reply);
	check_reply(&whole.reply);
	outcome_fini(&whole);
	outcome_fini(&cut);
	return 0;
}
