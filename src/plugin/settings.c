#include "plugin/settings.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "conf/value.h"

enum { DEADLINE_MOST_S = 60, MEMORY_LEAST = 16 << 20 };
#define MEMORY_MOST ((int64_t)64 << 30)

#define AT(name, field) name, offsetof(struct plugin_settings, field)

const struct conf_item plugin_conf_items[] = {
	{ AT("name", name), CONF_TEXT, CONF_REQUIRED | CONF_LIVE, NULL, 1,
	  NAME_MOST, NULL },
	{ AT("program", program), CONF_TEXT, CONF_REQUIRED | CONF_LIVE, NULL, 1,
	  4095, NULL },
	{ AT("deadline", deadline_s), CONF_SECONDS, CONF_LIVE, "2s", 1,
	  DEADLINE_MOST_S, NULL },
	{ AT("settings", settings), CONF_PAIRS, CONF_LIVE | CONF_MAY_NONE,
	  "none", 0, 0, NULL },
	{ AT("network", network), CONF_BOOL, CONF_LIVE, "false", 0, 0, NULL },
	{ AT("memory", memory_bytes), CONF_BYTES, CONF_LIVE, "256M",
	  MEMORY_LEAST, MEMORY_MOST, NULL },
	{ AT("rooms", rooms), CONF_WORDS, CONF_LIVE | CONF_MAY_NONE, "none", 0,
	  0, NULL },
	{ AT("hear", hear), CONF_BOOL, CONF_LIVE, "false", 0, 0, NULL },
	{ 0 },
};

static bool is_first(const struct plugin_settings *all, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (name_compare(all[i].name, all[index].name) == 0)
			return false;
	}
	return true;
}

static void check_rooms(struct conf_check *check, const char *where,
			const struct conf_words *rooms)
{
	for (size_t i = 0; i < rooms->count; i++) {
		if (!name_is_valid(rooms->all[i]))
			conf_complain(check, where,
				      "has \"%s\"; it must hold names of "
				      "rooms, or be all or none",
				      rooms->all[i]);
	}
}

static void check_plugin(struct conf_check *check,
			 const struct plugin_settings *all, size_t index)
{
	const struct plugin_settings *s = &all[index];
	char where[64];

	snprintf(where, sizeof(where), "plugins[%zu].name", index);
	if (!name_is_valid(s->name))
		conf_complain(check, where,
			      "is \"%s\"; it must be an ASCII letter, then "
			      "letters, digits, - or _",
			      s->name);
	else if (!is_first(all, index))
		conf_complain(check, where,
			      "is %s, as another plugin's; give each a name "
			      "of its own",
			      s->name);
	snprintf(where, sizeof(where), "plugins[%zu].rooms", index);
	check_rooms(check, where, &s->rooms);
}

void plugin_settings_check(struct conf_check *check,
			   const struct conf_list *plugins)
{
	const struct plugin_settings *all = plugins->items;

	for (size_t i = 0; i < plugins->count; i++)
		check_plugin(check, all, i);
	if (plugins->count > PLUGINS_MOST)
		conf_complain(check, "plugins",
			      "are %zu; there may be at most %d",
			      plugins->count, PLUGINS_MOST);
}

bool plugin_settings_equal(const struct plugin_settings *a,
			   const struct plugin_settings *b)
{
	for (const struct conf_item *i = plugin_conf_items; i->name != NULL;
	     i++) {
		if (!value_equals(i, a, b))
			return false;
	}
	return true;
}

void plugin_settings_copy(struct plugin_settings *copy_r,
			  const struct plugin_settings *from)
{
	const struct conf_words *rooms = &from->rooms;
	const struct conf_pairs *pairs = &from->settings;

	*copy_r = *from;
	copy_r->name = mem_text(from->name);
	copy_r->program = mem_text(from->program);
	copy_r->rooms.all = mem_array(rooms->count, sizeof(rooms->all[0]));
	for (size_t i = 0; i < rooms->count; i++)
		copy_r->rooms.all[i] = mem_text(rooms->all[i]);
	copy_r->settings.all = mem_array(pairs->count, sizeof(pairs->all[0]));
	for (size_t i = 0; i < pairs->count; i++)
		copy_r->settings.all[i] =
			(struct conf_pair){ mem_text(pairs->all[i].name),
					    mem_text(pairs->all[i].text),
					    pairs->all[i].is_quoted };
}

void plugin_settings_free(struct plugin_settings *settings)
{
	for (const struct conf_item *i = plugin_conf_items; i->name != NULL;
	     i++)
		value_free(i, settings);
}

bool plugin_has_room(const struct plugin_settings *settings, const char *room,
		     bool is_open)
{
	const struct conf_words *rooms = &settings->rooms;

	if (rooms->count == 1 && strcmp(rooms->all[0], "all") == 0)
		return is_open;
	for (size_t i = 0; i < rooms->count; i++) {
		if (name_compare(rooms->all[i], room) == 0)
			return true;
	}
	return false;
}
