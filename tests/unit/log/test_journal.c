/*
 * What goes to the journal: this program's own sd_journal_sendv() stands in
 * for that of libsystemd.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "log/log.h"

int sd_journal_sendv(const struct iovec *parts, int count);

static struct buf sent; /* "NAME=value\n" of each field */
static int answer;

int sd_journal_sendv(const struct iovec *parts, int count)
{
	for (int i = 0; i < count; i++) {
		buf_add(&sent, parts[i].iov_base, parts[i].iov_len);
		buf_add_char(&sent, '\n');
	}
	return answer;
}

/* Standard error, while a test runs, is the writing end of this pipe. */
static int reader;
static int true_stderr;

static int catch_stderr(void **state)
{
	char stream[64];
	struct stat st;
	int ends[2];

	(void)state;
	buf_init(&sent);
	answer = 0;
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return -1;
	true_stderr = dup(STDERR_FILENO);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	reader = ends[0];
	fstat(STDERR_FILENO, &st);
	snprintf(stream, sizeof(stream), "%ju:%ju", (uintmax_t)st.st_dev,
		 (uintmax_t)st.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
	log_open();
	return 0;
}

static int give_stderr_back(void **state)
{
	(void)state;
	unsetenv("JOURNAL_STREAM");
	log_open();
	dup2(true_stderr, STDERR_FILENO);
	close(true_stderr);
	close(reader);
	buf_fini(&sent);
	return 0;
}

/* What was written to standard error since the last call. */
static const char *written(void)
{
	static char text[4096];
	ssize_t n = read(reader, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static const struct sent_case {
	enum log_level level;
	const char *text;
	const char *want;
} sent_cases[] = {
	{ LOG_INFO, "ready service=line address=127.0.0.1:7170",
	  "MESSAGE=test: ready service=line address=127.0.0.1:7170\n"
	  "PRIORITY=6\n"
	  "RIALTO_EVENT=test\n"
	  "RIALTO_SERVICE=line\n"
	  "RIALTO_ADDRESS=127.0.0.1:7170\n" },
	{ LOG_ERROR, "no key=\"a b\" n_1=",
	  "MESSAGE=test: no key=\"a b\" n_1=\n"
	  "PRIORITY=3\n"
	  "RIALTO_EVENT=test\n"
	  "RIALTO_KEY=a b\n"
	  "RIALTO_N_1=\n" },
	/* A line break must not begin a field of its own. */
	{ LOG_WARNING, "hm\nPRIORITY=0",
	  "MESSAGE=test: hm?PRIORITY=0\n"
	  "PRIORITY=4\n"
	  "RIALTO_EVENT=test\n" },
};

static void fields_are_sent(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(sent_cases); i++) {
		buf_reset(&sent);
		log_event(sent_cases[i].level, "test", "%s",
			  sent_cases[i].text);
		assert_string_equal(buf_text(&sent), sent_cases[i].want);
		assert_string_equal(written(), "");
	}
}

static void longest_line_and_most_fields_are_sent(void **state)
{
	struct buf text;
	const char *at;
	size_t fields = 0;

	(void)state;
	buf_init(&text);
	for (int i = 0; i < 15; i++)
		buf_print(&text, "abcdefghijabcdefghijabcdefghij%02d=x ", i);
	buf_add_text(&text, "last=");
	while (buf_len(&text) < 4000)
		buf_add_char(&text, 'y');
	log_info("test", "%s", buf_text(&text));
	for (at = buf_text(&sent); (at = strstr(at, "\nRIALTO_")) != NULL; at++)
		fields++;
	assert_int_equal(fields, 17);
	assert_non_null(strstr(buf_text(&sent), "yyy...\n"));
	buf_fini(&text);
}

static void standard_error_stands_in(void **state)
{
	(void)state;
	answer = -1;
	log_info("test", "seen");
	assert_string_equal(written(), "info: test: seen\n");
}

#define CAUGHT(test)                                                           \
	cmocka_unit_test_setup_teardown(test, catch_stderr, give_stderr_back)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CAUGHT(fields_are_sent),
		CAUGHT(longest_line_and_most_fields_are_sent),
		CAUGHT(standard_error_stands_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
