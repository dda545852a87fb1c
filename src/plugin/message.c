#include "plugin/message.h"

#include <assert.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/nesting.h"
#include "base/text.h"

static const char *const events[PLUGIN_EVENT_KINDS] = {
	[PLUGIN_JOINED] = "joined",
	[PLUGIN_LEFT] = "left",
	[PLUGIN_SAID] = "said",
};

/* What a plugin may refuse with. */
static const enum err refusals[] = { ERR_USAGE,       ERR_BAD_INPUT,
				     ERR_NOT_ALLOWED, ERR_NOT_FOUND,
				     ERR_EXISTS,      ERR_LIMIT,
				     ERR_BUSY };

/* A message being read. */
struct reading {
	struct plugin_message *m;
	const json_t *root;
	char *why; /* PLUGIN_WHY bytes */
};

static bool PRINTF(2, 3)
	object(const struct reading *r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(r->why, PLUGIN_WHY, format, args);
	va_end(args);
	return false;
}

/* A clean text of at most so many bytes; NULL, said why, when it is none. */
static const char *text_of(const struct reading *r, const json_t *value,
			   const char *name, size_t most)
{
	const char *text = json_string_value(value);
	const char *flaw;

	if (text == NULL)
		object(r, "%s that is no text", name);
	else if (json_string_length(value) > most)
		object(r, "%s of more than %zu bytes", name, most);
	else if ((flaw = text_flaw(text, json_string_length(value))) != NULL)
		object(r, "%s with %s", name, flaw);
	else
		return text;
	return NULL;
}

static bool read_lines(const struct reading *r, const char *name,
		       struct plugin_text *lines_r)
{
	const json_t *list = json_object_get(r->root, name);

	if (list == NULL || json_is_null(list))
		return true;
	if (!json_is_array(list) || json_array_size(list) > PLUGIN_LINES_MOST)
		return object(r, "%s that is no list of at most %d texts", name,
			      PLUGIN_LINES_MOST);
	for (size_t i = 0; i < json_array_size(list); i++) {
		lines_r->all[i] = text_of(r, json_array_get(list, i), name,
					  PLUGIN_LINE_BYTES);
		if (lines_r->all[i] == NULL)
			return false;
		if (lines_r->all[i][0] == '\0')
			return object(r, "%s with an empty line", name);
	}
	lines_r->count = json_array_size(list);
	return true;
}

static bool read_state(const struct reading *r)
{
	const json_t *state = json_object_get(r->root, "state");

	if (state == NULL)
		return true;
	r->m->state = json_dumps(state, JSON_COMPACT | JSON_ENCODE_ANY);
	if (r->m->state == NULL || strlen(r->m->state) > PLUGIN_STATE_BYTES)
		return object(r, "a state of more than %d bytes",
			      PLUGIN_STATE_BYTES);
	return true;
}

static bool read_words(const struct reading *r, const json_t *from,
		       const char *name, char words_r[PLUGIN_WORDS_BYTES + 1])
{
	const json_t *value = json_object_get(from, name);
	const char *text = "";

	if (value != NULL && !json_is_null(value))
		text = text_of(r, value, name, PLUGIN_WORDS_BYTES);
	if (text == NULL)
		return false;
	snprintf(words_r, PLUGIN_WORDS_BYTES + 1, "%s", text);
	return true;
}

static bool read_command(const struct reading *r, const json_t *from,
			 struct plugin_command *command)
{
	const char *name = json_string_value(json_object_get(from, "name"));

	if (name == NULL || !name_is_valid(name))
		return object(r, "a command without a name of letters, digits, "
				 "- and _");
	name_key(name, command->name);
	return read_words(r, from, "usage", command->usage) &&
	       read_words(r, from, "help", command->help);
}

/* The list called name, of at most so many; an empty one if there is none. */
static bool find_list(const struct reading *r, const char *name, size_t most,
		      const json_t **list_r, size_t *count_r)
{
	*list_r = json_object_get(r->root, name);
	*count_r = json_array_size(*list_r);
	if (*list_r == NULL || json_is_null(*list_r) ||
	    (json_is_array(*list_r) && *count_r <= most))
		return true;
	return object(r, "%s that is no list of at most %zu", name, most);
}

