#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "rialtoctl/console.h"

static char folder[] = "/tmp/test_console.XXXXXX";
static char *path;

static int make_folder(void **state UNUSED)
{
	if (mkdtemp(folder) == NULL)
		return -1;
	path = mem_print("%s/sock", folder);
	return 0;
}

static int remove_folder(void **state UNUSED)
{
	unlink(path);
	mem_free(path);
	return rmdir(folder);
}

static int listen_at(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	unlink(path);
	memcpy(address.sun_path, path, strlen(path));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    listen(fd, 1) != 0)
		abort();
	return fd;
}

/* Plays the daemon: says first, then second once the line has come. */
static pid_t serve(const char *first, const char *second, const char *line)
{
	int listener = listen_at();
	AUTO(mem_free_text) char *want = mem_print("/mode machine\n%s", line);
	char got[512];
	size_t len = 0;
	pid_t child = fork();
	int fd;

	if (child != 0) {
		close(listener);
		return child;
	}
	fd = accept(listener, NULL, NULL);
	if (write(fd, first, strlen(first)) < 0)
		_exit(2);
	while (second != NULL && len < strlen(want)) {
		ssize_t n = read(fd, got + len, sizeof(got) - len);

		if (n <= 0)
			_exit(3);
		len += (size_t)n;
	}
	if (second != NULL && (memcmp(got, want, strlen(want)) != 0 ||
			       write(fd, second, strlen(second)) < 0))
		_exit(4);
	/* Closing with bytes unread would take back what was said. */
	shutdown(fd, SHUT_WR);
	while (read(fd, got, sizeof(got)) > 0)
		;
	_exit(0);
}

static const struct console_case {
	const char *name;
	const char *first;
	const char *second; /* NULL: the daemon closes after first */
	bool want;
	const char *out;
	const char *complaints;
} console_cases[] = {
	{ "an answer", "Hello\nusername: \n== ok\n", "-- one\n-- two\n== ok\n",
	  true, "one\ntwo\n", "" },
	{ "JSON", "== ok\n", "-- {\"sessions\":3}\n== ok\n", true,
	  "{\"sessions\":3}\n", "" },
	{ "what nobody asked for", "[lobby] ann: hi\n== ok\n",
	  "~~ shutting down\n[lobby] ann: == ok\n-- x\n== ok\n", true, "x\n",
	  "" },
	{ "a refusal", "== ok\n",
	  "!! no-such-user There is no ben.\n== error no-such-user\n", false,
	  "", "rialtoctl: no-such-user: There is no ben.\n" },
	{ "hostile bytes", "== ok\n", "-- a\x1b[2Jb\n== ok\n", true,
	  "a\xef\xbf\xbd[2Jb\n", "" },
	{ "refused at once", "!! not-allowed Not you.\n", NULL, false, "",
	  "rialtoctl: not-allowed: Not you.\n" },
	{ "gone at once", "", NULL, false, "",
	  "rialtoctl: the daemon closed the connection before it answered\n" },
	{ "gone in the middle", "== ok\n", "-- one\n-- tw", false, "one\n",
	  "rialtoctl: the daemon closed the connection before it answered\n" },
};

static void run_case(const struct console_case *c)
{
	AUTO(console_close) struct console *console = NULL;
	AUTO(buf_fini) struct buf line = { 0 };
	char *out = NULL, *complaints = NULL;
	size_t out_len, complaints_len;
	FILE *out_file = open_memstream(&out, &out_len);
	FILE *complaints_file = open_memstream(&complaints, &complaints_len);
	pid_t child = serve(c->first, c->second, "/status\n");
	int status = -1;

	buf_add_text(&line, "/status\n");
	assert_int_equal(console_open(path, &console), ERR_OK);
	if (console_run(console, &line, out_file, complaints_file) != c->want)
		fail_msg("%s", c->name);
	console_close(&console);
	fclose(out_file);
	fclose(complaints_file);
	assert_string_equal(out, c->out);
	assert_string_equal(complaints, c->complaints);
	free(out);
	free(complaints);
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
}

static void test_talks_to_a_daemon(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(console_cases); i++)
		run_case(&console_cases[i]);
}

static void test_says_when_nobody_is_there(void **state UNUSED)
{
	struct console *console = NULL;
	char longest[200];

	close(listen_at());
	assert_int_equal(console_open(path, &console), ERR_NOT_FOUND);
	unlink(path);
	assert_int_equal(console_open(path, &console), ERR_NOT_FOUND);
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(console_open(longest, &console), ERR_BAD_INPUT);
	assert_null(console);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_talks_to_a_daemon),
		cmocka_unit_test(test_says_when_nobody_is_there),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
