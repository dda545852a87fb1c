#include "front/atm/parcel.h"

#include <stdbool.h>

#include "base/mem.h"
#include "base/nesting.h"

static void *allocate(size_t size)
{
	return mem_alloc(size);
}

void parcel_begin(void)
{
	json_set_alloc_funcs(allocate, mem_wipe_free);
}

static bool is_integer_out(const json_t *value)
{
	json_int_t number = json_integer_value(value);

	return json_is_integer(value) &&
	       (number > PARCEL_INTEGER_MOST || number < -PARCEL_INTEGER_MOST);
}

/* An integer that others would read as another one; at most 8 levels deep. */
static bool has_integer_out(json_t *value)
{
	const char *name;
	json_t *item;
	size_t i;

	json_object_foreach(value, name, item)
	{
		if (has_integer_out(item))
			return true;
	}
	json_array_foreach(value, i, item)
	{
		if (has_integer_out(item))
			return true;
	}
	return is_integer_out(value);
}

static const char *flaw_of(const json_error_t *error)
{
	switch (json_error_code(error)) {
	case json_error_duplicate_key:
		return "it has a member twice";
	case json_error_invalid_utf8:
		return "it is no UTF-8";
	case json_error_null_character:
	case json_error_null_byte_in_key:
		return "a text holds a NUL";
	case json_error_numeric_overflow:
		return "a number is too large";
	default:
		return "it is no JSON";
	}
}

json_t *parcel_read(const char *bytes, size_t len, const char **flaw_r)
{
	json_error_t error;
	json_t *parcel;

	if (nesting_is_deep(bytes, len, PARCEL_DEPTH)) {
		*flaw_r = "it is nested too deeply";
		return NULL;
	}
	parcel = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &error);
	if (parcel == NULL) {
		*flaw_r = flaw_of(&error);
		return NULL;
	}
	if (!json_is_object(parcel))
		*flaw_r = "it is no object";
	else if (has_integer_out(parcel))
		*flaw_r = "a number is too large";
	else
		return parcel;
	parcel_free(&parcel);
	return NULL;
}

void parcel_free(json_t **parcel)
{
	json_decref(*parcel);
	*parcel = NULL;
}