static bool read_commands(const struct reading *r, struct plugin_offer *offer)
{
	const json_t *list;
	size_t count;

	if (!find_list(r, "commands", PLUGIN_COMMANDS_MOST, &list, &count))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!read_command(r, json_array_get(list, i),
				  &offer->commands[i]))
			return false;
	}
	offer->command_count = count;
	return true;
}

static bool read_triggers(const struct reading *r, struct plugin_offer *offer)
{
	const json_t *list;
	size_t count;

	if (!find_list(r, "lines", PLUGIN_TRIGGERS_MOST, &list, &count))
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *text =
			text_of(r, json_array_get(list, i), "a trigger line",
				PLUGIN_WORDS_BYTES);

		if (text == NULL)
			return false;
		if (text[0] == '\0' || text[0] == '/' ||
		    offer->command_count == 0)
			return object(r, "a trigger line that is empty, begins "
					 "with / or has no command");
		snprintf(offer->triggers[i], sizeof(offer->triggers[i]), "%s",
			 text);
	}
	offer->trigger_count = count;
	return true;
}

/* Kinds that we do not know are for a newer Rialto. */
static bool read_events(const struct reading *r, struct plugin_offer *offer)
{
	const json_t *list;
	size_t count;

	if (!find_list(r, "events", 64, &list, &count))
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *text = json_string_value(json_array_get(list, i));

		for (size_t k = 0; text != NULL && k < COUNT(events); k++) {
			if (strcmp(text, events[k]) == 0)
				offer->events |= 1U << k;
		}
	}
	return true;
}

static bool read_hello(const struct reading *r)
{
	struct plugin_offer *offer = mem_zero(sizeof(*offer));

	r->m->offer = offer;
	if (json_integer_value(json_object_get(r->root, "v")) != PLUGIN_VERSION)
		return object(r, "a hello without v=%d", PLUGIN_VERSION);
	return read_commands(r, offer) && read_triggers(r, offer) &&
	       read_events(r, offer);
}

static bool read_refusal(const struct reading *r, const json_t *refusal)
{
	const char *code = json_string_value(json_object_get(refusal, "code"));

	r->m->text = text_of(r, json_object_get(refusal, "text"),
			     "a refusal's text", PLUGIN_REFUSAL_BYTES);
	if (r->m->text == NULL)
		return false;
	for (size_t i = 0; code != NULL && i < COUNT(refusals); i++) {
		if (strcmp(code, err_code(refusals[i])) != 0)
			continue;
		r->m->result = refusals[i];
		return true;
	}
	return object(r, "a refusal with a code that plugins have not");
}

static bool read_answer(const struct reading *r)
{
	const json_t *id = json_object_get(r->root, "id");
	const json_t *refusal = json_object_get(r->root, "refusal");

	if (!json_is_integer(id) || json_integer_value(id) < 0)
		return object(r, "an answer without an id");
	r->m->id = (uint64_t)json_integer_value(id);
	if (refusal != NULL && !json_is_null(refusal))
		return read_refusal(r, refusal) && read_state(r);
	return read_lines(r, "user", &r->m->user) &&
	       read_lines(r, "room", &r->m->room) && read_state(r);
}

static bool read_say(const struct reading *r)
{
	const char *room = json_string_value(json_object_get(r->root, "room"));

	if (room == NULL || !name_is_valid(room))
		return object(r, "a say without a room");
	snprintf(r->m->where, sizeof(r->m->where), "%s", room);
	return read_lines(r, "lines", &r->m->room) && read_state(r);
}

static bool read_log(const struct reading *r)
{
	r->m->text = text_of(r, json_object_get(r->root, "text"), "a log text",
			     PLUGIN_LINE_BYTES);
	return r->m->text != NULL;
}

static const struct op {
	const char *name;
	bool (*read)(const struct reading *r);
} ops[] = {
	[OP_HELLO] = { "hello", read_hello },
	[OP_ANSWER] = { "answer", read_answer },
	[OP_SAY] = { "say", read_say },
	[OP_LOG] = { "log", read_log },
};

static bool read_op(const struct reading *r)
{
	const char *name = json_string_value(json_object_get(r->root, "op"));

	for (size_t i = 0; name != NULL && i < COUNT(ops); i++) {
		if (strcmp(name, ops[i].name) != 0)
			continue;
		r->m->op = (enum plugin_op)i;
		return ops[i].read(r);
	}
	return object(r, "an object without an op that plugins have");
}

