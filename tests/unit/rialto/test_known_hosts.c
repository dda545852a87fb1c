#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "rialto/known_hosts.h"

#define A "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define B "SHA256:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"

static const struct find_case {
	const char *name;
	const char *text;
	const char *want; /* for host:1; NULL when it is not there */
	unsigned line;
} find_cases[] = {
	{ "an empty file", "", NULL, 0 },
	{ "the only line", "host:1 " A "\n", A, 1 },
	{ "without an end", "host:1 " A, A, 1 },
	{ "CR LF", "host:1 " A "\r\n", A, 1 },
	{ "between others", "a:1 " B "\nhost:1 " A "\nb:1 " B "\n", A, 2 },
	{ "the last one counts", "host:1 " A "\nhost:1 " B "\n", B, 2 },
	{ "another port", "host:11 " A "\n", NULL, 0 },
	{ "a longer host", "ahost:1 " A "\n", NULL, 0 },
	{ "a comment", "#host:1 " A "\n\nhost:1 " B "\n", B, 3 },
	{ "no fingerprint", "host:1\nhost:1 \n", NULL, 0 },
	{ "another digest", "host:1 MD5:AAAA\n", NULL, 0 },
	{ "only the digest's name", "host:1 SHA256:\n", NULL, 0 },
	{ "a fingerprint too long", "host:1 " A A "\n", NULL, 0 },
	{ "two words", "host:1  " A "\n", NULL, 0 },
};

static void test_finds_a_host(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(find_cases); i++) {
		const struct find_case *c = &find_cases[i];
		struct known_host known;
		enum err e = known_hosts_find(c->text, strlen(c->text),
					      "host:1", &known);

		if (e != (c->want != NULL ? ERR_OK : ERR_NOT_FOUND))
			fail_msg("%s", c->name);
		if (c->want == NULL)
			continue;
		assert_string_equal(known.fingerprint, c->want);
		assert_int_equal(known.line, c->line);
	}
}

static char folder[] = "/tmp/test_known_hosts.XXXXXX";

static int make_folder(void **state UNUSED)
{
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_folder(void **state UNUSED)
{
	static const char *const names[] = { "/a/b/known_hosts", "/a/b", "/a",
					     "" };

	for (size_t i = 0; i < COUNT(names); i++) {
		AUTO(mem_free_text)
		char *path = mem_print("%s%s", folder, names[i]);

		(void)remove(path);
	}
	return 0;
}

static void test_adds_to_the_file(void **state UNUSED)
{
	AUTO(mem_free_text)
	char *path = mem_print("%s/a/b/known_hosts", folder);
	AUTO(buf_fini) struct buf text = { 0 };
	struct known_host known;
	struct stat st;

	assert_int_equal(known_hosts_read(path, "host:1", &known),
			 ERR_NOT_FOUND);
	assert_int_equal(known_hosts_add(path, "host:1", A), ERR_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(known_hosts_read(path, "host:1", &known), ERR_OK);
	assert_string_equal(known.fingerprint, A);

	/* What a person wrote, without a last line end, is kept. */
	assert_int_equal(file_write(path, 0600, "# mine", 6), ERR_OK);
	assert_int_equal(known_hosts_add(path, "host:1", B), ERR_OK);
	assert_int_equal(file_read(path, 1000, &text), ERR_OK);
	assert_string_equal(buf_text(&text), "# mine\nhost:1 " B "\n");
}

static void test_loses_no_line_to_another_client(void **state UNUSED)
{
	AUTO(mem_free_text)
	char *path = mem_print("%s/a/b/known_hosts", folder);
	enum { CLIENTS = 4, LINES = 10 };

	for (int client = 0; client < CLIENTS; client++) {
		if (fork() != 0)
			continue;
		for (int i = 0; i < LINES; i++) {
			char *host = mem_print("c%d:%d", client, i);

			if (known_hosts_add(path, host, A) != ERR_OK)
				_exit(1);
			mem_free(host);
		}
		_exit(0);
	}
	for (int client = 0; client < CLIENTS; client++) {
		int status = -1;

		wait(&status);
		assert_int_equal(status, 0);
	}
	for (int i = 0; i < CLIENTS * LINES; i++) {
		AUTO(mem_free_text)
		char *host = mem_print("c%d:%d", i / LINES, i % LINES);
		struct known_host known;

		assert_int_equal(known_hosts_read(path, host, &known), ERR_OK);
	}
}

static const struct path_case {
	const char *state;
	const char *home;
	const char *want;
} path_cases[] = {
	{ "/s", "/h", "/s/rialto/known_hosts" },
	{ NULL, "/h", "/h/.local/state/rialto/known_hosts" },
	{ "", "/h", "/h/.local/state/rialto/known_hosts" },
	{ "relative", "/h", "/h/.local/state/rialto/known_hosts" },
};

static void test_knows_where_the_file_is(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(path_cases); i++) {
		AUTO(mem_free_text) char *path = NULL;

		unsetenv("XDG_STATE_HOME");
		if (path_cases[i].state != NULL)
			setenv("XDG_STATE_HOME", path_cases[i].state, 1);
		setenv("HOME", path_cases[i].home, 1);
		path = known_hosts_path();
		assert_string_equal(path, path_cases[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finds_a_host),
		cmocka_unit_test(test_adds_to_the_file),
		cmocka_unit_test(test_loses_no_line_to_another_client),
		cmocka_unit_test(test_knows_where_the_file_is),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
