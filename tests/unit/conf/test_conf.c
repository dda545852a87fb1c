#include "conf/conf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "sample.h"

static void assert_beside_file(const char *path, const char *name)
{
	AUTO(mem_free_text) char *here = getcwd(NULL, 0);
	AUTO(mem_free_text) char *want = mem_print("%s/dir/%s", here, name);

	assert_string_equal(path, want);
}

/* All of them say nothing. */
static const char *const empty_texts[] = {
	"",
	"\n",
	"# words\n",
	"---\n",
	"---\n...\n",
	"~",
	"{}",
	"limits:\n",
	"limits: ~\nserver: null\nlisteners:\nbank:\n",
	"bank:\n  currency:\n",
	"limits:\n  night:\n",
	"limits: { night: {} }",
	"\xef\xbb\xbflimits: {}\n",
};

static void empty_settings_are_the_presets(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(empty_texts); i++) {
		struct settings s;
		const struct listener *l;

		assert_null(sample_parse(empty_texts[i], NULL, &s));
		assert_int_equal(s.limits.sessions, 100);
		assert_int_equal(s.limits.idle_timeout_s, CONF_NONE);
		assert_int_equal(s.limits.line_bytes, 4096);
		assert_int_equal(s.limits.flood.count, 10);
		assert_int_equal(s.limits.flood.period_s, 10);
		assert_string_equal(s.server.name, "Rialto");
		assert_beside_file(s.server.data, "data");
		assert_null(s.server.ca);
		assert_true(s.server.is_open);
		assert_int_equal(s.server.colour, 0);
		assert_int_equal(s.night.sessions, 10);
		assert_int_equal(s.currency.scale, 2);
		assert_int_equal(s.listeners.count, 2);
		l = s.listeners.items;
		assert_string_equal(l[0].service, "line");
		assert_string_equal(l[0].address, "one");
		assert_string_equal(l[1].service, "atm");
		conf_free(sample_schema, &s);
		assert_zero(&s);
	}
}

static void all_is_read(const char *text)
{
	struct settings s;
	const struct listener *l;

	assert_null(sample_parse(text, NULL, &s));
	assert_int_equal(s.limits.sessions, CONF_AUTO);
	assert_int_equal(s.limits.idle_timeout_s, 300);
	assert_int_equal(s.limits.line_bytes, 8192);
	assert_int_equal(s.limits.flood.count, CONF_NONE);
	assert_string_equal(s.server.name, "none");
	assert_string_equal(s.server.data, "/var/lib/x");
	assert_beside_file(s.server.ca, "tls/ca.pem");
	assert_false(s.server.is_open);
	assert_int_equal(s.server.colour, 2);
	assert_int_equal(s.night.sessions, 0);
	assert_int_equal(s.currency.scale, 0);
	assert_int_equal(s.listeners.count, 1);
	l = s.listeners.items;
	assert_string_equal(l[0].service, "line");
	assert_string_equal(l[0].address, "127.0.0.1:7170");
	assert_false(l[0].tls);
	conf_free(sample_schema, &s);
	assert_zero(&s);
}

static void every_type_is_read_in_both_styles(void **state)
{
	(void)state;
	all_is_read("server: { name: none, data: /var/lib/x, ca: tls/ca.pem,\n"
		    "          open: false, colour: blue }\n"
		    "limits: { sessions: auto, idle_timeout: 5m, line: \"8K\","
		    " flood: none, night: { sessions: 0 } }\n"
		    "bank: { currency: { scale: 0 } }\n"
		    "listeners: [ { address: '127.0.0.1:7170', tls: false } ]");
	all_is_read("server:\n  name: 'none'\n  data: /var/lib/x\n"
		    "  ca: tls/ca.pem # why\n  open: false\n  colour: blue\n"
		    "limits:\n  sessions: auto\n  idle_timeout: 5m\n"
		    "  night:\n    sessions: 0\n"
		    "  line: 8K\n  flood: none\n"
		    "bank:\n  currency:\n    scale: 0\n"
		    "listeners:\n- address: 127.0.0.1:7170\n  tls: false\n");
}

static void empty_list_is_empty(void **state)
{
	struct settings s;

	(void)state;
	assert_null(sample_parse("listeners: []", NULL, &s));
	assert_int_equal(s.listeners.count, 0);
	conf_free(sample_schema, &s);
}

static int checks_run;

static void picky_check(struct conf_check *check, const void *settings)
{
	const struct settings *s = settings;

	checks_run++;
	if (s->limits.line_bytes > 4096)
		conf_complain(check, "limits.line", "is %d; it must be less",
			      (int)s->limits.line_bytes);
	if (s->currency.scale == 2)
		conf_complain(check, "bank.currency.scale", "is a preset");
	conf_complain(check, "listeners[1].tls", "is odd");
	conf_complain(check, "listeners[7].tls", "is nowhere");
	conf_complain(check, "", "the rest");
}

static const struct check_case {
	const char *text;
	const char *want;
} check_cases[] = {
	{ "limits:\n  line: 8K\nlisteners:\n- address: a\n- address: b\n"
	  "  tls: true\n",
	  "1:1: bank.currency.scale is a preset\n"
	  "1:1:  the rest\n"
	  "2:9: limits.line is 8192; it must be less\n"
	  "3:1: listeners[7].tls is nowhere\n"
	  "6:8: listeners[1].tls is odd" },
	{ "\nbank: {}\nlisteners: [ { address: a },\n { address: b } ]\n",
	  "1:1:  the rest\n"
	  "2:1: bank.currency.scale is a preset\n"
	  "3:1: listeners[7].tls is nowhere\n"
	  "4:2: listeners[1].tls is odd" },
};