bool message_read(const char *line, size_t len,
		  struct plugin_message *message_r, char why_r[PLUGIN_WHY])
{
	struct reading r = { message_r, NULL, why_r };
	json_error_t error;
	json_t *root;

	memset(message_r, 0, sizeof(*message_r));
	message_r->text = "";
	if (nesting_is_deep(line, len, PLUGIN_DEPTH))
		return object(&r, "objects more than %d deep", PLUGIN_DEPTH);
	root = json_loadb(line, len, JSON_REJECT_DUPLICATES, &error);
	if (!json_is_object(root)) {
		json_decref(root);
		return object(&r, "a line that is no JSON object");
	}
	message_r->root = root;
	r.root = root;
	if (read_op(&r))
		return true;
	message_fini(message_r);
	return false;
}

void message_fini(struct plugin_message *message)
{
	mem_free(message->offer);
	free(message->state); /* the library's */
	json_decref(message->root);
	memset(message, 0, sizeof(*message));
}

/* Takes object. */
static void put(struct buf *out, json_t *object)
{
	char *line = json_dumps(object, JSON_COMPACT);

	assert(line != NULL);
	buf_add_text(out, line);
	buf_add_char(out, '\n');
	free(line);
	json_decref(object);
}

/* Of what was checked before; else a mark that something was there. */
static json_t *text(const char *words)
{
	json_t *made = json_string(words);

	return made != NULL ? made : json_string("?");
}

/* What a settings file means by a value: a number, a truth, nothing, a text. */
static json_t *value_of(const struct conf_pair *pair)
{
	json_t *value;

	if (pair->is_quoted)
		return text(pair->text);
	if (pair->text[0] == '\0' || strcmp(pair->text, "~") == 0 ||
	    strcmp(pair->text, "none") == 0)
		return json_null();
	value = json_loads(pair->text, JSON_DECODE_ANY, NULL);
	if (json_is_number(value) || json_is_boolean(value) ||
	    json_is_null(value))
		return value;
	json_decref(value);
	return text(pair->text);
}

void message_put_hello(struct buf *out, const char *name, const char *server,
		       const struct conf_pairs *settings, const char *state)
{
	json_t *object = json_object();
	json_t *pairs = json_object();
	json_t *kept = NULL;

	for (size_t i = 0; i < settings->count; i++)
		json_object_set_new(pairs, settings->all[i].name,
				    value_of(&settings->all[i]));
	if (state != NULL)
		kept = json_loads(state, JSON_DECODE_ANY, NULL);
	json_object_set_new(object, "op", text("hello"));
	json_object_set_new(object, "v", json_integer(PLUGIN_VERSION));
	json_object_set_new(object, "name", text(name));
	json_object_set_new(object, "server", text(server));
	json_object_set_new(object, "settings", pairs);
	json_object_set_new(object, "state", kept != NULL ? kept : json_null());
	put(out, object);
}

void message_put_use(struct buf *out, uint64_t id, const struct plugin_use *use)
{
	json_t *object = json_object();
	json_t *roles = json_array();

	for (size_t i = 0; use->roles[i] != NULL; i++)
		json_array_append_new(roles, text(use->roles[i]));
	json_object_set_new(object, "op", text("use"));
	json_object_set_new(object, "id", json_integer((json_int_t)id));
	json_object_set_new(object, "command", text(use->command));
	json_object_set_new(object, "args", text(use->args));
	json_object_set_new(object, "user", text(use->user));
	json_object_set_new(object, "roles", roles);
	json_object_set_new(object, "room",
			    use->room != NULL ? text(use->room) : json_null());
	json_object_set_new(object, "line", json_boolean(use->line != NULL));
	if (use->line != NULL)
		json_object_set_new(object, "text", text(use->line));
	put(out, object);
}

void message_put_event(struct buf *out, const struct plugin_event *event)
{
	json_t *object = json_object();

	json_object_set_new(object, "op", text("event"));
	json_object_set_new(object, "event", text(events[event->kind]));
	json_object_set_new(object, "room", text(event->room));
	json_object_set_new(object, "user", text(event->user));
	if (event->kind == PLUGIN_SAID)
		json_object_set_new(object, "text", text(event->text));
	put(out, object);
}

void message_put_bye(struct buf *out)
{
	buf_add_text(out, "{\"op\":\"bye\"}\n");
}
