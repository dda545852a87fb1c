/*
 * Any text as what somebody writes after /mode: what is understood must be
 * within the table, and what is refused has words.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "chat/mode/mode_change.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check_mode(const struct mode_change *change, size_t i)
{
	const struct mode_row *row = &mode_rows[i];
	uint32_t value = change->values[i];

	if ((change->on & 1U << i) == 0) {
		assert(value == 0);
		return;
	}
	assert(value > 0);
	if (row->kind == MODE_WORD)
		assert(value == 1 && change->key[0] != '\0');
	else
		assert(value >= row->least && value <= row->most);
}

static void check(const struct mode_change *change)
{
	AUTO(buf_fini) struct buf text = { 0 };

	assert((change->on & change->off) == 0);
	assert((change->on | change->off) != 0);
	assert((change->on | change->off) >> MODE_COUNT == 0);
	assert(strlen(change->key) <= ROOM_KEY_MOST);
	assert(strpbrk(change->key, " ,") == NULL);
	for (size_t i = 0; i < MODE_COUNT; i++)
		check_mode(change, i);
	mode_change_print(change, &text);
	/* The key is never told. */
	if (strlen(change->key) > 16)
		assert(strstr(buf_text(&text), change->key) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text = mem_alloc(len + 1);
	struct mode_change change;
	struct refusal why = { 0 };
	enum err e;

	memcpy(text, bytes, len);
	text[len] = '\0';
	e = mode_change_parse(text, &change, &why);
	if (e == ERR_OK)
		check(&change);
	else
		assert(e == ERR_BAD_INPUT && why.text[0] != '\0');
	mem_free(text);
	return 0;
}
