#include "joke/plugin.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/quantity.h"

enum { NAME_SHOWN = 64 };

/* A setting that is a number from 1 to most. */
struct number {
	const char *name;
	int64_t without; /* what it is when nothing is set */
	int64_t most;
	bool is_time; /* may be 10s or 1m, too */
};

static const struct number prefetch = { "prefetch", 10, 50, false };
static const struct number timeout = { "timeout", 5, 60, true };

struct plugin {
	struct wire *wire;
	struct supply *supply;
	bool is_open; /* the settings came */
	bool is_over;
};

/* Who hears the joke that was asked for with these words. */
static const struct audience {
	const char *args;
	bool needs_room;
	bool is_private;
} audiences[] = {
	{ "", false, false },
	{ "me", false, true },
	{ "here", true, false },
	{ "in this room", true, false },
};

static void say(struct plugin *p, json_t *message)
{
	if (message == NULL || !wire_send(p->wire, message))
		p->is_over = true;
}

static void tell_log(struct plugin *p, const char *text)
{
	say(p, json_pack("{s:s, s:s}", "op", "log", "text", text));
}

static void complain(struct plugin *p, const char *setting, const char *words)
{
	AUTO(mem_free_text) char *text = NULL;

	text = mem_print("the setting %s %s", setting, words);
	tell_log(p, text);
}

static int64_t read_number(struct plugin *p, const json_t *settings,
			   const struct number *n)
{
	const json_t *value = json_object_get(settings, n->name);
	const char *text = json_string_value(value);
	int64_t number = json_integer_value(value);

	if (value == NULL || json_is_null(value))
		return n->without;
	if (n->is_time && text != NULL && !quantity_seconds(text, &number))
		number = 0;
	if (number >= 1 && number <= n->most)
		return number;
	complain(p, n->name, "is out of range; see rialto-joke(8)");
	return n->without;
}

/* The first that there is not: one complaint is enough. */
static void check_names(struct plugin *p, json_t *settings)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";
	json_t *value;
	const char *name;
	size_t len;

	json_object_foreach(settings, name, value)
	{
		if (strcmp(name, "url") == 0 ||
		    strcmp(name, prefetch.name) == 0 ||
		    strcmp(name, timeout.name) == 0)
			continue;
		len = strspn(name, letters);
		complain(p,
			 name[len] == '\0' && len <= NAME_SHOWN
				 ? name
				 : "of a strange name",
			 "is unknown; see rialto-joke(8)");
		return;
	}
}

static void open_supply(struct plugin *p, json_t *settings)
{
	const json_t *url = json_object_get(settings, "url");
	int64_t count = read_number(p, settings, &prefetch);
	int64_t timeout_s = read_number(p, settings, &timeout);
	const char *flaw = "is no text";

	check_names(p, settings);
	if (url == NULL || json_is_null(url))
		return;
	if (json_is_string(url))
		flaw = supply_open(p->supply, json_string_value(url), count,
				   timeout_s * 1000);
	if (flaw != NULL)
		complain(p, "url", flaw);
}

static void on_hello(struct plugin *p, const json_t *message)
{
	if (p->is_open)
		return;
	p->is_open = true;
	say(p,
	    json_pack("{s:s, s:i, s:[{s:s, s:s, s:s}], s:[s]}", "op", "hello",
		      "v", 1, "commands", "name", "joke", "usage", "[me]",
		      "help",
		      "tells a joke, in the room or to you; get_joke does too",
		      "lines", "get_joke"));
	open_supply(p, json_object_get(message, "settings"));
}

static json_t *refusal(json_int_t id, const char *code, const char *text)
{
	return json_pack("{s:s, s:I, s:{s:s, s:s}}", "op", "answer", "id", id,
			 "refusal", "code", code, "text", text);
}

static json_t *told(struct plugin *p, json_int_t id, const char *audience)
{
	struct joke *joke = supply_take(p->supply);
	json_t *answer =
		json_pack("{s:s, s:I, s:[s, s*]}", "op", "answer", "id", id,
			  audience, joke->setup, joke->punchline);

	joke_free(&joke);
	return answer;
}

static const struct audience *find_audience(const char *args)
{
	for (size_t i = 0; i < COUNT(audiences); i++) {
		if (strcasecmp(audiences[i].args, args) == 0)
			return &audiences[i];
	}
	return NULL;
}

static void on_use(struct plugin *p, const json_t *message)
{
	json_int_t id = json_integer_value(json_object_get(message, "id"));
	const char *args = json_string_value(json_object_get(message, "args"));
	bool is_room = json_is_string(json_object_get(message, "room"));
	const struct audience *a = find_audience(args == NULL ? "" : args);

	if (a == NULL)
		say(p, refusal(id, "usage",
			       "Say /joke, or /joke me for you alone."));
	else if (a->needs_room && !is_room)
		say(p, refusal(id, "not-found",
			       "You are in no room: "
			       "say /joke alone."));
	else
		say(p,
		    told(p, id, is_room && !a->is_private ? "room" : "user"));
}

static void on_bye(struct plugin *p, const json_t *message UNUSED)
{
	p->is_over = true;
}

static void on_message(struct plugin *p, const json_t *message)
{
	static const struct {
		const char *op;
		void (*run)(struct plugin *p, const json_t *message);
	} ops[] = {
		{ "hello", on_hello },
		{ "use", on_use },
		{ "bye", on_bye },
	};
	const char *op = json_string_value(json_object_get(message, "op"));

	for (size_t i = 0; op != NULL && i < COUNT(ops); i++) {
		if (strcmp(ops[i].op, op) == 0)
			ops[i].run(p, message);
	}
}

/* Answers every line that came; false when one was no message. */
static bool answer_all(struct plugin *p)
{
	enum wire_line line;
	json_t *message;

	while (!p->is_over &&
	       (line = wire_take(p->wire, &message)) != WIRE_NOTHING) {
		if (line == WIRE_BROKEN)
			return false;
		on_message(p, message);
		json_decref(message);
	}
	return true;
}

int plugin_run(struct wire *wire, struct supply *supply)
{
	struct plugin p = { .wire = wire, .supply = supply };
	const char *news;

	while (!p.is_over && wire_read(wire)) {
		if (!answer_all(&p)) {
			fputs("a line came that is no JSON object; see "
			      "rialto-plugin(7)\n",
			      stderr);
			return 1;
		}
		supply_step(supply);
		while ((news = supply_news(supply)) != NULL)
			tell_log(&p, news);
		if (!p.is_over)
			supply_wait(supply, wire->in);
	}
	return 0;
}
