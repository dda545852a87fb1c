#include "command/export.h"

#include <stdlib.h>
#include <string.h>

#include "audit/line.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"

enum { FORMAT = 1 }; /* grows when a member changes its meaning */

static const struct export_part *const families[] = { export_of_user,
						      export_of_chat,
						      export_of_mail,
						      export_of_said,
						      export_of_standing,
						      export_of_bank,
						      NULL };

json_t *export_time(int64_t wall_ms)
{
	char text[AUDIT_TIME];

	if (wall_ms == 0)
		return json_null();
	audit_print_time(wall_ms, text);
	return json_string(text);
}

json_t *export_text(const char *text)
{
	AUTO(mem_free_text) char *clean = mem_text(text);

	/* A text that was cut may end within a character. */
	text_clean(clean, strlen(clean));
	return clean[0] == '\0' ? json_null() : json_string(clean);
}

static void describe(const struct export *x, json_t *object)
{
	struct realm_settings settings;

	realm_settings(x->realm, &settings);
	json_object_set_new(object, "format", json_integer(FORMAT));
	json_object_set_new(object, "server", json_string(settings.name));
	json_object_set_new(object, "made", export_time(clock_wall_ms()));
	json_object_set_new(object, "by", json_string(x->by));
}

static enum err add_part(const struct export *x, const struct export_part *part,
			 json_t *object)
{
	json_t *value = NULL;
	enum err e = part->make(x, &value);

	if (e == ERR_OK)
		json_object_set_new(object, part->name, value);
	else
		json_decref(value);
	return e;
}

static enum err add_parts(const struct export *x, json_t *object)
{
	for (size_t i = 0; families[i] != NULL; i++) {
		const struct export_part *part = families[i];

		for (; part->name != NULL; part++) {
			enum err e = part->is_staff && !x->is_staff
					     ? ERR_OK
					     : add_part(x, part, object);

			if (e != ERR_OK)
				return e;
		}
	}
	return ERR_OK;
}

enum err export_print(const struct export *x, struct buf *out)
{
	json_t *object = json_object();
	enum err e;
	char *text;

	describe(x, object);
	e = add_parts(x, object);
	text = e == ERR_OK ? json_dumps(object, JSON_INDENT(1)) : NULL;
	if (text != NULL)
		buf_print(out, "%s\n", text);
	else if (e == ERR_OK)
		e = ERR_INTERNAL;
	free(text);
	json_decref(object);
	return e;
}
