#include "joke/reading.h"

#include <jansson.h>

/* The joke in one object; NULL when there is none to tell. */
static struct joke *read_joke(const json_t *object)
{
	const char *setup = json_string_value(json_object_get(object, "setup"));
	const char *punchline =
		json_string_value(json_object_get(object, "punchline"));
	const char *whole = json_string_value(json_object_get(object, "joke"));

	if (setup != NULL && punchline != NULL)
		return joke_new(setup, punchline);
	return whole == NULL ? NULL : joke_new(whole, NULL);
}

static enum err add(const json_t *object, struct stock *stock)
{
	struct joke *joke = read_joke(object);

	if (joke == NULL)
		return ERR_NOT_FOUND;
	return stock_add(stock, joke) ? ERR_OK : ERR_EXISTS;
}

static enum err add_all(const json_t *array, struct stock *stock)
{
	enum err best = ERR_NOT_FOUND;

	for (size_t i = 0; i < json_array_size(array); i++) {
		enum err e = add(json_array_get(array, i), stock);

		if (e == ERR_OK || best == ERR_NOT_FOUND)
			best = e;
	}
	return best;
}

enum err reading_add(const char *bytes, size_t len, struct stock *stock)
{
	/* Refuses what is no UTF-8, holds a NUL, or is nested too deeply. */
	json_t *root = json_loadb(bytes, len, 0, NULL);
	enum err e = ERR_BAD_INPUT;

	if (root != NULL)
		e = json_is_array(root) ? add_all(root, stock)
					: add(root, stock);
	json_decref(root);
	return e;
}
