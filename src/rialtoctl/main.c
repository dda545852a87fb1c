#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "client/password.h"
#include "client/terminal.h"
#include "rialtoctl/console.h"
#include "rialtoctl/options.h"
#include "rialtoctl/settings.h"

enum { EXIT_REFUSED = 1, EXIT_USAGE = 2, EXIT_NOT_RUNNING = 3 };

/* A new password, typed twice; NULL after saying why not. */
static struct secret *ask_password(const char *name)
{
	AUTO(mem_free_text)
	char *question = mem_print("New password of %s: ", name);
	AUTO(secret_free) struct secret *again = NULL;
	struct secret *password = NULL;

	if (terminal_ask(question, false, &password) != TERMINAL_OK ||
	    terminal_ask("Once more: ", false, &again) != TERMINAL_OK) {
		secret_free(&password);
	} else if (!secret_equal(password, again)) {
		fputs("rialtoctl: the two passwords differ\n", stderr);
		secret_free(&password);
	}
	return password;
}

static bool add_password(const struct options *o, struct buf *line)
{
	AUTO(secret_free) struct secret *password = NULL;

	if (isatty(STDIN_FILENO))
		password = ask_password(o->words[o->word_count - 1]);
	else if (password_from_fd(STDIN_FILENO, &password) != ERR_OK)
		fputs("rialtoctl: the first line of standard input must be "
		      "the password\n",
		      stderr);
	if (password == NULL)
		return false;
	buf_print(line, " %s", password->bytes);
	return true;
}

static int report(enum err e, const char *path)
{
	if (e == ERR_NOT_FOUND)
		fprintf(stderr, "rialtoctl: no daemon is running at %s\n",
			path);
	else if (e == ERR_NOT_ALLOWED)
		fprintf(stderr,
			"rialtoctl: %s may be used by root, the daemon's user "
			"and the listener's group only\n",
			path);
	else
		fprintf(stderr, "rialtoctl: cannot connect to %s: %s\n", path,
			e == ERR_BAD_INPUT ? "the path is too long"
					   : err_code(e));
	return e == ERR_NOT_FOUND ? EXIT_NOT_RUNNING : EXIT_REFUSED;
}

static int run(const struct options *o, const char *path)
{
	AUTO(console_close) struct console *console = NULL;
	AUTO(buf_wipe) struct buf line = { 0 };
	enum err e = console_open(path, &console);
	bool is_ok;

	if (e != ERR_OK)
		return report(e, path);
	options_line(o, &line);
	if (options_want_password(o) && !add_password(o, &line))
		return EXIT_USAGE;
	buf_add_char(&line, '\n');
	is_ok = console_run(console, &line, stdout, stderr);
	if (fflush(stdout) != 0) {
		perror("rialtoctl: cannot write");
		return EXIT_REFUSED;
	}
	return is_ok ? 0 : EXIT_REFUSED;
}

static int find_and_run(const struct options *o)
{
	AUTO(mem_free_text) char *problem = NULL;
	AUTO(mem_free_text) char *path = NULL;

	path = o->socket != NULL ? mem_text(o->socket)
				 : settings_console(o->config, &problem);
	if (path != NULL)
		return run(o, path);
	fprintf(stderr, "rialtoctl: %s\n", problem);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	AUTO(mem_free_text) char *problem = NULL;
	struct options options;

	switch (options_parse(argc, argv, &options, &problem)) {
	case OPTIONS_RUN:
		return find_and_run(&options);
	case OPTIONS_HELP:
		fputs(options_help, stdout);
		return 0;
	case OPTIONS_VERSION:
		puts("rialtoctl " PACKAGE_VERSION);
		return 0;
	default:
		fprintf(stderr, "rialtoctl: %s\nTry: rialtoctl --help\n",
			problem);
		return EXIT_USAGE;
	}
}
