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
#include "rialtoctl/settings.h"

static char folder[] = "/tmp/test_settings.XXXXXX";

static int make_folder(void **state UNUSED)
{
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_folder(void **state UNUSED)
{
	return rmdir(folder);
}

static const struct settings_case {
	const char *name;
	const char *text;
	const char *want;    /* behind the folder; "=" before a whole path */
	const char *problem; /* what its words hold, when there is no path */
} settings_cases[] = {
	{ "a relative path",
	  "listeners:\n"
	  "  - { service: line, address: \"127.0.0.1:7170\" }\n"
	  "  - { service: line, address: \"unix:run/control.sock\", "
	  "tls: false, console: true }\n",
	  "/run/control.sock", NULL },
	{ "an absolute path",
	  "listeners: [ { address: unix:/run/x, console: true } ]\n", "=/run/x",
	  NULL },
	{ "the first one counts",
	  "listeners:\n"
	  "  - { address: \"unix:a\", console: false }\n"
	  "  - { address: \"127.0.0.1:1\", console: true }\n"
	  "  - { address: \"unix:b\", console: true }\n"
	  "  - { address: \"unix:c\", console: true }\n",
	  "/b", NULL },
	{ "settings it does not know",
	  "fish: [ 1, 2 ]\nlisteners: [ 3, { address: unix:a, console: true, "
	  "fish: x } ]\n",
	  "/a", NULL },
	{ "no console", "listeners: [ { address: unix:a } ]\n", NULL,
	  "no listener with console: true" },
	{ "no listeners", "server: { name: x }\n", "/run/control.sock", NULL },
	{ "listeners left out", "listeners:\n", "/run/control.sock", NULL },
	{ "nothing", "", "/run/control.sock", NULL },
	{ "no YAML", "listeners: [\n", NULL, "/rialto.yaml:" },
};

static void test_finds_the_console(void **state UNUSED)
{
	AUTO(mem_free_text) char *file = file_join(folder, "rialto.yaml");

	for (size_t i = 0; i < COUNT(settings_cases); i++) {
		const struct settings_case *c = &settings_cases[i];
		AUTO(mem_free_text) char *problem = NULL;
		AUTO(mem_free_text) char *want = NULL;
		AUTO(mem_free_text) char *path = NULL;

		assert_int_equal(
			file_write(file, 0600, c->text, strlen(c->text)),
			ERR_OK);
		path = settings_console(file, &problem);
		if (c->want == NULL) {
			assert_null(path);
			assert_non_null(strstr(problem, c->problem));
			continue;
		}
		want = c->want[0] == '=' ? mem_text(c->want + 1)
					 : mem_print("%s%s", folder, c->want);
		if (path == NULL)
			fail_msg("%s", c->name);
		assert_string_equal(path, want);
	}
	unlink(file);
}

static void test_names_a_missing_file(void **state UNUSED)
{
	AUTO(mem_free_text) char *problem = NULL;

	assert_null(settings_console("/nonexistent/rialto.yaml", &problem));
	assert_non_null(strstr(problem, "/nonexistent/rialto.yaml"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finds_the_console),
		cmocka_unit_test(test_names_a_missing_file),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