static void checks_complain_at_the_value(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(check_cases); i++) {
		const struct check_case *c = &check_cases[i];
		struct settings s;
		AUTO(mem_free_text)
		char *got = sample_parse(c->text, picky_check, &s);
		AUTO(mem_free_text) char *want = sample_complaints(c->want);

		assert_non_null(got);
		assert_string_equal(got, want);
		assert_zero(&s);
	}
}

static void check_waits_until_items_are_right(void **state)
{
	struct settings s;
	AUTO(mem_free_text) char *got = NULL;

	(void)state;
	checks_run = 0;
	got = sample_parse("limits: { line: x }", picky_check, &s);
	assert_non_null(got);
	assert_int_equal(checks_run, 0);
}

static void note_change(void *arg, const char *name, bool is_live)
{
	buf_print(arg, "%s%s ", name, is_live ? "" : "!");
}

/* Names of what differs; "!" behind what is not live. */
static const struct compare_case {
	const char *a;
	const char *b;
	const char *want;
} compare_cases[] = {
	{ "", "", "" },
	{ "", "limits: { sessions: 100 }", "" },
	{ "", "limits: { sessions: 101 }", "limits.sessions " },
	{ "", "limits: { line: 5K }", "limits.line! " },
	{ "limits: { flood: none }", "limits: { flood: 1/1s }",
	  "limits.flood " },
	{ "limits: { flood: 1/1s }", "limits: { flood: 1/2s }",
	  "limits.flood " },
	{ "limits: { sessions: 5 }", "limits: { night: { sessions: 5 } }",
	  "limits.sessions limits.night.sessions " },
	{ "server: { ca: x }", "", "server.ca! " },
	{ "server: { ca: x }", "server: { ca: y }", "server.ca! " },
	{ "server: { name: a }", "server: { name: a }", "" },
	{ "server: { open: true }",
	  "server: { open: false, colour: blue }\nbank: { currency: { scale: "
	  "1 } }",
	  "server.open server.colour bank.currency.scale! " },
	{ "listeners: [ { address: a } ]", "listeners: [ { address: a } ]",
	  "" },
	{ "listeners: [ { address: a } ]", "listeners: [ { address: b } ]",
	  "listeners! " },
	{ "listeners: [ { address: a } ]",
	  "listeners: [ { address: a }, { address: a } ]", "listeners! " },
	{ "listeners: []", "", "listeners! " },
};

static void compare_names_what_differs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(compare_cases); i++) {
		struct settings a;
		struct settings b;
		struct buf names;

		buf_init(&names);
		assert_null(sample_parse(compare_cases[i].a, NULL, &a));
		assert_null(sample_parse(compare_cases[i].b, NULL, &b));
		conf_compare(sample_schema, &a, &b, note_change, &names);
		assert_string_equal(buf_text(&names), compare_cases[i].want);
		conf_free(sample_schema, &a);
		conf_free(sample_schema, &b);
		buf_fini(&names);
	}
}

/* A folder of its own, removed afterwards. */
static char folder[] = "conf-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
	AUTO(mem_free_text) char *path = file_join(folder, "t.yaml");

	(void)state;
	unlink(path);
	return rmdir(folder);
}

static enum err load(const char *path, struct settings *s, char **said_r)
{
	struct buf complaints;
	enum err e;

	memset(s, 0, sizeof(*s));
	buf_init(&complaints);
	e = conf_load(sample_schema, NULL, path, s, &complaints);
	*said_r = mem_text(buf_text(&complaints));
	buf_fini(&complaints);
	return e;
}

static void files_are_read(void **state)
{
	static const char text[] = "server: { name: file }\n";
	AUTO(mem_free_text) char *path = file_join(folder, "t.yaml");
	AUTO(mem_free_text) char *said = NULL;
	struct settings s;

	(void)state;
	assert_int_equal(file_write(path, 0600, text, strlen(text)), ERR_OK);
	assert_int_equal(load(path, &s, &said), ERR_OK);
	assert_string_equal(said, "");
	assert_string_equal(s.server.name, "file");
	conf_free(sample_schema, &s);
}

static void missing_file_is_named(void **state)
{
	AUTO(mem_free_text) char *path = file_join(folder, "none.yaml");
	AUTO(mem_free_text)
	char *want = mem_print("%s: there is no such file\n", path);
	AUTO(mem_free_text) char *said = NULL;
	struct settings s;

	(void)state;
	assert_int_equal(load(path, &s, &said), ERR_NOT_FOUND);
	assert_string_equal(said, want);
	assert_zero(&s);
}

static void huge_file_and_folder_are_refused(void **state)
{
	AUTO(mem_free_text) char *path = file_join(folder, "t.yaml");
	AUTO(mem_free_text) char *text = mem_zero((1 << 20) + 2);
	AUTO(mem_free_text) char *said = NULL;
	AUTO(mem_free_text) char *said_folder = NULL;
	struct settings s;

	(void)state;
	memset(text, '#', (1 << 20) + 1);
	assert_int_equal(file_write(path, 0600, text, (1 << 20) + 1), ERR_OK);
	assert_int_equal(load(path, &s, &said), ERR_BAD_INPUT);
	assert_non_null(strstr(said, "of at most 1M\n"));
	assert_int_equal(load(folder, &s, &said_folder), ERR_BAD_INPUT);
	assert_non_null(strstr(said_folder, "a regular file"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_settings_are_the_presets),
		cmocka_unit_test(every_type_is_read_in_both_styles),
		cmocka_unit_test(empty_list_is_empty),
		cmocka_unit_test(checks_complain_at_the_value),
		cmocka_unit_test(check_waits_until_items_are_right),
		cmocka_unit_test(compare_names_what_differs),
		cmocka_unit_test(files_are_read),
		cmocka_unit_test(missing_file_is_named),
		cmocka_unit_test(huge_file_and_folder_are_refused),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
