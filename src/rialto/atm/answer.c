#include "rialto/atm/answer.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "client/filter.h"

const char *answer_text(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

void answer_add(const json_t *object, const char *name, struct buf *out)
{
	const char *text = answer_text(object, name);

	filter_text(text, strlen(text), out);
}

bool answer_of(json_t *object, struct answer *answer_r)
{
	AUTO(buf_fini) struct buf text = { 0 };
	const json_t *ok = json_object_get(object, "ok");
	const json_t *error = json_object_get(object, "error");

	memset(answer_r, 0, sizeof(*answer_r));
	if (!json_is_boolean(ok))
		return false;
	answer_r->object = json_incref(object);
	answer_r->is_ok = json_is_true(ok);
	if (answer_r->is_ok)
		return true;
	(void)snprintf(answer_r->code, sizeof(answer_r->code), "%s",
		       answer_text(error, "code"));
	answer_add(error, "text", &text);
	if (buf_len(&text) == 0)
		answer_add(error, "code", &text);
	answer_r->text = mem_text(buf_text(&text));
	return true;
}

bool answer_read(const char *text, size_t len, struct answer *answer_r)
{
	json_t *object = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	bool is_one = answer_of(object, answer_r);

	json_decref(object);
	return is_one;
}

void answer_fini(struct answer *a)
{
	json_decref(a->object);
	mem_free(a->text);
	memset(a, 0, sizeof(*a));
}

bool answer_is_to(const struct answer *a, const char *id)
{
	return strcasecmp(answer_text(a->object, "re"), id) == 0;
}
