/*
 * The template of the settings and their manual page name every setting, with
 * the default that it has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "rialtod/settings.h"

/* A file of the source tree; the caller's. */
static char *source_file(const char *name)
{
	const char *source = getenv("RIALTO_SOURCE");
	AUTO(mem_free_text)
	char *path = file_join(source != NULL ? source : ".", name);
	struct buf b;
	char *text;

	buf_init(&b);
	assert_int_equal(file_read(path, 1 << 20, &b), ERR_OK);
	text = mem_text(buf_text(&b));
	buf_fini(&b);
	return text;
}

/* A setting behind "#"; words of a person follow "# ". */
static bool is_setting(const char *hash)
{
	return (hash[1] >= 'a' && hash[1] <= 'z') || hash[1] == '-' ||
	       strncmp(hash, "#  ", 3) == 0;
}

/* Takes the "#" from every setting. */
static void uncomment(char *text)
{
	char *line = text;

	while (*line != '\0') {
		char *hash = line + strspn(line, " ");

		if (*hash == '#' && is_setting(hash))
			memmove(hash, hash + 1, strlen(hash));
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
}

static void parse(const char *text, struct settings *s)
{
	struct buf complaints;
	enum err e;

	memset(s, 0, sizeof(*s));
	buf_init(&complaints);
	e = conf_parse(settings_schema, NULL, "rialto.yaml", text, strlen(text),
		       s, &complaints);
	assert_string_equal(buf_text(&complaints), "");
	assert_int_equal(e, ERR_OK);
	buf_fini(&complaints);
}

static void name_change(void *arg, const char *name, bool is_live)
{
	(void)arg;
	(void)is_live;
	/* Without a list there are none; what is installed comes with one. */
	if (strcmp(name, "plugins") == 0)
		return;
	fail_msg("%s is not at its default", name);
}

static void assert_defaults(const char *text)
{
	struct settings want;
	struct settings got;

	parse("", &want);
	parse(text, &got);
	conf_compare(settings_schema, &want, &got, name_change, NULL);
	settings_free(&want);
	settings_free(&got);
}

static void template_changes_nothing(void **state)
{
	AUTO(mem_free_text) char *text = source_file("etc/rialto.yaml");

	(void)state;
	assert_defaults(text);
}

static void template_shows_the_defaults(void **state)
{
	AUTO(mem_free_text) char *text = source_file("etc/rialto.yaml");

	(void)state;
	uncomment(text);
	assert_defaults(text);
}

/* The part of text from the line begin to the next that begins like it. */
static char *part(const char *text, const char *begin, const char *next)
{
	const char *from = strstr(text, begin);
	const char *to;

	if (from == NULL)
		fail_msg("no section %s", begin);
	from += strlen(begin);
	to = strstr(from, next);
	return mem_print("%.*s",
			 to == NULL ? (int)strlen(from) : (int)(to - from),
			 from);
}

static void assert_holds(const char *text, const char *section,
			 const char *line)
{
	if (strstr(text, line) == NULL)
		fail_msg("section %s does not hold: %s", section, line);
}

/* The map of a section; that of "bank.cash" is within that of "bank". */
static char *section_of(const char *text, const char *name, int *indent_r)
{
	const char *dot = strchr(name, '.');
	int outer = dot == NULL ? (int)strlen(name) : (int)(dot - name);
	AUTO(mem_free_text) char *begin = mem_print("\n%.*s:\n", outer, name);
	AUTO(mem_free_text) char *body = part(text, begin, "\n\n");
	AUTO(mem_free_text) char *inner = NULL;
	AUTO(mem_free_text) char *rest = NULL;

	*indent_r = dot == NULL ? 2 : 4;
	if (dot == NULL)
		return mem_print("\n%s", body);
	inner = mem_print("\n  %s:\n", dot + 1);
	rest = part(body, inner, "\n  #");
	return mem_print("\n%s", rest);
}

static void template_names_every_setting(void **state)
{
	AUTO(mem_free_text) char *text = source_file("etc/rialto.yaml");

	(void)state;
	uncomment(text);
	for (const struct conf_section *s = settings_schema; s->name != NULL;
	     s++) {
		int indent;
		AUTO(mem_free_text)
		char *body = section_of(text, s->name, &indent);

		for (const struct conf_item *i = s->items;
		     s->kind == CONF_MAP && i->name != NULL; i++) {
			AUTO(mem_free_text)
			char *line = mem_print("\n%*s%s: %s", indent, "",
					       i->name, i->preset);

			assert_holds(body, s->name, line);
		}
	}
}

static void template_names_every_setting_of_a_plugin(void **state)
{
	AUTO(mem_free_text) char *text = source_file("etc/rialto.yaml");
	AUTO(mem_free_text) char *body = NULL;

	(void)state;
	uncomment(text);
	body = part(text, "\nplugins:\n  - ", "\n\n");
	assert_memory_equal(body, "name: joke\n", strlen("name: joke\n"));
	for (const struct conf_item *i = plugin_conf_items + 1; i->name != NULL;
	     i++) {
		AUTO(mem_free_text)
		char *line = mem_print("\n    %s: %s", i->name,
				       i->preset != NULL ? i->preset : "");

		assert_holds(body, "plugins", line);
	}
}

static void manual_names_every_setting(void **state)
{
	AUTO(mem_free_text) char *text = source_file("doc/man/rialto.yaml.5");

	(void)state;
	for (const struct conf_section *s = settings_schema; s->name != NULL;
	     s++) {
		AUTO(mem_free_text)
		char *begin = mem_print("\n.Ss %s\n", s->name);
		AUTO(mem_free_text) char *body = part(text, begin, "\n.S");

		for (const struct conf_item *i = s->items; i->name != NULL;
		     i++) {
			AUTO(mem_free_text)
			char *line = mem_print("\n.It Cm %s%s%s\n", i->name,
					       i->preset ? " : No " : "",
					       i->preset ? i->preset : "");

			assert_holds(body, s->name, line);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(template_changes_nothing),
		cmocka_unit_test(template_shows_the_defaults),
		cmocka_unit_test(template_names_every_setting),
		cmocka_unit_test(template_names_every_setting_of_a_plugin),
		cmocka_unit_test(manual_names_every_setting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
