#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "plugin/settings.h"

struct all {
	struct conf_list plugins;
};

static const struct conf_section schema[] = {
	{ "plugins", CONF_LIST, plugin_conf_items,
	  offsetof(struct all, plugins), sizeof(struct plugin_settings), NULL },
	{ 0 },
};

static void check(struct conf_check *check, const void *settings)
{
	const struct all *all = settings;

	plugin_settings_check(check, &all->plugins);
}

/* The complaints, the caller's; "" without any. */
static char *parse(const char *plugin, struct all *all)
{
	AUTO(mem_free_text) char *text = mem_print("plugins: %s\n", plugin);
	AUTO(buf_fini) struct buf why = { 0 };
	enum err e;

	memset(all, 0, sizeof(*all));
	e = conf_parse(schema, check, "t", text, strlen(text), all, &why);
	assert_int_equal(e == ERR_OK, buf_len(&why) == 0);
	return mem_text(buf_text(&why));
}

static const struct plugin_settings *first_of(const struct all *all)
{
	return all->plugins.items;
}

static void presets_and_values(void **state)
{
	const struct plugin_settings *s;
	struct plugin_settings copy;
	struct all all;
	AUTO(mem_free_text)
	char *why = parse(
		"[{ name: a, program: x, rooms: [ den, Lobby ], settings: "
		"{ url: none, n: 12, t: \"12\" } }, { name: b, program: y }]",
		&all);

	(void)state;
	assert_string_equal(why, "");
	s = first_of(&all);
	assert_int_equal(s->deadline_s, 2);
	assert_int_equal(s->memory_bytes, 256 << 20);
	assert_false(s->network);
	assert_int_equal(s->rooms.count, 2);
	assert_string_equal(s->settings.all[0].text, "none");
	assert_false(s->settings.all[0].is_quoted);
	assert_true(s->settings.all[2].is_quoted);
	assert_true(plugin_has_room(s, "LOBBY", false));
	assert_false(plugin_has_room(s, "attic", true));
	assert_int_equal(s[1].rooms.count, 0);
	plugin_settings_copy(&copy, s);
	assert_true(plugin_settings_equal(&copy, s));
	assert_false(plugin_settings_equal(&copy, s + 1));
	copy.settings.all[0].is_quoted = true;
	assert_false(plugin_settings_equal(&copy, s));
	plugin_settings_free(&copy);
	conf_free(schema, &all);
}

static void all_rooms_are_open_ones(void **state)
{
	struct all all;
	AUTO(mem_free_text)
	char *why = parse("[{ name: a, program: x, rooms: all }]", &all);

	(void)state;
	assert_string_equal(why, "");
	assert_true(plugin_has_room(first_of(&all), "den", true));
	assert_false(plugin_has_room(first_of(&all), "den", false));
	conf_free(schema, &all);
}

static const struct wrong_case {
	const char *text;
	const char *why; /* somewhere in the complaints */
} wrong_cases[] = {
	{ "[{ program: x }]", "plugins[0] has no name; add one" },
	{ "[{ name: 5a, program: x }]",
	  "plugins[0].name is \"5a\"; it must be an ASCII letter" },
	{ "[{ name: a, program: x }, { name: A, program: y }]",
	  "plugins[1].name is A, as another plugin's" },
	{ "[{ name: a, program: x, memory: 1M }]", "it must be 16M to 64G" },
	{ "[{ name: a, program: x, rooms: [ den, 5 ] }]",
	  "plugins[0].rooms has \"5\"; it must hold names of rooms" },
	{ "[{ name: a, program: x, rooms: { a: b } }]",
	  "plugins[0].rooms is a map; write a word, or a list of words" },
	{ "[{ name: a, program: x, settings: [ a ] }]",
	  "plugins[0].settings is a list; write a map of different names" },
	{ "[{ name: a, program: x, settings: { a: 1, a: 2 } }]",
	  "plugins[0].settings is a map; write a map of different names" },
	{ "[{ name: a, program: x, settings: { a: [ 1 ] } }]",
	  "plugins[0].settings is a map; write a map of different names" },
};

static void mistakes_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(wrong_cases); i++) {
		struct all all;
		AUTO(mem_free_text)
		char *why = parse(wrong_cases[i].text, &all);

		if (strstr(why, wrong_cases[i].why) == NULL)
			fail_msg("%s, not: %s", why, wrong_cases[i].why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(presets_and_values),
		cmocka_unit_test(all_rooms_are_open_ones),
		cmocka_unit_test(mistakes_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
