#include "log/log.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"

/* Standard error, while a test runs, is the writing end of this pipe. */
static int reader;
static int true_stderr;

static int catch_stderr(void **state)
{
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	true_stderr = dup(STDERR_FILENO);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	reader = ends[0];
	fcntl(reader, F_SETFL, O_NONBLOCK);
	return 0;
}

static int give_stderr_back(void **state)
{
	(void)state;
	dup2(true_stderr, STDERR_FILENO);
	close(true_stderr);
	close(reader);
	log_set_level(LOG_INFO);
	return 0;
}

/* What was written since the last call. */
static const char *written(void)
{
	static char text[8192];
	ssize_t n = read(reader, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static const struct line_case {
	enum log_level level;
	const char *text;
	const char *want;
} line_cases[] = {
	{ LOG_ERROR, "no", "error: test: no\n" },
	{ LOG_WARNING, "hm", "warning: test: hm\n" },
	{ LOG_NOTICE, "look", "notice: test: look\n" },
	{ LOG_INFO, "ready n=1", "info: test: ready n=1\n" },
	{ LOG_DEBUG, "dropped", "" },
	{ LOG_INFO, "two\nlines\r\n", "info: test: two?lines??\n" },
	{ LOG_INFO, "\033[31mred\177", "info: test: ?[31mred?\n" },
	{ LOG_INFO, "gr\303\274n \342\202\254",
	  "info: test: gr\303\274n \342\202\254\n" },
	{ LOG_INFO, "bad \377 cut \303", "info: test: bad ? cut ?\n" },
	{ LOG_INFO, "c1 \302\233m", "info: test: c1 ??m\n" },
};

static void writes_one_clean_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(line_cases); i++) {
		log_event(line_cases[i].level, "test", "%s",
			  line_cases[i].text);
		assert_string_equal(written(), line_cases[i].want);
	}
}

static void level_can_be_set(void **state)
{
	(void)state;
	log_set_level(LOG_DEBUG);
	log_debug("test", "seen");
	assert_string_equal(written(), "debug: test: seen\n");
	log_set_level(LOG_ERROR);
	log_warning("test", "unseen");
	assert_string_equal(written(), "");
}

static void long_line_is_cut(void **state)
{
	char text[5000];
	const char *line;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	log_info("test", "%s", text);
	line = written();
	assert_true(strlen(line) < 2200);
	assert_string_equal(line + strlen(line) - 5, "x...\n");
}

static void errno_survives(void **state)
{
	(void)state;
	close(STDERR_FILENO);
	errno = ENOENT;
	log_info("test", "into the void");
	assert_int_equal(errno, ENOENT);
}

/* Would hang for ever if a full pipe blocked. */
static void full_pipe_drops_lines_and_says_so(void **state)
{
	char text[1000];
	int drained = 0;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (int i = 0; i < 200; i++)
		log_info("test", "%s", text);
	while (*written() != '\0')
		drained++;
	assert_true(drained > 0);
	log_info("test", "after");
	assert_non_null(strstr(written(), "could not be written lines="));
	log_info("test", "again");
	assert_string_equal(written(), "info: test: again\n");
}

/* Another file than the one JOURNAL_STREAM names: lines as ever. */
static void foreign_journal_stream_is_ignored(void **state)
{
	(void)state;
	setenv("JOURNAL_STREAM", "1:1", 1);
	log_open();
	log_info("test", "plain");
	assert_string_equal(written(), "info: test: plain\n");
	unsetenv("JOURNAL_STREAM");
}

#define CAUGHT(test)                                                           \
	cmocka_unit_test_setup_teardown(test, catch_stderr, give_stderr_back)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CAUGHT(writes_one_clean_line),
		CAUGHT(level_can_be_set),
		CAUGHT(long_line_is_cut),
		CAUGHT(errno_survives),
		CAUGHT(full_pipe_drops_lines_and_says_so),
		CAUGHT(foreign_journal_stream_is_ignored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
