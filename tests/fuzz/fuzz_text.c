/*
 * Any bytes as a text from outside, a name, a quantity, a line of the log.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "base/quantity.h"
#include "base/text.h"
#include "log/fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void try_text(const char *text, size_t len)
{
	char *clean = mem_copy(text, len);

	text_clean(clean, len);
	assert(text_flaw(clean, len) == NULL);
	if (text_flaw(text, len) == NULL)
		assert(memcmp(clean, text, len) == 0);
	mem_free(clean);
}

static void try_name(const char *name)
{
	char key[NAME_MOST + 1];

	name_key(name, key);
	if (name_is_valid(name)) {
		assert(strlen(name) == strlen(key));
		assert(text_flaw(name, strlen(name)) == NULL);
		assert(name_compare(name, key) == 0);
		assert(name_is_valid(key));
	}
	assert(near_distance(name, name) == 0);
	assert(near_distance(name, "sessions") ==
	       near_distance("sessions", name));
}

static void try_quantity(const char *text)
{
	struct rate rate;
	int64_t number;
	int64_t seconds;
	char shown[32];

	if (quantity_number(text, &number)) {
		snprintf(shown, sizeof(shown), "%" PRId64, number);
		text += strspn(text, "0");
		assert(strcmp(*text != '\0' ? text : "0", shown) == 0);
	}
	if (quantity_seconds(text, &seconds)) {
		assert(seconds >= 0);
		quantity_print_seconds(seconds, shown);
		assert(text_flaw(shown, strlen(shown)) == NULL);
	}
	if (quantity_bytes(text, &number))
		assert(number >= 0);
	if (quantity_rate(text, &rate))
		assert(rate.count > 0 && rate.period_s > 0);
}

static void try_fields(const char *line)
{
	struct field fields[FIELDS_MOST];
	size_t count = fields_find(line, fields);
	const char *end = line + strlen(line);

	assert(count <= FIELDS_MOST);
	for (size_t i = 0; i < count; i++) {
		const struct field *f = &fields[i];

		assert(f->key_len > 0 && f->key_len <= FIELD_KEY_MOST);
		assert(f->key >= line && f->key + f->key_len < f->value);
		assert(f->value + f->value_len <= end);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text = mem_alloc(len + 1);

	if (len > 0)
		memcpy(text, bytes, len);
	text[len] = '\0';
	try_text((const char *)bytes, len);
	try_name(text);
	try_quantity(text);
	try_fields(text);
	mem_free(text);
	return 0;
}
